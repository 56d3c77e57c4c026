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

    uint256 private constant UNIT_SHIFT = 14;
    uint256 private constant MAX_EXPONENT = 15;
    int256 private constant MAX_LANE = type(int16).max;
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
            for (uint256 i; i < TAIL_UP; ++i) {
                nodes |= _lane(o.profits[i], o.ref, shift) << 16 * i;
            }
            uint256 divisor = o.ref * o.tailMultiple;
            meta = o.time & type(uint32).max | o.ref << 32 | _mark(o.mark) << 128 | _delta(o.delta) << 160;
            meta |= _lane(o.profits[TAIL_UP] * int256(PPM), divisor, shift) << 176;
            meta |= _lane(o.profits[TAIL_DOWN] * int256(PPM), divisor, shift) << 192;
            meta |= _gap(o.gapMaintenance, o.ref, shift) << 208 | _gap(o.gapInitial, o.ref, shift) << 222;
            meta |= FixedPointMathLib.min(o.drift, MAX_DRIFT) << 236 | e << 248;
            if (o.valid) meta |= 1 << VALID_BIT;
        }
    }

    /// @dev Largest exponent with which every lane, tail and gap fits; 0 if none.
    function _exponent(Outcome memory o) private pure returns (uint256 e) {
        unchecked {
            (int256 least, int256 most) = (o.profits[0], o.profits[0]);
            for (uint256 i = 1; i < TAIL_UP; ++i) {
                int256 profit = o.profits[i];
                if (profit < least) least = profit;
                if (profit > most) most = profit;
            }
            // times the tail multiple, so that tails compare without being divided
            int256 multiple = int256(o.tailMultiple);
            (least, most) = (least * multiple, most * multiple);
            for (uint256 i = TAIL_UP; i < SCENARIOS; ++i) {
                int256 profit = o.profits[i] * int256(PPM);
                if (profit < least) least = profit;
                if (profit > most) most = profit;
            }
            // lanes are from -2 to below 2 of the index, gaps below 1; a scale of 0 or more leaves signs as they are
            int256 range = 2 * int256(o.ref) * multiple;
            uint256 gap = FixedPointMathLib.max(o.gapMaintenance, o.gapInitial) << UNIT_SHIFT;
            uint256 gapRange = MAX_GAP * o.ref;
            for (e = MAX_EXPONENT; e != 0; --e) {
                if (most << e < range && least << e >= -range && gap << e <= gapRange) break;
            }
        }
    }

    /// @dev A profit in units, down, in 16 bits; no profit in one lane can move another.
    function _lane(int256 profit, uint256 ref, uint256 shift) private pure returns (uint256) {
        unchecked {
            int256 scaled = profit << shift;
            int256 units = scaled / int256(ref);
            if (scaled % int256(ref) < 0) --units;
            return uint256(FixedPointMathLib.clamp(units, -MAX_LANE - 1, MAX_LANE)) & type(uint16).max;
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

    /// @dev What the words say.
    function unpack(uint256 meta, uint256 nodes) internal pure returns (RiskArrayView memory a) {
        unchecked {
            a.time = meta & type(uint32).max;
            a.ref = meta >> 32 & type(uint96).max;
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
            a.valid = meta >> VALID_BIT & 1 != 0;
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
