// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The word in which the vault passes on an account's balance of one asset, with what the risk engine must know
/// of the asset.
/// @dev amount uint128 [token units] | decimals uint8 | feedId uint8 | underlying uint8 | assetIndex uint8
library SpotWord {
    function encode(uint256 amount, uint256 decimals, uint256 feedId, uint256 underlying, uint256 assetIndex)
        internal
        pure
        returns (uint256)
    {
        return amount | decimals << 128 | feedId << 136 | underlying << 144 | assetIndex << 152;
    }

    function amountOf(uint256 word) internal pure returns (uint256) {
        return word & type(uint128).max;
    }

    function decimalsOf(uint256 word) internal pure returns (uint256) {
        return (word >> 128) & 0xff;
    }

    function feedOf(uint256 word) internal pure returns (uint256) {
        return (word >> 136) & 0xff;
    }

    function underlyingOf(uint256 word) internal pure returns (uint256) {
        return (word >> 144) & 0xff;
    }

    function assetIndexOf(uint256 word) internal pure returns (uint256) {
        return (word >> 152) & 0xff;
    }
}
