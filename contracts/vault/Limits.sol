// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";

/// @title Bounds of the vault's parameters.
library Limits {
    /// @dev Refuses a number above its limit.
    function requireAtMost(uint256 value, uint256 limit) internal pure {
        if (value > limit) revert IMarginVault.ParameterOutOfRange(value, limit);
    }
}
