// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle, OptionParams, RiskArrayView, Slice} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price, PriceStatus} from "./interfaces/IOracleAdapter.sol";
import {IRiskEngine, UnderlyingParams} from "./interfaces/IRiskEngine.sol";
import {OptionMath} from "./libraries/OptionMath.sol";
import {Outcome, RiskArray} from "./libraries/RiskArray.sol";
import {SviMath} from "./libraries/SviMath.sol";
import {MAX_FEED_ID, PPM, PPM_TO_WAD, WAD, YEAR} from "./types/Constants.sol";
import {InstrumentId, KIND_PUT} from "./types/InstrumentId.sol";
import {OptionParamsWord} from "./types/OptionParamsWord.sol";
import {SliceWord} from "./types/SliceWord.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @notice What series of one underlying and one expiry share, read once for those that follow each other.
struct Market {
    // of the underlying
    uint256 underlying;
    uint256 index; // mid, 0: none read yet [wad USD]
    PriceStatus status; // of the index
    OptionParams params;
    uint256 uncertainUntil; // end of the guardian's distrust [s]
    uint256 initialShock; // x_I [ppm]
    bool moved; // the next two and the shock are known
    int256[7] moves; // of the price, see _setMoves [ppm]
    int256[7] logs; // ln(1 + move) [wad]
    // of the expiry
    uint256 expiry; // [s]
    uint256 tau; // to expiry [s]
    uint256 root; // of tau in years [wad]
    Slice slice;
    uint256 postedAt; // when the slice was posted; 0: there is none [s]
    PriceStatus sliceStatus;
    uint256 tenorScale; // of shocks of volatility [wad]
    // of the series
    bool isPut;
    uint256 strike; // [wad USD]
    uint256 forward; // [wad USD]
    uint256 volatility; // [wad a year]
    int256 log; // ln(F / K) [wad]
    // of the batch
    IRiskEngine engine; // 0: not asked for yet
    Outcome outcome; // of the last series
    uint256[7] forwards; // after each move [wad USD]
    uint256[19] nd1s; // N(d1) in each scenario, and now [wad]
}

