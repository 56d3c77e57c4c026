// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionAttackTest} from "./base/OptionAttackTest.sol";
import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {KIND_CALL, KIND_FUTURE} from "contracts/types/InstrumentId.sol";

/// @notice What attackers could try around an expiry, and beside options of another index.
contract ExpiryAttacksTest is OptionAttackTest {
    Party private one;
    Party private other;
    uint64 private deep;
    uint64 private near;

    function setUp() public override {
        super.setUp();
        one = party("one");
        other = party("other");
        deep = list(KIND_CALL, 1000e18);
        near = list(KIND_CALL, 2000e18);
    }

    /* EXPIRY */

    /// @notice Attack 59: a pair of own accounts looks hedged by options whose payoff is known already, until somebody
    /// finishes their settlement.
    function test_attack_59_a_known_payoff_hedges_nothing() public {
        fundParty(one, usdc, 20_100e6);
        fundParty(other, usdc, 20_100e6);
        open(one, other, deep, 100e18);
        trade(other, one, perpetuals[0], -100e18, 2000e18);
        options.refresh(series);
        assertLt(maintenanceOf(one).requirement, 7000e18);
        observeWindow(near);
        clearinghouse.finishSettlement(near);

        // what is left is a perpetual: at least its shock of 5 %
        assertGe(maintenanceOf(one).requirement, 10_000e18);
        (int256 size,) = clearinghouse.position(one.account, deep);
        assertEq(size, 100e18);
        moveIndex(2200e8, optionExpiry + 6 hours);
        int256 equity = maintenanceOf(one).equity;
        assertLt(maintenanceOf(one).excess, 0);

        uint256 state = vm.snapshotState();
        clearinghouse.finishSettlement(deep);
        assertEq(maintenanceOf(one).equity, equity);
        vm.revertToState(state);
        auction.start(one.account, keeper.account);
        assertTrue(vault.isInAuction(one.account));
    }

    /// @notice Attack 219: who has closed the feed before, in the same transaction, has no old price of it observed.
    function test_attack_219_what_is_observed_is_the_price_of_now() public {
        vm.warp(optionExpiry - 20 minutes);
        refreshAll();
        vm.warp(optionExpiry - 20 minutes + 30);
        setPrice(1, 2040e8);
        oracle.refreshOld(feedIds);
        vm.expectEmit();
        emit IExpiries.IndexObserved(near, optionExpiry - 20 minutes + 30, 2040e18, 1);
        clearinghouse.observeSettlement(near);
        assertEq(oracle.price(1).mid, 2000e18);
    }

    /// @notice Attack 62: buy an account at the index, as insolvent, then end the window and own what it is worth.
    function test_attack_62_an_auction_begins_with_the_average() public {
        fundParty(one, usdc, 200_000e6);
        fundParty(other, usdc, 200_000e6);
        moveIndex(2190e8, optionExpiry - 1 hours);
        postSlice();
        options.refresh(series);
        open(one, other, near, 100e18);
        trade(other, one, perpetuals[0], 50e18, 2190e18);
        withdrawToInitial(one);
        observeFrom(near, optionExpiry - 30 minutes, optionExpiry - 11 minutes);
        uint256 few = vm.snapshotState();
        observeFrom(near, optionExpiry - 11 minutes, optionExpiry);
        moveIndex(2190e8, optionExpiry - 1);
        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(one.account, keeper.account);
        moveIndex(1950e8, optionExpiry);
        assertLt(maintenanceOf(one).equity, 0);

        vm.expectPartialRevert(ILiquidationAuction.Healthy.selector);
        auction.start(one.account, keeper.account);
        // nor inside an operation, nor can the average be made there
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.SettlementDue.selector, near));
        inOperation(address(auction), abi.encodeCall(auction.start, (one.account, keeper.account)));
        vm.expectRevert(IClearinghouse.OperationOpen.selector);
        inOperation(address(clearinghouse), abi.encodeCall(clearinghouse.finishSettlement, (near)));

        // nineteen observations make no average: the index counts, inside an operation too
        vm.revertToState(few);
        moveIndex(1950e8, optionExpiry);
        uint64[] memory stale = new uint64[](1);
        stale[0] = near;
        options.refresh(stale);
        inOperation(address(auction), abi.encodeCall(auction.start, (one.account, keeper.account)));
        assertTrue(vault.isInAuction(one.account));
    }

    /// @notice Row K: one wei of an expired leg keeps nobody without capital out, whose bid is one call of an
    /// operation: before there are enough observations nothing can be finished and the index counts, then it is
    /// finished beforehand.
    function test_an_expired_leg_keeps_no_bidder_out() public {
        fundParty(one, usdc, 200_000e6);
        fundParty(other, usdc, 200_000e6);
        open(one, other, near, 1);
        trade(other, one, perpetuals[0], 50e18, 2000e18);
        withdrawToInitial(one);
        uint64[] memory stale = new uint64[](1);
        stale[0] = near;
        bytes memory start = abi.encodeCall(auction.start, (one.account, keeper.account));
        moveIndex(1890e8, optionExpiry + 9 minutes);
        observeFrom(near, optionExpiry + 10 minutes, optionExpiry + 11 minutes);
        assertLt(maintenanceOf(one).excess, 0);
        uint256 state = vm.snapshotState();
        options.refresh(stale);
        inOperation(address(auction), start);
        assertTrue(vault.isInAuction(one.account));

        vm.revertToState(state);
        observeFrom(near, optionExpiry + 11 minutes, optionExpiry + 30 minutes);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.SettlementDue.selector, near));
        inOperation(address(auction), start);
        clearinghouse.finishSettlement(near);
        inOperation(address(auction), start);
        assertTrue(vault.isInAuction(one.account));
    }

    /// @notice Row K: the same of a bid, beside one wei of a future whose settlement nobody has finished.
    function test_an_expired_future_keeps_no_bidder_out() public {
        uint64 future = clearinghouse.list(KIND_FUTURE, 1, optionExpiry, 0, marketConfig());
        fundParty(one, usdc, 200_000e6);
        fundParty(other, usdc, 200_000e6);
        trade(other, one, future, 1, 2000e18);
        trade(other, one, perpetuals[0], 50e18, 2000e18);
        withdrawToInitial(one);
        Party memory bidder = Party(address(this), 0, AccountId.encode(address(this), 0));
        fundParty(bidder, usdc, 100_000e6);
        moveIndex(1890e8, optionExpiry + 9 minutes);
        auction.start(one.account, keeper.account);
        observeFrom(future, optionExpiry + 10 minutes, optionExpiry + 11 minutes);
        bytes memory call = abi.encodeCall(
            auction.bid,
            (one.account, bidder.account, 0.1e18, 0, type(int256).max, type(uint256).max, optionExpiry * 2)
        );
        uint256 state = vm.snapshotState();
        inOperation(address(auction), call);
        assertEq(_perpetualOf(bidder), 5e18);

        vm.revertToState(state);
        observeFrom(future, optionExpiry + 11 minutes, optionExpiry + 30 minutes);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.SettlementDue.selector, future));
        inOperation(address(auction), call);
        clearinghouse.finishSettlement(future);
        inOperation(address(auction), call);
        assertEq(_perpetualOf(bidder), 5e18);
    }

    function _perpetualOf(Party memory p) private view returns (int256 size) {
        (size,) = clearinghouse.position(p.account, perpetuals[0]);
    }

    /// @notice Once an average is known an account is settled at it, and its leg goes when the market is finished.
    function test_settles_at_a_known_average() public {
        fundParty(one, usdc, 50_000e6);
        fundParty(other, usdc, 50_000e6);
        open(one, other, deep, 10e18);
        moveIndex(2100e8, optionExpiry - 31 minutes);
        observeWindow(near);
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        (,,, bool finished) = clearinghouse.settlementOf(deep);
        assertFalse(finished);
        assertEq(clearinghouse.legIds(one.account).length, 1);

        clearinghouse.finishSettlement(near);
        clearinghouse.settle(other.account, clearinghouse.legIds(other.account));
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        uint256 payoff;
        (,, payoff, finished) = clearinghouse.settlementOf(deep);
        assertFalse(finished);
        assertEq(payoff, 1100e18);
        assertEq(maintenanceOf(one).equity, vault.cashOf(one.account));
        assertApproxEqAbs(vault.cashOf(one.account) + vault.cashOf(other.account), 100_000e18, 10);

        clearinghouse.finishSettlement(deep);
        clearinghouse.settle(other.account, clearinghouse.legIds(other.account));
        clearinghouse.settle(one.account, clearinghouse.legIds(one.account));
        assertEq(clearinghouse.legIds(one.account).length, 0);
        assertEq(clearinghouse.legIds(other.account).length, 0);
        assertApproxEqAbs(vault.cashOf(one.account) + vault.cashOf(other.account), 100_000e18, 10);
    }

    /// @notice Attack 60: in the last minute an option is marked at the index of then, and will pay at an average of
    /// another: sold at nothing to an own account, with little margin.
    function test_attack_60_what_will_pay_an_average_backs_no_new_risk() public {
        fundParty(one, usdc, 50_000e6);
        fundParty(other, usdc, 50_000e6);
        open(one, other, near, -10e18);
        moveIndex(2100e8, optionExpiry - 30 minutes - 1);
        postSlice();
        options.refresh(series);
        assertTrue(initialOf(one).pricesValid);
        withdrawCash(one, 1e6);

        observeFrom(near, optionExpiry - 30 minutes, optionExpiry);
        moveIndex(2000e8, optionExpiry - 48);
        postSlice();
        options.refresh(series);
        assertFalse(initialOf(one).pricesValid);
        assertTrue(maintenanceOf(one).pricesValid);
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.PricesNotValid.selector, one.account));
        this.withdraw(one, 1e6);
        (uint256 mark,,) = options.mark(near);
        vm.expectPartialRevert(IClearinghouse.TradingEnded.selector);
        this.sell(one, other, near, 1e18, mark, false, false);
        vm.expectPartialRevert(IClearinghouse.TradingEnded.selector);
        this.sell(other, one, near, 1e18, mark, true, true);

        moveIndex(2000e8, optionExpiry);
        assertFalse(initialOf(one).pricesValid);
        clearinghouse.finishSettlement(near);
        assertTrue(initialOf(one).pricesValid);
        (,, uint256 payoff,) = clearinghouse.settlementOf(near);
        assertGt(payoff, 90e18);
        assertEq(maintenanceOf(one).equity, initialOf(one).equity);
        withdrawCash(one, 1e6);
    }

    /* REDUCTIONS */

    /// @notice Attack 61: an account whose options are marked at another index gives away, in a reduction of something
    /// else, what it owes.
    function test_attack_61_a_reduction_is_judged_by_recent_arrays() public {
        fundParty(other, usdc, 10_000_000e6);
        fundParty(one, usdc, 2_000_000e6);
        open(one, other, near, -1000e18);
        trade(other, one, perpetuals[0], -600e18, 2000e18);
        withdrawToInitial(one);
        moveIndex(2220e8);
        assertGt(maintenanceOf(one).equity, 0);
        uint256 state = vm.snapshotState();
        options.refresh(series);
        assertLt(maintenanceOf(one).equity, -50_000e18);
        vm.revertToState(state);

        vm.expectPartialRevert(IMarginVault.EquityTooLow.selector);
        this.sell(keeper, one, perpetuals[0], 50e18, 2330e18, false, true);
        // what is worth nothing trades at no price
        vm.expectPartialRevert(IMarginVault.EquityTooLow.selector);
        this.sell(keeper, one, perpetuals[0], 50e18, 2220e18, false, true);
        assertLt(options.arrayOf(deep).time, block.timestamp);
    }
}
