// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using ArrayMetaLib for ArrayMeta global;

/// @notice What a risk array says of a series beside its lanes; 0 for one that was never refreshed.
/// @dev From the lowest bit: time uint32 [s] | ref exponent uint6, mantissa uint58 [wad USD] | mark exponent uint6,
/// mantissa uint26 | delta int16 [2^-14] | tail up int16 | tail down int16 | gap of maintenance uint14 | gap of initial
/// uint14 | bow of maintenance uint14 | bow of initial uint14 | drift uint12 [2^-10] | exponent of the unit uint4 |
/// reach uint7 [2^-7] | valid uint1. Tails, gaps and bows count units of ref / 2^(14 + exponent).
type ArrayMeta is uint256;

/// @dev Scenarios of an array: sixteen lanes and two tails; then the place of what is now, behind them.
uint256 constant SCENARIOS = 18;
/// @dev Lanes that only initial margin reads begin here.
uint256 constant INITIAL_LANES = 8;
uint256 constant TAIL_UP_LANE = 16;
uint256 constant TAIL_DOWN_LANE = 17;
uint256 constant NOW_LANE = SCENARIOS;
/// @dev The price moves in the tails by this, or by an eighth more than the shock of initial margin [ppm].
uint256 constant LEAST_TAIL_MOVE = 200_000;
/// @dev An array is as good as new for this long [s].
uint256 constant AGE_GRACE = 600;

/// @dev How far the price moves in the tails, by the derivative shock of initial margin, below 2^24 [ppm].
function tailMoveOf(uint256 initialShock) pure returns (uint256 move) {
    // safe because 9/8 of a shock are below 2^25
    unchecked {
        move = initialShock + initialShock / 8;
    }
    if (move < LEAST_TAIL_MOVE) move = LEAST_TAIL_MOVE;
}

