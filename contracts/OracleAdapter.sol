// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";
import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FeedConfig, IOracleAdapter, Price, SourceConfig} from "./interfaces/IOracleAdapter.sol";
import {FeedClock, FeedDispute, FeedMoves, Holder} from "./oracles/FeedMoves.sol";
import {FeedRules} from "./oracles/FeedRules.sol";
import {Observation, PriceVote, Verdict, Vote} from "./oracles/PriceVote.sol";
import {SourceReader} from "./oracles/SourceReader.sol";
import {MAX_FEED_ID, PPM} from "./types/Constants.sol";
import {FeedState, FeedWord, FeedWordLib} from "./types/FeedWord.sol";
import {PriceEdges, PriceEdgesLib} from "./types/PriceEdges.sol";
import {PriceMid, PriceMidLib} from "./types/PriceMid.sol";
import {PriceStatus} from "./types/PriceStatus.sol";

/// @title Oracle adapter: one price per asset, its edges, and how far it may be trusted.
contract OracleAdapter is IOracleAdapter, AccessManaged {
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.Uint256Slot;

    /// @dev Longest the guardian may distrust a feed, halt it, and let it rest after his halt [s].
    uint256 private constant MAX_FORCED_UNCERTAIN = 7 days;
    uint256 private constant MAX_FORCED_HALT = 1 hours;
    uint256 private constant FORCED_HALT_REST = 23 hours;
    /// @dev Where value leaves or risk is taken, sources are asked again after so long [s].
    uint256 private constant MAX_STORED = 60;
    /// @dev Why a feed is closed: it took a new price, or somebody acts at the one it has; above any time.
    uint256 private constant TOOK_PRICE = 0;
    uint256 private constant ACTED_AT = 2 ** 64;
    /// @dev Longest grace after an outage of the sequencer [s].
    uint256 private constant MAX_GRACE = 1 days;

    /// @notice Pyth's contract; zero on chains without it.
    IPyth public immutable pyth;

    FeedWord[MAX_FEED_ID + 1] private _words;
    FeedClock[MAX_FEED_ID + 1] private _clocks;
    FeedConfig[MAX_FEED_ID + 1] private _configs;
    FeedDispute[MAX_FEED_ID + 1] private _disputes;

    address private _sequencerFeed;
    uint96 private _sequencerGrace; // [s]

    /// @param authority Access manager.
    /// @param pyth_ Pyth's contract; zero on chains without it.
    constructor(address authority, IPyth pyth_) AccessManaged(authority) {
        pyth = pyth_;
    }

    /* UPDATES */

    /// @inheritdoc IOracleAdapter
    function refresh(uint256[] calldata feedIds) external {
        _refresh(feedIds);
    }

    /// @inheritdoc IOracleAdapter
    function updateAndRefresh(bytes[] calldata updateData, uint256[] calldata feedIds) external payable {
        if (address(pyth) == address(0)) revert NoPyth();
        uint256 fee = pyth.getUpdateFee(updateData);
        if (msg.value < fee) revert FeeTooLow(msg.value, fee);

        pyth.updatePriceFeeds{value: fee}(updateData);
        _refresh(feedIds);

        uint256 rest = msg.value - fee;
        if (rest == 0) return;
        (bool sent,) = msg.sender.call{value: rest}("");
        if (!sent) revert RefundFailed(msg.sender, rest);
    }

    /// @dev Evaluates and stores every feed that is not closed in this transaction.
    function _refresh(uint256[] calldata feedIds) private {
        for (uint256 i; i < feedIds.length; ++i) {
            uint256 feedId = feedIds[i];
            FeedWord word = _wordOf(feedId);
            if (word.isNone()) revert UnknownFeed(feedId);
            if (!_isClosed(feedId)) _store(feedId, word);
        }
    }

    /// @inheritdoc IOracleAdapter
    function refreshOld(uint256[] calldata feedIds) external {
        for (uint256 i; i < feedIds.length; ++i) {
            uint256 feedId = feedIds[i];
            FeedWord word = _wordOf(feedId);
            if (word.isNone() || _isClosed(feedId)) continue;
            // what was observed just now was stored just now: the second slot is not needed; what is read through its
            // sources is stored for whoever reads it after this
            bool young = !word.readThrough()
                && (block.timestamp <= word.time() + MAX_STORED
                    || block.timestamp <= _clocks[feedId].integralTime + MAX_STORED);
            if (!young) _store(feedId, word);
            if (young || !_tookPrice(feedId)) _mark(feedId, ACTED_AT);
        }
    }

    /// @dev Evaluates and stores; a new price closes the feed until the transaction ends.
    function _store(uint256 feedId, FeedWord word) private {
        FeedState memory state = word.decode();
        FeedClock memory clock = _clocks[feedId];
        FeedDispute memory dispute = _evaluate(feedId, state, clock);
        if (state.time > word.time() || state.price != word.price()) _mark(feedId, TOOK_PRICE);

        _words[feedId] = FeedWordLib.encode(state);
        _clocks[feedId] = clock;
        if (clock.holder != Holder.None) _disputes[feedId] = dispute;
        emit PriceStored({
            feedId: feedId,
            price: state.price,
            smoothed: state.smoothed,
            confidence: state.confidence,
            time: state.time,
            status: state.status
        });
    }

    /// @dev Transient slot `feedId` holds when the feed was closed until the transaction ends, and why.
    function _mark(uint256 feedId, uint256 why) private {
        bytes32(feedId).asUint256().tstore(block.timestamp + why);
    }

    function _markOf(uint256 feedId) private view returns (uint256) {
        return bytes32(feedId).asUint256().tload();
    }

    /// @dev Whether the feed has had its one new price of this transaction.
    function _tookPrice(uint256 feedId) private view returns (bool) {
        return _markOf(feedId) == block.timestamp + TOOK_PRICE;
    }

    /// @dev Whether the feed stores nothing more in this transaction.
    function _isClosed(uint256 feedId) private view returns (bool) {
        uint256 mark = _markOf(feedId);
        return mark == block.timestamp + TOOK_PRICE || mark == block.timestamp + ACTED_AT;
    }

    /* EVALUATION: what the sources make of a feed's state now */

    /// @dev Moves `state` and `clock` to now. Views of read-through feeds and refresh both use it, so they agree.
    function _evaluate(uint256 feedId, FeedState memory state, FeedClock memory clock)
        private
        view
        returns (FeedDispute memory dispute)
    {
        FeedConfig storage config = _configs[feedId];
        if (clock.holder != Holder.None) dispute = _disputes[feedId];
        _advance(state, clock, config.smoothingWindow);

        bool young = block.timestamp <= state.time + state.maxAge;
        Vote memory vote = _ask(config, state.price, young && state.status == PriceStatus.Valid);
        if (vote.verdict == Verdict.None) {
            // a reading that is missing makes no young price worse
            if (!young && state.status < PriceStatus.Stale) state.status = PriceStatus.Stale;
        } else {
            FeedMoves.move(config, vote, state, clock, dispute);
        }
        if (config.smoothingWindow == 0) state.smoothed = state.price;

        _force(state, clock);
    }

    /// @dev Smoothed price and integral take in the price that stood since the last time; the new one counts only from
    /// now on.
    function _advance(FeedState memory state, FeedClock memory clock, uint256 window) private view {
        uint256 elapsed = block.timestamp - clock.integralTime;
        // safe because price < 2^88 and all time passed is < 2^32 s, until 2106
        clock.integral += uint120(state.price * elapsed);
        clock.integralTime = uint32(block.timestamp);
        if (window != 0) state.smoothed = (state.smoothed * window + state.price * elapsed) / (window + elapsed);
    }

    /// @dev The vote of a feed's sources; `last` is the stored price, which `isSound` where it is Valid and young.
    function _ask(FeedConfig storage config, uint256 last, bool isSound) private view returns (Vote memory vote) {
        Observation memory second;
        Observation memory third;
        Observation memory first = SourceReader.observe(config.primary);
        if (address(config.secondary.reader) != address(0)) {
            second = SourceReader.observe(config.secondary);
            if (address(config.third.reader) != address(0)) third = SourceReader.observe(config.third);
        }
        // What is in doubt itself confirms nothing.
        if (second.status != PriceStatus.Valid) second.usable = false;
        if (third.status != PriceStatus.Valid) third.usable = false;

        vote = PriceVote.decide(first, second, third, last, isSound, config.deviationLimit);
        if (vote.confidence > FeedWordLib.MAX_CONFIDENCE) {
            vote.confidence = FeedWordLib.MAX_CONFIDENCE;
            if (vote.floor < PriceStatus.Uncertain) vote.floor = PriceStatus.Uncertain;
        }
    }

    /// @dev Lowers the status to what the guardian demands.
    function _force(FeedState memory state, FeedClock memory clock) private view {
        if (block.timestamp < clock.forcedHaltEnd) {
            state.status = PriceStatus.Halted;
        } else if (block.timestamp < clock.forcedUncertainEnd && state.status < PriceStatus.Uncertain) {
            state.status = PriceStatus.Uncertain;
        }
    }

    /* PRICES */

    /// @inheritdoc IOracleAdapter
    function price(uint256 feedId) external view returns (Price memory quote) {
        (FeedWord word, uint256 widening) = _wordNow(feedId, _wordOf(feedId));
        quote.mid = word.price();
        (uint256 low, uint256 high) = word.edges();
        (quote.low, quote.high) = FeedWordLib.widen(low, high, widening);
        quote.time = word.time();
        quote.status = word.status();
    }

    /// @inheritdoc IOracleAdapter
    function packedPrices(uint256[] calldata feedIds) external view returns (uint256[] memory words) {
        uint256 count = feedIds.length;
        // Two words more, so that the array is ABI-encoded where it lies.
        words = new uint256[](2 * count + 2);
        (words[0], words[1]) = (32, 2 * count);
        uint256 pair;
        uint256 widening;
        // Equivalent to the place of `words[2]`, where the first pair goes.
        assembly ("memory-safe") {
            pair := add(words, 96)
        }
        // safe because the loop ends at count, and words has two words for each feed behind the first two
        unchecked {
            for (uint256 i; i < count; ++i) {
                FeedWord word = _wordOf(feedIds[i]);
                if (!word.isPlain()) (word, widening) = _wordNow(feedIds[i], word);
                (uint256 low, uint256 high) = word.edges();
                if (widening != 0) {
                    (low, high) = FeedWordLib.widen(low, high, widening);
                    widening = 0;
                }
                PriceMid mid = PriceMidLib.encode(word.price(), word.statusCode());
                PriceEdges both = PriceEdgesLib.encode(low, high);
                // Equivalent to `(words[2 * i + 2], words[2 * i + 3]) = (mid, both)`.
                assembly ("memory-safe") {
                    mstore(pair, mid)
                    mstore(add(pair, 32), both)
                    pair := add(pair, 64)
                }
            }
        }
        // Equivalent to returning all behind the first two words.
        assembly ("memory-safe") {
            return(add(words, 32), sub(sub(pair, words), 32))
        }
    }

    /// @inheritdoc IOracleAdapter
    function latest(uint256 feedId)
        external
        view
        returns (uint256 mid, uint256 confidence, uint256 time, PriceStatus status)
    {
        FeedWord word = _wordOf(feedId);
        // a multiple of a price is of now, however old the stored one is
        if (!word.isNone()) (word,) = _decodedNow(feedId, word, true);
        mid = word.price();
        confidence = (mid * word.confidence() + PPM - 1) / PPM;
        time = word.time();
        status = word.status();
    }

    /// @inheritdoc IOracleAdapter
    function smoothed(uint256 feedId) external view returns (uint256) {
        return _wordOf(feedId).smoothed();
    }

    /// @inheritdoc IOracleAdapter
    function cumulative(uint256 feedId) external view returns (uint256 integral) {
        FeedWord word = _wordOf(feedId);
        if (word.isNone()) return 0;
        FeedClock memory clock = _clocks[feedId];
        return clock.integral + word.price() * (block.timestamp - clock.integralTime);
    }

    /// @inheritdoc IOracleAdapter
    function sequencerFloor() external view returns (uint256) {
        address feed = _sequencerFeed;
        if (feed == address(0)) return 0;

        (bool answered, uint256 down, uint256 since) = SourceReader.askSequencer(feed);
        if (!answered) return 0;
        return down == 0 ? since + _sequencerGrace : type(uint256).max;
    }

    /// @dev The feed's word as of now, and how far its edges are moved out [ppm].
    function _wordNow(uint256 feedId, FeedWord word) private view returns (FeedWord, uint256 widening) {
        if (word.isNone() || word.isPlain()) return (word, 0);
        return _decodedNow(feedId, word, false);
    }

    /// @dev The word of a feed as it is now, and what its status widens its edges by.
    /// @param live Whether the sources are asked also where what they said is stored.
    function _decodedNow(uint256 feedId, FeedWord word, bool live) private view returns (FeedWord, uint256 widening) {
        FeedState memory state = word.decode();
        FeedClock memory clock = _clocks[feedId];
        if (live ? !_tookPrice(feedId) : state.readThrough && !_isClosed(feedId)) _evaluate(feedId, state, clock);

        if (state.status == PriceStatus.Halted && !FeedMoves.isHalting(clock)) state.status = PriceStatus.Uncertain;
        if (state.status == PriceStatus.Valid && block.timestamp > state.time + state.maxAge) {
            state.status = PriceStatus.Stale;
        }
        if (state.status != PriceStatus.Valid) widening = _wideningUp(_configs[feedId].widening, state);
        return (FeedWordLib.encode(state), widening);
    }

    /// @dev What a price that is not Valid is widened by: once, and once more for each heartbeat that it is older than
    /// the first, in proportion. What may have happened since grows with its age [ppm].
    function _wideningUp(uint256 once, FeedState memory state) private view returns (uint256) {
        uint256 age = FixedPointMathLib.zeroFloorSub(block.timestamp, state.time);
        uint256 aged = FixedPointMathLib.divUp(once * age, state.maxAge);
        return FixedPointMathLib.clamp(aged, once, FeedRules.MAX_WIDENING);
    }

    /// @dev 0 for what is not listed.
    function _wordOf(uint256 feedId) private view returns (FeedWord word) {
        // Equivalent to `feedId < 256 ? _words[feedId] : FeedWord.wrap(0)`: what lies in other slots is multiplied by
        // 0.
        assembly ("memory-safe") {
            word := mul(sload(add(_words.slot, feedId)), lt(feedId, 256))
        }
    }

    /* GOVERNANCE */

    /// @inheritdoc IOracleAdapter
    function setFeed(uint256 feedId, FeedConfig calldata config) external restricted {
        if (feedId == 0 || feedId > MAX_FEED_ID) revert FeedIdOutOfRange(feedId, MAX_FEED_ID);
        FeedRules.check(feedId, config);

        FeedWord word = _words[feedId];
        bool prove = word.isNone() || keccak256(_sourcesOf(_configs[feedId])) != keccak256(_sourcesOf(config));
        _configs[feedId] = config;

        FeedState memory state;
        if (prove) state = _prove(feedId, _configs[feedId]);
        // safe because now is below 2^32 until 2106
        if (word.isNone()) _clocks[feedId].integralTime = uint32(block.timestamp);
        else state = word.decode();
        if (prove) _endDispute(_clocks[feedId]);
        state.maxAge = config.primary.maxAge;
        state.readThrough = config.readThrough;
        _words[feedId] = FeedWordLib.encode(state);

        emit FeedSet(feedId, config);
    }

    /// @inheritdoc IOracleAdapter
    function setSequencerFeed(address feed, uint256 grace) external restricted {
        if (grace > MAX_GRACE) revert DurationTooLong(grace, MAX_GRACE);
        if (feed != address(0)) {
            (bool answered,,) = SourceReader.askSequencer(feed);
            if (!answered) revert SequencerFeedUnusable(feed);
        }

        _sequencerFeed = feed;
        // safe because the grace is at most MAX_GRACE
        _sequencerGrace = uint96(grace);
        emit SequencerFeedSet(feed, grace);
    }

    /// @dev Sources that are new, and agree, have no part in a dispute of before.
    function _endDispute(FeedClock storage clock) private {
        if (clock.holder == Holder.None) return;
        clock.holder = Holder.None;
        // safe because now is below 2^32 until 2106
        clock.haltEnd = uint32(block.timestamp);
    }

    /// @dev The state a feed starts with, or a refusal: every source answers and agrees with the primary, in band and
    /// sure enough.
    function _prove(uint256 feedId, FeedConfig storage config) private view returns (FeedState memory state) {
        Observation memory first = SourceReader.observe(config.primary);
        uint256 mid = first.price;
        _requireAgreement(feedId, config.primary, mid, config.deviationLimit);
        _requireAgreement(feedId, config.secondary, mid, config.deviationLimit);
        _requireAgreement(feedId, config.third, mid, config.deviationLimit);

        Vote memory vote = _ask(config, mid, false);
        if (mid < config.minPrice || mid > config.maxPrice) {
            revert PriceOutOfBand(feedId, mid, config.minPrice, config.maxPrice);
        }
        if (vote.confidence > config.confidenceLimit) {
            revert ConfidenceTooWide(feedId, vote.confidence, config.confidenceLimit);
        }
        return FeedState({
            price: mid,
            smoothed: mid,
            time: first.time,
            maxAge: config.primary.maxAge,
            confidence: vote.confidence,
            status: PriceStatus.Valid,
            readThrough: config.readThrough
        });
    }

    /// @dev A source that is set answers, Valid, within `limit` [ppm] of the primary.
    function _requireAgreement(uint256 feedId, SourceConfig storage source, uint256 mid, uint256 limit) private view {
        address reader = address(source.reader);
        if (reader == address(0)) return;
        Observation memory o = SourceReader.observe(source);
        if (!o.usable || o.status != PriceStatus.Valid) revert SourceUnusable(feedId, reader);
        if (PriceVote.deviates(o.price, mid, limit)) revert SourcesDisagree(feedId, reader, o.price, mid);
    }

    /* GUARDIAN */

    /// @inheritdoc IOracleAdapter
    function forceUncertain(uint256 feedId, uint256 duration) external restricted {
        if (duration > MAX_FORCED_UNCERTAIN) revert DurationTooLong(duration, MAX_FORCED_UNCERTAIN);
        FeedClock storage clock = _listedClock(feedId);
        uint256 end = block.timestamp + duration;
        if (end < clock.forcedUncertainEnd) return;

        // safe because the duration is bounded and now is below 2^32 until 2106
        clock.forcedUncertainEnd = uint32(end);
        _applyForce(feedId, PriceStatus.Uncertain, end);
    }

    /// @inheritdoc IOracleAdapter
    function forceHalt(uint256 feedId, uint256 duration) external restricted {
        if (duration > MAX_FORCED_HALT) revert DurationTooLong(duration, MAX_FORCED_HALT);
        FeedClock storage clock = _listedClock(feedId);
        uint256 earliest = uint256(clock.forcedHaltEnd) + FORCED_HALT_REST;
        if (block.timestamp < earliest) revert HaltTooSoon(block.timestamp, earliest);

        uint256 end = block.timestamp + duration;
        // safe because the duration is bounded and now is below 2^32 until 2106
        clock.forcedHaltEnd = uint32(end);
        _applyForce(feedId, PriceStatus.Halted, end);
    }

    /// @dev The clock of a listed feed.
    function _listedClock(uint256 feedId) private view returns (FeedClock storage) {
        if (_wordOf(feedId).isNone()) revert UnknownFeed(feedId);
        return _clocks[feedId];
    }

    /// @dev The word carries the status too, so that a stored feed shows it without another read.
    function _applyForce(uint256 feedId, PriceStatus status, uint256 end) private {
        FeedState memory state = _words[feedId].decode();
        if (state.status < status) state.status = status;
        _words[feedId] = FeedWordLib.encode(state);
        emit StatusForced(feedId, status, end);
    }

    /* VIEWS */

    /// @inheritdoc IOracleAdapter
    function feedConfig(uint256 feedId) external view returns (FeedConfig memory config) {
        if (feedId <= MAX_FEED_ID) config = _configs[feedId];
    }

    /// @inheritdoc IOracleAdapter
    function bounds(uint256 feedId) external view returns (uint256 halt, uint256 forcedUncertain, uint256 forcedHalt) {
        if (feedId > MAX_FEED_ID) return (0, 0, 0);
        FeedClock memory clock = _clocks[feedId];
        return (clock.haltEnd, clock.forcedUncertainEnd, clock.forcedHaltEnd);
    }

    /// @inheritdoc IOracleAdapter
    function sequencerFeed() external view returns (address feed, uint256 grace) {
        return (_sequencerFeed, _sequencerGrace);
    }

    /// @dev What proves itself at listing: the sources, with their ages and gas, without limits of the feed.
    function _sourcesOf(FeedConfig memory c) private pure returns (bytes memory) {
        return abi.encode(c.primary, c.secondary, c.third);
    }
}
