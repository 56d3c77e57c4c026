// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {VenueTest} from "../base/VenueTest.sol";
import {Order} from "contracts/interfaces/IExchange.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";

/// @notice Gas of the main operations of an account with 1, 8, 16 and 32 perpetual legs in distinct markets.
/// @dev Run with --isolate: every call is a transaction of its own, so all slots are
/// cold and the 21,000 are included. Prices are of a stored (pull) source refreshed
/// before. Printed as `GAS <operation> <legs> <gas>`; tools/bench.py collects the lines.
contract GasBench is VenueTest {
    Party private trader;
    Party private maker;
    Party private keeper;

    /// @dev A trader with `legs` positions, a maker with one leg beside its other side of them, a keeper with cash.
    function _portfolio(uint256 legs) private {
        deployVenue(legs);
        trader = party("trader");
        maker = party("maker");
        keeper = party("keeper");
        Party memory lender = party("lender");
        Party memory counterparty = party("counterparty");
        fundParty(lender, usdc, 10_000_000e6);
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(maker, usdc, 10_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        fundParty(trader, weth, 10e18);
        fundParty(trader, usdc, 3000e6 * legs);
        for (uint256 i = 0; i < legs; ++i) {
            trade(counterparty, trader, perpetuals[i], 10e18, 2000e18);
        }
        trade(counterparty, maker, perpetuals[0], 1e18, 2000e18);
        skip(12);
        refreshAll();
    }

    function _print(string memory operation, uint256 legs) private {
        console.log("GAS %s %s %s", operation, legs, vm.lastCallGas().gasTotalUsed);
    }

    function _deposit(uint256 legs) private {
        _portfolio(legs);
        usdc.mint(trader.owner, 100e6);
        vm.prank(trader.owner);
        vault.deposit(trader.account, address(usdc), 100e6);
        _print("deposit", legs);
    }

    function _withdraw(uint256 legs) private {
        _portfolio(legs);
        vm.prank(trader.owner);
        vault.withdraw(trader.account, address(usdc), 100e6, trader.owner);
        _print("withdraw", legs);
    }

    function _trade(uint256 legs) private {
        _portfolio(legs);
        Order memory m = order(maker, perpetuals[0], -1e18, 2000e18);
        Order memory t = order(trader, perpetuals[0], 1e18, 2000e18);
        bytes memory ms = sign(maker, m);
        bytes memory ts = sign(trader, t);
        exchange.fill(m, ms, t, ts, 1e18);
        _print("trade", legs);
    }

    /// @dev All prices fall in steps until the account is unhealthy; it is still worth something then.
    function _crash(uint256 legs) private {
        uint256 price = START_PRICE;
        while (engine.health(trader.account) >= 1e18) {
            price -= 10e8;
            for (uint256 i = 1; i <= legs; ++i) {
                setPrice(i, price);
            }
            oracle.refresh(feedIds);
            skip(12);
        }
        refreshAll();
        (, Margin memory m) = engine.margin(trader.account);
        assertGt(m.equity, 0, "worth something");
    }

    function _start(uint256 legs) private {
        _portfolio(legs);
        _crash(legs);
        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        _print("start", legs);
    }

    function _bid(uint256 legs) private {
        _portfolio(legs);
        _crash(legs);
        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        skip(5 minutes);
        refreshAll();
        vm.prank(keeper.owner);
        auction.bid(
            trader.account, keeper.account, 0.1e18, 0.1e18, type(int256).max, type(uint256).max, block.timestamp
        );
        _print("bid", legs);
    }

    function test_deposit_1() public {
        _deposit(1);
    }

    function test_deposit_8() public {
        _deposit(8);
    }

    function test_deposit_16() public {
        _deposit(16);
    }

    function test_deposit_32() public {
        _deposit(32);
    }

    function test_withdraw_1() public {
        _withdraw(1);
    }

    function test_withdraw_8() public {
        _withdraw(8);
    }

    function test_withdraw_16() public {
        _withdraw(16);
    }

    function test_withdraw_32() public {
        _withdraw(32);
    }

    function test_trade_1() public {
        _trade(1);
    }

    function test_trade_8() public {
        _trade(8);
    }

    function test_trade_16() public {
        _trade(16);
    }

    function test_trade_32() public {
        _trade(32);
    }

    function test_start_1() public {
        _start(1);
    }

    function test_start_8() public {
        _start(8);
    }

    function test_start_16() public {
        _start(16);
    }

    function test_start_32() public {
        _start(32);
    }

    function test_bid_1() public {
        _bid(1);
    }

    function test_bid_8() public {
        _bid(8);
    }

    function test_bid_16() public {
        _bid(16);
    }

    function test_bid_32() public {
        _bid(32);
    }
}
