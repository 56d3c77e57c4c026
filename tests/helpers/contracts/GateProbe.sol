// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault, IUnlockCallback} from "contracts/interfaces/IMarginVault.sol";

/// @notice Makes any call in the middle of an operation.
contract GateProbe is IUnlockCallback {
    function inside(IMarginVault vault, address target, bytes calldata data) external returns (bytes memory) {
        return vault.unlock(abi.encode(target, data));
    }

    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        (address target, bytes memory call) = abi.decode(data, (address, bytes));
        (bool ok, bytes memory result) = target.call(call);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
        return result;
    }
}
