// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionAttackTest} from "./base/OptionAttackTest.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {Bundle, ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {IOptionOracle} from "contracts/interfaces/IOptionOracle.sol";
import {KIND_CALL, KIND_FUTURE, KIND_PUT} from "contracts/types/InstrumentId.sol";
import {Slice} from "contracts/types/SliceWord.sol";

/// @notice What attackers could try with options that are marked by risk arrays, and with their settlement.
contract OptionAttacksTest is OptionAttackTest {
    Party private victim;
    Party private maker;
    uint64 private near;
    uint64 private far;

    function setUp() public override {
        super.setUp();
        victim = party("victim");
        maker = party("maker");
        fundParty(maker, usdc, 10_000_000e6);
    }

    /// @dev The victim's spread, with what initial margin asks for and little more.
    function _openSpread(uint256 kind, uint256 bought, uint256 sold, int256 size) private {
        near = list(kind, bought);
        far = list(kind, sold);
        fundParty(victim, usdc, 2_000_000e6);
        open(victim, maker, near, size);
        open(victim, maker, far, -size);
        withdrawToInitial(victim);
    }

    /* MARKS OF ANOTHER INDEX */

    /// @notice Attack 51: who moved the index sells a sound spread as an insolvent one, in the same transaction.
    function test_attack_51_nobody_is_auctioned_at_marks_of_another_index() public {
        _openSpread(KIND_PUT, 2000e18, 2600e18, 1000e18);
        moveIndex(1900e8);
        assertLt(maintenanceOf(victim).excess, 0);
        uint256 state = vm.snapshotState();
        options.refresh(series);
        int256 excess = maintenanceOf(victim).excess;
        assertGt(excess, 0);
        vm.revertToState(state);

        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.Healthy.selector, victim.account, excess));
        auction.start(victim.account, keeper.account);
        assertFalse(vault.isInAuction(victim.account));
    }

    /// @notice Nor is it sold so if an auction was right before.
    function test_attack_51_bids_are_at_marks_of_now() public {
        moveIndex(2600e8);
        _openSpread(KIND_PUT, 2000e18, 2600e18, 1000e18);
        moveIndex(2400e8);
        auction.start(victim.account, keeper.account);
        skip(60);
        moveIndex(2600e8);
        assertLt(maintenanceOf(victim).excess, 0);

        vm.startPrank(keeper.owner);
        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.bid(victim.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.bidBundle(
            Bundle(
                victim.account,
                keeper.account,
                new uint64[](0),
                new int256[](0),
                new uint256[](0),
                new uint256[](0),
                0,
                type(uint256).max,
                block.timestamp
            )
        );
        vm.stopPrank();
        auction.end(victim.account);
        assertFalse(vault.isInAuction(victim.account));
        assertEq(options.arrayOf(near).time, block.timestamp);
    }

    /// @notice Inside an operation arrays stay as they are, and none that is not recent is used.
    function test_attack_51_an_operation_does_not_help() public {
        _openSpread(KIND_PUT, 2000e18, 2600e18, 1000e18);
        moveIndex(1900e8);
        vm.expectRevert(IOptionOracle.OperationOpen.selector);
        inOperation(address(auction), abi.encodeCall(auction.start, (victim.account, keeper.account)));
        assertFalse(vault.isInAuction(victim.account));
    }

    /// @notice Refresh, post and start in one second: the array is of the slice before.
    function test_attack_51_an_array_of_the_second_of_a_post_is_not_recent() public {
        near = list(KIND_CALL, 2000e18);
        uint256 earlier = options.arrayOf(near).mark;
        surface.post(1, optionExpiry, Slice(456_000, 10_000, 0, 0, 400_000, 0));
        assertEq(options.arrayOf(near).time, block.timestamp);
        options.refreshStale(series);
        assertGt(options.arrayOf(near).mark, earlier);
    }

    /// @notice What is not Valid is recent in its own second, so that an operation can use what was refreshed before.
    function test_not_valid_is_recent_for_a_second() public {
        near = list(KIND_CALL, 2000e18);
        skip(12);
        surface.forceUncertain(1, 1 hours);
        options.refresh(series);
        vm.recordLogs();
        options.refreshStale(series);
        assertEq(vm.getRecordedLogs().length, 0);
        skip(1);
        options.refreshStale(series);
        assertEq(vm.getRecordedLogs().length, 1);
        assertEq(options.arrayOf(near).time, block.timestamp);
    }

    /// @notice Attack 52: an account below its margin sells at a mark of another index what is worth more by now.
    function test_attack_52_a_fill_refreshes_what_it_trades() public {
        _openSpread(KIND_PUT, 2000e18, 2600e18, 1000e18);
        uint256 stale = options.arrayOf(near).mark;
        moveIndex(1900e8);
        (uint256 mark,,) = options.mark(near);
        assertGt(mark, stale + 30e18);
        assertLt(maintenanceOf(victim).excess, 0);

        vm.expectPartialRevert(IMarginVault.MarginExcessFell.selector);
        this.sell(victim, keeper, near, 10e18, stale, true, false);
        Party memory friend = party("friend");
        fundParty(friend, usdc, 10_000e6);
        trade(keeper, friend, near, 1e18, mark);
        assertEq(options.arrayOf(near).time, block.timestamp);
        assertLt(options.arrayOf(far).time, block.timestamp);
    }

    /* SETTLEMENT */

    /// @notice Attack 53: one leg of a spread is settled, so that the other looks naked for a transaction.
    function test_attack_53_no_leg_is_taken_for_naked_beside_one_that_is_settled() public {
        _openSpread(KIND_CALL, 2200e18, 2000e18, 1000e18);
        fundParty(victim, usdc, 500_000e6);
        moveIndex(2600e8);
        postSlice();
        options.refresh(series);
        // profit counts in full once it is cash
        clearinghouse.settle(maker.account, series);
        clearinghouse.settle(victim.account, series);
        clearinghouse.settle(maker.account, series);
        withdrawToInitial(victim);
        observeFrom(near, optionExpiry - 30 minutes, optionExpiry);
        vm.expectPartialRevert(IExpiries.ObservedAlready.selector);
        clearinghouse.observeSettlement(far);
        vm.warp(optionExpiry);
        refreshAll();
        options.refresh(series);
        clearinghouse.finishSettlement(near);
        assertGt(maintenanceOf(victim).excess, 0);

        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(victim.account, keeper.account);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.AverageKnown.selector, far, 2600e18));
        clearinghouse.observeSettlement(far);

        // anybody may finish the other, however late, and it changes nothing
        int256 excess = maintenanceOf(victim).excess;
        vm.warp(optionExpiry + 3 days);
        refreshAll();
        clearinghouse.finishSettlement(far);
        (, uint256 average, uint256 payoff, bool finished) = clearinghouse.settlementOf(far);
        assertEq(average, 2600e18);
        assertEq(payoff, 600e18);
        assertTrue(finished);
        assertEq(maintenanceOf(victim).excess, excess);
    }

    /// @notice An account with a real loss is sold even where only one of its series was finished.
    function test_an_account_with_a_real_loss_is_sold_at_the_average() public {
        near = list(KIND_CALL, 2000e18);
        far = list(KIND_CALL, 2200e18);
        fundParty(victim, usdc, 200_000e6);
        open(victim, maker, far, -420e18);
        moveIndex(2690e8);
        observeWindow(near);
        clearinghouse.finishSettlement(near);

        int256 excess = maintenanceOf(victim).excess;
        auction.start(victim.account, keeper.account);
        assertTrue(vault.isInAuction(victim.account));
        clearinghouse.finishSettlement(far);
        assertEq(maintenanceOf(victim).excess, excess);
    }

    function test_a_future_and_an_option_settle_at_one_average() public {
        near = list(KIND_PUT, 2500e18);
        uint64 future = clearinghouse.list(KIND_FUTURE, 1, optionExpiry, 0, marketConfig());
        observeFrom(future, optionExpiry - 30 minutes, optionExpiry - 15 minutes);
        setPrice(1, 2100e8);
        observeFrom(near, optionExpiry - 15 minutes, optionExpiry);
        vm.warp(optionExpiry);
        refreshAll();
        clearinghouse.finishSettlement(near);
        moveIndex(1500e8);
        clearinghouse.finishSettlement(future);

        (uint256 observations, uint256 average, uint256 payoff,) = clearinghouse.settlementOf(near);
        (, uint256 same, uint256 price,) = clearinghouse.settlementOf(future);
        assertEq(observations, 30);
        assertEq(average, 2050e18);
        assertEq(same, average);
        assertEq(price, average);
        assertEq(payoff, 2500e18 - average);
    }

    /* EXPOSURE */

    /// @notice Attack 54: worthless options fill the cap of what may be in auction at once.
    function test_attack_54_worthless_options_use_no_room() public {
        near = list(KIND_CALL, 6000e18);
        far = list(KIND_PUT, 2000e18);
        fundParty(victim, usdc, 100_000e6);
        open(victim, maker, near, 20_000e18);
        open(victim, maker, far, -400e18);
        moveIndex(1750e8);
        auction.start(victim.account, keeper.account);

        // of 400 puts nearly all that they could be, of the calls nothing: a unit is a hundred ether
        assertGe(auction.exposureOf(1), 3);
        assertLe(auction.exposureOf(1), 4);
    }
}
