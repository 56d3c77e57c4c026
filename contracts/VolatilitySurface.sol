// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {IVolatilitySurface} from "./interfaces/IVolatilitySurface.sol";
import {OptionMath} from "./pricing/OptionMath.sol";
import {SeriesMath} from "./pricing/SeriesMath.sol";
import {SviMath} from "./pricing/SviMath.sol";
import {MAX_FEED_ID, PPM, PPM_TO_WAD, WAD, YEAR} from "./types/Constants.sol";
import {OptionParams, OptionParamsWord, OptionParamsWordLib} from "./types/OptionParamsWord.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {Slice, SliceWord, SliceWordLib} from "./types/SliceWord.sol";

/// @title Volatility surface: owns posted slices and option parameters, and checks both.
contract VolatilitySurface is IVolatilitySurface, AccessManaged {
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
    /// @dev Longest the guardian may distrust a surface [s].
    uint256 private constant MAX_FORCED_UNCERTAIN = 7 days;

    /* Limits of option parameters [ppm] */
    uint256 private constant MAX_VOL_SHOCK = 2e6;
    uint256 private constant MAX_STEP = 1e6;
    uint256 private constant MAX_CARRY = 1e6;
    uint256 private constant MIN_DEFAULT_VOLATILITY = SviMath.MIN_VOLATILITY / PPM_TO_WAD;
    uint256 private constant MAX_DEFAULT_VOLATILITY = SviMath.MAX_VOLATILITY / PPM_TO_WAD;

    /// @notice The table that says how far expiries and prices may be.
    IRiskParameters public immutable parameters;

    mapping(uint256 underlying => OptionParamsWord) private _params;
    mapping(uint256 underlying => mapping(uint256 expiry => SliceWord)) private _slices;
    /// @dev Ascending [s].
    mapping(uint256 underlying => uint32[]) private _expiries;

    constructor(address authority, IRiskParameters parameters_) AccessManaged(authority) {
        parameters = parameters_;
    }

    /* POST */

    /// @inheritdoc IVolatilitySurface
    function post(uint256 underlying, uint256 expiry, Slice calldata slice) external restricted {
        OptionParamsWord word = _requireParams(underlying);
        if (block.timestamp < word.uncertainUntil()) revert SurfaceUncertain(underlying, word.uncertainUntil());
        OptionParams memory p = word.decode();
        Slice memory s = slice;
        _requireInRange(s, p.maxCarry);
        (uint256 tau, uint256 shock) = _requireExpiry(underlying, expiry);

        int256[POINTS] memory grid = _grid(s, tau);
        _requireNoButterfly(s, grid, tau);
        _requireNoButterfly(_shocked(s, p.volShockInitial, tau), grid, tau);
        (uint32[] memory expiries, uint256 place) = _withExpiry(underlying, expiry);
        if (place != 0) _requireGrowth(underlying, grid, [uint256(expiries[place - 1]), expiry], s, false);
        if (place + 1 < expiries.length) {
            _requireGrowth(underlying, grid, [expiry, uint256(expiries[place + 1])], s, true);
        }
        _requireStep(p, grid, s, _slices[underlying][expiry], tau, shock);

        _slices[underlying][expiry] = SliceWordLib.encode(s, block.timestamp);
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

    /// @dev No butterfly costs less than nothing.
    function _requireNoButterfly(Slice memory s, int256[POINTS] memory grid, uint256 tau) private pure {
        for (uint256 i; i < POINTS; ++i) {
            int256 g = SviMath.durrleman(s, grid[i], tau);
            if (g < -BUTTERFLY_TOLERANCE) revert ButterflyArbitrage(grid[i], g, -BUTTERFLY_TOLERANCE);
        }
    }

    /// @dev The slice after the shock of initial margin [ppm]: Durrleman's g is concave in the factor, so that what is
    /// free of butterflies there and now is so between.
    function _shocked(Slice memory s, uint256 shock, uint256 tau) private pure returns (Slice memory shocked) {
        int256 factor = int256(WAD + shock * SeriesMath.tenorScale(tau, PriceStatus.Valid) / PPM);
        int256 wad = int256(WAD);
        shocked = Slice(s.a, s.b, s.rho, s.m, s.sigma, s.carry);
        // safe because a factor is at most 5 WAD, and both are limited to their types
        shocked.a = int32(FixedPointMathLib.min(s.a * factor * factor / (wad * wad), int256(type(int32).max)));
        shocked.b = uint32(FixedPointMathLib.min(s.b * uint256(factor * factor) / (WAD * WAD), type(uint32).max));
    }

    /// @dev Time to an expiry that a slice may have [s], and x_M of the underlying [ppm].
    function _requireExpiry(uint256 underlying, uint256 expiry) private view returns (uint256 tau, uint256 shock) {
        if (expiry <= block.timestamp) revert ExpiryOutOfRange(expiry, block.timestamp);
        uint256 hour = expiry - expiry % 1 hours;
        if (expiry != hour) revert ExpiryOutOfRange(expiry, hour);
        uint256 latest = block.timestamp + parameters.maxTenorOf(underlying);
        latest = FixedPointMathLib.min(latest, type(uint32).max);
        if (expiry > latest) revert ExpiryOutOfRange(expiry, latest);
        (shock,) = parameters.derivativeShocksOf(underlying);
        return (expiry - block.timestamp, shock);
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
        // Equivalent to `expiries.length = count`, were that allowed.
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
        _slices[underlying][expiries[isNearer ? 1 : 0]].decode(other);
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
        SliceWord word,
        uint256 tau,
        uint256 shock
    ) private view {
        if (word.isNone()) return;
        uint256 time = word.postedAt();
        if (block.timestamp - time <= p.expiryAge) {
            Slice memory last;
            word.decode(last);
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

    /// @inheritdoc IVolatilitySurface
    function removeSlice(uint256 underlying, uint256 expiry) external restricted {
        if (_slices[underlying][expiry].isNone()) revert NoSlice(underlying, expiry);
        _slices[underlying][expiry] = SliceWord.wrap(0);
        uint32[] storage listed = _expiries[underlying];
        // from the expiry on each takes the place of the one before; those that are over may be gone already
        uint256 kept;
        for (uint256 i; i < listed.length; ++i) {
            if (listed[i] != expiry) listed[kept++] = listed[i];
        }
        if (kept < listed.length) listed.pop();
        emit SliceRemoved(underlying, expiry);
    }

    /// @inheritdoc IVolatilitySurface
    function setOptionParams(uint256 underlying, OptionParams calldata params) external restricted {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        _requireAtMost(params.volShockInitial, MAX_VOL_SHOCK);
        _requireAtMost(params.volShockMaintenance, params.volShockInitial);
        _requireAtLeast(params.defaultVolatility, MIN_DEFAULT_VOLATILITY);
        _requireAtMost(params.defaultVolatility, MAX_DEFAULT_VOLATILITY);
        _requireAtLeast(params.maxAge, 1);
        _requireAtMost(params.maxAge, params.expiryAge);
        _requireAtMost(params.minInterval, params.maxAge);
        _requireAtMost(params.maxStep, MAX_STEP);
        _requireAtMost(params.maxCarry, MAX_CARRY);

        _params[underlying] = OptionParamsWordLib.encode(params, _params[underlying]);
        emit OptionParamsSet(underlying, params);
    }

    function _requireAtMost(uint256 value, uint256 limit) private pure {
        if (value > limit) revert ParameterOutOfRange(value, limit);
    }

    function _requireAtLeast(uint256 value, uint256 limit) private pure {
        if (value < limit) revert ParameterOutOfRange(value, limit);
    }

    /* GUARDIAN */

    /// @inheritdoc IVolatilitySurface
    function forceUncertain(uint256 underlying, uint256 duration) external restricted {
        if (duration > MAX_FORCED_UNCERTAIN) revert DurationTooLong(duration, MAX_FORCED_UNCERTAIN);
        OptionParamsWord word = _requireParams(underlying);
        uint256 end = block.timestamp + duration;
        if (end < word.uncertainUntil()) return;

        // the end fits 32 bits until 2106
        _params[underlying] = word.withUncertainUntil(end);
        emit SurfaceForced(underlying, end);
    }

    /* VIEWS */

    /// @inheritdoc IVolatilitySurface
    function wordsOf(uint256 underlying, uint256 expiry)
        external
        view
        returns (OptionParamsWord params, SliceWord slice)
    {
        return (_params[underlying], _slices[underlying][expiry]);
    }

    /// @inheritdoc IVolatilitySurface
    function sliceOf(uint256 underlying, uint256 expiry) external view returns (Slice memory slice, uint256 postedAt) {
        SliceWord word = _slices[underlying][expiry];
        word.decode(slice);
        return (slice, word.postedAt());
    }

    /// @inheritdoc IVolatilitySurface
    function expiriesOf(uint256 underlying) external view returns (uint256[] memory expiries) {
        uint32[] memory listed = _expiries[underlying];
        expiries = new uint256[](listed.length);
        for (uint256 i; i < listed.length; ++i) {
            expiries[i] = listed[i];
        }
    }

    /// @inheritdoc IVolatilitySurface
    function optionParams(uint256 underlying) external view returns (OptionParams memory) {
        return _params[underlying].decode();
    }

    /// @inheritdoc IVolatilitySurface
    function uncertainUntil(uint256 underlying) external view returns (uint256) {
        return _params[underlying].uncertainUntil();
    }

    /// @dev The parameters' word.
    function _requireParams(uint256 underlying) private view returns (OptionParamsWord word) {
        word = _params[underlying];
        if (!word.isConfigured()) revert UnknownUnderlying(underlying);
    }
}
