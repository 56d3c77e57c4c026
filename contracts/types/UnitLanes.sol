// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using UnitLanesLib for UnitLanes global;

/// @notice Units of exposure of sixteen underlyings.
/// @dev From the lowest bit: sixteen times uint16 [units].
type UnitLanes is uint256;

/// @dev Lanes of a word, and the most that one holds [units].
uint256 constant LANES = 16;
uint256 constant MAX_LANE = type(uint16).max;

/// @notice Reads and makes lanes.
library UnitLanesLib {
    uint256 private constant LANE_BITS = 16;

    /// @dev What is in a lane from 0 to 15.
    function at(UnitLanes self, uint256 lane) internal pure returns (uint256) {
        return (UnitLanes.unwrap(self) >> (LANE_BITS * lane)) & MAX_LANE;
    }

    /// @dev The same with `units`, at most MAX_LANE, in a lane that was 0.
    function with(UnitLanes self, uint256 lane, uint256 units) internal pure returns (UnitLanes) {
        return UnitLanes.wrap(UnitLanes.unwrap(self) | units << (LANE_BITS * lane));
    }

    /// @dev Lane by lane; no lane of the sum exceeds MAX_LANE.
    function plus(UnitLanes self, UnitLanes other) internal pure returns (UnitLanes) {
        return UnitLanes.wrap(UnitLanes.unwrap(self) + UnitLanes.unwrap(other));
    }

    /// @dev Lane by lane; no lane of `other` exceeds that of this.
    function minus(UnitLanes self, UnitLanes other) internal pure returns (UnitLanes) {
        return UnitLanes.wrap(UnitLanes.unwrap(self) - UnitLanes.unwrap(other));
    }

    /// @dev Whether every lane is the same.
    function equals(UnitLanes self, UnitLanes other) internal pure returns (bool) {
        return UnitLanes.unwrap(self) == UnitLanes.unwrap(other);
    }

    /// @dev Each lane times a fraction of at most 1 [wad], up.
    function scaledUp(UnitLanes self, uint256 fraction) internal pure returns (UnitLanes) {
        uint256 lanes = UnitLanes.unwrap(self);
        uint256 scaled;
        // safe because a lane is at most its width and the fraction at most WAD, and shifts end at 256
        unchecked {
            for (uint256 shift; lanes >> shift != 0; shift += LANE_BITS) {
                scaled |= FixedPointMathLib.mulWadUp((lanes >> shift) & MAX_LANE, fraction) << shift;
            }
        }
        return UnitLanes.wrap(scaled);
    }
}

/// @dev Every lane full.
UnitLanes constant FULL_LANES = UnitLanes.wrap(type(uint256).max);
