// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {RiskArrayView} from "../interfaces/IOptionOracle.sol";
import {ArrayMeta, ArrayMetaLib, SCENARIOS, TAIL_DOWN_LANE, TAIL_UP_LANE} from "../types/ArrayMeta.sol";
import {ArrayNodes} from "../types/ArrayNodes.sol";
import {WAD} from "../types/Constants.sol";

/// @notice What a refresh found of a series, before it is rounded into two words.
struct Outcome {
    uint256 time; // of the refresh [s]
    uint256 ref; // index, 1 to 2^96 - 1, of as many bits as an array keeps [wad USD]
    uint256 mark; // below 2^97 [wad USD]
    int256 delta; // of the mark to the index, |delta| < 2 [wad]
    int256[18] profits; // of one long contract in each scenario, below 2^97; tails last [wad USD]
    uint256 gapMaintenance; // below 2^97 [wad USD]
    uint256 gapInitial; // below 2^97 [wad USD]
    uint256 bowMaintenance; // below 2^97 [wad USD]
    uint256 bowInitial; // below 2^97 [wad USD]
    uint256 drift; // [2^-10], up
    uint256 reach; // [2^-7], up
    bool valid; // index and slice were Valid
}

/// @title Risk arrays: how what a refresh found is rounded into the words meta and nodes, and read again.
/// @notice Layout: "Risk array" in docs/options.md. Lanes are rounded down, gaps and bows up.
/// @dev What does not fit even with the greatest unit saturates: lanes and gaps of more than twice and once the index,
/// marks from 2^89 wei, slopes from 4. `unchecked` is safe because amounts are below 2^97, so that none shifted by at
/// most 29 reaches 2^255. Shifts scale fixed-point numbers: units, marks, deltas and drifts.
library RiskArray {
    /* PACKING */

    /// @dev The words meta and nodes.
    function pack(Outcome memory o) internal pure returns (ArrayMeta meta, ArrayNodes nodes) {
        unchecked {
            uint256 e = _exponent(o);
            uint256 shift = ArrayMetaLib.UNIT_SHIFT + e;
            nodes = _nodes(o.profits, o.ref, shift);
            (uint256 mantissa, uint256 markExponent) = _mantissaOf(o.mark);
            meta = ArrayMetaLib.encode(o.time, o.ref, mantissa, markExponent, _delta(o.delta));
            meta = meta.withTails(
                _lane(o.profits[TAIL_UP_LANE], o.ref, shift), _lane(o.profits[TAIL_DOWN_LANE], o.ref, shift)
            );
            meta = meta.withGaps(_gap(o.gapMaintenance, o.ref, shift), _gap(o.gapInitial, o.ref, shift));
            meta = meta.withBows(_gap(o.bowMaintenance, o.ref, shift), _gap(o.bowInitial, o.ref, shift));
            meta = meta.withRest(FixedPointMathLib.min(o.drift, ArrayMetaLib.MAX_DRIFT), e, o.reach, o.valid);
        }
    }

    /// @dev Largest exponent with which every lane, tail, gap and bow fits; 0 if none. Those of initial margin are the
    /// larger ones.
    function _exponent(Outcome memory o) private pure returns (uint256) {
        unchecked {
            (int256 least, int256 most) = _extremes(o.profits);
            // lanes are from -2 to below 2 of the index, gaps below 1: how many times does each fit?
            uint256 range = 2 * o.ref;
            uint256 times = 1 << ArrayMetaLib.MAX_EXPONENT;
            if (most > 0) times = FixedPointMathLib.min(times, (range - 1) / uint256(most));
            if (least < 0) times = FixedPointMathLib.min(times, range / uint256(-least));
            uint256 gap = FixedPointMathLib.max(o.gapInitial, o.bowInitial) << ArrayMetaLib.UNIT_SHIFT;
            if (gap != 0) times = FixedPointMathLib.min(times, ArrayMetaLib.MAX_GAP * o.ref / gap);
            return times == 0 ? 0 : FixedPointMathLib.log2(times);
        }
    }

    /// @dev Least and greatest profit.
    function _extremes(int256[SCENARIOS] memory profits) private pure returns (int256 least, int256 most) {
        // Equivalent to the minimum and the maximum of the list.
        assembly ("memory-safe") {
            least := mload(profits)
            most := least
            let end := add(profits, shl(5, SCENARIOS))
            for { let place := profits } lt(place, end) { place := add(place, 0x60) } {
                // three at a time
                let profit := mload(place)
                if slt(profit, least) { least := profit }
                if sgt(profit, most) { most := profit }
                profit := mload(add(place, 0x20))
                if slt(profit, least) { least := profit }
                if sgt(profit, most) { most := profit }
                profit := mload(add(place, 0x40))
                if slt(profit, least) { least := profit }
                if sgt(profit, most) { most := profit }
            }
        }
    }

    /// @dev The lanes but for the tails, the first in the lowest bits.
    function _nodes(int256[SCENARIOS] memory profits, uint256 ref, uint256 shift)
        private
        pure
        returns (ArrayNodes nodes)
    {
        // hot loop: sixteen lanes an array, without a bounds check and a call for each
        // Equivalent to putting `_lane(profits[i], ref, shift)` in lane `i`, for `i` from 0 to 15.
        assembly ("memory-safe") {
            // makes every dividend positive, so that quotients are rounded down, and lanes count from -32768
            let above := shl(128, ref)
            let offset := sub(shl(128, 1), 32768)
            let end := add(profits, shl(5, 16))
            for { let cursor := profits } lt(cursor, end) { cursor := add(cursor, 0x40) } {
                let low := sub(div(add(shl(shift, mload(cursor)), above), ref), offset)
                let high := sub(div(add(shl(shift, mload(add(cursor, 0x20))), above), ref), offset)
                // outside of 16 bits: the end on its side
                if gt(or(low, high), 65535) {
                    if gt(low, 65535) { low := mul(65535, sgt(low, 0)) }
                    if gt(high, 65535) { high := mul(65535, sgt(high, 0)) }
                }
                // each pair of lanes comes in at the top, and ends in its place
                nodes := or(shr(32, nodes), or(shl(224, low), shl(240, high)))
            }
            // the first bit of each lane is its sign
            nodes := xor(nodes, 0x8000800080008000800080008000800080008000800080008000800080008000)
        }
    }

    /// @dev A profit in units, down, in 16 bits.
    function _lane(int256 profit, uint256 ref, uint256 shift) private pure returns (int256 units) {
        // Equivalent to the profit times 2 to the shift over `ref`, rounded to minus infinity and put in range.
        assembly ("memory-safe") {
            let scaled := shl(shift, profit)
            // the remainder has the profit's sign
            units := sub(sdiv(scaled, ref), slt(smod(scaled, ref), 0))
            if sgt(units, 32767) { units := 32767 }
            if slt(units, sub(0, 32768)) { units := sub(0, 32768) }
        }
    }

    /// @dev A gap in units, up.
    function _gap(uint256 gap, uint256 ref, uint256 shift) private pure returns (uint256) {
        unchecked {
            return FixedPointMathLib.min(((gap << shift) + ref - 1) / ref, ArrayMetaLib.MAX_GAP);
        }
    }

    /// @dev Mantissa and exponent of a mark, down.
    function _mantissaOf(uint256 mark) private pure returns (uint256 mantissa, uint256 exponent) {
        unchecked {
            uint256 bits = mark == 0 ? 0 : FixedPointMathLib.log2(mark) + 1;
            if (bits > ArrayMetaLib.MANTISSA_BITS) exponent = bits - ArrayMetaLib.MANTISSA_BITS;
            if (exponent > ArrayMetaLib.MAX_MARK_EXPONENT) {
                return (ArrayMetaLib.MAX_MANTISSA, ArrayMetaLib.MAX_MARK_EXPONENT);
            }
            return (mark >> exponent, exponent);
        }
    }

    /// @dev The nearest multiple of 2^-14, halves up, in 16 bits.
    function _delta(int256 delta) private pure returns (int256 units) {
        unchecked {
            int256 wad = int256(WAD);
            int256 scaled = (delta << ArrayMetaLib.DELTA_SHIFT) + wad / 2;
            units = scaled / wad;
            if (scaled % wad < 0) --units;
        }
    }

    /* READING */

    /// @dev What the words say.
    function unpack(ArrayMeta meta, ArrayNodes nodes) internal pure returns (RiskArrayView memory a) {
        unchecked {
            (a.time, a.ref) = meta.origin();
            (uint256 mantissa, uint256 exponent) = meta.mark();
            a.mark = mantissa << exponent;
            a.delta = meta.delta() * int256(WAD >> ArrayMetaLib.DELTA_SHIFT);
            uint256 shift = meta.unitShift();
            for (uint256 i; i < TAIL_UP_LANE; ++i) {
                a.lanes[i] = nodes.at(i) * int256(a.ref) >> shift;
            }
            (int256 up, int256 down) = meta.tails();
            a.lanes[TAIL_UP_LANE] = up * int256(a.ref) >> shift;
            a.lanes[TAIL_DOWN_LANE] = down * int256(a.ref) >> shift;
            a.gapMaintenance = _gapOf(meta.gap(false), a.ref, shift);
            a.gapInitial = _gapOf(meta.gap(true), a.ref, shift);
            a.bowMaintenance = _gapOf(meta.bow(false), a.ref, shift);
            a.bowInitial = _gapOf(meta.bow(true), a.ref, shift);
            a.drift = meta.drift() * (WAD >> ArrayMetaLib.DRIFT_SHIFT);
            a.reach = WAD + meta.reach() * (WAD >> ArrayMetaLib.REACH_SHIFT);
            a.valid = meta.isValid();
        }
    }

    /// @dev A gap of so many units, up [wad USD].
    function _gapOf(uint256 units, uint256 ref, uint256 shift) private pure returns (uint256) {
        unchecked {
            return (units * ref + (1 << shift) - 1) >> shift;
        }
    }
}
