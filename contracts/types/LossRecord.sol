// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PositionWordLib} from "./PositionWord.sol";

using LossRecordLib for LossRecord global;

/// @notice A loss that one side of a market bears, in one storage slot.
/// @dev From the lowest bit: perUnit uint125 [ray USD per base] | carry int96 [wad USD] | price: mantissa uint27,
/// exponent uint7 [wad USD] | longsPay bool.
type LossRecord is uint256;

/// @notice Reads and makes records of losses.
library LossRecordLib {
    /// @dev Most that a record takes from a contract: beyond every price [ray USD per base].
    uint256 internal constant MAX_PER_UNIT = 2 ** 125 - 1;

    uint256 private constant CARRY_SHIFT = 125;
    uint256 private constant PRICE_SHIFT = 221;
    uint256 private constant PRICE_BITS = 2 ** 34 - 1;
    uint256 private constant LONGS_PAY = 1 << 255;

    /// @dev Callers have checked that the part is at most MAX_PER_UNIT, and carry and price fit 96 bits.
    /// @param price_ Kept with 27 bits, rounded in favour of the side that pays.
    function encode(uint256 perUnit_, uint256 price_, int256 carry_, bool longsPay_)
        internal
        pure
        returns (LossRecord)
    {
        // safe because callers range-check; the mask keeps the bits of two's complement
        uint256 word = perUnit_ | (uint256(carry_) & type(uint96).max) << CARRY_SHIFT
            | PositionWordLib.packed(price_, !longsPay_) << PRICE_SHIFT;
        return LossRecord.wrap(longsPay_ ? word | LONGS_PAY : word);
    }

    /// @dev What each contract bears, down [ray USD per base].
    function perUnit(LossRecord self) internal pure returns (uint256) {
        return LossRecord.unwrap(self) & MAX_PER_UNIT;
    }

    /// @dev Mid price when the loss was shared, less the funding index [wad USD].
    function carry(LossRecord self) internal pure returns (int256) {
        // safe because these 96 bits are the signed amount
        return int96(uint96(LossRecord.unwrap(self) >> CARRY_SHIFT));
    }

    /// @dev Mid price when the loss was shared, down where longs pay, up where shorts do [wad USD].
    function price(LossRecord self) internal pure returns (uint256) {
        return PositionWordLib.unpacked(LossRecord.unwrap(self) >> PRICE_SHIFT & PRICE_BITS);
    }

    /// @dev Which side bears it.
    function longsPay(LossRecord self) internal pure returns (bool) {
        return LossRecord.unwrap(self) & LONGS_PAY != 0;
    }
}
