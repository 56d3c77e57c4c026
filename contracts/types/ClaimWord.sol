// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using ClaimWordLib for ClaimWord global;

/// @notice What is left to be paid of closed contracts of one side, in one storage slot; 0 for nothing.
/// @dev From the lowest bit: amount int128, negative for a debt [wad USD] | units uint96: contracts the claim is of,
/// 0 for a debt [wad base].
type ClaimWord is uint256;

/// @notice Reads and makes claims.
library ClaimWordLib {
    uint256 private constant UNITS_SHIFT = 128;

    /// @dev Callers have checked that the amount fits 128 bits and the units 96.
    function encode(int256 amount_, uint256 units_) internal pure returns (ClaimWord) {
        // safe because callers range-check; the mask keeps the bits of two's complement
        return ClaimWord.wrap((uint256(amount_) & type(uint128).max) | units_ << UNITS_SHIFT);
    }

    /// @dev Owed to the account; negative: by it [wad USD].
    function amount(ClaimWord self) internal pure returns (int256) {
        // safe because the low 128 bits are the signed amount
        return int128(uint128(ClaimWord.unwrap(self)));
    }

    /// @dev Contracts the claim is of [wad base].
    function units(ClaimWord self) internal pure returns (uint256) {
        return ClaimWord.unwrap(self) >> UNITS_SHIFT;
    }

    /// @dev Whether nothing is left to be paid.
    function isNone(ClaimWord self) internal pure returns (bool) {
        return ClaimWord.unwrap(self) == 0;
    }

    /// @dev Whether both are the same.
    function equals(ClaimWord self, ClaimWord other) internal pure returns (bool) {
        return ClaimWord.unwrap(self) == ClaimWord.unwrap(other);
    }
}
