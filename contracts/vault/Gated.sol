// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";

/// @title What every other contract than the vault inherits that changes an account's state: its entry points open and
/// close the vault's gate.
abstract contract Gated {
    /// @notice The vault whose gate decides on solvency.
    IMarginVault public immutable vault;

    constructor(IMarginVault vault_) {
        vault = vault_;
    }

    /// @dev Runs the function inside an operation; the outermost close checks every touched account.
    modifier gated() {
        _openGate();
        _;
        _closeGate();
    }

    function _openGate() private {
        vault.openGate();
    }

    function _closeGate() private {
        vault.closeGate();
    }
}
