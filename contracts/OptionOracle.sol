// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IExpiries} from "./interfaces/IExpiries.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle, RiskArrayView} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {IVolatilitySurface} from "./interfaces/IVolatilitySurface.sol";
import {OptionMath} from "./pricing/OptionMath.sol";
import {RiskArray} from "./pricing/RiskArray.sol";
import {Series, SeriesMath} from "./pricing/SeriesMath.sol";
import {AGE_GRACE, ArrayMeta} from "./types/ArrayMeta.sol";
import {ArrayNodes} from "./types/ArrayNodes.sol";
import {InstrumentId, KIND_PUT} from "./types/InstrumentId.sol";
import {OptionParamsWord} from "./types/OptionParamsWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {SliceWord} from "./types/SliceWord.sol";

/// @title Option oracle: owns risk arrays, and computes marks and arrays with pure libraries.
/// @dev Asks the surface for slices, the oracle for indices, the parameters for shocks, and the expiries whether a
/// payoff is known; the vault only whether an operation is open.
contract OptionOracle is IOptionOracle {
    using InstrumentId for uint64;
    using TransientSlot for bytes32;
    using TransientSlot for TransientSlot.Uint256Slot;

    /// @dev The index of a recent array is at most one part in so many away.
    uint256 private constant RECENT_MOVE = 10_000;

    /// @dev A series' risk array.
    struct Stored {
        ArrayMeta meta;
        ArrayNodes nodes;
    }

    /// @dev What the slice that was read last says of arrays of its expiry.
    struct LastSlice {
        uint256 key; // of the expiry, 0: none was read
        uint256 postedAt; // [s]
        bool doubtful; // no array of it is Valid
    }

    /// @notice The vault whose open gate keeps arrays as they are, but for what is known to be wrong.
    IMarginVault public immutable vault;
    /// @notice The oracle whose prices marks are computed from.
    IOracleAdapter public immutable oracle;
    /// @notice Where slices and option parameters come from.
    IVolatilitySurface public immutable surface;
    /// @notice Where price shocks come from.
    IRiskParameters public immutable parameters;
    /// @notice Where averages of the index come from.
    IExpiries public immutable expiries;

    mapping(uint256 id => Stored) private _arrays;

    constructor(
        IMarginVault vault_,
        IOracleAdapter oracle_,
        IVolatilitySurface surface_,
        IRiskParameters parameters_,
        IExpiries expiries_
    ) {
        vault = vault_;
        oracle = oracle_;
        surface = surface_;
        parameters = parameters_;
        expiries = expiries_;
    }

    /* REFRESH */

    /// @inheritdoc IOptionOracle
    function refresh(uint64[] calldata ids) external {
        if (vault.isGateOpen()) revert OperationOpen();

        Series memory m;
        for (uint256 i; i < ids.length; ++i) {
            _refresh(m, ids[i]);
        }
    }

    /// @inheritdoc IOptionOracle
    function refreshStale(uint64[] calldata ids) external {
        Series memory m;
        for (uint256 i; i < ids.length; ++i) {
            uint64 id = ids[i];
            if (_isFinal(_requireOption(id))) continue;
            _read(m, id, false);
            if (_isRecent(m, _arrays[id].meta)) continue;
            if (vault.isGateOpen()) revert OperationOpen();
            _refresh(m, id);
        }
    }

    /// @inheritdoc IOptionOracle
    function refreshOutdated(uint256[] calldata ids) external returns (uint256[] memory all) {
        bool complete;
        (all, complete) = _stored(ids);
        LastSlice memory last;
        uint256 place = _nextOutdated(all, ids, 0, last);
        if (place != ids.length) _renew(all, ids, place, last);
        if (!complete) _addComputed(all, ids);
        _answer(all);
    }

    /// @dev Refreshes the series at `place`, and those behind it that are outdated too.
    function _renew(uint256[] memory all, uint256[] calldata ids, uint256 place, LastSlice memory last) private {
        Series memory m;
        for (; place != ids.length; place = _nextOutdated(all, ids, place + 1, last)) {
            (ArrayMeta meta, ArrayNodes nodes) = _refresh(m, _requireOption(ids[place]));
            (all[2 * place], all[2 * place + 1]) = (ArrayMeta.unwrap(meta), ArrayNodes.unwrap(nodes));
        }
    }

    /// @dev The first place from `place` on whose array is known to be wrong; behind the last one if there is none.
    /// What was never stored is computed when it is read.
    function _nextOutdated(uint256[] memory all, uint256[] calldata ids, uint256 place, LastSlice memory last)
        private
        view
        returns (uint256)
    {
        for (; place < ids.length; ++place) {
            ArrayMeta meta;
            uint64 id;
            // hot loop: every check of initial margin runs it over all options
            // Equivalent to `(meta, id) = (all[2 * place], uint64(ids[place]))` without bounds checks.
            assembly ("memory-safe") {
                meta := mload(add(add(all, 0x20), shl(6, place)))
                // safe because no longer id has a stored array
                id := calldataload(add(ids.offset, shl(5, place)))
            }
            if (meta.isNone()) continue;
            if (id.expiryKeyOf() != last.key) _look(last, id);
            (uint256 time,) = meta.origin();
            // an array of the second of a post may be of the slice before it
            if (time > last.postedAt && !(last.doubtful && meta.isValid())) continue;
            if (!_isOfTransaction(id) && !_isFinal(id)) break;
        }
        return place;
    }

    /// @dev Reads what the slice of a series says of arrays.
    function _look(LastSlice memory last, uint64 id) private view {
        (OptionParamsWord params, SliceWord slice) = surface.wordsOf(id.underlyingOf(), id.expiryOf());
        (last.key, last.postedAt) = (id.expiryKeyOf(), slice.postedAt());
        bool distrusted = block.timestamp < params.uncertainUntil();
        // past expiry nothing depends on the slice
        last.doubtful = (distrusted || last.postedAt == 0) && !id.isExpired(block.timestamp);
    }

    /// @dev Whether the array was made in this transaction: transient slot `id` holds when. Who posts a slice in it too
    /// gains nothing by an array of before that could not be had before the post.
    function _isOfTransaction(uint64 id) private view returns (bool) {
        return bytes32(uint256(id)).asUint256().tload() == block.timestamp;
    }

    /// @dev Whether what the series pays is known, so that nothing reads its array any more.
    function _isFinal(uint64 id) private view returns (bool) {
        return id.isExpired(block.timestamp) && expiries.averageOf(id) != 0;
    }

    function _refresh(Series memory m, uint64 id) private returns (ArrayMeta meta, ArrayNodes nodes) {
        _read(m, id, true);
        (meta, nodes) = SeriesMath.array(m, id, m.index);
        Stored storage array = _arrays[id];
        (array.meta, array.nodes) = (meta, nodes);
        bytes32(uint256(id)).asUint256().tstore(block.timestamp);
        emit ArrayRefreshed(id, ArrayMeta.unwrap(meta), ArrayNodes.unwrap(nodes));
    }

    /// @dev Whether an array of the open series says nearly what a new one would: it is young, of the same slice and
    /// side of the expiry, as Valid as now, and the index is about where it was.
    function _isRecent(Series memory m, ArrayMeta meta) private view returns (bool) {
        (uint256 time, uint256 ref) = meta.origin();
        // an array of the second of a post may be of the slice before it
        if (time + AGE_GRACE < block.timestamp || time <= m.postedAt) return false;
        if (block.timestamp >= m.expiry && time < m.expiry) return false;
        bool valid = SeriesMath.isValid(m);
        if (meta.isValid() != valid) return false;
        // what is not Valid may have become worse in a second
        if (!valid && time != block.timestamp) return false;
        return FixedPointMathLib.dist(m.index, ref) * RECENT_MOVE <= ref;
    }

    /* VIEWS */

    /// @inheritdoc IOptionOracle
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index) {
        Series memory m;
        _read(m, id, false);
        (price,) = SeriesMath.price(m, id, m.index);
        return (price, m.status > m.sliceStatus ? m.status : m.sliceStatus, m.index);
    }

    /// @inheritdoc IOptionOracle
    function words(uint256[] calldata ids) external view returns (uint256[] memory all) {
        bool complete;
        (all, complete) = _stored(ids);
        if (!complete) _addComputed(all, ids);
        _answer(all);
    }

    /// @dev Ends the call with a list that has a spare word before it, where it lies: coding would copy every word.
    function _answer(uint256[] memory all) private pure {
        // Equivalent to returning `all` from the external function.
        assembly ("memory-safe") {
            let start := sub(all, 0x20)
            mstore(start, 0x20)
            return(start, add(0x40, shl(5, mload(all))))
        }
    }

    /// @dev Two words per series, 0 for one that was never stored; and whether all were. Before the list is a spare
    /// word.
    function _stored(uint256[] calldata ids) private view returns (uint256[] memory all, bool complete) {
        uint256 count = ids.length;
        // Equivalent to `all = new uint256[](2 * count)`, of which the loop writes every word.
        assembly ("memory-safe") {
            all := add(mload(0x40), 0x20)
            mstore(all, mul(2, count))
            mstore(0x40, add(add(all, 0x20), shl(6, count)))
        }
        complete = true;
        for (uint256 i; i < count; ++i) {
            uint256 id;
            // Equivalent to `id = ids[i]` without a bounds check.
            assembly ("memory-safe") {
                id := calldataload(add(ids.offset, shl(5, i)))
            }
            Stored storage array = _arrays[id];
            (ArrayMeta meta, ArrayNodes nodes) = (array.meta, array.nodes);
            if (meta.isNone()) complete = false;
            // Equivalent to `(all[2 * i], all[2 * i + 1]) = (meta, nodes)` without bounds checks.
            assembly ("memory-safe") {
                let cursor := add(all, add(0x20, shl(6, i)))
                mstore(cursor, meta)
                mstore(add(cursor, 0x20), nodes)
            }
        }
    }

    /// @dev Computes what was never stored.
    function _addComputed(uint256[] memory all, uint256[] calldata ids) private view {
        Series memory m;
        for (uint256 i; i < ids.length; ++i) {
            if (all[2 * i] == 0) (all[2 * i], all[2 * i + 1]) = _computed(m, ids[i]);
        }
    }

    /// @inheritdoc IOptionOracle
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory all) {
        Series memory m;
        all = new uint256[](pairs.length);
        for (uint256 i; i + 1 < pairs.length; i += 2) {
            uint64 id = _requireOption(pairs[i]);
            _read(m, id, true);
            uint256 index = FixedPointMathLib.clamp(pairs[i + 1], 1, OptionMath.MAX_PRICE);
            (all[i], all[i + 1]) = _wordsAt(m, id, index);
        }
    }

    /// @inheritdoc IOptionOracle
    function arrayOf(uint64 id) external view returns (RiskArrayView memory array) {
        Stored memory stored = _arrays[id];
        if (!stored.meta.isNone()) return RiskArray.unpack(stored.meta, stored.nodes);
        Series memory m;
        (uint256 meta, uint256 nodes) = _computed(m, id);
        array = RiskArray.unpack(ArrayMeta.wrap(meta), ArrayNodes.wrap(nodes));
        array.time = 0;
    }

    /// @inheritdoc IOptionOracle
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status) {
        Series memory m;
        _read(m, id, false);
        SeriesMath.price(m, id, m.index);
        return (m.volatility, m.forward, m.sliceStatus);
    }

    /* READING A SERIES */

    /// @dev The words that a refresh would store.
    function _computed(Series memory m, uint256 id) private view returns (uint256 meta, uint256 nodes) {
        uint64 option = _requireOption(id);
        _read(m, option, true);
        return _wordsAt(m, option, m.index);
    }

    /// @dev The words of a series at `index`.
    function _wordsAt(Series memory m, uint64 id, uint256 index) private view returns (uint256, uint256) {
        (ArrayMeta meta, ArrayNodes nodes) = SeriesMath.array(m, id, index);
        return (ArrayMeta.unwrap(meta), ArrayNodes.unwrap(nodes));
    }

    /// @dev Reads what is not known of a series yet.
    /// @param scenarios Whether risk arrays are to be computed.
    function _read(Series memory m, uint64 id, bool scenarios) private view {
        _requireOption(id);
        (uint256 underlying, uint256 expiry) = (id.underlyingOf(), id.expiryOf());
        bool isNew = m.index == 0 || m.underlying != underlying;
        if (isNew || m.expiry != expiry) {
            (OptionParamsWord params, SliceWord slice) = surface.wordsOf(underlying, expiry);
            if (isNew) _readUnderlying(m, underlying, params);
            _readExpiry(m, expiry, slice);
        }
        if (scenarios && !m.moved) _setMoves(m);
    }

    function _readUnderlying(Series memory m, uint256 underlying, OptionParamsWord word) private view {
        if (!word.isConfigured()) revert UnknownUnderlying(underlying);
        (m.params, m.uncertainUntil) = (word.decode(), word.uncertainUntil());
        Price memory price = oracle.price(underlying);
        if (price.status == PriceStatus.Unset) revert PriceNotValid(underlying);
        (m.underlying, m.moved) = (underlying, false);
        m.index = FixedPointMathLib.clamp(price.mid, 1, OptionMath.MAX_PRICE);
        m.status = price.status;
    }

    /// @dev How far prices may move.
    function _setMoves(Series memory m) private view {
        (uint256 maintenance, uint256 initial) = parameters.derivativeShocksOf(m.underlying);
        SeriesMath.setMoves(m, maintenance, initial);
    }

    function _readExpiry(Series memory m, uint256 expiry, SliceWord word) private view {
        word.decode(m.slice);
        m.expiry = expiry;
        m.tau = FixedPointMathLib.zeroFloorSub(expiry, block.timestamp);
        m.root = OptionMath.rootTime(m.tau);
        m.postedAt = word.postedAt();
        SeriesMath.setStatus(m, _statusOf(m));
    }

    /// @dev How far a slice may be trusted, by its age and the guardian. After expiry nothing depends on it any more.
    function _statusOf(Series memory m) private view returns (PriceStatus) {
        if (m.tau == 0) return PriceStatus.Valid;
        if (m.postedAt == 0 || block.timestamp < m.uncertainUntil) return PriceStatus.Uncertain;
        uint256 age = block.timestamp - m.postedAt;
        if (age <= m.params.maxAge) return PriceStatus.Valid;
        return age <= m.params.expiryAge ? PriceStatus.Stale : PriceStatus.Uncertain;
    }

    function _requireOption(uint256 id) private pure returns (uint64 option) {
        // safe because a longer id has a higher kind, and is refused
        option = uint64(id);
        if (!option.isOption() || id > type(uint64).max || option.kindOf() > KIND_PUT) revert NotAnOption(option);
    }
}
