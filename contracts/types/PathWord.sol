// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using PathWordLib for PathWord global;

/// @notice How a multiplier moves: a level that goes to a target at limited speed, and where it has been of late.
/// @dev From the lowest bit: lows 8 x uint22, of the hour of `time` and the seven before it | level uint22 | target
/// uint22 | time uint32 [s]. A level is the logarithm of a multiplier, in millionths above that of the least one; 0 is
/// none. The word is 0 where no path began.
type PathWord is uint256;

/// @notice Reads, makes and moves paths of multipliers.
/// @dev Between two pokes a level is a closed formula of time, in whole steps a second: where a path is does not depend
/// on who asked or poked how often. `unchecked` is safe because levels are below 2^22, times below 2^33, and speeds
/// below 2^5.
library PathWordLib {
    /// @dev Level of the multiplier 1; level 1 is that of 0.5.
    uint256 internal constant UNIT = 693_148;
    /// @dev Highest level: a multiplier of 33.
    uint256 internal constant MAX = 2 ** LEVEL_BITS - 1;
    /// @dev Of a rise and a fall in a second: 9.8 % and 1.8 % an hour.
    uint256 internal constant RISE = 26;
    uint256 internal constant FALL = 5;
    /// @dev How long a path goes to its target; after that, to the default [s].
    uint256 internal constant HOLD = 6 hours;
    /// @dev What maintenance margin is told is at least so old, and at most an hour and a running one older [s].
    uint256 internal constant NOTICE = 6 hours;

    uint256 private constant LEVEL_BITS = 22;
    /// @dev Hours whose lows are kept, the running one with them.
    uint256 private constant HOURS = 8;
    uint256 private constant LOWS = 2 ** (HOURS * LEVEL_BITS) - 1;
    uint256 private constant HOUR = 1 hours;
    /// @dev From a millionth of a logarithm to wad.
    int256 private constant STEP = 1e12;

    /* FIELDS */

    /// @dev A path that has stood at a level for longer than anybody asks about.
    function begin(uint256 level_, uint256 time_) internal pure returns (PathWord) {
        // a one in each place of the lows
        uint256 lows_ = level_ * (LOWS / MAX);
        return _encode(lows_, level_, level_, time_);
    }

    function _encode(uint256 lows_, uint256 level_, uint256 target_, uint256 time_) private pure returns (PathWord) {
        return PathWord.wrap(lows_ | level_ << 176 | target_ << 198 | time_ << 220);
    }

    /// @dev Whether no path began.
    function isNone(PathWord self) internal pure returns (bool) {
        return PathWord.unwrap(self) == 0;
    }

    /// @dev Level at `time`.
    function level(PathWord self) internal pure returns (uint256) {
        return PathWord.unwrap(self) >> 176 & MAX;
    }

    /// @dev Level that the path goes to.
    function target(PathWord self) internal pure returns (uint256) {
        return PathWord.unwrap(self) >> 198 & MAX;
    }

    /// @dev When the path was last moved [s].
    function time(PathWord self) internal pure returns (uint256) {
        return PathWord.unwrap(self) >> 220;
    }

    /// @dev When the path leaves its target for the default [s].
    function expiry(PathWord self) internal pure returns (uint256) {
        unchecked {
            return self.time() + HOLD;
        }
    }

    /* LEVELS */

    /// @dev Multiplier of a level [wad].
    function multiplierOf(uint256 level_) internal pure returns (uint256) {
        // safe because levels are below 2^22, and a power of e is positive
        unchecked {
            return uint256(FixedPointMathLib.expWad((int256(level_) - int256(UNIT)) * STEP));
        }
    }

    /// @dev Level of a multiplier above 0, down; no more than MAX, no less than 1.
    /// @param multiplier [wad].
    function levelOf(uint256 multiplier) internal pure returns (uint256) {
        // safe because a capped multiplier is positive, and logarithms of positive words are below 2^68
        unchecked {
            int256 logarithm = FixedPointMathLib.lnWad(int256(FixedPointMathLib.min(multiplier, type(uint128).max)));
            logarithm = logarithm / STEP + int256(UNIT);
            return uint256(FixedPointMathLib.clamp(logarithm, 1, int256(MAX)));
        }
    }

    /// @dev Level at a time not before the path's; `initial` margin is told it.
    /// @param fallback_ Level of the default.
    function levelAt(PathWord self, uint256 fallback_, uint256 now_) internal pure returns (uint256 level_) {
        unchecked {
            uint256 elapsed = now_ - self.time();
            level_ = _moved(self.level(), self.target(), elapsed < HOLD ? elapsed : HOLD);
            if (elapsed > HOLD) level_ = _moved(level_, fallback_, elapsed - HOLD);
        }
    }

    /// @dev Where a level is that went from one to another for so long.
    function _moved(uint256 from, uint256 to, uint256 elapsed) private pure returns (uint256) {
        unchecked {
            if (to > from) {
                return FixedPointMathLib.min(to, from + RISE * elapsed);
            }
            return FixedPointMathLib.max(to, FixedPointMathLib.zeroFloorSub(from, FALL * elapsed));
        }
    }

    /// @dev Lowest level from one time to another, neither before the path's: it turns at its expiry only.
    function _lowest(PathWord self, uint256 fallback_, uint256 from, uint256 to) private pure returns (uint256 low) {
        low = FixedPointMathLib.min(self.levelAt(fallback_, from), self.levelAt(fallback_, to));
        uint256 turn = self.expiry();
        if (from < turn && turn < to) low = FixedPointMathLib.min(low, self.levelAt(fallback_, turn));
    }

    /// @dev Lowest level from the beginning of an hour, at most seven before that of now, until now.
    function _lowSince(PathWord self, uint256 fallback_, uint256 hour, uint256 now_)
        private
        pure
        returns (uint256 low)
    {
        unchecked {
            uint256 last = self.time() / HOUR;
            if (hour > last) return _lowest(self, fallback_, hour * HOUR, now_);

            low = _lowest(self, fallback_, self.time(), now_);
            uint256 lows = PathWord.unwrap(self);
            for (uint256 left = last - hour + 1; left != 0; --left) {
                low = FixedPointMathLib.min(low, lows & MAX);
                lows >>= LEVEL_BITS;
            }
        }
    }

    /// @dev What maintenance margin is told, at a time not before the path's: the lowest level of the six hours before
    /// the running one and since. So that it does not jump when an hour ends, it goes there in the course of the hour
    /// from what it was at the last hour's end.
    /// @param fallback_ Level of the default.
    function noticedAt(PathWord self, uint256 fallback_, uint256 now_) internal pure returns (uint256) {
        unchecked {
            uint256 hour = now_ / HOUR;
            uint256 old = _lowSince(self, fallback_, hour - HOURS + 1, now_);
            uint256 young = _lowSince(self, fallback_, hour - HOURS + 2, now_);
            return old + (young - old) * (now_ % HOUR) / HOUR;
        }
    }

    /// @dev When maintenance margin is told the target, should nobody set another [s].
    function noticeEnd(PathWord self) internal pure returns (uint256 end) {
        unchecked {
            (uint256 from, uint256 to) = (self.level(), self.target());
            uint256 last = self.time() / HOUR;
            if (to > from) {
                uint256 reached = self.time() + (to - from + RISE - 1) / RISE;
                return ((reached - 1) / HOUR + HOURS) * HOUR;
            }
            end = self.time() + (from - to + FALL - 1) / FALL;
            uint256 lows = PathWord.unwrap(self);
            for (uint256 i; i < HOURS; ++i) {
                if (lows & MAX < to) return FixedPointMathLib.max(end, (last - i + HOURS) * HOUR);
                lows >>= LEVEL_BITS;
            }
        }
    }

    /* MOVES */

    /// @dev The path as it is now, with another target.
    /// @param fallback_ Level of the default until now.
    function moved(PathWord self, uint256 fallback_, uint256 target_, uint256 now_) internal pure returns (PathWord) {
        return _encode(_lowsAt(self, fallback_, now_), self.levelAt(fallback_, now_), target_, now_);
    }

    /// @dev Lows of the hour of now and the seven before it.
    function _lowsAt(PathWord self, uint256 fallback_, uint256 now_) private pure returns (uint256 lows) {
        unchecked {
            (uint256 hour, uint256 last) = (self.time() / HOUR, now_ / HOUR);
            lows = PathWord.unwrap(self) & LOWS;
            if (last > hour + HOURS - 1) {
                hour = last - HOURS + 1;
                lows = LOWS;
            }
            uint256 from = FixedPointMathLib.max(self.time(), hour * HOUR);
            for (; hour <= last; ++hour) {
                uint256 to = FixedPointMathLib.min((hour + 1) * HOUR, now_);
                uint256 low = FixedPointMathLib.min(_lowest(self, fallback_, from, to), lows & MAX);
                lows = lows >> LEVEL_BITS << LEVEL_BITS | low;
                if (hour != last) lows = (lows << LEVEL_BITS | MAX) & LOWS;
                from = to;
            }
        }
    }
}
