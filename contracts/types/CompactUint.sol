// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using CompactUintLib for CompactUint global;

/// @notice A number below 2^256, kept to its 96 leading bits.
/// @dev From the lowest bit: mantissa uint96, exponent uint8. The number is `mantissa << exponent`; one below 2^96 has
/// the exponent 0, so that each number has one word.
type CompactUint is uint104;

/// @notice Rounds numbers to compact ones and reads them.
library CompactUintLib {
    uint256 private constant MANTISSA_BITS = 96;

    /// @dev The largest compact number that is at most `number`.
    function down(uint256 number) internal pure returns (CompactUint) {
        uint256 exponent = _exponent(number);
        return _pack(number >> exponent, exponent);
    }

    /// @dev The least compact number that is at least `number`, which is at most 2^255.
    function up(uint256 number) internal pure returns (CompactUint) {
        uint256 exponent = _exponent(number);
        uint256 mantissa = number >> exponent;
        if (mantissa << exponent != number) ++mantissa;
        // One more than a full mantissa is a power of two.
        if (mantissa >> MANTISSA_BITS != 0) (mantissa, exponent) = (mantissa >> 1, exponent + 1);
        return _pack(mantissa, exponent);
    }

    /// @dev The number itself.
    function value(CompactUint self) internal pure returns (uint256) {
        uint256 word = CompactUint.unwrap(self);
        return (word & type(uint96).max) << (word >> MANTISSA_BITS);
    }

    /// @dev How many bits a number has beyond the mantissa.
    function _exponent(uint256 number) private pure returns (uint256) {
        return number >> MANTISSA_BITS == 0 ? 0 : FixedPointMathLib.log2(number) + 1 - MANTISSA_BITS;
    }

    /// @dev The word of a mantissa below 2^96 and an exponent below 2^8.
    function _pack(uint256 mantissa, uint256 exponent) private pure returns (CompactUint) {
        // safe because of the bounds above: 104 bits in all
        return CompactUint.wrap(uint104(exponent << MANTISSA_BITS | mantissa));
    }
}
