// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault, IUnlockCallback} from "contracts/interfaces/IMarginVault.sol";

/// @notice Runs any calls inside one operation of a vault, and tries others without minding if they fail.
contract Batcher is IUnlockCallback {
    struct Call {
        address target;
        bytes data;
        bool tried; // a failure is recorded, not passed on
    }

    bytes[] public results;
    bool[] public successes;

    function run(IMarginVault vault, Call[] calldata calls) external {
        vault.unlock(abi.encode(calls));
    }

    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        Call[] memory calls = abi.decode(data, (Call[]));
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool success, bytes memory result) = calls[i].target.call(calls[i].data);
            if (!success && !calls[i].tried) {
                assembly ("memory-safe") {
                    revert(add(result, 0x20), mload(result))
                }
            }
            successes.push(success);
            results.push(result);
        }
        return "done";
    }

    function outcome(uint256 i) external view returns (bool success, bytes memory result) {
        return (successes[i], results[i]);
    }
}
