// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";

/// @notice A factory whose only pool is itself, and a pool that asks to be paid twice, or does what it was told again.
contract GreedyPool {
    bytes private _again;

    function getPool(address, address, uint24) external view returns (address) {
        return address(this);
    }

    function work(address target, bytes calldata call) external {
        _again = call;
        Address.functionCall(target, call);
    }

    function swap(address, bool, int256 amount, uint160, bytes calldata data) external returns (int256, int256) {
        if (_again.length != 0) Address.functionCall(msg.sender, _again);
        IUniswapV3SwapCallback(msg.sender).uniswapV3SwapCallback(amount / 2, 0, data);
        IUniswapV3SwapCallback(msg.sender).uniswapV3SwapCallback(amount / 2, 0, data);
        return (amount, 0);
    }
}
