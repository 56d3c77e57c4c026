// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {IRiskEngine} from "contracts/interfaces/IRiskEngine.sol";

/// @notice Calls between contracts go one way where a hand-over does: nobody is asked back for what it has given.
contract HandOverTest is VenueTest {
    Party private trader;
    Party private maker;

    function setUp() public {
        deployVenue(1);
        trader = party("trader");
        maker = party("maker");
        fundParty(maker, usdc, 1_000_000e6);
        fundParty(trader, usdc, 100_000e6);
        fundParty(trader, weth, 10e18);
        trade(maker, trader, perpetuals[0], 10e18, 2000e18);
        refreshAll();
    }

    /// @dev The gate's check asks the engine, which asks the vault for nothing.
    function test_the_engine_does_not_ask_the_vault_back() public {
        vm.expectCall(address(engine), abi.encodePacked(IRiskEngine.initialMargin.selector), 1);
        vm.expectCall(address(vault), abi.encodePacked(IMarginVault.accountState.selector), 0);
        vm.expectCall(address(vault), abi.encodePacked(IMarginVault.cashOf.selector), 0);
        vm.expectCall(address(vault), abi.encodePacked(IMarginVault.moduleRoles.selector), 0);
        vm.prank(trader.owner);
        vault.withdraw(trader.account, address(usdc), 100e6, trader.owner);
    }

    /// @dev Nor does the clearinghouse ask the engine whether a loss may become a loan: the vault decides on solvency.
    function test_settlement_asks_the_vault_for_solvency() public {
        skip(12);
        setPrice(1, 1500e8);
        refreshAll();
        // what is left is less than the loss of 5,000
        vm.prank(trader.owner);
        vault.withdraw(trader.account, address(usdc), 97_000e6, trader.owner);
        vm.expectCall(address(vault), abi.encodeCall(IMarginVault.mayBorrow, (trader.account)), 1);
        vm.expectCall(address(vault), abi.encodePacked(IMarginVault.riskEngine.selector), 0);
        clearinghouse.settleBetween(perpetuals[0], maker.account, trader.account);
    }

    /// @dev Surfaces and arrays have what they need from their stores, not through the vault's engine.
    function test_options_do_not_reach_through_the_engine() public {
        vm.expectCall(address(vault), abi.encodePacked(IMarginVault.riskEngine.selector), 0);
        listOptions(2, (block.timestamp / 1 hours + 24) * 1 hours);
        options.refreshStale(series);
        options.refresh(series);
    }
}
