// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskArrayView} from "../interfaces/IOptionOracle.sol";
import {PPM, WAD} from "../types/Constants.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @notice What a refresh found of a series, before it is rounded into two words.
struct Outcome {
    uint256 time; // of the refresh [s]
    uint256 ref; // index, 1 to 2^96 - 1 [wad USD]
    uint256 mark; // below 2^97 [wad USD]
    int256 delta; // of the mark to the index, |delta| < 2 [wad]
    int256[18] profits; // of one long contract in each scenario, below 2^97; tails last and not divided [wad USD]
    uint256 tailMultiple; // what the tails are divided by, below 2^24 [ppm]
    uint256 gapMaintenance; // below 2^97 [wad USD]
    uint256 gapInitial; // below 2^97 [wad USD]
    uint256 drift; // [2^-10], up
    bool valid; // index and slice were Valid
}

/// @title Risk arrays: how what a refresh found is rounded into the words meta and nodes, and read again.
/// @notice Layout: "Risk array" in docs/options.md. Lanes are rounded down, gaps up.
/// @dev What does not fit even with the greatest unit saturates: lanes and gaps of more than twice and once the index,
/// marks from 2^89 wei, slopes from 4. `unchecked` is safe because amounts are below 2^97 and multiples below 2^24, so
/// that no product of one of each, shifted by at most 29, reaches 2^255.
library RiskArray {
    uint256 internal constant SCENARIOS = 18;
    uint256 internal constant TAIL_UP = 16;
    uint256 internal constant TAIL_DOWN = 17;
    /// @dev Place of what is now, behind the scenarios.
    uint256 internal constant NOW = SCENARIOS;
    /// @dev An array is as good as new for this long [s].
    uint256 internal constant AGE_GRACE = 600;

    uint256 private constant UNIT_SHIFT = 14;
    uint256 private constant MAX_EXPONENT = 15;
    uint256 private constant MAX_GAP = 2 ** 14 - 1;
    uint256 private constant MAX_DRIFT = 2 ** 12 - 1;
    uint256 private constant DELTA_SHIFT = 14;
    uint256 private constant DRIFT_SHIFT = 10;
    uint256 private constant MANTISSA_BITS = 26;
    uint256 private constant MAX_MARK_EXPONENT = 63;
    uint256 private constant VALID_BIT = 252;

    /* PACKING */

    /// @dev The words meta and nodes.
    function pack(Outcome memory o) internal pure returns (uint256 meta, uint256 nodes) {
        unchecked {
            uint256 e = _exponent(o);
            uint256 shift = UNIT_SHIFT + e;
            nodes = _nodes(o.profits, o.ref, shift);
            uint256 divisor = o.ref * o.tailMultiple;
            meta = o.time & type(uint32).max | o.ref << 32 | _mark(o.mark) << 128 | _delta(o.delta) << 160;
            meta |= (_lane(o.profits[TAIL_UP] * int256(PPM), divisor, shift) & type(uint16).max) << 176;
            meta |= (_lane(o.profits[TAIL_DOWN] * int256(PPM), divisor, shift) & type(uint16).max) << 192;
            meta |= _gap(o.gapMaintenance, o.ref, shift) << 208 | _gap(o.gapInitial, o.ref, shift) << 222;
            meta |= FixedPointMathLib.min(o.drift, MAX_DRIFT) << 236 | e << 248;
            if (o.valid) meta |= 1 << VALID_BIT;
        }
    }

    /// @dev Largest exponent with which every lane, tail and gap fits; 0 if none. Prices grow with volatility and one
    /// way with the index, so that the extreme lanes are among the furthest at the highest and the lowest volatility.
    function _exponent(Outcome memory o) private pure returns (uint256) {
        unchecked {
            (int256 least, int256 most) = _extremes(o.profits[10], o.profits[11], o.profits[13], o.profits[14]);
            // times the tail multiple, so that tails compare without being divided
            int256 multiple = int256(o.tailMultiple);
            (int256 up, int256 down) = (o.profits[TAIL_UP] * int256(PPM), o.profits[TAIL_DOWN] * int256(PPM));
            (least, most) = _extremes(least * multiple, most * multiple, up, down);

            // lanes are from -2 to below 2 of the index, gaps below 1: how many times does each fit?
            uint256 range = 2 * o.ref * o.tailMultiple;
            uint256 times = 1 << MAX_EXPONENT;
            if (most > 0) times = FixedPointMathLib.min(times, (range - 1) / uint256(most));
            if (least < 0) times = FixedPointMathLib.min(times, range / uint256(-least));
            uint256 gap = FixedPointMathLib.max(o.gapMaintenance, o.gapInitial) << UNIT_SHIFT;
            if (gap != 0) times = FixedPointMathLib.min(times, MAX_GAP * o.ref / gap);
            return times == 0 ? 0 : FixedPointMathLib.log2(times);
        }
    }

    /// @dev Least and greatest of four.
    function _extremes(int256 a, int256 b, int256 c, int256 d) private pure returns (int256 least, int256 most) {
        (least, most) = a < b ? (a, b) : (b, a);
        if (c < least) least = c;
        if (c > most) most = c;
        if (d < least) least = d;
        if (d > most) most = d;
    }

    /// @dev The lanes but for the tails, the first in the lowest bits.
    function _nodes(int256[SCENARIOS] memory profits, uint256 ref, uint256 shift)
        private
        pure
        returns (uint256 nodes)
    {
        assembly ("memory-safe") {
            let end := add(profits, shl(5, 16))
            for { let cursor := profits } lt(cursor, end) { cursor := add(cursor, 0x20) } {
                let scaled := shl(shift, mload(cursor))
                // the remainder has the profit's sign
                let units := sub(sdiv(scaled, ref), slt(smod(scaled, ref), 0))
                // outside of 16 bits: the end on its side
                if gt(add(units, 32768), 65535) { units := xor(sar(255, units), 32767) }
                // each lane comes in at the top, and ends in its place
                nodes := or(shr(16, nodes), shl(240, units))
            }
        }
    }

    /// @dev A profit in units, down, as one of the nodes.
    function _lane(int256 profit, uint256 ref, uint256 shift) private pure returns (uint256 units) {
        assembly ("memory-safe") {
            let scaled := shl(shift, profit)
            // the remainder has the profit's sign
            units := sub(sdiv(scaled, ref), slt(smod(scaled, ref), 0))
            // outside of 16 bits: the end on its side
            if gt(add(units, 32768), 65535) { units := xor(sar(255, units), 32767) }
        }
    }

    /// @dev A gap in units, up.
    function _gap(uint256 gap, uint256 ref, uint256 shift) private pure returns (uint256) {
        unchecked {
            return FixedPointMathLib.min(((gap << shift) + ref - 1) / ref, MAX_GAP);
        }
    }

    /// @dev Mantissa and exponent of a mark, down.
    function _mark(uint256 mark) private pure returns (uint256) {
        unchecked {
            uint256 bits = mark == 0 ? 0 : FixedPointMathLib.log2(mark) + 1;
            uint256 exponent = bits > MANTISSA_BITS ? bits - MANTISSA_BITS : 0;
            if (exponent > MAX_MARK_EXPONENT) return type(uint32).max;
            return mark >> exponent << 6 | exponent;
        }
    }

    /// @dev The nearest multiple of 2^-14, halves up, in 16 bits.
    function _delta(int256 delta) private pure returns (uint256) {
        unchecked {
            int256 wad = int256(WAD);
            int256 units = ((delta << DELTA_SHIFT) + wad / 2) / wad;
            if (((delta << DELTA_SHIFT) + wad / 2) % wad < 0) --units;
            return uint256(units) & type(uint16).max;
        }
    }

    /* READING */

    /// @dev Time of the refresh [s] and index then [wad USD].
    function originOf(uint256 meta) internal pure returns (uint256 time, uint256 ref) {
        return (meta & type(uint32).max, meta >> 32 & type(uint96).max);
    }

    /// @dev Whether index and slice were Valid.
    function isValid(uint256 meta) internal pure returns (bool) {
        return meta >> VALID_BIT & 1 != 0;
    }

    /// @dev What the words say.
    function unpack(uint256 meta, uint256 nodes) internal pure returns (RiskArrayView memory a) {
        unchecked {
            (a.time, a.ref) = originOf(meta);
            a.mark = (meta >> 134 & (1 << MANTISSA_BITS) - 1) << (meta >> 128 & MAX_MARK_EXPONENT);
            a.delta = _signed(meta >> 160) * int256(WAD >> DELTA_SHIFT);
            uint256 shift = UNIT_SHIFT + (meta >> 248 & MAX_EXPONENT);
            for (uint256 i; i < TAIL_UP; ++i) {
                a.lanes[i] = _signed(nodes >> 16 * i) * int256(a.ref) >> shift;
            }
            a.lanes[TAIL_UP] = _signed(meta >> 176) * int256(a.ref) >> shift;
            a.lanes[TAIL_DOWN] = _signed(meta >> 192) * int256(a.ref) >> shift;
            a.gapMaintenance = _gapOf(meta >> 208, a.ref, shift);
            a.gapInitial = _gapOf(meta >> 222, a.ref, shift);
            a.drift = (meta >> 236 & MAX_DRIFT) * (WAD >> DRIFT_SHIFT);
            a.valid = isValid(meta);
        }
    }

    function _gapOf(uint256 field, uint256 ref, uint256 shift) private pure returns (uint256) {
        unchecked {
            return ((field & MAX_GAP) * ref + (1 << shift) - 1) >> shift;
        }
    }

    /// @dev The low 16 bits as a signed number.
    function _signed(uint256 word) private pure returns (int256) {
        // safe because the cast keeps exactly the 16 bits of the field
        return int16(uint16(word));
    }
}
