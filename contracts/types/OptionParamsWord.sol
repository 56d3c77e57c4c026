// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionParams} from "../interfaces/IOptionOracle.sol";

/// @notice The option parameters of an underlying and the end of the guardian's distrust, in one storage slot.
/// @dev From the lowest bit, uint24 each: volShockMaintenance | volShockInitial | tailMultiple | defaultVolatility |
/// maxAge | expiryAge | minInterval | maxStep | maxCarry; then uncertainUntil uint32 [s].
library OptionParamsWord {
    uint256 private constant PARAMS_BITS = 216;

    /// @dev Keeps the end of the distrust that `last` holds.
    function encode(OptionParams memory p, uint256 last) internal pure returns (uint256 word) {
        word = last >> PARAMS_BITS << PARAMS_BITS;
        word |= uint256(p.volShockMaintenance) | uint256(p.volShockInitial) << 24 | uint256(p.tailMultiple) << 48;
        word |= uint256(p.defaultVolatility) << 72 | uint256(p.maxAge) << 96 | uint256(p.expiryAge) << 120;
        word |= uint256(p.minInterval) << 144 | uint256(p.maxStep) << 168 | uint256(p.maxCarry) << 192;
    }

    function decode(uint256 word) internal pure returns (OptionParams memory p) {
        // safe because each cast keeps exactly the bits of its field
        p.volShockMaintenance = uint24(word);
        p.volShockInitial = uint24(word >> 24);
        p.tailMultiple = uint24(word >> 48);
        p.defaultVolatility = uint24(word >> 72);
        p.maxAge = uint24(word >> 96);
        p.expiryAge = uint24(word >> 120);
        p.minInterval = uint24(word >> 144);
        p.maxStep = uint24(word >> 168);
        p.maxCarry = uint24(word >> 192);
    }

    /// @dev Whether the underlying has parameters: a configured default volatility is never 0.
    function isConfigured(uint256 word) internal pure returns (bool) {
        return word >> 72 & type(uint24).max != 0;
    }

    /// @dev Ends the distrust at `until`, which fits 32 bits.
    function withUncertainUntil(uint256 word, uint256 until) internal pure returns (uint256) {
        return word & (1 << PARAMS_BITS) - 1 | until << PARAMS_BITS;
    }

    /// @dev Until when slices of the underlying are Uncertain at least; 0: never distrusted [s].
    function uncertainUntilOf(uint256 word) internal pure returns (uint256) {
        return word >> PARAMS_BITS;
    }
}
