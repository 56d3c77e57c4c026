// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {IOptionOracle, OptionParams, RiskArrayView, Slice} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter, Price, PriceStatus} from "./interfaces/IOracleAdapter.sol";
import {IRiskEngine, UnderlyingParams} from "./interfaces/IRiskEngine.sol";
import {OptionMath} from "./libraries/OptionMath.sol";
import {Outcome, RiskArray} from "./libraries/RiskArray.sol";
import {SviMath} from "./libraries/SviMath.sol";
import {MAX_FEED_ID, PPM, PPM_TO_WAD, WAD} from "./types/Constants.sol";
import {InstrumentId, KIND_PUT} from "./types/InstrumentId.sol";
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
    uint256 initialShock; // x_I [ppm]
    int256[9] moves; // of the price, see _setMoves [ppm]
    int256[9] logs; // ln(1 + move) [wad]
    // of the expiry
    uint256 expiry; // [s]
    uint256 tau; // to expiry [s]
    uint256 root; // of tau in years [wad]
    Slice slice;
    bool posted; // whether there is a slice
    PriceStatus sliceStatus;
    // of the batch
    IRiskEngine engine; // 0: not asked for yet
    Outcome outcome; // of the last series
    uint256[18] forwards; // in each scenario [wad USD]
    uint256[18] nd1s; // N(d1) in each scenario [wad]
}

