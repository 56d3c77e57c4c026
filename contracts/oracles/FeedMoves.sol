// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FeedConfig} from "../interfaces/IOracleAdapter.sol";
import {PPM} from "../types/Constants.sol";
import {FeedState} from "../types/FeedWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {PriceVote, Verdict, Vote} from "./PriceVote.sol";

/// @notice Which of two sources that disagree the price is with.
enum Holder {
    None, // they do not disagree
    Lead, // the first
    Rival // the other
}

/// @notice What outlasts the silence of a source that disagrees. One slot, written while sources disagree.
struct FeedDispute {
    uint96 origin; // the smoothed price when the dispute began [wad USD]
    uint32 opposed; // when both last spoke, and disagreed [s]
    bool decided; // for good: whoever has lost it moves no price before the sources agree
}

/// @notice What a feed needs beside its word. One slot.
struct FeedClock {
    uint120 integral; // time integral of the stored price; 2^88 * 2^32 at most [wad USD s]
    Holder holder; // whether sources disagree, and whom the price is with
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

    /// @dev Moves price and status to what the sources say now. Who is silent has not agreed: a dispute ends where
    /// sources agree, or when only one of them has spoken for as long as a dispute lasts.
    function move(
        FeedConfig storage config,
        Vote memory vote,
        FeedState memory state,
        FeedClock memory clock,
        FeedDispute memory dispute
    ) internal view {
        if (vote.verdict == Verdict.Conflict) {
            _dispute(config, vote, state, clock, dispute);
            return;
        }
        if (clock.holder != Holder.None) {
            uint256 end = dispute.opposed + (DISPUTE_REST + 1) * config.haltBound;
            if (vote.verdict == Verdict.Single && block.timestamp < end) {
                _wait(config, vote, state, clock, dispute);
                return;
            }
            clock.holder = Holder.None;
            // safe because now is below 2^32 until 2106
            if (clock.haltEnd == DECIDED) clock.haltEnd = uint32(block.timestamp);
        }
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
    /// that lasts, the price steps to the one that has moved further, and stays with it as long as they disagree: what
    /// never moves may be dead. What only votes is never the price.
    function _dispute(
        FeedConfig storage config,
        Vote memory vote,
        FeedState memory state,
        FeedClock memory clock,
        FeedDispute memory dispute
    ) private view {
        uint256 bound = config.haltBound;
        if (clock.holder == Holder.None) _begin(config, vote, state, clock, dispute);
        else _doubt(state, clock);
        state.confidence = FixedPointMathLib.max(state.confidence, vote.confidence);
        // safe because times are below 2^32 until 2106
        dispute.opposed = uint32(block.timestamp);

        if (block.timestamp < clock.haltEnd + DISPUTE_REST * bound || clock.haltEnd == DECIDED) {
            bool follows = _follow(config, vote, state, clock, dispute);
            // a jump of the one that has won is disputed anew
            if (!follows && clock.haltEnd == DECIDED) _measure(state, clock, dispute);
            return;
        }
        uint256 mover = _settle(vote, clock, dispute);
        _step(config, vote, state, mover);
        // safe as above
        clock.haltEnd = state.price == mover ? DECIDED : uint32(block.timestamp + bound);
    }

    /// @dev A dispute begins: the price is with who is nearer to it. Where the breaker has rested a jump halts.
    function _begin(
        FeedConfig storage config,
        Vote memory vote,
        FeedState memory state,
        FeedClock memory clock,
        FeedDispute memory dispute
    ) private view {
        bool leads = FixedPointMathLib.dist(vote.lead, state.price) < FixedPointMathLib.dist(vote.rival, state.price);
        clock.holder = leads || vote.rivalVotes ? Holder.Lead : Holder.Rival;
        dispute.decided = false;

        uint256 bound = config.haltBound;
        bool rested = block.timestamp >= clock.haltEnd + HALT_REST * bound;
        bool halts = state.status == PriceStatus.Halted && block.timestamp < clock.haltEnd;
        if (rested && _isUnconfirmedJump(config, vote, state)) halts = true;
        state.status = halts ? PriceStatus.Halted : PriceStatus.Uncertain;
        _measure(state, clock, dispute);
        // safe because times are below 2^32 until 2106
        clock.haltEnd = uint32(block.timestamp + bound);
    }

    /// @dev From now on, and from the smoothed price, a dispute is measured.
    function _measure(FeedState memory state, FeedClock memory clock, FeedDispute memory dispute) private view {
        // safe because prices are below 2^96, and times below 2^32 until 2106
        dispute.origin = uint96(state.smoothed);
        clock.haltEnd = uint32(block.timestamp);
    }

    /// @dev One of two that disagreed is silent: the other may lead a price that is with it, and nothing is Valid.
    function _wait(
        FeedConfig storage config,
        Vote memory vote,
        FeedState memory state,
        FeedClock memory clock,
        FeedDispute memory dispute
    ) private view {
        _doubt(state, clock);
        state.confidence = FixedPointMathLib.max(state.confidence, vote.confidence);
        if (vote.substitutes) (vote.rival, vote.lead) = (vote.price, 0);
        _follow(config, vote, state, clock, dispute);
    }

    /// @dev A price that is disputed is Uncertain, or goes on being Halted.
    function _doubt(FeedState memory state, FeedClock memory clock) private view {
        bool halts = state.status == PriceStatus.Halted && block.timestamp < clock.haltEnd;
        if (!halts || clock.haltEnd == DECIDED) state.status = PriceStatus.Uncertain;
    }

    /// @dev Takes the price of the one it is with if that has not moved far: by the deviation allowed, or once decided
    /// by what the breaker allows, and no further than the breaker allows from where the dispute began, or once decided
    /// from the smoothed price. It must not walk away from what another says.
    function _follow(
        FeedConfig storage config,
        Vote memory vote,
        FeedState memory state,
        FeedClock memory clock,
        FeedDispute memory dispute
    ) private view returns (bool follows) {
        uint256 said = clock.holder == Holder.Lead ? vote.lead : vote.rival;
        uint256 breaker = config.breakerLimit;
        bool decided = clock.haltEnd == DECIDED;
        follows = said != 0 && !PriceVote.deviates(said, state.price, decided ? breaker : config.deviationLimit)
            && !PriceVote.deviates(said, decided ? state.smoothed : dispute.origin, breaker);
        if (follows) _take(config, vote, state, said);
    }

    /// @dev Who has moved further since the dispute began, with whom the price will be: what only votes never. Measured
    /// anew, after a jump of who has won, a dispute stays with it: the other has not moved.
    function _settle(Vote memory vote, FeedClock memory clock, FeedDispute memory dispute)
        private
        pure
        returns (uint256 mover)
    {
        bool leads = clock.holder == Holder.Lead;
        if (!dispute.decided) {
            uint256 led = FixedPointMathLib.dist(vote.lead, dispute.origin);
            leads = vote.rivalVotes || led >= FixedPointMathLib.dist(vote.rival, dispute.origin);
            clock.holder = leads ? Holder.Lead : Holder.Rival;
            dispute.decided = true;
        }
        return leads ? vote.lead : vote.rival;
    }

    /// @dev Moves the price by at most the breaker's limit towards what is said. Its rate is bounded, so that the same
    /// observation may be used again.
    function _step(FeedConfig storage config, Vote memory vote, FeedState memory state, uint256 said) private view {
        uint256 reach = state.price * config.breakerLimit / PPM;
        _take(config, vote, state, FixedPointMathLib.clamp(said, state.price - reach, state.price + reach));
        state.confidence = vote.confidence;
        state.status = PriceStatus.Uncertain;
    }

    /// @dev Takes a price into the band, and the time of the sources if it is later.
    function _take(FeedConfig storage config, Vote memory vote, FeedState memory state, uint256 said) private view {
        state.price = FixedPointMathLib.clamp(said, config.minPrice, config.maxPrice);
        state.time = FixedPointMathLib.max(state.time, vote.time);
    }
}
