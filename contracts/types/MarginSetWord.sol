// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using MarginSetWordLib for MarginSetWord global;

/// @notice One set of margin parameters [all ppm].
struct MarginSet {
    uint24 liquidityHaircut; // l
    uint24 collateralShock; // x_c
    uint24 derivativeShock; // x_d
    uint24 basisCharge; // b0
    uint24 basisChargePerYear; // b1
}

/// @notice One set of margin parameters of an underlying.
/// @dev From the lowest bit, uint24 each [ppm]: liquidityHaircut | collateralShock | derivativeShock | basisCharge |
/// basisChargePerYear. What lies above is not part of it.
type MarginSetWord is uint256;

/// @notice Reads and makes margin sets.
library MarginSetWordLib {
    /// @dev Bits of a set, and its parameters.
    uint256 internal constant SET_BITS = 120;
    uint256 internal constant FIELDS = 5;
    uint256 private constant FIELD_BITS = 24;
    uint256 private constant FIELD = type(uint24).max;

    /// @dev All five parameters, and nothing above them.
    function encode(MarginSet memory s) internal pure returns (MarginSetWord) {
        return MarginSetWord.wrap(
            uint256(s.liquidityHaircut) | uint256(s.collateralShock) << 24 | uint256(s.derivativeShock) << 48
                | uint256(s.basisCharge) << 72 | uint256(s.basisChargePerYear) << 96
        );
    }

    /// @dev All five parameters.
    function decode(MarginSetWord self) internal pure returns (MarginSet memory) {
        // casts are safe because each accessor masks its field
        return MarginSet(
            uint24(haircut(self)),
            uint24(collateralShock(self)),
            uint24(derivativeShock(self)),
            uint24(basisCharge(self)),
            uint24(basisPerYear(self))
        );
    }

    /// @dev Liquidity haircut [ppm].
    function haircut(MarginSetWord self) internal pure returns (uint256) {
        return MarginSetWord.unwrap(self) & FIELD;
    }

    /// @dev x_c, before multipliers [ppm].
    function collateralShock(MarginSetWord self) internal pure returns (uint256) {
        return (MarginSetWord.unwrap(self) >> 24) & FIELD;
    }

    /// @dev x_d, before multipliers [ppm].
    function derivativeShock(MarginSetWord self) internal pure returns (uint256) {
        return (MarginSetWord.unwrap(self) >> 48) & FIELD;
    }

    /// @dev b0 [ppm].
    function basisCharge(MarginSetWord self) internal pure returns (uint256) {
        return (MarginSetWord.unwrap(self) >> 72) & FIELD;
    }

    /// @dev b1 [ppm a year].
    function basisPerYear(MarginSetWord self) internal pure returns (uint256) {
        return (MarginSetWord.unwrap(self) >> 96) & FIELD;
    }

    /// @dev The parameter at place 0 to 4, in the order above [ppm].
    function field(MarginSetWord self, uint256 place) internal pure returns (uint256) {
        return (MarginSetWord.unwrap(self) >> (FIELD_BITS * place)) & FIELD;
    }
}
