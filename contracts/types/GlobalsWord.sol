// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using GlobalsWordLib for GlobalsWord global;

/// @notice Parameters of the whole venue.
struct GlobalParams {
    uint24 profitWeight; // w0: weight of a leg's unpaid profit in initial margin [ppm]
    uint24 profitCover; // kappa: most profit of a leg that counts [ppm of what its contracts are worth]
    uint32 staleMultiplier; // shocks and impact are multiplied by it while the index is not Valid [ppm]
    uint32 maxMultiplier; // bound on the volatility multiplier [ppm]
    uint24 shortFloor; // least charge on a short option [ppm of the derivative shock]
    uint24 minDelta; // least charge on the delta of an option [ppm of the derivative shock]
    uint24 ageCharge; // widening of a risk array past its grace [ppm of the derivative shock an hour]
    uint24 arrayMaxAge; // an older risk array counts as a price that is not Valid [s]
    uint24 arrayMaxMove; // so does one from whose index the index has moved further [ppm]
}

/// @notice Parameters of the whole venue, in one word of the risk table.
/// @dev From the lowest bit: profitWeight uint24 | profitCover uint24 | staleMultiplier uint32 | maxMultiplier uint32 |
/// shortFloor uint24 | minDelta uint24 | ageCharge uint24 | arrayMaxAge uint24 | arrayMaxMove uint24.
type GlobalsWord is uint256;

/// @notice Reads and makes the venue's parameters.
library GlobalsWordLib {
    uint256 private constant FIELD = type(uint24).max;

    /// @dev Every field at its full width.
    function encode(GlobalParams memory g) internal pure returns (GlobalsWord) {
        return GlobalsWord.wrap(
            uint256(g.profitWeight) | uint256(g.profitCover) << 24 | uint256(g.staleMultiplier) << 48
                | uint256(g.maxMultiplier) << 80 | uint256(g.shortFloor) << 112 | uint256(g.minDelta) << 136
                | uint256(g.ageCharge) << 160 | uint256(g.arrayMaxAge) << 184 | uint256(g.arrayMaxMove) << 208
        );
    }

    /// @dev All fields.
    function decode(GlobalsWord self) internal pure returns (GlobalParams memory) {
        // casts are safe because each accessor masks its field
        return GlobalParams(
            uint24(profitWeight(self)),
            uint24(profitCover(self)),
            uint32(staleMultiplier(self)),
            uint32(maxMultiplier(self)),
            uint24(shortFloor(self)),
            uint24(minDelta(self)),
            uint24(ageCharge(self)),
            uint24(arrayMaxAge(self)),
            uint24(arrayMaxMove(self))
        );
    }

    /// @dev [ppm].
    function profitWeight(GlobalsWord self) internal pure returns (uint256) {
        return GlobalsWord.unwrap(self) & FIELD;
    }

    /// @dev [ppm].
    function profitCover(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 24) & FIELD;
    }

    /// @dev [ppm].
    function staleMultiplier(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 48) & type(uint32).max;
    }

    /// @dev [ppm].
    function maxMultiplier(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 80) & type(uint32).max;
    }

    /// @dev [ppm].
    function shortFloor(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 112) & FIELD;
    }

    /// @dev [ppm].
    function minDelta(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 136) & FIELD;
    }

    /// @dev [ppm an hour].
    function ageCharge(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 160) & FIELD;
    }

    /// @dev [s].
    function arrayMaxAge(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 184) & FIELD;
    }

    /// @dev [ppm].
    function arrayMaxMove(GlobalsWord self) internal pure returns (uint256) {
        return (GlobalsWord.unwrap(self) >> 208) & FIELD;
    }
}
