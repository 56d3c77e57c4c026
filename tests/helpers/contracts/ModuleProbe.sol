// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault, TouchMode} from "contracts/interfaces/IMarginVault.sol";

/// @dev Stands in for a module of the venue: one operation that touches accounts and makes one call.
contract ModuleProbe {
    IMarginVault private immutable _vault;

    constructor(IMarginVault vault) {
        _vault = vault;
    }

    function run(uint256[] calldata accounts, TouchMode mode, address target, bytes calldata data)
        external
        returns (bytes memory result)
    {
        _vault.openGate();
        for (uint256 i; i < accounts.length; ++i) {
            _vault.touch(accounts[i], mode);
        }
        bool success;
        (success, result) = target.call(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
        _vault.closeGate();
    }
}
