// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {MAX_ASSETS, MAX_LEGS} from "contracts/types/Constants.sol";

/// @notice INV-29: the largest account that the caps allow stays within the gas bound in every step of a liquidation.
/// @dev Measured warm or cold alike against half of what a transaction may use (EIP-7825: 2^24).
contract WorstAccountTest is VenueTest {
    uint256 private constant BOUND = 8_000_000;

    Party private trader;
    Party private keeper;

    function setUp() public {
        deployVenue(MAX_LEGS);
        trader = party("trader");
        keeper = party("keeper");
        Party memory lender = party("lender");
        Party memory counterparty = party("counterparty");
        fundParty(lender, usdc, 10_000_000e6);
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        fundParty(trader, usdc, 150_000e6);
        listAssets(MAX_ASSETS);
        for (uint256 i = 0; i < MAX_ASSETS; ++i) {
            fundParty(trader, assets[i], 1e18);
        }
        for (uint256 i = 0; i < MAX_LEGS; ++i) {
            trade(counterparty, trader, perpetuals[i], 10e18, 2000e18);
        }
    }

    function test_INV_29_every_step_of_the_largest_liquidation_is_within_the_bound() public {
        assertEq(clearinghouse.legIds(trader.account).length, MAX_LEGS);
        (, uint256[] memory spot) = vault.accountState(trader.account);
        assertEq(spot.length, MAX_ASSETS);
        _fall(1725e8);

        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        assertLt(vm.lastCallGas().gasTotalUsed, BOUND, "start");

        skip(5 minutes);
        refreshAll();
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, 0.1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        assertLt(vm.lastCallGas().gasTotalUsed, BOUND, "slice");

        clearinghouse.settle(trader.account, clearinghouse.legIds(trader.account));
        assertLt(vm.lastCallGas().gasTotalUsed, BOUND, "settle");

        // insolvent, nobody insures: every leg's loss is shared on its own
        _fall(1500e8);
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        assertLt(vm.lastCallGas().gasTotalUsed, BOUND, "whole, with losses shared");
        assertEq(clearinghouse.legIds(trader.account).length, 0);
    }

    function _fall(uint256 price) private {
        for (uint256 i = 1; i <= MAX_LEGS; ++i) {
            setPrice(i, price);
        }
        skip(12);
        refreshAll();
    }
}
