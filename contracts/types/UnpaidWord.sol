// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using UnpaidWordLib for UnpaidWord global;

/// @notice What a leg's closed contracts are owed and owe, as margin reads it.
/// @dev From the lowest bit: ofLongs int128, negative for a debt [wad USD] | ofShorts int128 [wad USD].
type UnpaidWord is uint256;

/// @notice Reads and makes words of what is unpaid.
library UnpaidWordLib {
    /// @dev Callers have checked that both fit 128 bits.
    function encode(int256 longs, int256 shorts) internal pure returns (UnpaidWord) {
        // safe because callers range-check; the mask keeps the bits of two's complement
        return UnpaidWord.wrap((uint256(longs) & type(uint128).max) | uint256(shorts) << 128);
    }

    /// @dev Owed for closed longs, negative: by them [wad USD].
    function ofLongs(UnpaidWord self) internal pure returns (int256) {
        // safe because the low 128 bits are the signed amount
        return int128(uint128(UnpaidWord.unwrap(self)));
    }

    /// @dev Owed for closed shorts, negative: by them [wad USD].
    function ofShorts(UnpaidWord self) internal pure returns (int256) {
        // safe because the high 128 bits are the signed amount
        return int256(UnpaidWord.unwrap(self)) >> 128;
    }

    /// @dev All that is owed to the account [wad USD].
    function claims(UnpaidWord self) internal pure returns (uint256) {
        return _above(ofLongs(self)) + _above(ofShorts(self));
    }

    /// @dev All that it owes [wad USD].
    function debts(UnpaidWord self) internal pure returns (uint256) {
        return _above(-ofLongs(self)) + _above(-ofShorts(self));
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    /// @dev Claims less debts [wad USD].
    function net(UnpaidWord self) internal pure returns (int256) {
        return ofLongs(self) + ofShorts(self);
    }

    /// @dev Whether nothing is unpaid.
    function isNone(UnpaidWord self) internal pure returns (bool) {
        return UnpaidWord.unwrap(self) == 0;
    }
}
