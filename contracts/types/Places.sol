// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LibBit} from "solady/utils/LibBit.sol";

using PlacesLib for Places global;

/// @notice A set of places from 0 to 7: bit i says whether place i is in it.
type Places is uint8;

/// @notice Reads and combines sets of places.
library PlacesLib {
    /// @dev The set of one place, at most 7.
    function only(uint256 place) internal pure returns (Places) {
        // safe because the place is at most 7
        return Places.wrap(uint8(1 << place));
    }

    /// @dev Whether `place`, at most 7, is in it.
    function has(Places self, uint256 place) internal pure returns (bool) {
        return Places.unwrap(self) >> place & 1 != 0;
    }

    /// @dev How many places are in it.
    function count(Places self) internal pure returns (uint256) {
        return LibBit.popCount(Places.unwrap(self));
    }

    /// @dev Whether no place is in it.
    function isEmpty(Places self) internal pure returns (bool) {
        return Places.unwrap(self) == 0;
    }

    /// @dev Places of either.
    function with(Places self, Places others) internal pure returns (Places) {
        return Places.wrap(Places.unwrap(self) | Places.unwrap(others));
    }

    /// @dev Its places without those of the other.
    function without(Places self, Places others) internal pure returns (Places) {
        return Places.wrap(Places.unwrap(self) & ~Places.unwrap(others));
    }

    /// @dev Places of both.
    function among(Places self, Places others) internal pure returns (Places) {
        return Places.wrap(Places.unwrap(self) & Places.unwrap(others));
    }
}
