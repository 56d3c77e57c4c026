// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using ArrayMetaLib for ArrayMeta global;

/// @notice What a risk array says of a series beside its lanes; 0 for one that was never refreshed.
/// @dev From the lowest bit: time uint32 [s] | ref uint96 [wad USD] | mark exponent uint6, mantissa uint26 | delta
/// int16 [2^-14] | tail up int16 | tail down int16 | gap of maintenance uint14 | gap of initial uint14 | drift uint12
/// [2^-10] | exponent of the unit uint4 | valid uint1. Tails and gaps count units of ref / 2^(14 + exponent).
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
    uint256 internal constant MANTISSA_BITS = 26;
    uint256 internal constant MAX_MARK_EXPONENT = 63;
    uint256 internal constant MAX_MANTISSA = 2 ** 26 - 1;
    uint256 private constant VALID_BIT = 252;

    /* MAKING */

    /// @dev A meta of the first fields; a time is cut to 32 bits, a delta to 16.
    function encode(uint256 time, uint256 ref, uint256 mantissa, uint256 markExponent, int256 delta_)
        internal
        pure
        returns (ArrayMeta)
    {
        return ArrayMeta.wrap(
            time & type(uint32).max | ref << 32 | markExponent << 128 | mantissa << 134
                | (uint256(delta_) & type(uint16).max) << 160
        );
    }

    /// @dev A new meta with its tails [units].
    function withTails(ArrayMeta self, int256 up, int256 down) internal pure returns (ArrayMeta) {
        return ArrayMeta.wrap(
            ArrayMeta.unwrap(self) | (uint256(up) & type(uint16).max) << 176 | (uint256(down) & type(uint16).max)
                << 192
        );
    }

    /// @dev A new meta with its gaps [units].
    function withGaps(ArrayMeta self, uint256 maintenance, uint256 initial) internal pure returns (ArrayMeta) {
        return ArrayMeta.wrap(ArrayMeta.unwrap(self) | maintenance << 208 | initial << 222);
    }

    /// @dev A new meta with the rest.
    function withRest(ArrayMeta self, uint256 drift_, uint256 exponent, bool valid) internal pure returns (ArrayMeta) {
        uint256 word = ArrayMeta.unwrap(self) | drift_ << 236 | exponent << 248;
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
        return (word & type(uint32).max, word >> 32 & type(uint96).max);
    }

    /// @dev The mark is the mantissa times 2 to the exponent, down [wad USD].
    function mark(ArrayMeta self) internal pure returns (uint256 mantissa, uint256 exponent) {
        uint256 word = ArrayMeta.unwrap(self);
        return (word >> 134 & MAX_MANTISSA, word >> 128 & MAX_MARK_EXPONENT);
    }

    /// @dev Of the mark to the index [2^-14].
    function delta(ArrayMeta self) internal pure returns (int256) {
        // safe because the cast keeps exactly the bits of the field
        return int16(uint16(ArrayMeta.unwrap(self) >> 160));
    }

    /// @dev Profit of a long contract in the tails [units].
    function tails(ArrayMeta self) internal pure returns (int256 up, int256 down) {
        uint256 word = ArrayMeta.unwrap(self);
        // safe because the casts keep exactly the bits of the fields
        return (int16(uint16(word >> 176)), int16(uint16(word >> 192)));
    }

    /// @dev The tails as two lanes in the lowest bits, in the order of ArrayNodes.
    function tailLanes(ArrayMeta self) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> 176;
    }

    /// @dev How far a price may lie below the lines between the nodes of a set [units].
    function gap(ArrayMeta self, bool initial) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> (initial ? 222 : 208) & MAX_GAP;
    }

    /// @dev How much faster than the tangent mark and lanes can move [2^-10].
    function drift(ArrayMeta self) internal pure returns (uint256) {
        return ArrayMeta.unwrap(self) >> 236 & MAX_DRIFT;
    }

    /// @dev A lane counts the index at the refresh over 2 to this.
    function unitShift(ArrayMeta self) internal pure returns (uint256) {
        // safe because a sum of two small numbers
        unchecked {
            return UNIT_SHIFT + (ArrayMeta.unwrap(self) >> 248 & MAX_EXPONENT);
        }
    }

    /// @dev Whether index and slice were Valid.
    function isValid(ArrayMeta self) internal pure returns (bool) {
        return ArrayMeta.unwrap(self) >> VALID_BIT & 1 != 0;
    }
}
