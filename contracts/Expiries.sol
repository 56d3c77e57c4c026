// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IExpiries} from "./interfaces/IExpiries.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {FeedConfig, IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {PastVote} from "./oracles/PastVote.sol";
import {SequencerPast} from "./oracles/SequencerPast.sol";
import {BitSet} from "./types/BitSet.sol";
import {SETTLEMENT_WINDOW} from "./types/Constants.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {MODULE_CLEARINGHOUSE, includes} from "./types/Permissions.sol";
import {PriceStatus} from "./types/PriceStatus.sol";

/// @title Expiries: owns observations of the index around expiries, and final averages.
/// @dev Asks the oracle that the clearinghouse names, its sources what they said, and the vault who the clearinghouse
/// is.
contract Expiries is IExpiries {
    /// @dev What is observed around the expiry of an underlying whose average all its series settle at.
    struct Window {
        // slot 0: 20 + 4 + 1 + 4 bytes
        IOracleAdapter oracle; // whose index it is
        uint32 last; // place of the last observation or doubt, from 1 at the beginning of the window
        uint8 observations; // how many there are
        uint32 doubted; // a set of minutes, the first is 0: what their ends were somebody found in doubt
        // slot 1: 16 + 16 bytes
        uint128 sum; // of what was observed; 255 prices below 2^96 fit [wad USD]
        uint128 average; // 0: not known yet [wad USD]
    }

    /// @dev One observation counts in so much time [s].
    uint256 private constant INTERVAL = 60;
    /// @dev An average is of so many observations at least.
    uint256 private constant LEAST = 20;
    /// @dev So long after an expiry a price that is not Valid counts too, if it is young [s].
    uint256 private constant PATIENCE = 1 days;
    /// @dev A price that is not Valid is young for so long [s].
    uint256 private constant YOUNG = 1 hours;
    /// @dev So long after an expiry a price counts however old it is [s].
    uint256 private constant LAST_PATIENCE = 3 days;
    /// @dev So long after an expiry nothing is sold at an index while sources may prove the average [s].
    uint256 private constant PROOF_TIME = 10 minutes;

    /// @notice The vault, which says who the clearinghouse is.
    IMarginVault public immutable vault;

    mapping(uint256 expiryKey => Window) private _windows;

    constructor(IMarginVault vault_) {
        vault = vault_;
    }

    modifier onlyClearinghouse() {
        _requireClearinghouse();
        _;
    }

    function _requireClearinghouse() private view {
        if (!includes(vault.moduleRoles(msg.sender), MODULE_CLEARINGHOUSE)) revert NotModule(msg.sender);
    }

    /* CLEARINGHOUSE */

    /// @inheritdoc IExpiries
    function observe(uint64 id, IOracleAdapter oracle) external onlyClearinghouse {
        (uint256 start, uint256 expiry) = _timesOf(id);
        if (block.timestamp < start) revert SettlementTooEarly(id, block.timestamp, start);
        Window memory window = _windowFor(id, oracle);
        if (window.average != 0) revert AverageKnown(id, window.average);
        if (_isComplete(window, expiry)) revert ObservedEnough(id, window.observations);

        (bool keeps, FeedConfig memory config) = _pastOf(id, oracle);
        if (!keeps) _observeNow(id, window, start, expiry);
        else if (block.timestamp <= expiry) _doubt(id, window, start, expiry);
        else if (!_provePast(id, window, config, start, expiry)) _observeNow(id, window, start, expiry);
        _windows[InstrumentId.expiryKeyOf(id)] = window;
    }

    /// @dev One more observation, of the index as it is: the caller chooses the second.
    function _observeNow(uint64 id, Window memory window, uint256 start, uint256 expiry) private {
        _requireNext(id, window, start);
        uint256 index = _freshIndex(InstrumentId.underlyingOf(id), window.oracle, expiry);
        _takeMinute(window, start);
        _add(id, window, block.timestamp, index);
    }

    /// @dev In the window nothing is observed of sources that prove the past: but that the index is in doubt now, so
    /// that what one source says alone of the minutes' ends before and after counts for nothing.
    function _doubt(uint64 id, Window memory window, uint256 start, uint256 expiry) private {
        if (block.timestamp >= expiry) revert SettlementTooEarly(id, block.timestamp, expiry + 1);
        _requireNext(id, window, start);
        (Price memory price,) = _refreshed(InstrumentId.underlyingOf(id), window.oracle);
        if (price.status == PriceStatus.Valid) revert SettlementTooEarly(id, block.timestamp, expiry + 1);
        _takeMinute(window, start);
        BitSet doubted = BitSet.wrap(window.doubted).with(window.last - 1);
        if (window.last > 1) doubted = doubted.with(window.last - 2);
        // safe because a window has 30 minutes
        window.doubted = uint32(BitSet.unwrap(doubted));
        emit IndexDoubted(id, block.timestamp);
    }

    /// @dev All observations of the window at once: of each minute's end what the sources prove that the price was. No
    /// caller chooses anything, so that what was observed otherwise is replaced.
    /// @return Whether there are enough. Where there are not, and patience has ended, minutes of now count.
    function _provePast(uint64 id, Window memory window, FeedConfig memory config, uint256 start, uint256 expiry)
        private
        returns (bool)
    {
        IOracleAdapter oracle = window.oracle;
        (, bool sound) = _refreshed(InstrumentId.underlyingOf(id), oracle);
        bool patient = block.timestamp < expiry + PATIENCE;
        if (!sound && patient) revert PriceNotValid(InstrumentId.underlyingOf(id));

        uint256[] memory times = _minuteEnds(start);
        (uint256[] memory prices, BitSet confirmed) = PastVote.pricesAt(config, times);
        // once patience has ended, what was said in doubt counts before what is said now
        BitSet doubted = BitSet.wrap(sound ? patient ? window.doubted : 0 : type(uint256).max).minus(confirmed);
        (address feed, uint256 grace) = oracle.sequencerFeed();
        BitSet restless = SequencerPast.restlessAt(feed, grace, times);

        (uint256 proven, uint256 enough) = (0, 0);
        for (uint256 i; i < times.length; ++i) {
            if (doubted.has(i)) prices[i] = 0;
            if (prices[i] != 0) ++proven;
            if (restless.has(i)) prices[i] = 0;
            if (prices[i] != 0) ++enough;
        }
        if (enough < LEAST) {
            // nobody chooses an outage: what it took is observed at once
            if (patient && proven < LEAST) revert TooFewObservations(id, enough, LEAST);
            return false;
        }
        (window.observations, window.sum) = (0, 0);
        for (uint256 i; i < times.length; ++i) {
            if (prices[i] != 0) _add(id, window, times[i], prices[i]);
        }
        return true;
    }

    /// @dev When each minute of a window ends [s].
    function _minuteEnds(uint256 start) private pure returns (uint256[] memory times) {
        times = new uint256[](SETTLEMENT_WINDOW / INTERVAL);
        for (uint256 i; i < times.length; ++i) {
            times[i] = start + (i + 1) * INTERVAL;
        }
    }

    /// @dev Refuses what is in a minute that has been taken.
    function _requireNext(uint64 id, Window memory window, uint256 start) private view {
        uint256 next = _nextOf(window, start);
        if (block.timestamp < next) revert ObservedAlready(id, block.timestamp, next);
    }

    /// @dev Nobody else is first in the minute of now.
    function _takeMinute(Window memory window, uint256 start) private view {
        // safe because times are below 2^32 until 2106
        window.last = uint32((block.timestamp - start) / INTERVAL + 1);
    }

    /// @dev Adds the index at a time to the sum.
    function _add(uint64 id, Window memory window, uint256 time, uint256 index) private {
        // safe because prices are below 2^96, and observations end at 30 in the window
        window.sum += uint128(index);
        ++window.observations;
        emit IndexObserved(id, time, index, window.observations);
    }

    /// @inheritdoc IExpiries
    function finish(uint64 id, IOracleAdapter oracle) external onlyClearinghouse returns (uint256 average) {
        Window memory window = _windowFor(id, oracle);
        if (window.average != 0) return window.average;
        (uint256 start, uint256 expiry) = _timesOf(id);
        if (block.timestamp < expiry) revert SettlementTooEarly(id, block.timestamp, expiry);
        if (window.observations < LEAST && block.timestamp > expiry) {
            (bool keeps, FeedConfig memory config) = _pastOf(id, oracle);
            if (keeps) _provePast(id, window, config, start, expiry);
        }
        uint256 count = window.observations;
        if (count < LEAST) revert TooFewObservations(id, count, LEAST);

        // prices are at least 1, so that a known average is not 0
        average = window.sum / count;
        // safe because an average is at most the sum
        window.average = uint128(average);
        _windows[InstrumentId.expiryKeyOf(id)] = window;
    }

    /// @dev The price of an index that its sources were asked for in this call [wad USD].
    /// @param expiry From which the patience counts that ends with prices that are not Valid, and then with any [s].
    function _freshIndex(uint256 underlying, IOracleAdapter oracle, uint256 expiry) private returns (uint256) {
        (Price memory price, bool sound) = _refreshed(underlying, oracle);
        if (sound || block.timestamp >= expiry + LAST_PATIENCE) return price.mid;
        if (block.timestamp < expiry + PATIENCE) revert PriceNotValid(underlying);
        if (price.time + YOUNG < block.timestamp) revert PriceTooOld(underlying, price.time, block.timestamp - YOUNG);
        return price.mid;
    }

    /// @dev Asks the sources; the price is sound where it is Valid and the sequencer has rested.
    function _refreshed(uint256 underlying, IOracleAdapter oracle) private returns (Price memory price, bool sound) {
        uint256[] memory feeds = new uint256[](1);
        feeds[0] = underlying;
        oracle.refresh(feeds);
        // who acted at the stored price before, in the same transaction, has kept the sources' from being stored
        (price.mid,, price.time, price.status) = oracle.latest(underlying);
        sound = price.status == PriceStatus.Valid && block.timestamp >= oracle.sequencerFloor();
    }

    /// @dev What was observed of that oracle; an average that is known counts whatever the oracle.
    function _windowFor(uint64 id, IOracleAdapter oracle) private view returns (Window memory window) {
        window = _windows[InstrumentId.expiryKeyOf(id)];
        if (address(window.oracle) == address(oracle) || window.average != 0) return window;
        return Window(oracle, 0, 0, 0, 0, 0);
    }

    /// @dev The sources of the index, and whether one of them proves what it said.
    function _pastOf(uint64 id, IOracleAdapter oracle) private view returns (bool keeps, FeedConfig memory config) {
        config = oracle.feedConfig(InstrumentId.underlyingOf(id));
        keeps = PastVote.keepsPast(config);
    }

    /// @dev When a window begins and when its instruments expire; 0 of what does not [s].
    function _timesOf(uint64 id) private pure returns (uint256 start, uint256 expiry) {
        expiry = InstrumentId.expiryOf(id);
        return (FixedPointMathLib.zeroFloorSub(expiry, SETTLEMENT_WINDOW), expiry);
    }

    /// @dev When the next observation counts [s].
    function _nextOf(Window memory window, uint256 start) private pure returns (uint256) {
        return start + window.last * INTERVAL;
    }

    /// @dev Whether the window is over and has enough.
    function _isComplete(Window memory window, uint256 expiry) private view returns (bool) {
        return block.timestamp >= expiry && window.observations >= LEAST;
    }

    /* VIEWS */

    /// @inheritdoc IExpiries
    function averageOf(uint64 id) external view returns (uint256) {
        return _windows[InstrumentId.expiryKeyOf(id)].average;
    }

    /// @inheritdoc IExpiries
    function isFinishable(uint64 id, IOracleAdapter oracle) external view returns (bool) {
        Window memory window = _windowFor(id, oracle);
        (, uint256 expiry) = _timesOf(id);
        if (window.average != 0 || block.timestamp < expiry) return false;
        return window.observations >= LEAST || block.timestamp - expiry < PROOF_TIME && _keepsPast(id, oracle);
    }

    /// @inheritdoc IExpiries
    function windowOf(uint64 id, IOracleAdapter oracle)
        external
        view
        returns (uint256 observations, uint256 next, uint256 average)
    {
        Window memory window = _windowFor(id, oracle);
        (uint256 start, uint256 expiry) = _timesOf(id);
        (observations, average) = (window.observations, window.average);
        if (average != 0 || _isComplete(window, expiry)) return (observations, 0, average);
        next = _nextOf(window, start);
        if (next <= expiry && _keepsPast(id, oracle)) next = expiry + 1;
    }

    /// @dev The same of any address.
    function _keepsPast(uint64 id, IOracleAdapter oracle) private view returns (bool keeps) {
        if (address(oracle).code.length != 0) (keeps,) = _pastOf(id, oracle);
    }
}
