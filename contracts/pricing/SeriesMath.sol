// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ArrayMeta, ArrayMetaLib, NOW_LANE, TAIL_DOWN_LANE, TAIL_UP_LANE} from "../types/ArrayMeta.sol";
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
    // of the series
    bool isPut;
    uint256 strike; // [wad USD]
    uint256 forward; // [wad USD]
    uint256 volatility; // [wad a year]
    int256 log; // ln(F / K) [wad]
    // of the scenarios
    Outcome outcome; // of the last series
    uint256[7] forwards; // after each move [wad USD]
    uint256[19] nd1s; // N(d1) in each scenario, and now [wad]
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
    /// @dev Scenarios fall at most this far: lanes, tails [ppm].
    uint256 private constant MAX_FALL = 999_999;
    uint256 private constant MAX_TAIL_FALL = 900_000;

    /* WHOLE SERIES */

    /// @dev The words of a series at `index`.
    function array(Series memory m, uint64 id, uint256 index)
        internal
        view
        returns (ArrayMeta meta, ArrayNodes nodes)
    {
        Outcome memory o = m.outcome;
        o.time = block.timestamp;
        o.ref = index;
        o.tailMultiple = m.params.tailMultiple;
        o.valid = isValid(m);

        (o.mark, m.nd1s[NOW_LANE]) = price(m, id, index);
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
        // safe because shocks and the tail multiple are below 2^24
        unchecked {
            uint256 tail = shock * m.params.tailMultiple / PPM;
            _setPair(m, 1, shock, MAX_FALL);
            _setPair(m, 3, initialShock, MAX_FALL);
            _setPair(m, 5, tail, MAX_TAIL_FALL);
        }
    }

    /// @dev A rise and a fall, and their logarithms.
    function _setPair(Series memory m, uint256 place, uint256 move, uint256 maxFall) private pure {
        uint256 fall = FixedPointMathLib.min(move, maxFall);
        // safe because a fall is below PPM, and a move below 2^28
        unchecked {
            (m.moves[place], m.moves[place + 1]) = (int256(move), -int256(fall));
            m.logs[place] = FixedPointMathLib.lnWad(int256((PPM + move) * PPM_TO_WAD));
            m.logs[place + 1] = FixedPointMathLib.lnWad(int256((PPM - fall) * PPM_TO_WAD));
        }
    }

    /// @dev Price of a series at `index` [wad USD] and N(d1) [wad]; the series remembers what scenarios share with it.
    function price(Series memory m, uint64 id, uint256 index) internal pure returns (uint256 value, uint256 nd1) {
        bool isPut = InstrumentId.kindOf(id) == KIND_PUT;
        uint256 strike = FixedPointMathLib.min(InstrumentId.strikeOf(id), OptionMath.MAX_PRICE);
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
    function _runScenarios(Series memory m) private pure {
        uint256 same = OptionMath.deviation(m.volatility, m.root);
        (uint256 up, uint256 down) = _deviations(m, m.params.volShockMaintenance);
        m.forwards[0] = m.forward;
        _runSet(m, 0, up, down, same);
        (uint256 at, int256 log) = _forwardAfter(m, 5);
        _setNode(m, TAIL_UP_LANE, at, log, up);
        (at, log) = _forwardAfter(m, 6);
        _setNode(m, TAIL_DOWN_LANE, at, log, up);
        (up, down) = _deviations(m, m.params.volShockInitial);
        _runSet(m, 8, up, down, same);
    }

    /// @dev The lanes of a set: no move at two standard deviations, then a rise and a fall at three.
    function _runSet(Series memory m, uint256 first, uint256 up, uint256 down, uint256 same) private pure {
        // safe because lanes are below 16
        unchecked {
            _setNode(m, first, m.forward, m.log, up);
            _setNode(m, first + 1, m.forward, m.log, down);
            uint256 place = first == 0 ? 1 : 3;
            for (uint256 lane = first + 2; lane < first + 8; lane += 3) {
                (uint256 at, int256 log) = _forwardAfter(m, place++);
                _setNode(m, lane, at, log, up);
                _setNode(m, lane + 1, at, log, down);
                _setNode(m, lane + 2, at, log, same);
            }
        }
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

    /// @dev One scenario, by its forward, its ln(F / K) and the standard deviation to expiry.
    function _setNode(Series memory m, uint256 lane, uint256 forward, int256 log, uint256 sd) private pure {
        (uint256 value, uint256 nd1) = OptionMath.call(forward, m.strike, log, sd);
        if (m.isPut) value = OptionMath.putOf(value, forward, m.strike);
        (int256[18] memory profits, uint256[19] memory nd1s) = (m.outcome.profits, m.nd1s);
        uint256 mark_ = m.outcome.mark;
        // lanes are below 18, and prices fit 97 bits
        // Equivalent to `(profits[lane], nd1s[lane]) = (int256(value) - int256(mark_), nd1)`.
        assembly ("memory-safe") {
            let offset := shl(5, lane)
            mstore(add(profits, offset), sub(value, mark_))
            mstore(add(nd1s, offset), nd1)
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

    /// @dev Standard deviations to expiry at the volatility up and down by a shock [ppm], all else wad.
    function _deviations(Series memory m, uint256 shock) private pure returns (uint256 high, uint256 low) {
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
    function _setGaps(Series memory m) private pure {
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
    /// delta_a), and where that is more than is left of the mark in a node, what `_gapAtLimit` says [wad USD].
    /// @param first Of the set's lanes.
    /// @param cheapest Profit in its cheapest node.
    function _gapOf(Series memory m, uint256 first, uint256 rise, uint256 fall, int256 cheapest)
        private
        pure
        returns (uint256 gap)
    {
        // safe because bends are below 2^156, and lanes below 18
        unchecked {
            uint256 quarter = (_bend(m, first, rise, fall) + (4 * WAD - 1)) / (4 * WAD);
            gap = quarter;
            uint256 left = _left(m, cheapest);
            if (quarter > left) gap = _gapAtLimit(quarter, left, _sag(m, first, m.isPut, m.isPut ? rise : fall));
            left = _left(m, m.outcome.profits[first + 1]);
            if (quarter > left) {
                uint256 sag = _sag(m, first, !m.isPut, m.isPut ? fall : rise);
                gap = FixedPointMathLib.max(gap, _gapAtLimit(quarter, left, sag));
            }
        }
    }

    /// @dev Where a line may begin at the limit of a long leg's loss, its other end comes down to the tangent of the
    /// price there, or by as much as no price that bends so needs more: 4 quarters less 3 times what is left; never by
    /// less than a quarter [wad USD].
    function _gapAtLimit(uint256 quarter, uint256 left, uint256 sag) private pure returns (uint256) {
        // safe because less is left than a quarter, which is below 2^96
        unchecked {
            return FixedPointMathLib.max(quarter, FixedPointMathLib.min(sag, 4 * quarter - 3 * left));
        }
    }

    /// @dev What is left of the mark at a node, at most all [wad USD].
    function _left(Series memory m, int256 profit) private pure returns (uint256) {
        // safe because a price is never negative
        unchecked {
            return profit < 0 ? uint256(int256(m.outcome.mark) + profit) : m.outcome.mark;
        }
    }

    /// @dev The most of (b - a) (delta_b - delta_a) between nodes of a set next to each other [wad^2 USD].
    function _bend(Series memory m, uint256 first, uint256 rise, uint256 fall) private pure returns (uint256 bend) {
        uint256[19] memory nd1s = m.nd1s;
        uint256 now_ = nd1s[NOW_LANE];
        // widths are below 2^96 and N(d1) at most 2^60; a slope that rounding lets fall bends nothing
        // Equivalent to `above = max(above, nd1s[lane + 2] - here); below = max(below, here - nd1s[lane + 5]);` for the
        // three lanes from `first` on, where `here` is `nd1s[lane]`, in the last of them `now_`; then to
        // `bend = max(above * rise, below * fall)`.
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
    function _sag(Series memory m, uint256 first, bool rising, uint256 width) private pure returns (uint256 sag) {
        (uint256[19] memory nd1s, int256[18] memory profits, bool isPut) = (m.nd1s, m.outcome.profits, m.isPut);
        uint256 now_ = nd1s[NOW_LANE];
        // widths are below 2^96 and N(d1) at most WAD; the further nodes are two lanes on for a rise, five for a fall
        // Equivalent to `sag = max(sag, apart - width * slope / WAD)` for the three lanes from `first` on, the last at
        // what is now: `apart` is the dearer node's profit less the cheaper one's, `slope` |delta| at the cheaper one.
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
                if eq(rising, isPut) {
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
    function _setSlopes(Series memory m) private pure {
        Outcome memory o = m.outcome;
        (uint256 least, uint256 most) = _steepness(m.nd1s);
        uint256 nd1 = m.nd1s[NOW_LANE];
        (bool isPut, uint256 forward) = (m.isPut, m.forward);
        // fixed point: safe because N(d1) is from 0 to WAD, a forward at most 3/2 of the index and below 2^96
        unchecked {
            uint256 reach = isPut ? WAD - least : most;
            uint256 apart = FixedPointMathLib.max(most > nd1 ? most - nd1 : 0, nd1 > least ? nd1 - least : 0);
            uint256 drift = (2 * PPM * apart + m.initialShock * reach) * forward;
            o.drift = FixedPointMathLib.divUp(drift << ArrayMetaLib.DRIFT_SHIFT, o.ref * (PPM * WAD));
            int256 slope = isPut ? int256(nd1) - int256(WAD) : int256(nd1);
            o.delta = slope * int256(forward) / int256(o.ref);
        }
    }

    /// @dev The least N(d1) of all scenarios is that of a fall, the greatest that of a rise; at one volatility the
    /// furthest counts.
    function _steepness(uint256[19] memory n) private pure returns (uint256 least, uint256 most) {
        least = FixedPointMathLib.min(FixedPointMathLib.min(n[5], n[6]), FixedPointMathLib.min(n[13], n[14]));
        least = FixedPointMathLib.min(least, FixedPointMathLib.min(n[15], n[TAIL_DOWN_LANE]));
        most = FixedPointMathLib.max(FixedPointMathLib.max(n[2], n[3]), FixedPointMathLib.max(n[10], n[11]));
        most = FixedPointMathLib.max(most, FixedPointMathLib.max(n[12], n[TAIL_UP_LANE]));
    }
}
