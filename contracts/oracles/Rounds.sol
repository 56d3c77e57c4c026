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
/// there are. What a proxy's current phase does not reach back to is looked for in the phase before.
library Rounds {
    /// @dev So many numbers in a row may be missing.
    uint256 private constant GAP = 4;

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
        (found, top) = _lookBack(aggregator, top, time, step);
        if (found.id == 0) (found, top) = _lookBeforePhase(aggregator, _phaseOf(top), time);
        while (found.id + 1 < top) {
            uint256 middle = (found.id + top) / 2;
            Round memory round = _firstFrom(aggregator, middle, top);
            if (_isUntil(round, time)) found = round;
            else top = middle;
        }
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

    /// @dev The same in the phase before `phase`, from its first round on: nothing says how many it has.
    function _lookBeforePhase(AggregatorV3Interface aggregator, uint256 phase, uint256 time)
        private
        view
        returns (Round memory found, uint256 top)
    {
        if (phase < 2) return (found, 0);
        uint256 base = RoundNumberLib.beforePhase(phase - 1);
        for (uint256 step = 1;; step *= 2) {
            top = base + step;
            Round memory round = _firstFrom(aggregator, top, top + GAP);
            if (!_isUntil(round, time)) return (found, found.id == 0 ? 0 : top);
            found = round;
        }
    }

    /// @dev The first round from one number to before another; none where too many are missing.
    function _firstFrom(AggregatorV3Interface aggregator, uint256 id, uint256 end)
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
