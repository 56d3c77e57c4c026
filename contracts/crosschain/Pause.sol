// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @title Pauses: at most a week at a time, and none shortens an earlier one.
library Pause {
    using SafeCast for uint256;

    /// @notice The pause is longer than a guardian may ask for.
    /// @param duration What was asked for [s].
    /// @param limit Longest [s].
    error PauseTooLong(uint256 duration, uint256 limit);

    /// @dev Longest that a guardian may ask for at a time [s].
    uint256 internal constant LONGEST = 7 days;

    /// @dev When a pause ends that lasts until `until` and is asked for once more [s].
    function extended(uint64 until, uint256 duration) internal view returns (uint64) {
        if (duration > LONGEST) revert PauseTooLong(duration, LONGEST);
        return FixedPointMathLib.max(until, block.timestamp + duration).toUint64();
    }

    /// @dev Whether a pause that lasts until `until` goes on.
    function isOn(uint64 until) internal view returns (bool) {
        return block.timestamp < until;
    }
}
