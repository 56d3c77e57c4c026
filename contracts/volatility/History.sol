// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {SumsWord, SumsWordLib} from "../types/SumsWord.sol";
import {Tape, TapeWord} from "../types/TapeWord.sol";
import {Floor} from "./Floor.sol";

using HistoryLib for History global;

/// @notice What is kept of an underlying's prices: where observation stands, the floor, and a week of hours.
struct History {
    TapeWord tape;
    uint256 floor; // as `Floor` keeps it
    SumsWord sums;
    uint256[42] week; // hours by number, four a word: net int24 [ppm] | variance uint40 [ppm^2]
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
    uint256 private constant HOUR_BITS = 64;

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
                (self.floor, self.sums) = (0, SumsWord.wrap(0));
            } else {
                change = log - tape.log;
                int256 limit = int256(tape.breaker);
                int256 counted = FixedPointMathLib.clamp(change, -limit, limit);
                self.floor = Floor.added(self.floor, uint256(counted * counted), step - before);
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
                if (tape.closed >= window) sums[place] -= self.varianceOf(hour - window);
            }
            self.sums = SumsWordLib.encode(sums);

            // safe because the return is clamped to 24 bits, and masked
            uint256 record = uint256(uint24(int24(net))) | variance << 24;
            uint256 shift = hour % 4 * HOUR_BITS;
            uint256 word = self.week[hour % WEEK / 4];
            self.week[hour % WEEK / 4] = word & ~(uint256(type(uint64).max) << shift) | record << shift;
            if (tape.closed < WEEK) ++tape.closed;
            (tape.net, tape.variance) = (0, 0);
        }
    }

    /* READING */

    /// @dev Variance of an hour that is kept [ppm^2].
    function varianceOf(History storage self, uint256 hour) internal view returns (uint256) {
        // safe because the cast cuts off the bits of one hour
        return uint64(self.week[hour % WEEK / 4] >> (hour % 4 * HOUR_BITS)) >> 24;
    }

    /// @dev Return of an hour that is kept [ppm].
    function netOf(History storage self, uint256 hour) internal view returns (int256) {
        // safe because the casts cut off the bits of one return
        return int24(uint24(self.week[hour % WEEK / 4] >> (hour % 4 * HOUR_BITS)));
    }

    /// @dev Returns of the last day, oldest first, `hour` being the last [ppm].
    function dayUntil(History storage self, uint256 hour) internal view returns (int256[24] memory nets) {
        unchecked {
            uint256 word;
            for (uint256 i; i < DAY; ++i) {
                uint256 each = hour + 1 + i - DAY;
                if (i == 0 || each % 4 == 0) word = self.week[each % WEEK / 4];
                // safe because the casts cut off the bits of one return
                nets[i] = int24(uint24(word >> (each % 4 * HOUR_BITS)));
            }
        }
    }

    /// @dev The hour that runs at a step; the one before it is closed [h].
    function hourOf(uint256 step) internal pure returns (uint256) {
        return step / STEPS;
    }
}
