// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITransport} from "contracts/interfaces/ITransport.sol";

/// @notice A transport that asks for more the dearer gas is, and so for less in a call, where gas costs nothing.
contract PricedTransport is ITransport {
    uint256 private constant GAS = 10_000;
    uint256 private constant LEAST = 1 gwei;

    function send(uint32, address, bytes calldata) external payable {}

    function quote(uint32, address, bytes calldata) external view returns (uint256) {
        return LEAST + tx.gasprice * GAS;
    }
}
