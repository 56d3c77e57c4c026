// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FeedConfig} from "../interfaces/IOracleAdapter.sol";
import {PPM} from "../types/Constants.sol";
import {FeedState} from "../types/FeedWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {PriceVote, Verdict, Vote} from "./PriceVote.sol";

/// @notice Which of two sources that disagree has left the price.
enum Left {
    None, // they do not disagree
    Lead, // the first
    Rival // the other
}

/// @notice What a feed needs beside its word. One slot.
struct FeedClock {
    uint120 integral; // time integral of the stored price; 2^88 * 2^32 at most [wad USD s]
    Left left; // whether sources disagree, and who moved
    uint32 integralTime; // up to when [s]
    uint32 haltEnd; // end of the breaker's last halt, or of the last step after it, or a decided dispute [s]
    uint32 forcedUncertainEnd; // end of the guardian's measure [s]
    uint32 forcedHaltEnd; // end of the guardian's halt [s]
}

/// @title How a feed's price follows what its sources say: taken, held back by the breaker, or disputed.
library FeedMoves {
    /// @dev The breaker rests this many halt bounds after a halt.
    uint256 private constant HALT_REST = 4;
    /// @dev A price waits this many more bounds between two sources that disagree.
    uint256 private constant DISPUTE_REST = 5;
    /// @dev End of a dispute that has been decided, and goes on.
    uint32 private constant DECIDED = type(uint32).max;

    /// @dev Moves price and status to what the sources say now.
    function move(FeedConfig storage config, Vote memory vote, FeedState memory state, FeedClock memory clock)
        internal
        view
    {
        if (vote.verdict == Verdict.Conflict) {
            _dispute(config, vote, state, clock);
            return;
        }
        clock.left = Left.None;
        // safe because now is below 2^32 until 2106
        if (clock.haltEnd == DECIDED) clock.haltEnd = uint32(block.timestamp);
        if (_isUnconfirmedJump(config, vote, state)) _halt(config, vote, state, clock);
        else _accept(config, vote, state, clock.haltEnd);
    }

    /// @dev Whether a halt of the breaker or of the guardian is on.
    function isHalting(FeedClock memory clock) internal view returns (bool) {
        if (block.timestamp < clock.forcedHaltEnd) return true;
        return block.timestamp < clock.haltEnd && clock.haltEnd != DECIDED;
    }

    /// @dev A source that is itself halted counts as a jump, so that the halt is bounded here too.
    function _isUnconfirmedJump(FeedConfig storage config, Vote memory vote, FeedState memory state)
        private
        view
        returns (bool)
    {
        if (vote.floor == PriceStatus.Halted) return true;
        return vote.verdict != Verdict.Confirmed && _isBeyondBreaker(config, vote, state);
    }

    /// @dev Whether what the first source says is further from the last price than the breaker allows, or from the
    /// smoothed one: many small steps are a jump too.
    function _isBeyondBreaker(FeedConfig storage config, Vote memory vote, FeedState memory state)
        private
        view
        returns (bool)
    {
        uint256 limit = config.breakerLimit;
        (uint256 last, uint256 average) = (state.price, state.smoothed);
        return FixedPointMathLib.dist(vote.lead, last) * PPM > limit * last
            || FixedPointMathLib.dist(vote.lead, average) * PPM > limit * average;
    }

    /// @dev Takes the vote's price if it is newer, and its status. Until `haltEnd` only a confirmed price is Valid.
    function _accept(FeedConfig storage config, Vote memory vote, FeedState memory state, uint256 haltEnd)
        private
        view
    {
        PriceStatus status = vote.floor;
        uint256 newPrice = FixedPointMathLib.clamp(vote.price, config.minPrice, config.maxPrice);
        bool settling = vote.verdict == Verdict.Single && block.timestamp < haltEnd;
        bool doubtful = settling || newPrice != vote.price || vote.confidence > config.confidenceLimit;

        // of the same time only since a halt: the price has not come all the way
        if (vote.time > state.time || (vote.time == state.time && state.time < haltEnd)) {
            state.price = newPrice;
            state.time = vote.time;
        } else if (PriceVote.deviates(newPrice, state.price, config.deviationLimit)) {
            doubtful = true;
        }
        if (doubtful && status < PriceStatus.Uncertain) status = PriceStatus.Uncertain;
        state.confidence = vote.confidence;
        state.status = status;
    }

    /// @dev An unconfirmed jump: halt, keep halting, or after the halt step towards it.
    function _halt(FeedConfig storage config, Vote memory vote, FeedState memory state, FeedClock memory clock)
        private
        view
    {
        uint256 bound = config.haltBound;
        uint256 end = clock.haltEnd;
        if (block.timestamp < end) {
            if (state.status != PriceStatus.Halted) state.status = PriceStatus.Uncertain;
            return;
        }
        if (block.timestamp >= end + HALT_REST * bound) {
            // safe because times are checked against now, below 2^32 until 2106, and the bound against MAX_HALT
            clock.haltEnd = uint32(vote.time + bound);
            state.status = PriceStatus.Halted;
            if (block.timestamp < vote.time + bound) return;
        }
        _step(config, vote, state, vote.price);
        // safe as above
        clock.haltEnd = uint32(block.timestamp + bound);
    }

    /// @dev Two sources disagree: the price stays with the nearer one, halted at first where the other has jumped. If
    /// that lasts, the price steps to the one that has left it, and stays with it as long as they disagree: what never
    /// moves may be dead. What only votes is never the price.
    function _dispute(FeedConfig storage config, Vote memory vote, FeedState memory state, FeedClock memory clock)
        private
        view
    {
        uint256 bound = config.haltBound;
        if (clock.left == Left.None) {
            _begin(config, vote, state, clock);
        } else if (state.status != PriceStatus.Halted || block.timestamp >= clock.haltEnd) {
            state.status = PriceStatus.Uncertain;
        }
        state.confidence = FixedPointMathLib.max(state.confidence, vote.confidence);

        uint256 rival = vote.rivalVotes ? 0 : vote.rival;
        (uint256 stayed, uint256 left) = clock.left == Left.Rival ? (vote.lead, rival) : (rival, vote.lead);
        if (clock.haltEnd == DECIDED) {
            if (_follow(config, vote, state, left, config.breakerLimit)) return;
            // a jump of the one that the price is with is disputed anew
            // safe because times are below 2^32 until 2106
            clock.haltEnd = uint32(block.timestamp);
        }
        if (left == 0 || block.timestamp < clock.haltEnd + DISPUTE_REST * bound) {
            _follow(config, vote, state, stayed, config.deviationLimit);
        } else {
            _step(config, vote, state, left);
            clock.haltEnd = state.price == left ? DECIDED : uint32(block.timestamp + bound);
        }
    }

    /// @dev A dispute begins: who is further from the price has left it. Where the breaker has rested a jump halts.
    function _begin(FeedConfig storage config, Vote memory vote, FeedState memory state, FeedClock memory clock)
        private
        view
    {
        uint256 bound = config.haltBound;
        uint256 price = state.price;
        bool leads = FixedPointMathLib.dist(vote.lead, price) >= FixedPointMathLib.dist(vote.rival, price);
        clock.left = leads ? Left.Lead : Left.Rival;

        bool rested = block.timestamp >= clock.haltEnd + HALT_REST * bound;
        bool halts = state.status == PriceStatus.Halted && block.timestamp < clock.haltEnd;
        if (rested && _isUnconfirmedJump(config, vote, state)) halts = true;
        state.status = halts ? PriceStatus.Halted : PriceStatus.Uncertain;
        // safe because times are below 2^32 until 2106
        clock.haltEnd = uint32(block.timestamp + bound);
    }

    /// @dev Takes the price of one of two sources that disagree if it is within `limit` [ppm] of the last, and no
    /// further from the smoothed one than the breaker allows: it must not walk away from what another says.
    function _follow(FeedConfig storage config, Vote memory vote, FeedState memory state, uint256 said, uint256 limit)
        private
        view
        returns (bool follows)
    {
        follows = said != 0 && !PriceVote.deviates(said, state.price, limit)
            && !PriceVote.deviates(said, state.smoothed, config.breakerLimit);
        if (!follows) return false;
        state.price = FixedPointMathLib.clamp(said, config.minPrice, config.maxPrice);
        state.time = FixedPointMathLib.max(state.time, vote.time);
    }

    /// @dev Moves the price by at most the breaker's limit towards what is said. Its rate is bounded, so that the same
    /// observation may be used again.
    function _step(FeedConfig storage config, Vote memory vote, FeedState memory state, uint256 said) private view {
        uint256 reach = state.price * config.breakerLimit / PPM;
        uint256 target = FixedPointMathLib.clamp(said, state.price - reach, state.price + reach);
        state.price = FixedPointMathLib.clamp(target, config.minPrice, config.maxPrice);
        if (vote.time > state.time) state.time = vote.time;
        state.confidence = vote.confidence;
        state.status = PriceStatus.Uncertain;
    }
}
