// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {PPM} from "../types/Constants.sol";
import {PriceStatus} from "../types/PriceStatus.sol";

/// @notice One source's reading.
struct Observation {
    uint256 price; // [wad USD]
    uint256 confidence; // half width of the interval [wad USD]
    uint256 time; // [s]
    PriceStatus status; // most it may be trusted
    bool usable; // it counts
    bool voteOnly; // it may confirm or oppose, not be the price
}

/// @notice What the sources say together.
enum Verdict {
    None, // nothing usable
    Single, // one source, neither confirmed nor opposed
    Confirmed, // at least two agree
    Conflict // two disagree and nothing decides
}

/// @notice Result of a vote.
struct Vote {
    uint256 price; // [wad USD]
    uint256 lead; // what the primary says, whose jumps the breaker watches; the price where it is silent [wad USD]
    uint256 rival; // what the other one says where two disagree [wad USD]
    bool rivalVotes; // the other one only votes
    bool substitutes; // the primary is silent, and others stand in for it
    uint256 confidence; // half width of the interval, rounded up [ppm]
    uint256 time; // [s]
    PriceStatus floor; // the feed's status is no better than this
    Verdict verdict;
}

/// @notice Decides between up to three sources. Pure; prices and confidences are below 2^128.
library PriceVote {
    /// @dev Winner among primary `p`, secondary `s` and third `t`; `last` is the stored price, which `isSound` where it
    /// is Valid and young, `limit` the deviation allowed [ppm].
    function decide(
        Observation memory p,
        Observation memory s,
        Observation memory t,
        uint256 last,
        bool isSound,
        uint256 limit
    ) internal pure returns (Vote memory) {
        if (!p.usable) return _substitute(s, t, last, isSound, limit);

        Observation memory second = s.usable ? s : t;
        if (!second.usable) return _vote(p, Verdict.Single);
        if (!deviates(p.price, second.price, limit)) return _vote(p, Verdict.Confirmed);

        if (s.usable && t.usable) {
            Observation memory pick = _median(p, s, t);
            if (_agreements(pick, p, s, t, limit) > 1) return _vote(pick, Verdict.Confirmed);
        }
        return _conflict(p, second, last);
    }

    /// @dev Whether two prices differ by more than `limit` of the smaller [ppm].
    function deviates(uint256 a, uint256 b, uint256 limit) internal pure returns (bool) {
        (uint256 low, uint256 high) = a < b ? (a, b) : (b, a);
        return (high - low) * PPM > limit * low;
    }

    /// @dev The primary is silent. Two others that agree stand in for it: a sound price stays so where they confirm it.
    /// One alone may move a price that is not sound any more. Nothing new may be built on that.
    function _substitute(Observation memory s, Observation memory t, uint256 last, bool isSound, uint256 limit)
        private
        pure
        returns (Vote memory vote)
    {
        bool agree = s.usable && t.usable && !deviates(s.price, t.price, limit);
        if (!agree && isSound) return vote;
        (Observation memory pick, Observation memory other) = s.usable && !s.voteOnly ? (s, t) : (t, s);
        if (!pick.usable || pick.voteOnly) return vote;

        if (agree) vote = _vote(pick, Verdict.Confirmed);
        else if (other.usable) vote = _conflict(pick, other, last);
        else vote = _vote(pick, Verdict.Single);
        bool confirms = agree && isSound && !deviates(pick.price, last, limit);
        if (!confirms && vote.floor < PriceStatus.Uncertain) vote.floor = PriceStatus.Uncertain;
        vote.substitutes = true;
    }

    /// @dev Whichever is nearer to the last price; the interval covers both.
    function _conflict(Observation memory p, Observation memory second, uint256 last)
        private
        pure
        returns (Vote memory vote)
    {
        bool takeSecond =
            !second.voteOnly && FixedPointMathLib.dist(second.price, last) < FixedPointMathLib.dist(p.price, last);
        vote = _vote(takeSecond ? second : p, Verdict.Conflict);
        vote.lead = p.price;
        (vote.rival, vote.rivalVotes) = (second.price, second.voteOnly);
        vote.time = FixedPointMathLib.max(p.time, second.time);

        uint256 gapUp = FixedPointMathLib.dist(p.price, second.price) * PPM / vote.price + 1;
        if (gapUp > vote.confidence) vote.confidence = gapUp;
    }

    /// @dev The median, or if that one only votes, the nearest to it that may be the price.
    function _median(Observation memory p, Observation memory s, Observation memory t)
        private
        pure
        returns (Observation memory pick)
    {
        pick = p.price < s.price ? s : p;
        Observation memory low = p.price < s.price ? p : s;
        if (t.price < low.price) pick = low;
        else if (t.price < pick.price) pick = t;
        if (!pick.voteOnly) return pick;

        uint256 middle = pick.price;
        pick = p;
        if (!s.voteOnly && FixedPointMathLib.dist(s.price, middle) < FixedPointMathLib.dist(pick.price, middle)) {
            pick = s;
        }
        if (!t.voteOnly && FixedPointMathLib.dist(t.price, middle) < FixedPointMathLib.dist(pick.price, middle)) {
            pick = t;
        }
    }

    /// @dev How many of the three agree with `pick`, itself included.
    function _agreements(
        Observation memory pick,
        Observation memory p,
        Observation memory s,
        Observation memory t,
        uint256 limit
    ) private pure returns (uint256 count) {
        if (!deviates(pick.price, p.price, limit)) count = 1;
        if (!deviates(pick.price, s.price, limit)) ++count;
        if (!deviates(pick.price, t.price, limit)) ++count;
    }

    function _vote(Observation memory o, Verdict verdict) private pure returns (Vote memory) {
        uint256 confidenceUp = o.confidence == 0 ? 0 : (o.confidence * PPM - 1) / o.price + 1;
        return Vote(o.price, o.price, 0, false, false, confidenceUp, o.time, o.status, verdict);
    }
}
