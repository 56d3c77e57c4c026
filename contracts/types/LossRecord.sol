// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using LossRecordLib for LossRecord global;

/// @notice A loss that one side of a market bears, in one storage slot.
/// @dev From the lowest bit: perUnit uint128 [ray USD per base] | price uint96 [wad USD] | longsPay bool.
type LossRecord is uint256;

/// @notice Reads and makes records of losses.
library LossRecordLib {
    uint256 private constant PRICE_SHIFT = 128;
    uint256 private constant LONGS_PAY = 1 << 224;

    /// @dev Callers have checked that the part fits 128 bits and the price 96.
    function encode(uint256 perUnit_, uint256 price_, bool longsPay_) internal pure returns (LossRecord) {
        uint256 word = perUnit_ | price_ << PRICE_SHIFT;
        return LossRecord.wrap(longsPay_ ? word | LONGS_PAY : word);
    }

    /// @dev What each contract bears, down [ray USD per base].
    function perUnit(LossRecord self) internal pure returns (uint256) {
        return LossRecord.unwrap(self) & type(uint128).max;
    }

    /// @dev Mid price when the loss was shared: nobody bears more than was won up to it [wad USD].
    function price(LossRecord self) internal pure returns (uint256) {
        return (LossRecord.unwrap(self) >> PRICE_SHIFT) & type(uint96).max;
    }

    /// @dev Which side bears it.
    function longsPay(LossRecord self) internal pure returns (bool) {
        return LossRecord.unwrap(self) & LONGS_PAY != 0;
    }
}
