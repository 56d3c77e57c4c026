// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FloorWord} from "../types/FloorWord.sol";
import {HoursWord, HoursWordLib} from "../types/HoursWord.sol";
import {SumsWord, SumsWordLib} from "../types/SumsWord.sol";
import {Tape, TapeWord} from "../types/TapeWord.sol";

using HistoryLib for History global;

/// @notice What is kept of an underlying's prices: where observation stands, the floor, and a week of hours.
struct History {
    TapeWord tape;
    FloorWord floor;
    SumsWord sums;
    HoursWord[42] week; // by number
}

/// @notice Observes prices on the grid, and keeps hours.
/// @dev `unchecked` is safe because returns are below 2^24, gaps below 2^9 steps, steps below 2^32 and variances of an
/// hour below 2^53.
library HistoryLib {
    /// @dev Steps of an hour, and hours that features see one by one, and that are kept.
    uint256 internal constant STEPS = 12;
    uint256 internal constant DAY = 24;
    uint256 internal constant WEEK = 168;
    /// @dev A history begins anew after a gap of more steps.
    uint256 internal constant MOST_MISSED = STEPS * DAY;
    /// @dev Returns and variances of an hour saturate here [ppm, ppm^2].
    int256 private constant MOST_RETURN = 2 ** 23 - 1;
    uint256 private constant MOST_VARIANCE = 2 ** 40 - 1;

    /* OBSERVATION */

    /// @dev Takes in a price at a later step than the last. Nothing happened before the first.
    /// @param tape Its tape, decoded; changed.
    /// @param log Logarithm of the price [ppm].
    /// @return change Return since the last observation, as it was before the breaker [ppm].
    function observe(History storage self, Tape memory tape, uint256 step, int256 log)
        internal
        returns (int256 change)
    {
        unchecked {
            uint256 before = tape.step;
            if (before == 0 || step - before > MOST_MISSED) {
                (tape.net, tape.variance, tape.closed) = (0, 0, 0);
                (self.floor, self.sums) = (FloorWord.wrap(0), SumsWord.wrap(0));
            } else {
                change = log - tape.log;
                int256 limit = int256(tape.breaker);
                int256 counted = FixedPointMathLib.clamp(change, -limit, limit);
                self.floor = self.floor.add(uint256(counted * counted), step - before);
                _spread(self, tape, before, step, counted);
            }
            (tape.step, tape.log) = (step, log);
        }
    }

    /// @dev Spreads a return over the hours of its steps, by their number; rounding goes to the last hour. What ends
    /// at a step belongs to the hour before it.
    function _spread(History storage self, Tape memory tape, uint256 before, uint256 step, int256 change) private {
        unchecked {
            uint256 square = uint256(change * change);
            (int256 netLeft, uint256 squareLeft) = (change, square);
            uint256 last = (step - 1) / STEPS;
            for (uint256 hour = before / STEPS; hour < last; ++hour) {
                uint256 part = (hour + 1) * STEPS - FixedPointMathLib.max(before, hour * STEPS);
                int256 net = change * int256(part) / int256(step - before);
                part = square * part / (step - before);
                (netLeft, squareLeft) = (netLeft - net, squareLeft - part);
                (tape.net, tape.variance) = (tape.net + net, tape.variance + part);
                _close(self, tape, hour);
            }
            (tape.net, tape.variance) = (tape.net + netLeft, tape.variance + squareLeft);
            if (step >= (last + 1) * STEPS) _close(self, tape, last);
        }
    }

    /// @dev Keeps an hour, brings the sums up to it and begins the next.
    function _close(History storage self, Tape memory tape, uint256 hour) private {
        int256 net = FixedPointMathLib.clamp(tape.net, -MOST_RETURN, MOST_RETURN);
        uint256 variance = FixedPointMathLib.min(tape.variance, MOST_VARIANCE);
        unchecked {
            uint256[4] memory sums;
            for (uint256 place; place < SumsWordLib.COUNT; ++place) {
                uint256 window = SumsWordLib.hoursAt(place);
                sums[place] = self.sums.at(place) + variance;
                if (tape.closed >= window) sums[place] -= _varianceOf(self, hour - window);
            }
            self.sums = SumsWordLib.encode(sums);

            self.week[_placeOf(hour)] = self.wordOf(hour).with(hour, net, variance);
            if (tape.closed < WEEK) ++tape.closed;
            (tape.net, tape.variance) = (0, 0);
        }
    }

    /* READING */

    /// @dev The word that has an hour.
    function wordOf(History storage self, uint256 hour) internal view returns (HoursWord) {
        return self.week[_placeOf(hour)];
    }

    /// @dev Place of an hour's word.
    function _placeOf(uint256 hour) private pure returns (uint256) {
        return hour % WEEK / HoursWordLib.COUNT;
    }

    /// @dev Variance of an hour that is kept [ppm^2].
    function _varianceOf(History storage self, uint256 hour) private view returns (uint256) {
        return self.wordOf(hour).variance(hour);
    }

    /// @dev Return of an hour that is kept [ppm].
    function netOf(History storage self, uint256 hour) internal view returns (int256) {
        return self.wordOf(hour).net(hour);
    }

    /// @dev The hour that runs at a step; the one before it is closed [h].
    function hourOf(uint256 step) internal pure returns (uint256) {
        return step / STEPS;
    }
}
