// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/utils/LibBit.sol";

using BitSetLib for BitSet global;

/// @notice A set of numbers from 0 to 255: bit i says whether i is in it.
type BitSet is uint256;

/// @notice Reads and changes sets.
library BitSetLib {
    /// @dev Whether `i`, at most 255, is in it.
    function has(BitSet self, uint256 i) internal pure returns (bool) {
        return BitSet.unwrap(self) >> i & 1 != 0;
    }

    /// @dev How many numbers are in it.
    function count(BitSet self) internal pure returns (uint256) {
        return LibBit.popCount(BitSet.unwrap(self));
    }

    /// @dev Whether nothing is in it.
    function isEmpty(BitSet self) internal pure returns (bool) {
        return BitSet.unwrap(self) == 0;
    }

    /// @dev The least number in it; 256 if there is none.
    function least(BitSet self) internal pure returns (uint256) {
        return LibBit.ffs(BitSet.unwrap(self));
    }

    /// @dev The same without its least number; it is not empty.
    function withoutLeast(BitSet self) internal pure returns (BitSet) {
        return BitSet.wrap(BitSet.unwrap(self) & (BitSet.unwrap(self) - 1));
    }

    /// @dev The same with `i`, at most 255.
    function with(BitSet self, uint256 i) internal pure returns (BitSet) {
        return BitSet.wrap(BitSet.unwrap(self) | 1 << i);
    }

    /// @dev What is in either.
    function plus(BitSet self, BitSet other) internal pure returns (BitSet) {
        return BitSet.wrap(BitSet.unwrap(self) | BitSet.unwrap(other));
    }

    /// @dev What is in it, and not in the other.
    function minus(BitSet self, BitSet other) internal pure returns (BitSet) {
        return BitSet.wrap(BitSet.unwrap(self) & ~BitSet.unwrap(other));
    }

    /// @dev The same without `i`, at most 255, whether it was in it or not.
    function without(BitSet self, uint256 i) internal pure returns (BitSet) {
        return BitSet.wrap(BitSet.unwrap(self) & ~(1 << i));
    }
}