/// @title Option oracle: stores surfaces and risk arrays, and computes with pure libraries.
contract OptionOracle is IOptionOracle, AccessManaged {
    using InstrumentId for uint64;
    using OptionParamsWord for uint256;

    /// @dev A posted slice may miss freedom from arbitrage by this much: Durrleman's g [wad], and total variance
    /// between expiries [wad of the nearer].
    int256 private constant BUTTERFLY_TOLERANCE = 0.01e18;
    uint256 private constant CALENDAR_TOLERANCE = 0.01e18;
    /// @dev Posts are checked this many points of half a standard deviation either way of the forward.
    uint256 private constant GRID_SIDE = 6;
    uint256 private constant GRID_POINTS = 13;
    /// @dev And, but for the calendar, at a strike ten times the forward or a tenth, and three times half of that log.
    int256 private constant WING = 2.302585092994045684e18;
    uint256 private constant POINTS = GRID_POINTS + 8;
    /// @dev Least standard deviation of the grid [wad].
    uint256 private constant MIN_GRID_DEVIATION = 0.01e18;
    /// @dev Most slices of an underlying that have not expired.
    uint256 private constant MAX_SLICES = 24;
    /// @dev The index of a recent array is at most one part in so many away.
    uint256 private constant RECENT_MOVE = 10_000;
    /// @dev Longest the guardian may distrust a surface [s].
    uint256 private constant MAX_FORCED_UNCERTAIN = 7 days;

    /// @dev Time at which a shock of volatility is the configured one [s].
    uint256 private constant SHOCK_TENOR = 30 days;
    /// @dev Shocks of volatility are scaled by its root over the time to expiry, within these [wad].
    uint256 private constant MIN_TENOR_SCALE = 0.5e18;
    uint256 private constant MAX_TENOR_SCALE = 2e18;
    /// @dev Scenarios fall at most this far: lanes, tails [ppm].
    uint256 private constant MAX_FALL = 999_999;
    uint256 private constant MAX_TAIL_FALL = 900_000;

    /* Limits of option parameters [ppm] */
    uint256 private constant MAX_VOL_SHOCK = 2e6;
    uint256 private constant MAX_TAIL_MULTIPLE = 10e6;
    uint256 private constant MAX_STEP = 1e6;
    uint256 private constant MAX_CARRY = 1e6;
    uint256 private constant MIN_DEFAULT_VOLATILITY = SviMath.MIN_VOLATILITY / PPM_TO_WAD;
    uint256 private constant MAX_DEFAULT_VOLATILITY = SviMath.MAX_VOLATILITY / PPM_TO_WAD;

    /// @dev A series' risk array.
    struct Stored {
        uint256 meta;
        uint256 nodes;
    }

    /// @notice The vault whose open gate keeps arrays as they are.
    IMarginVault public immutable vault;
    /// @notice The oracle whose prices marks are computed from.
    IOracleAdapter public immutable oracle;

    /// @dev Option parameters as OptionParamsWord.
    mapping(uint256 underlying => uint256) private _params;
    /// @dev Slices as SliceWord.
    mapping(uint256 underlying => mapping(uint256 expiry => uint256)) private _slices;
    /// @dev Ascending [s].
    mapping(uint256 underlying => uint32[]) private _expiries;
    mapping(uint256 id => Stored) private _arrays;

    constructor(address authority, IMarginVault vault_, IOracleAdapter oracle_) AccessManaged(authority) {
        vault = vault_;
        oracle = oracle_;
    }

    /* REFRESH */

    /// @inheritdoc IOptionOracle
    function refresh(uint64[] calldata ids) external {
        if (vault.isGateOpen()) revert OperationOpen();

        Market memory m;
        for (uint256 i; i < ids.length; ++i) {
            _refresh(m, ids[i]);
        }
    }

    /// @inheritdoc IOptionOracle
    function refreshStale(uint64[] calldata ids) external {
        Market memory m;
        for (uint256 i; i < ids.length; ++i) {
            uint64 id = ids[i];
            if (_isFinal(_requireOption(id))) continue;
            _open(m, id, false);
            if (_isRecent(m, _arrays[id].meta)) continue;
            if (vault.isGateOpen()) revert OperationOpen();
            _refresh(m, id);
        }
    }

    /// @dev Whether what the series pays is known, so that nothing reads its array any more.
    function _isFinal(uint64 id) private view returns (bool) {
        if (!id.isExpired(block.timestamp)) return false;
        (, uint256 average,,) = IRiskEngine(vault.riskEngine()).clearinghouse().settlementOf(id);
        return average != 0;
    }

    function _refresh(Market memory m, uint64 id) private {
        _open(m, id, true);
        (uint256 meta, uint256 nodes) = _array(m, id, m.index);
        Stored storage array = _arrays[id];
        (array.meta, array.nodes) = (meta, nodes);
        emit ArrayRefreshed(id, meta, nodes);
    }

    /// @dev Whether an array of the open series says nearly what a new one would: it is young, of the same slice and
    /// side of the expiry, as Valid as now, and the index is about where it was.
    function _isRecent(Market memory m, uint256 meta) private view returns (bool) {
        (uint256 time, uint256 ref) = RiskArray.originOf(meta);
        // an array of the second of a post may be of the slice before it
        if (time + RiskArray.AGE_GRACE < block.timestamp || time <= m.postedAt) return false;
        if (block.timestamp >= m.expiry && time < m.expiry) return false;
        bool valid = _isValid(m);
        if (RiskArray.isValid(meta) != valid) return false;
        // what is not Valid may have become worse in a second
        if (!valid && time != block.timestamp) return false;
        return FixedPointMathLib.dist(m.index, ref) * RECENT_MOVE <= ref;
    }

    function _isValid(Market memory m) private pure returns (bool) {
        return m.status == PriceStatus.Valid && m.sliceStatus == PriceStatus.Valid;
    }

    /// @dev The words of a series at `index`; the market is that of the series.
    function _array(Market memory m, uint64 id, uint256 index) private view returns (uint256 meta, uint256 nodes) {
        Outcome memory o = m.outcome;
        o.time = block.timestamp;
        o.ref = index;
        o.tailMultiple = m.params.tailMultiple;
        o.valid = _isValid(m);

        (o.mark, m.nd1s[RiskArray.NOW]) = _price(m, id, index);
        _runScenarios(m);
        _setGaps(m);
        _setSlopes(m);
        return RiskArray.pack(o);
    }

    /// @dev Price of a series at `index` [wad USD] and N(d1) [wad]; the market remembers what scenarios share with it.
    function _price(Market memory m, uint64 id, uint256 index) private pure returns (uint256 value, uint256 nd1) {
        bool isPut = id.kindOf() == KIND_PUT;
        uint256 strike = FixedPointMathLib.min(id.strikeOf(), OptionMath.MAX_PRICE);
        uint256 forward = SviMath.forward(index, m.slice.carry, m.tau);
        int256 log = OptionMath.logMoneyness(forward, strike);
        uint256 volatility = m.postedAt != 0
            ? SviMath.volatility(SviMath.variance(m.slice, -log))
            : m.params.defaultVolatility * PPM_TO_WAD;
        (m.isPut, m.strike, m.forward, m.volatility, m.log) = (isPut, strike, forward, volatility, log);
        (value, nd1) = OptionMath.call(forward, strike, log, OptionMath.deviation(volatility, m.root));
        if (isPut) value = OptionMath.putOf(value, forward, strike);
    }

    /// @dev Profits and N(d1) of all scenarios, and the forwards of their moves.
    function _runScenarios(Market memory m) private pure {
        uint256 same = OptionMath.deviation(m.volatility, m.root);
        (uint256 up, uint256 down) = _deviations(m, m.params.volShockMaintenance);
        m.forwards[0] = m.forward;
        _runSet(m, 0, up, down, same);
        (uint256 at, int256 log) = _moved(m, 5);
        _setNode(m, RiskArray.TAIL_UP, at, log, up);
        (at, log) = _moved(m, 6);
        _setNode(m, RiskArray.TAIL_DOWN, at, log, up);
        (up, down) = _deviations(m, m.params.volShockInitial);
        _runSet(m, 8, up, down, same);
    }

    /// @dev The lanes of a set: no move at two standard deviations, then a rise and a fall at three.
    function _runSet(Market memory m, uint256 first, uint256 up, uint256 down, uint256 same) private pure {
        // safe because lanes are below 16
        unchecked {
            _setNode(m, first, m.forward, m.log, up);
            _setNode(m, first + 1, m.forward, m.log, down);
            uint256 place = first == 0 ? 1 : 3;
            for (uint256 lane = first + 2; lane < first + 8; lane += 3) {
                (uint256 at, int256 log) = _moved(m, place++);
                _setNode(m, lane, at, log, up);
                _setNode(m, lane + 1, at, log, down);
                _setNode(m, lane + 2, at, log, same);
            }
        }
    }

    /// @dev The forward after a move, kept, and its ln(F / K).
    function _moved(Market memory m, uint256 place) private pure returns (uint256 at, int256 log) {
        (int256[7] memory moves, int256[7] memory logs, uint256[7] memory forwards) = (m.moves, m.logs, m.forwards);
        (int256 forward, int256 move) = (int256(m.forward), 0);
        // places are below 7
        assembly ("memory-safe") {
            place := shl(5, place)
            move := mload(add(moves, place))
            log := mload(add(logs, place))
        }
        // safe because moves are above -PPM, so that forwards are at least 1 and, before they saturate, below 2^125;
        // logarithms are below 2^68
        unchecked {
            log += m.log;
            at = FixedPointMathLib.min(uint256(forward + forward * move / int256(PPM)), OptionMath.MAX_PRICE);
        }
        assembly ("memory-safe") {
            mstore(add(forwards, place), at)
        }
    }

    /// @dev One scenario, by its forward, its ln(F / K) and the standard deviation to expiry.
    function _setNode(Market memory m, uint256 lane, uint256 forward, int256 log, uint256 sd) private pure {
        (uint256 value, uint256 nd1) = OptionMath.call(forward, m.strike, log, sd);
        if (m.isPut) value = OptionMath.putOf(value, forward, m.strike);
        (int256[18] memory profits, uint256[19] memory nd1s) = (m.outcome.profits, m.nd1s);
        uint256 mark_ = m.outcome.mark;
        // lanes are below 18, and prices fit 97 bits
        assembly ("memory-safe") {
            let offset := shl(5, lane)
            mstore(add(profits, offset), sub(value, mark_))
            mstore(add(nd1s, offset), nd1)
        }
    }

    /// @dev How much shocks of volatility weigh at an expiry [wad]; double where the slice is not Valid.
    function _tenorScale(uint256 tau, PriceStatus status) private pure returns (uint256 scale) {
        scale = MAX_TENOR_SCALE;
        // safe because the product is below 2^142
        unchecked {
            if (tau != 0) scale = FixedPointMathLib.sqrt(SHOCK_TENOR * (WAD * WAD) / tau);
            scale = FixedPointMathLib.clamp(scale, MIN_TENOR_SCALE, MAX_TENOR_SCALE);
            if (status != PriceStatus.Valid) scale *= 2;
        }
    }

    /// @dev Standard deviations to expiry at the volatility up and down by a shock [ppm], all else wad.
    function _deviations(Market memory m, uint256 shock) private pure returns (uint256 high, uint256 low) {
        // safe because a shock is below 2^24 and the scale at most 4 WAD, so that the factor is below 2^67, and because
        // volatilities are below 2^63
        unchecked {
            uint256 factor = WAD + shock * m.tenorScale / PPM;
            high = m.volatility * factor / WAD;
            low = m.volatility * WAD / factor;
            if (m.sliceStatus == PriceStatus.Uncertain) {
                uint256 normal = m.params.defaultVolatility * PPM_TO_WAD;
                high = FixedPointMathLib.max(high, normal);
                low = FixedPointMathLib.min(low, normal / 2);
            }
        }
        high = OptionMath.deviation(FixedPointMathLib.min(high, SviMath.MAX_VOLATILITY), m.root);
        low = OptionMath.deviation(FixedPointMathLib.max(low, SviMath.MIN_VOLATILITY), m.root);
    }

    /// @dev Gaps of convexity between the nodes of each volatility. Prices grow with volatility and one way with the
    /// index, so the cheapest node of a set is the furthest on the cheaper side at its lower volatility.
    function _setGaps(Market memory m) private pure {
        Outcome memory o = m.outcome;
        (int256[18] memory p, uint256[7] memory f) = (o.profits, m.forwards);
        (int256 cheapest, int256 outermost) = m.isPut ? (p[3], p[11]) : (p[6], p[14]);
        // safe because forwards rise with moves
        unchecked {
            o.gapMaintenance = _gapOf(m, 0, f[1] - f[0], f[0] - f[2], cheapest);
            o.gapInitial = _gapOf(m, 8, f[3] - f[0], f[0] - f[4], outermost);
        }
        o.gapInitial = FixedPointMathLib.max(o.gapMaintenance, o.gapInitial);
    }

    /// @dev How far a price may lie below the lines between the nodes of a set, up: a quarter of (b - a) (delta_b -
    /// delta_a), and where that is more than is left of the mark in a node, what `_limited` says [wad USD].
    /// @param first Of the set's lanes.
    /// @param cheapest Profit in its cheapest node.
    function _gapOf(Market memory m, uint256 first, uint256 rise, uint256 fall, int256 cheapest)
        private
        pure
        returns (uint256 gap)
    {
        // safe because bends are below 2^156, and lanes below 18
        unchecked {
            uint256 quarter = (_bend(m, first, rise, fall) + (4 * WAD - 1)) / (4 * WAD);
            gap = quarter;
            uint256 left = _left(m, cheapest);
            if (quarter > left) gap = _limited(quarter, left, _sag(m, first, m.isPut, m.isPut ? rise : fall));
            left = _left(m, m.outcome.profits[first + 1]);
            if (quarter > left) {
                uint256 sag = _sag(m, first, !m.isPut, m.isPut ? fall : rise);
                gap = FixedPointMathLib.max(gap, _limited(quarter, left, sag));
            }
        }
    }

    /// @dev Where a line may begin at the limit of a long leg's loss, its other end comes down to the tangent of the
    /// price there, or by as much as no price that bends so needs more: 4 quarters less 3 times what is left; never by
    /// less than a quarter [wad USD].
    function _limited(uint256 quarter, uint256 left, uint256 sag) private pure returns (uint256) {
        // safe because less is left than a quarter, which is below 2^96
        unchecked {
            return FixedPointMathLib.max(quarter, FixedPointMathLib.min(sag, 4 * quarter - 3 * left));
        }
    }

    /// @dev What is left of the mark at a node, at most all [wad USD].
    function _left(Market memory m, int256 profit) private pure returns (uint256) {
        // safe because a price is never negative
        unchecked {
            return profit < 0 ? uint256(int256(m.outcome.mark) + profit) : m.outcome.mark;
        }
    }

    /// @dev The most of (b - a) (delta_b - delta_a) between nodes of a set next to each other [wad^2 USD].
    function _bend(Market memory m, uint256 first, uint256 rise, uint256 fall) private pure returns (uint256 bend) {
        uint256[19] memory nd1s = m.nd1s;
        uint256 now_ = nd1s[RiskArray.NOW];
        // widths are below 2^96 and N(d1) at most 2^60; a slope that rounding lets fall bends nothing
        assembly ("memory-safe") {
            let place := add(nd1s, shl(5, first))
            let above
            let below
            for { let end := add(place, 0x60) } lt(place, end) {} {
                // up, down, and the same, whose middle is now
                let here := mload(place)
                let next := add(place, 0x20)
                if eq(next, end) { here := now_ }
                let bent := sub(mload(add(place, 0x40)), here)
                if sgt(bent, above) { above := bent }
                bent := sub(here, mload(add(place, 0xa0)))
                if sgt(bent, below) { below := bent }
                place := next
            }
            bend := mul(above, rise)
            let other := mul(below, fall)
            if lt(bend, other) { bend := other }
        }
    }

    /// @dev The most of how far the dearer of two nodes of a set next to each other lies above the tangent of the price
    /// at the cheaper one, up, on one side of no move [wad USD].
    function _sag(Market memory m, uint256 first, bool rising, uint256 width) private pure returns (uint256 sag) {
        (uint256[19] memory nd1s, int256[18] memory profits, bool isPut) = (m.nd1s, m.outcome.profits, m.isPut);
        uint256 now_ = nd1s[RiskArray.NOW];
        // widths are below 2^96 and N(d1) at most WAD; the further nodes are two lanes on for a rise, five for a fall
        assembly ("memory-safe") {
            let place := shl(5, first)
            let further := add(0xa0, mul(rising, sub(0, 0x60)))
            for { let end := add(place, 0x60) } lt(place, end) {} {
                let next := add(place, 0x20)
                let here := mload(add(profits, place))
                let slope := mload(add(nd1s, place))
                if eq(next, end) {
                    here := 0
                    slope := now_
                }
                let apart := sub(mload(add(profits, add(place, further))), here)
                // from the cheaper node: that of the lower price for a call, of the higher one for a put
                if iszero(xor(rising, isPut)) {
                    apart := sub(0, apart)
                    slope := mload(add(nd1s, add(place, further)))
                }
                if isPut { slope := sub(WAD, slope) }
                let above := sub(apart, div(mul(width, slope), WAD))
                if sgt(above, sag) { sag := above }
                place := next
            }
        }
    }

    /// @dev Delta, and how much faster than the tangent mark and lanes can move.
    function _setSlopes(Market memory m) private pure {
        Outcome memory o = m.outcome;
        (uint256 least, uint256 most) = _steepness(m.nd1s);
        uint256 nd1 = m.nd1s[RiskArray.NOW];
        (bool isPut, uint256 forward) = (m.isPut, m.forward);
        // safe because N(d1) is from 0 to WAD, a forward at most 3/2 of the index and below 2^96
        unchecked {
            uint256 reach = isPut ? WAD - least : most;
            uint256 apart = FixedPointMathLib.max(most > nd1 ? most - nd1 : 0, nd1 > least ? nd1 - least : 0);
            uint256 drift = (2 * PPM * apart + m.initialShock * reach) * forward;
            o.drift = FixedPointMathLib.divUp(drift << 10, o.ref * (PPM * WAD));
            int256 slope = isPut ? int256(nd1) - int256(WAD) : int256(nd1);
            o.delta = slope * int256(forward) / int256(o.ref);
        }
    }

    /// @dev The least N(d1) of all scenarios is that of a fall, the greatest that of a rise; at one volatility the
    /// furthest counts.
    function _steepness(uint256[19] memory n) private pure returns (uint256 least, uint256 most) {
        least = FixedPointMathLib.min(FixedPointMathLib.min(n[5], n[6]), FixedPointMathLib.min(n[13], n[14]));
        least = FixedPointMathLib.min(least, FixedPointMathLib.min(n[15], n[RiskArray.TAIL_DOWN]));
        most = FixedPointMathLib.max(FixedPointMathLib.max(n[2], n[3]), FixedPointMathLib.max(n[10], n[11]));
        most = FixedPointMathLib.max(most, FixedPointMathLib.max(n[12], n[RiskArray.TAIL_UP]));
    }

    /* POST */

    /// @inheritdoc IOptionOracle
    function post(uint256 underlying, uint256 expiry, Slice calldata slice) external restricted {
        uint256 word = _requireParams(underlying);
        if (block.timestamp < word.uncertainUntilOf()) revert SurfaceUncertain(underlying, word.uncertainUntilOf());
        OptionParams memory p = word.decode();
        Slice memory s = slice;
        _requireInRange(s, p.maxCarry);
        (uint256 tau, uint256 shock) = _requireExpiry(underlying, expiry);

        int256[POINTS] memory grid = _grid(s, tau);
        for (uint256 i; i < POINTS; ++i) {
            int256 g = SviMath.durrleman(s, grid[i], tau);
            if (g < -BUTTERFLY_TOLERANCE) revert ButterflyArbitrage(grid[i], g, -BUTTERFLY_TOLERANCE);
        }
        (uint32[] memory expiries, uint256 place) = _withExpiry(underlying, expiry);
        if (place != 0) _requireGrowth(underlying, grid, [uint256(expiries[place - 1]), expiry], s, false);
        if (place + 1 < expiries.length) {
            _requireGrowth(underlying, grid, [expiry, uint256(expiries[place + 1])], s, true);
        }
        _requireStep(p, grid, s, _slices[underlying][expiry], tau, shock);

        _slices[underlying][expiry] = SliceWord.encode(s, block.timestamp);
        _expiries[underlying] = expiries;
        emit SlicePosted(underlying, expiry, s);
    }

    function _requireInRange(Slice memory s, uint256 maxCarry) private pure {
        int256 limit = int256(PPM) - 1;
        if (s.rho > limit) revert SliceOutOfRange(s.rho, limit);
        if (s.rho < -limit) revert SliceOutOfRange(s.rho, -limit);
        if (s.sigma == 0) revert SliceOutOfRange(0, 1);
        int256 least = SviMath.leastVariance(s);
        if (least < SviMath.MIN_VARIANCE) revert SliceOutOfRange(least, SviMath.MIN_VARIANCE);
        limit = int256(maxCarry);
        if (s.carry > limit) revert SliceOutOfRange(s.carry, limit);
        if (s.carry < -limit) revert SliceOutOfRange(s.carry, -limit);
    }

    /// @dev Time to an expiry that a slice may have [s], and x_M of the underlying [ppm].
    function _requireExpiry(uint256 underlying, uint256 expiry) private view returns (uint256 tau, uint256 shock) {
        if (expiry <= block.timestamp) revert ExpiryOutOfRange(expiry, block.timestamp);
        uint256 hour = expiry - expiry % 1 hours;
        if (expiry != hour) revert ExpiryOutOfRange(expiry, hour);
        UnderlyingParams memory p = IRiskEngine(vault.riskEngine()).underlyingParams(underlying);
        uint256 latest = FixedPointMathLib.min(block.timestamp + p.maxTenor, type(uint32).max);
        if (expiry > latest) revert ExpiryOutOfRange(expiry, latest);
        return (expiry - block.timestamp, p.maintenance.derivativeShock);
    }

    /// @dev Log-moneyness at which a slice is checked: around the forward, ascending, then in the wings [wad].
    function _grid(Slice memory s, uint256 tau) private pure returns (int256[POINTS] memory grid) {
        uint256 atm = OptionMath.deviation(SviMath.volatility(SviMath.variance(s, 0)), OptionMath.rootTime(tau));
        int256 step = int256(FixedPointMathLib.max(atm, MIN_GRID_DEVIATION));
        for (uint256 i; i < GRID_POINTS; ++i) {
            grid[i] = (int256(i) - int256(GRID_SIDE)) * step / 2;
        }
        int256 wing = WING;
        for (uint256 i = GRID_POINTS; i < POINTS; i += 2) {
            (grid[i], grid[i + 1]) = (-wing, wing);
            wing /= 2;
        }
    }

    /// @dev The expiries that are not over with `expiry` among them, and its place.
    function _withExpiry(uint256 underlying, uint256 expiry)
        private
        view
        returns (uint32[] memory expiries, uint256 place)
    {
        uint32[] memory listed = _expiries[underlying];
        expiries = new uint32[](listed.length + 1);
        uint256 count;
        bool placed;
        for (uint256 i; i <= listed.length; ++i) {
            uint256 each = i < listed.length ? listed[i] : type(uint256).max;
            if (!placed && each >= expiry) {
                (placed, place) = (true, count);
                // safe because an expiry in range fits 32 bits
                expiries[count++] = uint32(expiry);
            }
            if (i < listed.length && each > block.timestamp && each != expiry) expiries[count++] = listed[i];
        }
        if (count > MAX_SLICES) revert TooManySlices(count, MAX_SLICES);
        assembly ("memory-safe") {
            mstore(expiries, count)
        }
    }

    /// @dev Total variance grows from the nearer to the further expiry, but for the tolerance; one of the two slices is
    /// `s`, the other is stored.
    function _requireGrowth(
        uint256 underlying,
        int256[POINTS] memory grid,
        uint256[2] memory expiries,
        Slice memory s,
        bool isNearer
    ) private view {
        Slice memory other;
        SliceWord.decode(_slices[underlying][expiries[isNearer ? 1 : 0]], other);
        (Slice memory near, Slice memory far) = isNearer ? (s, other) : (other, s);
        for (uint256 i; i < GRID_POINTS; ++i) {
            // safe because variances of slices in range are not negative
            uint256 nearer = uint256(SviMath.total(SviMath.variance(near, grid[i]), expiries[0] - block.timestamp));
            uint256 further = uint256(SviMath.total(SviMath.variance(far, grid[i]), expiries[1] - block.timestamp));
            if (further * WAD < nearer * (WAD - CALENDAR_TOLERANCE)) {
                revert CalendarArbitrage(grid[i], nearer, further);
            }
        }
    }

    /// @dev The moves of volatility and forward against the last post, and the time since.
    /// @param tau Time to expiry [s].
    /// @param shock x_M [ppm].
    function _requireStep(
        OptionParams memory p,
        int256[POINTS] memory grid,
        Slice memory s,
        uint256 word,
        uint256 tau,
        uint256 shock
    ) private view {
        if (word == 0) return;
        uint256 time = SliceWord.timeOf(word);
        if (block.timestamp - time <= p.expiryAge) {
            Slice memory last;
            SliceWord.decode(word, last);
            // what is around the forward of one slice may lie between the points of the other; the wings are the same
            _requireSteps(last, s, grid, POINTS, p.maxStep);
            _requireSteps(last, s, _grid(last, tau), GRID_POINTS, p.maxStep);
            _requireForwardStep(last.carry, s.carry, tau, p.maxStep * shock / PPM);
        }
        if (block.timestamp < time + p.minInterval) revert TooSoon(block.timestamp, time + p.minInterval);
    }

    /// @param points How many of the grid, from its first.
    function _requireSteps(
        Slice memory last,
        Slice memory s,
        int256[POINTS] memory grid,
        uint256 points,
        uint256 maxStep
    ) private pure {
        for (uint256 i; i < points; ++i) {
            uint256 from = SviMath.volatility(SviMath.variance(last, grid[i]));
            uint256 to = SviMath.volatility(SviMath.variance(s, grid[i]));
            if (FixedPointMathLib.dist(from, to) * PPM > from * maxStep) revert StepTooLarge(grid[i], from, to);
        }
    }

    /// @param limit Of the move, as a part of the index [ppm].
    function _requireForwardStep(int256 from, int256 to, uint256 tau, uint256 limit) private pure {
        uint256 moved = FixedPointMathLib.divUp(FixedPointMathLib.dist(from, to) * tau, YEAR);
        if (moved > limit) revert ForwardStepTooLarge(moved, limit);
    }

    /* GOVERNANCE */

    /// @inheritdoc IOptionOracle
    function removeSlice(uint256 underlying, uint256 expiry) external restricted {
        if (_slices[underlying][expiry] == 0) revert NoSlice(underlying, expiry);
        delete _slices[underlying][expiry];
        uint32[] storage listed = _expiries[underlying];
        // from the expiry on each takes the place of the one before; those that are over may be gone already
        uint256 kept;
        for (uint256 i; i < listed.length; ++i) {
            if (listed[i] != expiry) listed[kept++] = listed[i];
        }
        if (kept < listed.length) listed.pop();
        emit SliceRemoved(underlying, expiry);
    }

    /// @inheritdoc IOptionOracle
    function setOptionParams(uint256 underlying, OptionParams calldata params) external restricted {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        _requireAtMost(params.volShockInitial, MAX_VOL_SHOCK);
        _requireAtMost(params.volShockMaintenance, params.volShockInitial);
        _requireAtLeast(params.tailMultiple, PPM);
        _requireAtMost(params.tailMultiple, MAX_TAIL_MULTIPLE);
        _requireAtLeast(params.defaultVolatility, MIN_DEFAULT_VOLATILITY);
        _requireAtMost(params.defaultVolatility, MAX_DEFAULT_VOLATILITY);
        _requireAtLeast(params.maxAge, 1);
        _requireAtMost(params.maxAge, params.expiryAge);
        _requireAtMost(params.minInterval, params.maxAge);
        _requireAtMost(params.maxStep, MAX_STEP);
        _requireAtMost(params.maxCarry, MAX_CARRY);

        _params[underlying] = OptionParamsWord.encode(params, _params[underlying]);
        emit OptionParamsSet(underlying, params);
    }

    function _requireAtMost(uint256 value, uint256 limit) private pure {
        if (value > limit) revert ParameterOutOfRange(value, limit);
    }

    function _requireAtLeast(uint256 value, uint256 limit) private pure {
        if (value < limit) revert ParameterOutOfRange(value, limit);
    }

    /* GUARDIAN */

    /// @inheritdoc IOptionOracle
    function forceUncertain(uint256 underlying, uint256 duration) external restricted {
        if (duration > MAX_FORCED_UNCERTAIN) revert DurationTooLong(duration, MAX_FORCED_UNCERTAIN);
        uint256 word = _requireParams(underlying);
        uint256 end = block.timestamp + duration;
        if (end < word.uncertainUntilOf()) return;

        // the end fits 32 bits until 2106
        _params[underlying] = word.withUncertainUntil(end);
        emit SurfaceForced(underlying, end);
    }

    /* VIEWS */

    /// @inheritdoc IOptionOracle
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index) {
        Market memory m;
        _open(m, id, false);
        (price,) = _price(m, id, m.index);
        return (price, m.status > m.sliceStatus ? m.status : m.sliceStatus, m.index);
    }

    /// @inheritdoc IOptionOracle
    function words(uint256[] calldata ids) external view returns (uint256[] memory all) {
        all = new uint256[](2 * ids.length);
        bool complete = true;
        for (uint256 i; i < ids.length; ++i) {
            Stored storage array = _arrays[ids[i]];
            (uint256 meta, uint256 nodes) = (array.meta, array.nodes);
            if (meta == 0) complete = false;
            assembly ("memory-safe") {
                let cursor := add(all, add(0x20, shl(6, i)))
                mstore(cursor, meta)
                mstore(add(cursor, 0x20), nodes)
            }
        }
        if (!complete) _fill(all, ids);
    }

    /// @dev Computes what was never stored.
    function _fill(uint256[] memory all, uint256[] calldata ids) private view {
        Market memory m;
        for (uint256 i; i < ids.length; ++i) {
            if (all[2 * i] == 0) (all[2 * i], all[2 * i + 1]) = _computed(m, ids[i]);
        }
    }

    /// @inheritdoc IOptionOracle
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory all) {
        Market memory m;
        all = new uint256[](pairs.length);
        for (uint256 i; i + 1 < pairs.length; i += 2) {
            uint64 id = _requireOption(pairs[i]);
            _open(m, id, true);
            uint256 index = FixedPointMathLib.clamp(pairs[i + 1], 1, OptionMath.MAX_PRICE);
            (all[i], all[i + 1]) = _array(m, id, index);
        }
    }

    /// @inheritdoc IOptionOracle
    function arrayOf(uint64 id) external view returns (RiskArrayView memory array) {
        Stored memory stored = _arrays[id];
        if (stored.meta != 0) return RiskArray.unpack(stored.meta, stored.nodes);
        Market memory m;
        (uint256 meta, uint256 nodes) = _computed(m, id);
        array = RiskArray.unpack(meta, nodes);
        array.time = 0;
    }

    /// @inheritdoc IOptionOracle
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status) {
        Market memory m;
        _open(m, id, false);
        _price(m, id, m.index);
        return (m.volatility, m.forward, m.sliceStatus);
    }

    /// @inheritdoc IOptionOracle
    function sliceOf(uint256 underlying, uint256 expiry) external view returns (Slice memory slice, uint256 postedAt) {
        uint256 word = _slices[underlying][expiry];
        SliceWord.decode(word, slice);
        return (slice, SliceWord.timeOf(word));
    }

    /// @inheritdoc IOptionOracle
    function expiriesOf(uint256 underlying) external view returns (uint256[] memory expiries) {
        uint32[] memory listed = _expiries[underlying];
        expiries = new uint256[](listed.length);
        for (uint256 i; i < listed.length; ++i) {
            expiries[i] = listed[i];
        }
    }

    /// @inheritdoc IOptionOracle
    function optionParams(uint256 underlying) external view returns (OptionParams memory) {
        return _params[underlying].decode();
    }

    /// @inheritdoc IOptionOracle
    function uncertainUntil(uint256 underlying) external view returns (uint256) {
        return _params[underlying].uncertainUntilOf();
    }

    /* READING A SERIES */

    /// @dev The words that a refresh would store.
    function _computed(Market memory m, uint256 id) private view returns (uint256 meta, uint256 nodes) {
        uint64 option = _requireOption(id);
        _open(m, option, true);
        return _array(m, option, m.index);
    }

    /// @dev Reads what the market of a series lacks.
    /// @param scenarios Whether risk arrays are to be computed.
    function _open(Market memory m, uint64 id, bool scenarios) private view {
        _requireOption(id);
        uint256 underlying = id.underlyingOf();
        bool isNew = m.index == 0 || m.underlying != underlying;
        if (isNew) _readUnderlying(m, underlying);
        if (scenarios && !m.moved) _setMoves(m);
        if (isNew || m.expiry != id.expiryOf()) _readExpiry(m, id.expiryOf());
    }

    function _readUnderlying(Market memory m, uint256 underlying) private view {
        uint256 word = _requireParams(underlying);
        (m.params, m.uncertainUntil) = (word.decode(), word.uncertainUntilOf());
        Price memory price = oracle.price(underlying);
        if (price.status == PriceStatus.Unset) revert PriceNotValid(underlying);
        (m.underlying, m.moved) = (underlying, false);
        m.index = FixedPointMathLib.clamp(price.mid, 1, OptionMath.MAX_PRICE);
        m.status = price.status;
    }

    /// @dev Moves of the price: none, x_M either way, x_I either way, the tails.
    function _setMoves(Market memory m) private view {
        if (address(m.engine) == address(0)) m.engine = IRiskEngine(vault.riskEngine());
        UnderlyingParams memory p = m.engine.underlyingParams(m.underlying);
        uint256 shock = p.maintenance.derivativeShock;
        (m.initialShock, m.moved) = (p.initial.derivativeShock, true);
        // safe because shocks and the tail multiple are below 2^24
        unchecked {
            uint256 tail = shock * m.params.tailMultiple / PPM;
            _setPair(m, 1, shock, MAX_FALL);
            _setPair(m, 3, m.initialShock, MAX_FALL);
            _setPair(m, 5, tail, MAX_TAIL_FALL);
        }
    }

    /// @dev A rise and a fall, and their logarithms.
    function _setPair(Market memory m, uint256 place, uint256 move, uint256 maxFall) private pure {
        uint256 fall = FixedPointMathLib.min(move, maxFall);
        // safe because a fall is below PPM, and a move below 2^28
        unchecked {
            (m.moves[place], m.moves[place + 1]) = (int256(move), -int256(fall));
            m.logs[place] = FixedPointMathLib.lnWad(int256((PPM + move) * PPM_TO_WAD));
            m.logs[place + 1] = FixedPointMathLib.lnWad(int256((PPM - fall) * PPM_TO_WAD));
        }
    }

    function _readExpiry(Market memory m, uint256 expiry) private view {
        uint256 word = _slices[m.underlying][expiry];
        SliceWord.decode(word, m.slice);
        m.expiry = expiry;
        m.tau = FixedPointMathLib.zeroFloorSub(expiry, block.timestamp);
        m.root = OptionMath.rootTime(m.tau);
        m.postedAt = SliceWord.timeOf(word);
        m.sliceStatus = _statusOf(m, word);
        m.tenorScale = _tenorScale(m.tau, m.sliceStatus);
    }

    /// @dev How far a slice may be trusted, by its age and the guardian. After expiry nothing depends on it any more.
    function _statusOf(Market memory m, uint256 word) private view returns (PriceStatus) {
        if (m.tau == 0) return PriceStatus.Valid;
        if (word == 0 || block.timestamp < m.uncertainUntil) return PriceStatus.Uncertain;
        uint256 age = block.timestamp - SliceWord.timeOf(word);
        if (age <= m.params.maxAge) return PriceStatus.Valid;
        return age <= m.params.expiryAge ? PriceStatus.Stale : PriceStatus.Uncertain;
    }

    /// @dev The parameters' word.
    function _requireParams(uint256 underlying) private view returns (uint256 word) {
        word = _params[underlying];
        if (!word.isConfigured()) revert UnknownUnderlying(underlying);
    }

    function _requireOption(uint256 id) private pure returns (uint64 option) {
        // safe because a longer id has a higher kind, and is refused
        option = uint64(id);
        if (!option.isOption() || id >> 60 > KIND_PUT) revert NotAnOption(option);
    }
}
