// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL1Block} from "contracts/crosschain/L1Blocks.sol";

/// @notice Stands for what chains of the OP stack know of the chain below.
contract BlockBelow is IL1Block {
    uint64 public number;
    bytes32 public hash;

    function set(uint64 number_, bytes32 hash_) external {
        (number, hash) = (number_, hash_);
    }
}
