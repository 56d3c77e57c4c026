// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

import {RoundNumber, RoundNumberLib} from "../types/RoundNumber.sol";

/// @notice One answer of an aggregator.
struct Round {
    uint256 id; // 0: none
    int256 answer; // in the aggregator's decimals
    uint256 time; // when it was given [s]
}

/// @title Rounds of Chainlink-style aggregators by time: their numbers rise with it, within a phase of a proxy.
/// @dev Looks in ever longer steps, then between the last two, so that a search takes few readings however many rounds
/// there are. What a proxy's current phase does not reach back to is looked for in the two phases before. Rounds may be
/// missing: a few in a row anywhere, in the phase of now any number, and of a phase before the first three quarters.
library Rounds {
    /// @dev So many numbers in a row are a few.
    uint256 private constant GAP = 4;
    /// @dev Phases of a proxy that are looked back to.
    uint256 private constant PHASES_BACK = 2;
    /// @dev Rounds that a phase before may have, 16 million.
    uint256 private constant MOST_ROUNDS = 2 ** 24;

    /// @dev The round of a number; none where there is none.
    function roundAt(AggregatorV3Interface aggregator, uint256 id) internal view returns (Round memory round) {
        // safe because ids come from aggregators, whose numbers have 80 bits
        try aggregator.getRoundData(uint80(id)) returns (uint80, int256 answer, uint256, uint256 updatedAt, uint80) {
            if (updatedAt != 0) return Round(id, answer, updatedAt);
        } catch {
            // reverts where it has no such round
            return round;
        }
    }

    /// @dev The last round of at most a time, of those below `top`, a round that is later; none where all are later.
    /// @param step How many rounds are looked back at first, at least 1.
    function lastUntil(AggregatorV3Interface aggregator, uint256 top, uint256 time, uint256 step)
        internal
        view
        returns (Round memory found)
    {
        uint256 phase = _phaseOf(top);
        (found, top) = _lookBack(aggregator, top, time, step);
        for (uint256 i; i < PHASES_BACK && phase > 1 && !_isUntil(found, time); ++i) {
            (found, top) = _lookInto(aggregator, --phase, time);
        }
        if (!_isUntil(found, time)) return Round(0, 0, 0);
        while (found.id + 1 < top) {
            uint256 middle = (found.id + top) / 2;
            Round memory round = _firstFrom(aggregator, middle, top);
            if (_isUntil(round, time)) found = round;
            else top = middle;
        }
    }

    /// @dev Whether one of the few rounds before the latest is another one, or they may be of a phase before.
    function hasBefore(AggregatorV3Interface aggregator, Round memory latest) internal view returns (bool) {
        uint256 first = RoundNumberLib.beforePhase(_phaseOf(latest.id)) + 1;
        for (uint256 i = 1; i <= GAP; ++i) {
            // what has no phases may say 1 for ever
            if (latest.id < first + i) return first > 1;
            Round memory round = roundAt(aggregator, latest.id - i);
            if (round.id != 0 && (round.time != latest.time || round.answer != latest.answer)) return true;
        }
        return false;
    }

    /// @dev How many rounds a number is before a later one; 1 across phases.
    function between(uint256 id, uint256 later) internal pure returns (uint256) {
        return _phaseOf(id) == _phaseOf(later) ? later - id : 1;
    }

    /// @dev A round of at most a time in the phase of `top`, and the least number known to be later.
    function _lookBack(AggregatorV3Interface aggregator, uint256 top, uint256 time, uint256 step)
        private
        view
        returns (Round memory found, uint256)
    {
        uint256 first = RoundNumberLib.beforePhase(_phaseOf(top)) + 1;
        for (; top > first; step *= 2) {
            uint256 low = top - first > step ? top - step : first;
            found = _firstFrom(aggregator, low, top);
            if (_isUntil(found, time)) return (found, top);
            top = low;
        }
        return (Round(0, 0, 0), top);
    }

    /// @dev The same in a whole phase, by numbers a quarter apart: nothing says which it has.
    function _lookInto(AggregatorV3Interface aggregator, uint256 phase, uint256 time)
        private
        view
        returns (Round memory found, uint256)
    {
        uint256 below = RoundNumberLib.beforePhase(phase);
        for (uint256 step = 1; step < MOST_ROUNDS; step += step / 4 + 1) {
            uint256 id = RoundNumberLib.beforePhase(phase) + step;
            Round memory round = found.id == 0 ? roundAt(aggregator, id) : _nearest(aggregator, id, id + GAP);
            if (_isUntil(round, time)) {
                found = round;
            } else if (found.id != 0) {
                return (found, id);
            } else if (round.id != 0) {
                return (_firstFrom(aggregator, below + 1, id), id);
            }
            below = id;
        }
        return (found, below);
    }

    /// @dev The first round from one number to before another, which is there or none is before it; none where a few at
    /// both ends are missing.
    function _firstFrom(AggregatorV3Interface aggregator, uint256 id, uint256 end)
        private
        view
        returns (Round memory round)
    {
        round = _nearest(aggregator, id, end);
        if (round.id != 0 || id + GAP >= end) return round;
        round = _nearest(aggregator, end - GAP, end);
        if (round.id == 0) return round;
        // from a number between on they are there
        (uint256 missing, uint256 there) = (id, round.id);
        while (missing + 1 < there) {
            uint256 middle = (missing + there) / 2;
            Round memory other = _nearest(aggregator, middle, there);
            if (other.id == 0) missing = middle;
            else (round, there) = (other, middle);
        }
    }

    /// @dev The first round of a few numbers before another.
    function _nearest(AggregatorV3Interface aggregator, uint256 id, uint256 end)
        private
        view
        returns (Round memory round)
    {
        for (uint256 i; i < GAP && id + i < end && round.id == 0; ++i) {
            round = roundAt(aggregator, id + i);
        }
    }

    function _phaseOf(uint256 id) private pure returns (uint256) {
        return RoundNumber.wrap(id).phase();
    }

    function _isUntil(Round memory round, uint256 time) private pure returns (bool) {
        return round.id != 0 && round.time <= time;
    }
}
