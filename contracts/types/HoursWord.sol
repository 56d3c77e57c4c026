// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using HoursWordLib for HoursWord global;

/// @notice Four hours of an underlying, side by side by their numbers.
/// @dev Four times, from the lowest bit: net int24 [ppm] | variance uint40 [ppm^2].
type HoursWord is uint256;

/// @notice Reads and makes words of hours.
/// @dev An hour is named by its number; `unchecked` is safe because places are below 4.
library HoursWordLib {
    /// @dev Hours of a word.
    uint256 internal constant COUNT = 4;
    uint256 private constant BITS = 64;

    function _shift(uint256 hour) private pure returns (uint256) {
        unchecked {
            return hour % COUNT * BITS;
        }
    }

    /// @dev Return of an hour [ppm].
    function net(HoursWord self, uint256 hour) internal pure returns (int256) {
        // safe because the casts cut exactly the bits of the field
        return int24(uint24(HoursWord.unwrap(self) >> _shift(hour)));
    }

    /// @dev Sum of squared returns of an hour [ppm^2].
    function variance(HoursWord self, uint256 hour) internal pure returns (uint256) {
        // safe because the cast cuts off the bits of other hours
        return uint64(HoursWord.unwrap(self) >> _shift(hour)) >> 24;
    }

    /// @dev The same with another hour in its place.
    function with(HoursWord self, uint256 hour, int256 net_, uint256 variance_) internal pure returns (HoursWord) {
        // safe because the return fits 24 bits, and the variance 40
        uint256 record = uint256(uint24(int24(net_))) | variance_ << 24;
        uint256 others = HoursWord.unwrap(self) & ~(uint256(type(uint64).max) << _shift(hour));
        return HoursWord.wrap(others | record << _shift(hour));
    }
}