/// @notice Reads and makes metas. Those that make one expect fields within their width.
library ArrayMetaLib {
    /// @dev A lane counts the index over 2 to this and the exponent.
    uint256 internal constant UNIT_SHIFT = 14;
    uint256 internal constant MAX_EXPONENT = 15;
    uint256 internal constant MAX_GAP = 2 ** 14 - 1;
    uint256 internal constant MAX_DRIFT = 2 ** 12 - 1;
    uint256 internal constant DELTA_SHIFT = 14;
    uint256 internal constant DRIFT_SHIFT = 10;
    uint256 internal constant REACH_SHIFT = 7;
    uint256 internal constant MAX_REACH = 2 ** 7 - 1;
    uint256 internal constant REF_BITS = 58;
    uint256 internal constant MANTISSA_BITS = 26;
    uint256 internal constant MAX_MARK_EXPONENT = 63;
    uint256 internal constant MAX_MANTISSA = 2 ** 26 - 1;
    uint256 private constant MAX_REF_MANTISSA = 2 ** 58 - 1;
    uint256 private constant MAX_REF_EXPONENT = 2 ** 6 - 1;
    uint256 private constant VALID_BIT = 255;

    /* MAKING */

    /// @dev A meta of the first fields; a time is cut to 32 bits, an index below 2^96 to its leading ones, a delta to
    /// 16.
    function encode(uint256 time, uint256 index, uint256 mantissa, uint256 markExponent, int256 delta_)
        internal
        pure
        returns (ArrayMeta)
    {
        uint256 places = _placesOf(index);
        return ArrayMeta.wrap(
            time & type(uint32).max | places << 32 | index >> places << 38 | markExponent << 96 | mantissa << 102
                | (uint256(delta_) & type(uint16).max) << 128
        );
    }

    /// @dev The index that an array is made at: the leading bits of an index, down [wad USD].
    function refOf(uint256 index) internal pure returns (uint256) {
        uint256 places = _placesOf(index);
        return index >> places << places;
    }

    /// @dev How many bits an index has beyond those that are kept.
    function _placesOf(uint256 index) private pure returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(FixedPointMathLib.log2(index) + 1, REF_BITS);
    }

    /// @dev A new meta with its tails [units].
    function withTails(ArrayMeta self, int256 up, int256 down) internal pure returns (ArrayMeta) {
        return ArrayMeta.wrap(
            ArrayMeta.unwrap(self) | (uint256(up) & type(uint16).max) << 144 | (uint256(down) & type(uint16).max)
                << 160
        );
    }

    /// @dev A new meta with its gaps [units].
    function withGaps(ArrayMeta self, uint256 maintenance, uint256 initial) internal pure returns (ArrayMeta) {
        return ArrayMeta.wrap(ArrayMeta.unwrap(self) | maintenance << 176 | initial << 190);
    }

    /// @dev A new meta with its bows [units].
    function withBows(ArrayMeta self, uint256 maintenance, uint256 initial) internal pure returns (ArrayMeta) {
        return ArrayMeta.wrap(ArrayMeta.unwrap(self) | maintenance << 204 | initial << 218);
    }

    /// @dev A new meta with the rest.
    function withRest(ArrayMeta self, uint256 drift_, uint256 exponent, uint256 reach_, bool valid)
        internal
        pure
        returns (ArrayMeta)
    {
        uint256 word = ArrayMeta.unwrap(self) | drift_ << 232 | exponent << 244 | reach_ << 248;
        if (valid) word |= 1 << VALID_BIT;
        return ArrayMeta.wrap(word);
    }

    /* READING */

    /// @dev Whether the array was never stored.
    function isNone(ArrayMeta self) internal pure returns (bool) {
        return ArrayMeta.unwrap(self) == 0;
    }

    /// @dev Time of the refresh [s] and index then [wad USD].
    function origin(ArrayMeta self) internal pure returns (uint256 time, uint256 ref) {
        uint256 word = ArrayMeta.unwrap(self);
        return (word & type(uint32).max, (word >> 38 & MAX_REF_MANTISSA) << (word >> 32 & MAX_REF_EXPONENT));
    }

    /// @dev The mark is the mantissa times 2 to the exponent, down [wad USD].
    function mark(ArrayMeta self) internal pure returns (uint256 mantissa, uint256 exponent) {
        uint256 word = ArrayMeta.unwrap(self);
        return (word >> 102 & MAX_MANTISSA, word >> 96 & MAX_MARK_EXPONENT);
    }

    /// @dev Of the mark to the index [2^-14].
    function delta(ArrayMeta self) internal pure returns (int256) {
        // safe because the cast keeps exactly the bits of the field
        return int16(uint16(ArrayMeta.unwrap(self) >> 128));
    }

    /// @dev Profit of a long contract in the tails [units].
    function tails(ArrayMeta self) internal pure returns (int256 up, int256 down) {
        uint256 word = ArrayMeta.unwrap(self);
        // safe because the casts keep exactly the bits of the fields
        return (int16(uint16(word >> 144)), int16(uint16(word >> 160)));
    }

    /// @dev The tails as two lanes in the lowest bits, in the order of ArrayNodes.
    function tailLanes(ArrayMeta self) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> 144;
    }

    /// @dev How far a price may lie below the lines between the nodes of a set [units].
    function gap(ArrayMeta self, bool initial) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> (initial ? 190 : 176) & MAX_GAP;
    }

    /// @dev How far a price may lie above them [units].
    function bow(ArrayMeta self, bool initial) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> (initial ? 218 : 204) & MAX_GAP;
    }

    /// @dev How much faster than the tangent mark and lanes can move [2^-10].
    function drift(ArrayMeta self) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> 232 & MAX_DRIFT;
    }

    /// @dev A lane counts the index at the refresh over 2 to this.
    function unitShift(ArrayMeta self) internal pure returns (uint256) {
        // safe because a sum of two small numbers
        unchecked {
            return UNIT_SHIFT + (ArrayMeta.unwrap(self) >> 244 & MAX_EXPONENT);
        }
    }

    /// @dev How much further than the index the mark can move, at most [2^-7].
    function reach(ArrayMeta self) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> 248 & MAX_REACH;
    }

    /// @dev Whether index and slice were Valid.
    function isValid(ArrayMeta self) internal pure returns (bool) {
        return ArrayMeta.unwrap(self) >> VALID_BIT != 0;
    }
}
