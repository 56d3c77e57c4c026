// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using PriceEdgesLib for PriceEdges global;

/// @notice What initial margin values at: assets at the low edge of a price, debts at the high one.
/// @dev From the lowest bit: low uint128 [wad USD] | high uint128 [wad USD].
type PriceEdges is uint256;

/// @notice Reads and makes words of price edges.
library PriceEdgesLib {
    /// @dev Bits that are set in a price of more than 96, in both halves.
    uint256 private constant OVER_96_BITS = uint256(type(uint32).max) << 96 | uint256(type(uint32).max) << 224;

    /// @dev Both prices fit 128 bits [wad USD].
    function encode(uint256 low_, uint256 high_) internal pure returns (PriceEdges) {
        return PriceEdges.wrap(low_ | high_ << 128);
    }

    /// @dev [wad USD].
    function low(PriceEdges self) internal pure returns (uint256) {
        return PriceEdges.unwrap(self) & type(uint128).max;
    }

    /// @dev [wad USD].
    function high(PriceEdges self) internal pure returns (uint256) {
        return PriceEdges.unwrap(self) >> 128;
    }

    /// @dev Whether both prices fit 96 bits.
    function fit96Bits(PriceEdges self) internal pure returns (bool) {
        return PriceEdges.unwrap(self) & OVER_96_BITS == 0;
    }
}
