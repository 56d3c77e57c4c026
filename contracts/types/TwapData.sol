// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using TwapDataLib for TwapData global;

/// @notice Parameters of a feed whose source is the average price of a Uniswap v3 pool.
/// @dev From the lowest bit: pool address | window uint32 [s] | base decimals uint8 | quote decimals uint8 | side of
/// the base uint1.
type TwapData is bytes32;

/// @notice Reads and makes parameters.
library TwapDataLib {
    /// @dev Side of the base where it is the pool's token 0; 0 where it is token 1.
    uint256 internal constant SIDE_ZERO = 1;
    uint256 private constant WINDOW_SHIFT = 160;
    uint256 private constant BASE_SHIFT = 192;
    uint256 private constant QUOTE_SHIFT = 200;
    uint256 private constant SIDE_SHIFT = 208;

    /// @dev Decimals fit 8 bits.
    function encode(address pool_, uint32 window_, uint256 base, uint256 quote, bool baseIsZero)
        internal
        pure
        returns (TwapData)
    {
        return TwapData.wrap(
            bytes32(
                uint256(uint160(pool_)) | uint256(window_) << WINDOW_SHIFT | base << BASE_SHIFT | quote << QUOTE_SHIFT
                    | (baseIsZero ? SIDE_ZERO : 0) << SIDE_SHIFT
            )
        );
    }

    /// @dev The pool that is read.
    function pool(TwapData self) internal pure returns (address) {
        // safe because the low 160 bits are the address
        return address(uint160(_word(self)));
    }

    /// @dev How long the average is taken over [s].
    function window(TwapData self) internal pure returns (uint32) {
        // safe because the window is only these 32 bits
        return uint32(_word(self) >> WINDOW_SHIFT);
    }

    /// @dev Of the token whose price it is.
    function baseDecimals(TwapData self) internal pure returns (uint256) {
        return _word(self) >> BASE_SHIFT & 0xff;
    }

    /// @dev Of the token that is worth a dollar.
    function quoteDecimals(TwapData self) internal pure returns (uint256) {
        return _word(self) >> QUOTE_SHIFT & 0xff;
    }

    /// @dev SIDE_ZERO or 0; more only in a word that was not made here.
    function side(TwapData self) internal pure returns (uint256) {
        return _word(self) >> SIDE_SHIFT;
    }

    function _word(TwapData self) private pure returns (uint256) {
        return uint256(TwapData.unwrap(self));
    }
}