/// @title Option oracle: stores surfaces and risk arrays, and computes with pure libraries.
contract OptionOracle is IOptionOracle, AccessManaged {
    using InstrumentId for uint64;

    /// @dev A posted slice may miss freedom from arbitrage by this much: Durrleman's g [wad], and total variance
    /// between expiries [wad of the nearer].
    int256 private constant BUTTERFLY_TOLERANCE = 0.01e18;
    uint256 private constant CALENDAR_TOLERANCE = 0.01e18;
    /// @dev Posts are checked this many points of half a standard deviation either way of the forward.
    uint256 private constant GRID_SIDE = 6;
    uint256 private constant GRID_POINTS = 13;
    /// @dev Least standard deviation of the grid [wad].
    uint256 private constant MIN_GRID_DEVIATION = 0.01e18;
    /// @dev Most slices of an underlying that have not expired.
    uint256 private constant MAX_SLICES = 24;

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
    struct Words {
        uint256 meta;
        uint256 nodes;
    }

    IMarginVault public immutable vault;
    IOracleAdapter public immutable oracle;

    mapping(uint256 underlying => OptionParams) private _params;
    /// @dev Slices as SliceWord.
    mapping(uint256 underlying => mapping(uint256 expiry => uint256)) private _slices;
    /// @dev Ascending [s].
    mapping(uint256 underlying => uint32[]) private _expiries;
    mapping(uint256 id => Words) private _arrays;

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
            uint64 id = ids[i];
            _open(m, id, true);
            (uint256 meta, uint256 nodes) = _array(m, id, m.index);
            _arrays[id] = Words(meta, nodes);
            emit ArrayRefreshed(id, meta, nodes);
        }
    }

    /// @dev The words of a series at `index`; the market is that of the series.
    function _array(Market memory m, uint64 id, uint256 index) private view returns (uint256 meta, uint256 nodes) {
        Outcome memory o = m.outcome;
        bool isPut = id.kindOf() == KIND_PUT;
        uint256 strike = _strikeOf(id);
        o.time = block.timestamp;
        o.ref = index;
        o.tailMultiple = m.params.tailMultiple;
        o.valid = m.status == PriceStatus.Valid && m.sliceStatus == PriceStatus.Valid;

        uint256 forward = SviMath.forward(index, m.slice.carry, m.tau);
        int256 log = OptionMath.logMoneyness(forward, strike);
        uint256 volatility = _volatility(m, -log);
        uint256 nd1;
        (o.mark, nd1) = OptionMath.call(forward, strike, log, OptionMath.deviation(volatility, m.root));
        if (isPut) o.mark = OptionMath.putOf(o.mark, forward, strike);
        _runScenarios(m, isPut, [forward, strike, volatility], log);
        _setGaps(m);
        _setSlopes(m, isPut, forward, nd1);
        return RiskArray.pack(o);
    }

    /// @dev Profits, forwards and N(d1) of all scenarios.
    /// @param terms Forward, strike [wad USD] and volatility [wad a year].
    function _runScenarios(Market memory m, bool isPut, uint256[3] memory terms, int256 log) private pure {
        uint256[4] memory deviations = _deviations(m, terms[2]);
        uint256 strike = terms[1];
        Outcome memory o = m.outcome;
        // safe because moves are above -PPM, so that forwards are at least 1 and, before they saturate, below 2^125;
        // logarithms are below 2^68; prices fit 97 bits
        unchecked {
            for (uint256 i; i < RiskArray.SCENARIOS; ++i) {
                (uint256 move, uint256 spread) = _scenario(i);
                int256 moved = int256(terms[0]) + int256(terms[0]) * m.moves[move] / int256(PPM);
                uint256 forward = FixedPointMathLib.min(uint256(moved), OptionMath.MAX_PRICE);
                (uint256 value, uint256 nd1) = OptionMath.call(forward, strike, log + m.logs[move], deviations[spread]);
                if (isPut) value = OptionMath.putOf(value, forward, strike);
                o.profits[i] = int256(value) - int256(o.mark);
                m.forwards[i] = forward;
                m.nd1s[i] = nd1;
            }
        }
    }

    /// @dev Places of a scenario's move among the moves, and of its volatility among the deviations.
    function _scenario(uint256 lane) private pure returns (uint256 move, uint256 spread) {
        // safe because lanes are below 18
        unchecked {
            if (lane < 10) return (lane >> 1, lane & 1);
            if (lane < 12) return (0, 2 + (lane & 1));
            if (lane < RiskArray.TAIL_UP) return ((lane >> 1) - 1, 2 + (lane & 1));
            return (lane - 9, 0);
        }
    }

    /// @dev Standard deviations to expiry at volatility up and down for maintenance, then for initial margin [wad].
    function _deviations(Market memory m, uint256 volatility) private pure returns (uint256[4] memory deviations) {
        uint256 scale = MAX_TENOR_SCALE;
        // safe because the product is below 2^142, shocks are below 2^24 and volatilities below 2^63
        unchecked {
            if (m.tau != 0) scale = FixedPointMathLib.sqrt(SHOCK_TENOR * (WAD * WAD) / m.tau);
            scale = FixedPointMathLib.clamp(scale, MIN_TENOR_SCALE, MAX_TENOR_SCALE);
            if (m.sliceStatus != PriceStatus.Valid) scale *= 2;
            (deviations[0], deviations[1]) = _shocked(m, volatility, WAD + m.params.volShockMaintenance * scale / PPM);
            (deviations[2], deviations[3]) = _shocked(m, volatility, WAD + m.params.volShockInitial * scale / PPM);
        }
    }

    /// @dev Standard deviations at the volatility times and over `factor` [wad].
    function _shocked(Market memory m, uint256 volatility, uint256 factor)
        private
        pure
        returns (uint256 high, uint256 low)
    {
        // safe because the factor is at least WAD and below 2^64, volatilities below 2^63
        unchecked {
            high = volatility * factor / WAD;
            low = volatility * WAD / factor;
            if (m.sliceStatus == PriceStatus.Uncertain) {
                uint256 normal = m.params.defaultVolatility * PPM_TO_WAD;
                high = FixedPointMathLib.max(high, normal);
                low = FixedPointMathLib.min(low, normal / 2);
            }
        }
        high = OptionMath.deviation(FixedPointMathLib.min(high, SviMath.MAX_VOLATILITY), m.root);
        low = OptionMath.deviation(FixedPointMathLib.max(low, SviMath.MIN_VOLATILITY), m.root);
    }

    /// @dev Gaps of convexity between the nodes of each volatility, at most the mark.
    function _setGaps(Market memory m) private pure {
        Outcome memory o = m.outcome;
        uint256 gap;
        for (uint256 i; i < 2; ++i) {
            gap = FixedPointMathLib.max(gap, _gap(m, 8 + i, 4 + i));
            gap = FixedPointMathLib.max(gap, _gap(m, 4 + i, i));
            gap = FixedPointMathLib.max(gap, _gap(m, i, 2 + i));
            gap = FixedPointMathLib.max(gap, _gap(m, 2 + i, 6 + i));
        }
        o.gapMaintenance = FixedPointMathLib.min(gap, o.mark);
        for (uint256 i; i < 2; ++i) {
            gap = FixedPointMathLib.max(gap, _gap(m, 14 + i, 10 + i));
            gap = FixedPointMathLib.max(gap, _gap(m, 10 + i, 12 + i));
        }
        o.gapInitial = FixedPointMathLib.min(gap, o.mark);
    }

    /// @dev (b - a) (delta_b - delta_a) / 4 between two scenarios, up [wad USD]. Both are of the index: what they say
    /// of the forward differs by a factor that cancels.
    function _gap(Market memory m, uint256 low, uint256 high) private pure returns (uint256) {
        (uint256 from, uint256 to) = (m.nd1s[low], m.nd1s[high]);
        if (to <= from) return 0;
        // safe because the forward of the higher move is not the lower one; forwards are below 2^96, N(d1) below 2^60
        unchecked {
            return ((m.forwards[high] - m.forwards[low]) * (to - from) + (4 * WAD - 1)) / (4 * WAD);
        }
    }

    /// @dev Delta, and how much faster than the tangent mark and lanes can move.
    function _setSlopes(Market memory m, bool isPut, uint256 forward, uint256 nd1) private pure {
        Outcome memory o = m.outcome;
        (uint256 least, uint256 most) = (WAD, 0);
        // safe because N(d1) is from 0 to WAD, a forward at most 3/2 of the index and below 2^96
        unchecked {
            for (uint256 i; i < RiskArray.SCENARIOS; ++i) {
                uint256 node = m.nd1s[i];
                if (node < least) least = node;
                if (node > most) most = node;
            }
            uint256 reach = isPut ? WAD - least : most;
            uint256 apart = FixedPointMathLib.max(most > nd1 ? most - nd1 : 0, nd1 > least ? nd1 - least : 0);
            uint256 drift = (2 * PPM * apart + m.initialShock * reach) * forward;
            o.drift = FixedPointMathLib.divUp(drift << 10, o.ref * (PPM * WAD));
            int256 slope = isPut ? int256(nd1) - int256(WAD) : int256(nd1);
            o.delta = slope * int256(forward) / int256(o.ref);
        }
    }

    /* POST */

    /// @inheritdoc IOptionOracle
    function post(uint256 underlying, uint256 expiry, Slice calldata slice) external restricted {
        OptionParams memory p = _requireParams(underlying);
        Slice memory s = slice;
        _requireInRange(s, p.maxCarry);
        uint256 tau = _requireExpiry(underlying, expiry);

        int256[GRID_POINTS] memory grid = _grid(s, tau);
        for (uint256 i; i < GRID_POINTS; ++i) {
            int256 g = SviMath.durrleman(s, grid[i], tau);
            if (g < -BUTTERFLY_TOLERANCE) revert ButterflyArbitrage(grid[i], g, -BUTTERFLY_TOLERANCE);
        }
        (uint32[] memory expiries, uint256 place) = _withExpiry(underlying, expiry);
        if (place != 0) _requireGrowth(underlying, grid, [uint256(expiries[place - 1]), expiry], s, false);
        if (place + 1 < expiries.length) {
            _requireGrowth(underlying, grid, [expiry, uint256(expiries[place + 1])], s, true);
        }
        _requireStep(p, grid, s, _slices[underlying][expiry]);

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

    /// @dev Time to an expiry that a slice may have [s].
    function _requireExpiry(uint256 underlying, uint256 expiry) private view returns (uint256) {
        if (expiry <= block.timestamp) revert ExpiryOutOfRange(expiry, block.timestamp);
        uint256 hour = expiry - expiry % 1 hours;
        if (expiry != hour) revert ExpiryOutOfRange(expiry, hour);
        uint256 tenor = IRiskEngine(vault.riskEngine()).underlyingParams(underlying).maxTenor;
        uint256 latest = FixedPointMathLib.min(block.timestamp + tenor, type(uint32).max);
        if (expiry > latest) revert ExpiryOutOfRange(expiry, latest);
        return expiry - block.timestamp;
    }

    /// @dev Log-moneyness at which a slice is checked, ascending [wad].
    function _grid(Slice memory s, uint256 tau) private pure returns (int256[GRID_POINTS] memory grid) {
        uint256 atm = OptionMath.deviation(SviMath.volatility(SviMath.variance(s, 0)), OptionMath.rootTime(tau));
        int256 step = int256(FixedPointMathLib.max(atm, MIN_GRID_DEVIATION));
        for (uint256 i; i < GRID_POINTS; ++i) {
            grid[i] = (int256(i) - int256(GRID_SIDE)) * step / 2;
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
        int256[GRID_POINTS] memory grid,
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

    /// @dev The move of volatility against the last post, and the time since.
    function _requireStep(OptionParams memory p, int256[GRID_POINTS] memory grid, Slice memory s, uint256 word)
        private
        view
    {
        if (word == 0) return;
        uint256 time = SliceWord.timeOf(word);
        if (block.timestamp - time <= p.expiryAge) {
            Slice memory last;
            SliceWord.decode(word, last);
            for (uint256 i; i < GRID_POINTS; ++i) {
                uint256 from = SviMath.volatility(SviMath.variance(last, grid[i]));
                uint256 to = SviMath.volatility(SviMath.variance(s, grid[i]));
                if (FixedPointMathLib.dist(from, to) * PPM > from * p.maxStep) revert StepTooLarge(grid[i], from, to);
            }
        }
        if (block.timestamp < time + p.minInterval) revert TooSoon(block.timestamp, time + p.minInterval);
    }

    /* GOVERNANCE */

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

        _params[underlying] = params;
        emit OptionParamsSet(underlying, params);
    }

    function _requireAtMost(uint256 value, uint256 limit) private pure {
        if (value > limit) revert ParameterOutOfRange(value, limit);
    }

    function _requireAtLeast(uint256 value, uint256 limit) private pure {
        if (value < limit) revert ParameterOutOfRange(value, limit);
    }

    /* VIEWS */

    /// @inheritdoc IOptionOracle
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index) {
        Market memory m;
        _open(m, id, false);
        uint256 strike = _strikeOf(id);
        uint256 forward = SviMath.forward(m.index, m.slice.carry, m.tau);
        int256 log = OptionMath.logMoneyness(forward, strike);
        (price,) = OptionMath.call(forward, strike, log, OptionMath.deviation(_volatility(m, -log), m.root));
        if (id.kindOf() == KIND_PUT) price = OptionMath.putOf(price, forward, strike);
        return (price, m.status > m.sliceStatus ? m.status : m.sliceStatus, m.index);
    }

    /// @inheritdoc IOptionOracle
    function words(uint256[] calldata ids) external view returns (uint256[] memory all) {
        Market memory m;
        all = new uint256[](2 * ids.length);
        for (uint256 i; i < ids.length; ++i) {
            (all[2 * i], all[2 * i + 1]) = _wordsOf(m, ids[i]);
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
        Market memory m;
        (uint256 meta, uint256 nodes) = _wordsOf(m, id);
        array = RiskArray.unpack(meta, nodes);
        if (_arrays[id].meta == 0) array.time = 0;
    }

    /// @inheritdoc IOptionOracle
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status) {
        Market memory m;
        _open(m, id, false);
        forward = SviMath.forward(m.index, m.slice.carry, m.tau);
        return (_volatility(m, -OptionMath.logMoneyness(forward, _strikeOf(id))), forward, m.sliceStatus);
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
        return _params[underlying];
    }

    /* READING A SERIES */

    /// @dev The stored array of a series, or what a refresh would store.
    function _wordsOf(Market memory m, uint256 id) private view returns (uint256 meta, uint256 nodes) {
        Words storage array = _arrays[id];
        meta = array.meta;
        if (meta != 0) return (meta, array.nodes);
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
        if (isNew) {
            _readUnderlying(m, underlying);
            if (scenarios) _setMoves(m);
        }
        if (isNew || m.expiry != id.expiryOf()) _readExpiry(m, id.expiryOf());
    }

    function _readUnderlying(Market memory m, uint256 underlying) private view {
        m.params = _requireParams(underlying);
        Price memory price = oracle.price(underlying);
        if (price.status == PriceStatus.Unset) revert PriceNotValid(underlying);
        m.underlying = underlying;
        m.index = FixedPointMathLib.clamp(price.mid, 1, OptionMath.MAX_PRICE);
        m.status = price.status;
    }

    /// @dev Moves of the price: none, half and all of x_M either way, x_I either way, the tails.
    function _setMoves(Market memory m) private view {
        if (address(m.engine) == address(0)) m.engine = IRiskEngine(vault.riskEngine());
        UnderlyingParams memory p = m.engine.underlyingParams(m.underlying);
        uint256 shock = p.maintenance.derivativeShock;
        m.initialShock = p.initial.derivativeShock;
        // safe because shocks and the tail multiple are below 2^24
        unchecked {
            uint256 tail = shock * m.params.tailMultiple / PPM;
            _setPair(m, 1, shock / 2, MAX_FALL);
            _setPair(m, 3, shock, MAX_FALL);
            _setPair(m, 5, m.initialShock, MAX_FALL);
            _setPair(m, 7, tail, MAX_TAIL_FALL);
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
        m.posted = word != 0;
        m.sliceStatus = _statusOf(m, word);
    }

    /// @dev How far a slice may be trusted. After expiry nothing depends on it any more.
    function _statusOf(Market memory m, uint256 word) private view returns (PriceStatus) {
        if (m.tau == 0) return PriceStatus.Valid;
        if (word == 0) return PriceStatus.Uncertain;
        uint256 age = block.timestamp - SliceWord.timeOf(word);
        if (age <= m.params.maxAge) return PriceStatus.Valid;
        return age <= m.params.expiryAge ? PriceStatus.Stale : PriceStatus.Uncertain;
    }

    /// @dev Volatility at log-moneyness `k` [wad a year].
    function _volatility(Market memory m, int256 k) private pure returns (uint256) {
        if (!m.posted) return m.params.defaultVolatility * PPM_TO_WAD;
        return SviMath.volatility(SviMath.variance(m.slice, k));
    }

    /// @dev Strike of an option, at most MAX_PRICE [wad USD].
    function _strikeOf(uint64 id) private pure returns (uint256) {
        return FixedPointMathLib.min(id.strikeOf(), OptionMath.MAX_PRICE);
    }

    function _requireParams(uint256 underlying) private view returns (OptionParams memory p) {
        p = _params[underlying];
        if (p.defaultVolatility == 0) revert UnknownUnderlying(underlying);
    }

    function _requireOption(uint256 id) private pure returns (uint64 option) {
        // safe because a longer id has a higher kind, and is refused
        option = uint64(id);
        if (!option.isOption() || id >> 60 > KIND_PUT) revert NotAnOption(option);
    }
}
