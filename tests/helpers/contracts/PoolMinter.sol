// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";

/// @notice Gives a Uniswap v3 pool liquidity with the tokens that lie here.
contract PoolMinter is IUniswapV3MintCallback {
    using SafeERC20 for IERC20;

    function mint(IUniswapV3Pool pool, int24 low, int24 high, uint128 liquidity) external {
        pool.mint(address(this), low, high, liquidity, "");
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata) external {
        IERC20(IUniswapV3Pool(msg.sender).token0()).safeTransfer(msg.sender, owed0);
        IERC20(IUniswapV3Pool(msg.sender).token1()).safeTransfer(msg.sender, owed1);
    }
}
