// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {AuctionVenue} from "./AuctionVenue.sol";

/// @notice Gas of a start and a slice, all cold; run with FOUNDRY_PROFILE=bench.
contract AuctionGasTest is AuctionVenue {
    function marketCount() internal pure override returns (uint256) {
        return 32;
    }

    function _measure(uint256 n) private {
        deposit(trader, n * 1000 + 400);
        for (uint256 i = 0; i < n; ++i) {
            fill(ids[i], trader, maker, 100e18 + (n == 1 ? 400e18 : 0), PRICE);
        }
        for (uint256 i = 0; i < n; ++i) {
            setPrice(i + 1, 94e18);
        }
        skip(60);
        uint256 id = account(trader);
        uint256 to = account(starter);
        auction.start(id, to);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        console.log("GAS start", n, gas);
        skip(300);
        uint256 who = account(liquidator);
        vm.prank(liquidator);
        auction.bid(id, who, 0.1e18, 0, type(int256).max, type(uint256).max, type(uint256).max);
        gas = vm.lastCallGas().gasTotalUsed;
        console.log("GAS bid", n, gas);
    }

    function test_gas_1() public {
        _measure(1);
    }

    function test_gas_8() public {
        _measure(8);
    }

    function test_gas_16() public {
        _measure(16);
    }

    function test_gas_32() public {
        _measure(32);
    }
}
