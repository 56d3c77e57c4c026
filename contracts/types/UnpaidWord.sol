// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using UnpaidWordLib for UnpaidWord global;

/// @notice What a leg is owed and owes beside its open contracts, as margin reads it.
/// @dev From the lowest bit: claims uint128 [wad USD] | debts uint128 [wad USD].
type UnpaidWord is uint256;

/// @notice Reads and makes words of what is unpaid.
library UnpaidWordLib {
    /// @dev Both fit 128 bits.
    function encode(uint256 claims_, uint256 debts_) internal pure returns (UnpaidWord) {
        return UnpaidWord.wrap(claims_ | debts_ << 128);
    }

    /// @dev [wad USD].
    function claims(UnpaidWord self) internal pure returns (uint256) {
        return UnpaidWord.unwrap(self) & type(uint128).max;
    }

    /// @dev [wad USD].
    function debts(UnpaidWord self) internal pure returns (uint256) {
        return UnpaidWord.unwrap(self) >> 128;
    }

    /// @dev Claims less debts [wad USD].
    function net(UnpaidWord self) internal pure returns (int256) {
        // safe because both fit 128 bits
        unchecked {
            return int256(claims(self)) - int256(debts(self));
        }
    }

    /// @dev Whether nothing is unpaid.
    function isNone(UnpaidWord self) internal pure returns (bool) {
        return UnpaidWord.unwrap(self) == 0;
    }
}
