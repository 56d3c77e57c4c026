// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using SpotWordLib for SpotWord global;

/// @notice An account's balance of one asset, with what the risk engine must know of the asset.
/// @dev From the lowest bit: amount uint128 [token units] | decimals uint8 | feed uint8 | underlying uint8 | asset
/// index uint8.
type SpotWord is uint256;

/// @notice Reads and makes balances.
library SpotWordLib {
    uint256 private constant AMOUNT = type(uint128).max;

    /// @dev Callers have checked that the amount fits 128 bits and the others 8.
    function encode(uint256 amount_, uint256 decimals_, uint256 feed_, uint256 underlying_, uint256 assetIndex_)
        internal
        pure
        returns (SpotWord)
    {
        return SpotWord.wrap(amount_ | decimals_ << 128 | feed_ << 136 | underlying_ << 144 | assetIndex_ << 152);
    }

    /// @dev [token units].
    function amount(SpotWord self) internal pure returns (uint256) {
        return SpotWord.unwrap(self) & AMOUNT;
    }

    /// @dev Of the token.
    function decimals(SpotWord self) internal pure returns (uint256) {
        return (SpotWord.unwrap(self) >> 128) & 0xff;
    }

    /// @dev Feed of the asset's own price.
    function feed(SpotWord self) internal pure returns (uint256) {
        return (SpotWord.unwrap(self) >> 136) & 0xff;
    }

    /// @dev Underlying whose shocks it bears.
    function underlying(SpotWord self) internal pure returns (uint256) {
        return (SpotWord.unwrap(self) >> 144) & 0xff;
    }

    /// @dev Place of the asset in the vault.
    function assetIndex(SpotWord self) internal pure returns (uint256) {
        return (SpotWord.unwrap(self) >> 152) & 0xff;
    }

    /// @dev The same with another amount, which fits 128 bits.
    function withAmount(SpotWord self, uint256 amount_) internal pure returns (SpotWord) {
        return SpotWord.wrap((SpotWord.unwrap(self) & ~AMOUNT) | amount_);
    }
}
