// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ArrayMeta, ArrayMetaLib, NOW_LANE, TAIL_DOWN_LANE, TAIL_UP_LANE, tailMoveOf} from "../types/ArrayMeta.sol";
import {ArrayNodes} from "../types/ArrayNodes.sol";
import {PPM, PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {InstrumentId, KIND_PUT} from "../types/InstrumentId.sol";
import {OptionParams} from "../types/OptionParamsWord.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Slice} from "../types/SliceWord.sol";
import {OptionMath} from "./OptionMath.sol";
import {Outcome, RiskArray} from "./RiskArray.sol";
import {SviMath} from "./SviMath.sol";

/// @notice A series in work. What series of one underlying and one expiry share is read once for those that follow each
/// other.
struct Series {
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
    uint256 tailRise; // what volatility rises by in the tails [wad a year]
    uint256 leastUp; // where volatility rises it reaches this, at most MAX_VOLATILITY [wad a year]
    uint256 mostDown; // where it falls it reaches this, at least MIN_VOLATILITY [wad a year]
    // of the series
    uint256 puts; // 1: it is a put, 0: a call
    uint256 strike; // [wad USD]
    uint256 forward; // [wad USD]
    int256 log; // ln(F / K) [wad]
    uint256 volatility; // [wad a year]
    int256 slope; // of volatility on ln(K / F) [wad a year]
    uint256 apart; // from where the slice bends most, as its smile was read last [wad]
    uint256 deviation; // to expiry [wad]
    uint256 density; // exp(-d1^2 / 2) [wad]
    // of the scenarios
    Outcome outcome; // of the last series
    uint256[7] forwards; // after each move [wad USD]
    uint256[19] deltas; // of a call in each scenario, and now [wad]
    // of the set in work: the most that the forward times the density grows from a deviation to where it is greatest
    // before the next one, times the distance; and that it falls by from there [ROOT_TWO_PI * wad^2 USD]
    uint256 swing;
    uint256 fall;
}

/// @title From a series to its mark and risk array: docs/options.md.
/// @dev Pure but for the time of the block. The caller has filled in what the series' struct says of underlying and
/// expiry.
library SeriesMath {
    /// @dev Time at which a shock of volatility is the configured one [s].
    uint256 private constant SHOCK_TENOR = 30 days;
    /// @dev Shocks of volatility are scaled by its root over the time to expiry, within these [wad].
    uint256 private constant MIN_TENOR_SCALE = 0.5e18;
    uint256 private constant MAX_TENOR_SCALE = 2e18;
    /// @dev Scenarios fall at most this far [ppm].
    uint256 private constant MAX_FALL = 999_999;
    /// @dev What volatility rises by in the tails, at a tenor of SHOCK_TENOR and below [wad a year].
    uint256 private constant TAIL_VOLATILITY = 0.6e18;
    /// @dev sqrt(2 pi) [wad].
    uint256 private constant ROOT_TWO_PI = 2_506_628_274_631_000_502;

    /* WHOLE SERIES */

    /// @dev The words of a series at the leading bits of `index`.
    function array(Series memory m, uint64 id, uint256 index)
        internal
        view
        returns (ArrayMeta meta, ArrayNodes nodes)
    {
        Outcome memory o = m.outcome;
        index = ArrayMetaLib.refOf(index);
        o.time = block.timestamp;
        o.ref = index;
        o.valid = isValid(m);

        (o.mark, m.deltas[NOW_LANE]) = price(m, id, index);
        _runScenarios(m);
        _setGaps(m);
        _setSlopes(m);
        return RiskArray.pack(o);
    }

    function isValid(Series memory m) internal pure returns (bool) {
        return m.status == PriceStatus.Valid && m.sliceStatus == PriceStatus.Valid;
    }

    /// @dev Sets the moves of the price: none, x_M either way, x_I either way, the tails.
    /// @param shock x_M [ppm].
    /// @param initialShock x_I [ppm].
    function setMoves(Series memory m, uint256 shock, uint256 initialShock) internal pure {
        (m.initialShock, m.moved) = (initialShock, true);
        _setPair(m, 1, shock);
        _setPair(m, 3, initialShock);
        _setPair(m, 5, tailMoveOf(initialShock));
    }

    /// @dev A rise and a fall, and their logarithms.
    function _setPair(Series memory m, uint256 place, uint256 move) private pure {
        uint256 fall = FixedPointMathLib.min(move, MAX_FALL);
        // safe because a fall is below PPM, and a move below 2^25
        unchecked {
            (m.moves[place], m.moves[place + 1]) = (int256(move), -int256(fall));
            m.logs[place] = FixedPointMathLib.lnWad(int256((PPM + move) * PPM_TO_WAD));
            m.logs[place + 1] = FixedPointMathLib.lnWad(int256((PPM - fall) * PPM_TO_WAD));
        }
    }

    /// @dev Price of a series at `index` [wad USD] and the delta of its call [wad]; the series remembers what scenarios
    /// share with it.
    function price(Series memory m, uint64 id, uint256 index) internal pure returns (uint256 value, uint256 delta) {
        m.puts = InstrumentId.kindOf(id) == KIND_PUT ? 1 : 0;
        m.strike = FixedPointMathLib.min(InstrumentId.strikeOf(id), OptionMath.MAX_PRICE);
        m.forward = SviMath.forward(index, m.slice.carry, m.tau);
        m.log = OptionMath.logMoneyness(m.forward, m.strike);
        (m.volatility, m.slope) = _smile(m, m.log);
        (value, delta, m.deviation, m.density) = _priceAt(m, m.forward, m.log, m.volatility, m.slope);
    }

    /// @dev Volatility of the series and its slope where ln(F / K) is `log`: its strike keeps its place on the smile
    /// [wad a year].
    function _smile(Series memory m, int256 log) private pure returns (uint256 volatility, int256 slope) {
        if (m.postedAt == 0) return (_normal(m), 0);
        // safe because a logarithm is far above the least int256
        unchecked {
            (volatility, slope, m.apart) = SviMath.smile(m.slice, -log, m.volatility, m.apart);
        }
    }

    /// @dev Price [wad USD] at a forward, its ln(F / K), volatility and slope of that; delta of a call, from 0 to 1;
    /// deviation to expiry, and exp(-d1^2 / 2) [wad].
    function _priceAt(Series memory m, uint256 forward, int256 log, uint256 volatility, int256 slope)
        private
        pure
        returns (uint256 value, uint256 delta, uint256 sd, uint256 density)
    {
        sd = OptionMath.deviation(volatility, m.root);
        (value, delta, density) = OptionMath.call(forward, m.strike, log, sd);
        value = OptionMath.ofKind(value, m.puts, forward, m.strike);
        // safe because a density is at most WAD, a slope below 2^96 and a root below 2^80
        unchecked {
            // dC/dF of a price that reads its volatility at ln(K / F)
            int256 leant =
                int256(delta) - int256(density) * (slope * int256(m.root) / int256(WAD)) / int256(ROOT_TWO_PI);
            delta = uint256(leant) <= WAD ? uint256(leant) : (leant < 0 ? 0 : WAD);
        }
    }

    /// @dev Profits and deltas of all scenarios, the forwards of their moves, and by sets what volatility bends.
    function _runScenarios(Series memory m) private pure {
        Outcome memory o = m.outcome;
        m.forwards[0] = m.forward;
        (o.gapMaintenance, o.bowMaintenance) = _runSet(m, 0, 1, m.params.volShockMaintenance);
        (o.gapInitial, o.bowInitial) = _runSet(m, 8, 3, m.params.volShockInitial);
    }

    /// @dev The lanes of a set: no move at two volatilities, then a rise and a fall at three. Beside those of initial
    /// margin the tails, on from the volatility there.
    /// @param place Of the rise among the moves.
    /// @param shock Of volatility [ppm].
    function _runSet(Series memory m, uint256 first, uint256 place, uint256 shock)
        private
        pure
        returns (uint256 swing, uint256 fall)
    {
        (m.swing, m.fall) = (0, 0);
        // safe because a shock is below 2^24 and the scale at most 4 WAD, so that the factor is below 2^67, and lanes
        // are below 16
        unchecked {
            uint256 factor = WAD + shock * m.tenorScale / PPM;
            _runShocked(m, first, m.forward, m.log, factor, m.volatility, m.slope, m.deviation, m.density);
            (uint256 volatility, int256 slope) = _runMove(m, first + 2, place, factor);
            if (first != 0) _runTail(m, TAIL_UP_LANE, 5, volatility, slope);
            (volatility, slope) = _runMove(m, first + 5, place + 1, factor);
            if (first != 0) _runTail(m, TAIL_DOWN_LANE, 6, volatility, slope);
        }
        return (m.swing / ROOT_TWO_PI, m.fall / ROOT_TWO_PI);
    }

    /// @dev Three lanes from `lane` on: after a move, at volatility up, down and unchanged.
    /// @return volatility Unchanged [wad a year].
    /// @return slope Of that.
    function _runMove(Series memory m, uint256 lane, uint256 place, uint256 factor)
        private
        pure
        returns (uint256 volatility, int256 slope)
    {
        (uint256 at, int256 log) = _forwardAfter(m, place);
        (volatility, slope) = _smile(m, log);
        // safe because lanes are below 16
        unchecked {
            (uint256 sd, uint256 density) = _setNode(m, lane + 2, at, log, volatility, slope);
            _runShocked(m, lane, at, log, factor, volatility, slope, sd, density);
        }
    }

    /// @dev Two lanes from `lane` on: at a volatility times a factor [wad], and over it.
    function _runShocked(
        Series memory m,
        uint256 lane,
        uint256 at,
        int256 log,
        uint256 factor,
        uint256 volatility,
        int256 slope,
        uint256 sd,
        uint256 density
    ) private pure {
        // safe because volatilities are below 2^64, slopes below 2^96 and logarithms below 2^68, and a factor is at
        // least WAD
        unchecked {
            // vega is greatest where the deviation is the root of 2 |ln(F / K)|
            uint256 peak = FixedPointMathLib.abs(log) * (2 * WAD);
            (uint256 level, int256 steepness) =
                _limitedUp(m, volatility * factor / WAD, slope * int256(factor) / int256(WAD));
            (uint256 far, uint256 there) = _setNode(m, lane, at, log, level, steepness);
            _noteSwing(m, at, peak, sd, density, far, there);
            (level, steepness) = _limitedDown(
                m,
                FixedPointMathLib.rawDiv(volatility * WAD, factor),
                FixedPointMathLib.rawSDiv(slope * int256(WAD), int256(factor))
            );
            (far, there) = _setNode(m, lane + 1, at, log, level, steepness);
            _noteSwing(m, at, peak, far, there, sd, density);
        }
    }

    /// @dev Takes in how vega grows and falls between two deviations. Where it is greatest between them it is the lower
    /// of forward and strike; else it is so at one of them.
    /// @param peak Square of the deviation at which it is greatest.
    /// @param low The lower deviation [wad].
    /// @param below exp(-d1^2 / 2) there [wad].
    /// @param high The higher one.
    /// @param above The same there.
    function _noteSwing(
        Series memory m,
        uint256 at,
        uint256 peak,
        uint256 low,
        uint256 below,
        uint256 high,
        uint256 above
    ) private pure {
        // safe because deviations are below 2^80, densities at most 2^60 and forwards below 2^96
        unchecked {
            uint256 width = (high - low) * at;
            if (low * low < peak && peak < high * high) {
                uint256 most = m.strike < at ? FixedPointMathLib.divUp(m.strike * WAD, at) : WAD;
                most = FixedPointMathLib.max(most, FixedPointMathLib.max(below, above));
                m.swing = FixedPointMathLib.max(m.swing, width * (most - below));
                m.fall = FixedPointMathLib.max(m.fall, width * (most - above));
            } else if (below < above) {
                uint256 swing = width * (above - below);
                if (swing > m.swing) m.swing = swing;
            } else {
                uint256 fall = width * (below - above);
                if (fall > m.fall) m.fall = fall;
            }
        }
    }

    /// @dev A tail: a far move, at a volatility that rises by points.
    function _runTail(Series memory m, uint256 lane, uint256 place, uint256 volatility, int256 slope) private pure {
        (uint256 at, int256 log) = _forwardAfter(m, place);
        // safe because volatilities are below 2^64
        unchecked {
            volatility += m.tailRise;
        }
        (volatility, slope) = _limitedUp(m, volatility, slope);
        _setNode(m, lane, at, log, volatility, slope);
    }

    /// @dev The forward after a move, kept, and its ln(F / K).
    function _forwardAfter(Series memory m, uint256 place) private pure returns (uint256 at, int256 log) {
        (int256[7] memory moves, int256[7] memory logs, uint256[7] memory forwards) = (m.moves, m.logs, m.forwards);
        (int256 forward, int256 move) = (int256(m.forward), 0);
        // places are below 7
        // Equivalent to `(move, log) = (moves[place], logs[place])`, and below to `forwards[place] = at`.
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

    /// @dev One scenario, by its forward, its ln(F / K), its volatility and the slope of that.
    /// @return sd Deviation to expiry [wad].
    /// @return density exp(-d1^2 / 2) [wad].
    function _setNode(Series memory m, uint256 lane, uint256 forward, int256 log, uint256 volatility, int256 slope)
        private
        pure
        returns (uint256 sd, uint256 density)
    {
        uint256 value;
        uint256 delta;
        (value, delta, sd, density) = _priceAt(m, forward, log, volatility, slope);
        (int256[18] memory profits, uint256[19] memory deltas) = (m.outcome.profits, m.deltas);
        uint256 mark_ = m.outcome.mark;
        // lanes are below 18, and prices fit 97 bits
        // Equivalent to `(profits[lane], deltas[lane]) = (int256(value) - int256(mark_), delta)`.
        assembly ("memory-safe") {
            let offset := shl(5, lane)
            mstore(add(profits, offset), sub(value, mark_))
            mstore(add(deltas, offset), delta)
        }
    }

    /// @dev How far the slice in work is trusted, and what follows for shocks of volatility.
    function setStatus(Series memory m, PriceStatus status) internal pure {
        m.sliceStatus = status;
        m.tenorScale = tenorScale(m.tau, status);
        (m.leastUp, m.mostDown) = (0, SviMath.MAX_VOLATILITY);
        if (status == PriceStatus.Uncertain) {
            uint256 normal = _normal(m);
            m.leastUp = FixedPointMathLib.min(normal, SviMath.MAX_VOLATILITY);
            m.mostDown = FixedPointMathLib.max(normal / 2, SviMath.MIN_VOLATILITY);
        }
        // safe because scales are below 2^64
        unchecked {
            uint256 scale = status == PriceStatus.Valid ? m.tenorScale : m.tenorScale / 2;
            m.tailRise = TAIL_VOLATILITY * FixedPointMathLib.min(scale, WAD) / WAD;
        }
    }

    /// @dev How much shocks of volatility weigh at an expiry [wad]; double where the slice is not Valid.
    function tenorScale(uint256 tau, PriceStatus status) internal pure returns (uint256 scale) {
        scale = MAX_TENOR_SCALE;
        // safe because the product is below 2^142
        unchecked {
            if (tau != 0) scale = FixedPointMathLib.sqrt(SHOCK_TENOR * (WAD * WAD) / tau);
            scale = FixedPointMathLib.clamp(scale, MIN_TENOR_SCALE, MAX_TENOR_SCALE);
            if (status != PriceStatus.Valid) scale *= 2;
        }
    }

    /// @dev A volatility that rose and its slope, within limits, where there is no slope.
    function _limitedUp(Series memory m, uint256 volatility, int256 slope) private pure returns (uint256, int256) {
        if (volatility < m.leastUp) return (m.leastUp, 0);
        if (volatility > SviMath.MAX_VOLATILITY) return (SviMath.MAX_VOLATILITY, 0);
        return (volatility, slope);
    }

    /// @dev The same of one that fell.
    function _limitedDown(Series memory m, uint256 volatility, int256 slope) private pure returns (uint256, int256) {
        if (volatility > m.mostDown) return (m.mostDown, 0);
        if (volatility < SviMath.MIN_VOLATILITY) return (SviMath.MIN_VOLATILITY, 0);
        return (volatility, slope);
    }

    /// @dev Volatility where no slice can be trusted [wad a year].
    function _normal(Series memory m) private pure returns (uint256) {
        // safe because parameters are below 2^24
        unchecked {
            return m.params.defaultVolatility * PPM_TO_WAD;
        }
    }

    /// @dev Gaps and bows between the nodes of each set, up: a quarter of what the price bends and of what vega grows
    /// by, and a quarter of what it falls by.
    function _setGaps(Series memory m) private pure {
        Outcome memory o = m.outcome;
        uint256[7] memory f = m.forwards;
        // safe because forwards rise with moves, and bends and swings are below 2^177
        unchecked {
            o.gapMaintenance = _gapOf(o.gapMaintenance + _bend(m, 0, f[1] - f[0], f[0] - f[2]));
            o.gapInitial = _gapOf(o.gapInitial + _bend(m, 8, f[3] - f[0], f[0] - f[4]));
        }
        o.gapInitial = FixedPointMathLib.max(o.gapMaintenance, o.gapInitial);
        o.bowMaintenance = _gapOf(o.bowMaintenance);
        o.bowInitial = FixedPointMathLib.max(o.bowMaintenance, _gapOf(o.bowInitial));
    }

    /// @dev A quarter, up [wad USD], of what is in wad^2 USD.
    function _gapOf(uint256 bent) private pure returns (uint256) {
        return FixedPointMathLib.divUp(bent, 4 * WAD);
    }

    /// @dev The most of (b - a) (delta_b - delta_a) between nodes of a set next to each other [wad^2 USD].
    function _bend(Series memory m, uint256 first, uint256 rise, uint256 fall) private pure returns (uint256 bend) {
        uint256[19] memory deltas = m.deltas;
        uint256 now_ = deltas[NOW_LANE];
        // widths are below 2^96 and deltas at most 2^60; a slope that rounding lets fall bends nothing
        // Equivalent to `above = max(above, deltas[lane + 2] - here); below = max(below, here - deltas[lane + 5]);` for
        // the three lanes from `first` on, both 0 at first, where `here` is `deltas[lane]`, in the last of them `now_`;
        // then to `bend = max(above * rise, below * fall)`.
        assembly ("memory-safe") {
            let place := add(deltas, shl(5, first))
            let here := mload(place)
            let above := sub(mload(add(place, 0x40)), here)
            let below := sub(here, mload(add(place, 0xa0)))
            here := mload(add(place, 0x20))
            let bent := sub(mload(add(place, 0x60)), here)
            if sgt(bent, above) { above := bent }
            bent := sub(here, mload(add(place, 0xc0)))
            if sgt(bent, below) { below := bent }
            bent := sub(mload(add(place, 0x80)), now_)
            if sgt(bent, above) { above := bent }
            bent := sub(now_, mload(add(place, 0xe0)))
            if sgt(bent, below) { below := bent }
            bend := mul(mul(above, sgt(above, 0)), rise)
            let other := mul(mul(below, sgt(below, 0)), fall)
            if lt(bend, other) { bend := other }
        }
    }

    /// @dev Delta, how much faster than the tangent mark and lanes can move, and how much further than the index.
    function _setSlopes(Series memory m) private pure {
        Outcome memory o = m.outcome;
        (uint256 least, uint256 most) = _steepness(m.deltas);
        uint256 now_ = m.deltas[NOW_LANE];
        (bool isPut, uint256 forward) = (m.puts != 0, m.forward);
        // fixed point: safe because a delta is from 0 to WAD, a forward at most 3/2 of the index and below 2^96
        unchecked {
            uint256 reach = isPut ? WAD - least : most;
            uint256 apart = FixedPointMathLib.max(most - now_, now_ - least);
            uint256 drift = (2 * PPM * apart + m.initialShock * reach) * forward;
            o.drift = FixedPointMathLib.divUp(drift << ArrayMetaLib.DRIFT_SHIFT, o.ref * (PPM * WAD));
            int256 slope = isPut ? int256(now_) - int256(WAD) : int256(now_);
            o.delta = slope * int256(forward) / int256(o.ref);
            uint256 carried = FixedPointMathLib.zeroFloorSub(forward, o.ref);
            o.reach = FixedPointMathLib.divUp(carried << ArrayMetaLib.REACH_SHIFT, o.ref);
        }
    }

    /// @dev The least delta of a call is that of a fall, the greatest that of a rise, at one of the volatilities; or
    /// that of now.
    function _steepness(uint256[19] memory deltas) private pure returns (uint256 least, uint256 most) {
        least = deltas[NOW_LANE];
        most = least;
        // Equivalent to the minimum of lanes 5 to 7 and 13 to 15 and the tail of a fall, and the maximum of those eight
        // or three places before them, and the tail of a rise.
        assembly ("memory-safe") {
            function low(a, b) -> c {
                c := sub(a, mul(sub(a, b), lt(b, a)))
            }
            function high(a, b) -> c {
                c := sub(a, mul(sub(a, b), gt(b, a)))
            }
            for { let place := add(deltas, 0xa0) } lt(place, add(deltas, 0x200)) { place := add(place, 0x100) } {
                least := low(least, low(mload(place), low(mload(add(place, 0x20)), mload(add(place, 0x40)))))
                let rise := sub(place, 0x60)
                most := high(most, high(mload(rise), high(mload(add(rise, 0x20)), mload(add(rise, 0x40)))))
            }
            most := high(most, mload(add(deltas, 0x200)))
            least := low(least, mload(add(deltas, 0x220)))
        }
    }
}
