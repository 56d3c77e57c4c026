// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using OptionParamsWordLib for OptionParamsWord global;

/// @notice Shocks of volatility and limits of posts, for one underlying.
struct OptionParams {
    uint24 volShockMaintenance; // relative shock of a 30-day volatility [ppm]
    uint24 volShockInitial; // not below the one for maintenance [ppm]
    uint24 defaultVolatility; // where no slice can be trusted [ppm]
    uint24 maxAge; // a slice is Valid this long [s]
    uint24 expiryAge; // and Stale until this age; afterwards Uncertain [s]
    uint24 minInterval; // between posts of a slice [s]
    uint24 maxStep; // relative move of volatility in a post [ppm]
    uint24 maxCarry; // |carry| of a slice [ppm a year]
}

/// @notice The option parameters of an underlying and the end of the guardian's distrust, in one storage slot.
/// @dev From the lowest bit, uint24 each: volShockMaintenance | volShockInitial | defaultVolatility | maxAge |
/// expiryAge | minInterval | maxStep | maxCarry; then uncertainUntil uint64 [s].
type OptionParamsWord is uint256;

/// @notice Reads and makes option parameters.
library OptionParamsWordLib {
    uint256 private constant PARAMS_BITS = 192;

    /// @dev Keeps the end of the distrust that `last` holds.
    function encode(OptionParams memory p, OptionParamsWord last) internal pure returns (OptionParamsWord) {
        uint256 word = uncertainUntil(last) << PARAMS_BITS;
        word |= uint256(p.volShockMaintenance) | uint256(p.volShockInitial) << 24;
        word |= uint256(p.defaultVolatility) << 48 | uint256(p.maxAge) << 72 | uint256(p.expiryAge) << 96;
        word |= uint256(p.minInterval) << 120 | uint256(p.maxStep) << 144 | uint256(p.maxCarry) << 168;
        return OptionParamsWord.wrap(word);
    }

    /// @dev All parameters, without the end of the distrust.
    function decode(OptionParamsWord self) internal pure returns (OptionParams memory p) {
        uint256 word = OptionParamsWord.unwrap(self);
        // safe because each cast keeps exactly the bits of its field
        p.volShockMaintenance = uint24(word);
        p.volShockInitial = uint24(word >> 24);
        p.defaultVolatility = uint24(word >> 48);
        p.maxAge = uint24(word >> 72);
        p.expiryAge = uint24(word >> 96);
        p.minInterval = uint24(word >> 120);
        p.maxStep = uint24(word >> 144);
        p.maxCarry = uint24(word >> 168);
    }

    /// @dev Whether the underlying has parameters: a configured default volatility is never 0.
    function isConfigured(OptionParamsWord self) internal pure returns (bool) {
        return OptionParamsWord.unwrap(self) >> 48 & type(uint24).max != 0;
    }

    /// @dev Ends the distrust at `until`, which fits 32 bits.
    function withUncertainUntil(OptionParamsWord self, uint256 until) internal pure returns (OptionParamsWord) {
        return OptionParamsWord.wrap(OptionParamsWord.unwrap(self) & (1 << PARAMS_BITS) - 1 | until << PARAMS_BITS);
    }

    /// @dev Until when slices of the underlying are Uncertain at least; 0: never distrusted [s].
    function uncertainUntil(OptionParamsWord self) internal pure returns (uint256) {
        return OptionParamsWord.unwrap(self) >> PARAMS_BITS;
    }
}
