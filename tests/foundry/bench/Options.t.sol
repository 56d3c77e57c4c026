// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {VenueTest} from "../base/VenueTest.sol";

/// @notice Gas of options: margin checks of an account with 1, 8, 20 and 40 option series beside one perpetual leg, and
/// refreshing as many risk arrays.
/// @dev Run with --isolate, like the other benchmarks. `option-withdraw` less `withdraw` of one leg is what options
/// cost in a check.
contract OptionBench is VenueTest {
    Party private trader;

    /// @dev A trader with one perpetual leg and `count` series, long puts and short calls.
    function _portfolio(uint256 count) private {
        deployVenue(1);
        listOptions(count, (block.timestamp / 1 hours + 30 * 24) * 1 hours);
        trader = party("trader");
        Party memory counterparty = party("counterparty");
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(trader, usdc, 1_000_000e6);
        trade(counterparty, trader, perpetuals[0], 1e18, 2000e18);
        for (uint256 i = 0; i < count; ++i) {
            // a dollar from the mark, so that no leg is in profit, like the perpetuals of the other benchmarks
            (uint256 mark,,) = options.mark(series[i]);
            bool buys = i % 2 == 0;
            trade(counterparty, trader, series[i], buys ? int256(1e18) : -1e18, buys ? mark + 1e18 : mark - 1e18);
        }
        skip(12);
        refreshAll();
        postSlice();
        skip(1);
        options.refresh(series);
    }

    function _print(string memory operation, uint256 count) private {
        console.log("GAS %s %s %s", operation, count, vm.lastCallGas().gasTotalUsed);
    }

    function _withdraw(uint256 count) private {
        _portfolio(count);
        vm.prank(trader.owner);
        vault.withdraw(trader.account, address(usdc), 100e6, trader.owner);
        _print("option-withdraw", count);
    }

    function _refresh(uint256 count) private {
        _portfolio(count);
        skip(60);
        refreshAll();
        options.refresh(series);
        _print("option-refresh", count);
    }

    function test_withdraw_1() public {
        _withdraw(1);
    }

    function test_withdraw_8() public {
        _withdraw(8);
    }

    function test_withdraw_20() public {
        _withdraw(20);
    }

    function test_withdraw_40() public {
        _withdraw(40);
    }

    function test_refresh_1() public {
        _refresh(1);
    }

    function test_refresh_8() public {
        _refresh(8);
    }

    function test_refresh_20() public {
        _refresh(20);
    }

    function test_refresh_40() public {
        _refresh(40);
    }
}
