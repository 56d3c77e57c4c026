// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Auction, AuctionParams, Bundle, ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";

import {AuctionVenue} from "./AuctionVenue.sol";

/// @notice Whole stories of auctions on the real contracts.
contract LiquidationAuctionTest is AuctionVenue {
    uint256 private constant ROUNDING = 1e6;

    /// @dev The trader is long 1000 at 100 with 10,000 of cash; at `price` his equity is 10,000 - 1000 * (100 - price).
    function _crash(uint256 price) private {
        deposit(trader, 10_000);
        fill(ids[0], trader, maker, 1000e18, PRICE);
        setPrice(1, price);
    }

    function _start() private returns (uint32) {
        return auction.start(account(trader), account(starter));
    }

    function test_start_reverts_for_a_healthy_account() public {
        _crash(PRICE);
        int256 excess = maintenance(trader).excess;
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.Healthy.selector, account(trader), excess));
        _start();
    }

    function test_start_pays_the_starter_and_locks_the_account() public {
        _crash(94e18);
        Margin memory m = maintenance(trader);
        assertLt(m.excess, 0);
        uint32 id = _start();
        assertEq(id, 1);
        assertTrue(vault.isInAuction(account(trader)));
        // flat 10 + 2 % of the shortfall, at most 1 % of the value of 4,000
        uint256 pay = 10e18 + uint256(-m.excess) * 2 / 100;
        assertEq(vault.cashOf(account(starter)), int256(pay > 40e18 ? 40e18 : pay));
        assertEq(auction.exposureOf(1), 1000);
        assertEq(auction.globalExposure(), m.requirement / 1e9);
        Auction memory a = auction.auctionOf(account(trader));
        assertFalse(a.insolvent);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.AlreadyInAuction.selector, account(trader)));
        _start();
    }

    function test_largest_slice_restores_and_ends() public {
        _crash(94e18);
        _start();
        skip(900);
        (bool insolvent, int256 price, uint256 largest,, int256 value) = auction.quote(account(trader));
        assertFalse(insolvent);
        assertEq(price, value * 80 / 100);
        int256 before = equity(liquidator);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, largest);
        assertFalse(vault.isInAuction(account(trader)));
        assertEq(auction.auctionOf(account(trader)).id, 0);
        assertEq(auction.exposureOf(1), 0);
        assertEq(auction.globalExposure(), 0);
        Margin memory m = maintenance(trader);
        assertGe(m.excess + 1e12, int256(m.requirement / 4));
        assertApproxEqAbs(equity(liquidator) - before, value * int256(taken) / 1e18 - payment, ROUNDING);
    }

    function test_competing_bidders_get_the_same_terms() public {
        _crash(94e18);
        _start();
        skip(450);
        int256 before1 = equity(liquidator);
        int256 before2 = equity(rival);
        (, int256 whole1,,,) = auction.quote(account(trader));
        (uint256 f1, int256 p1) = bid(liquidator, 0.1e18);
        (, int256 whole2,,, int256 value2) = auction.quote(account(trader));
        (uint256 f2, int256 p2) = bid(rival, 0.1e18);
        assertEq(f1, 0.1e18);
        assertEq(f2, 0.1e18);
        // What is left is nine tenths, at nine tenths of the price: the gain per unit of value paid is the same.
        assertApproxEqAbs(whole2, whole1 * 9 / 10, ROUNDING);
        assertApproxEqAbs((equity(liquidator) - before1) * 9, (equity(rival) - before2) * 10, 1e7);
        assertEq(auction.auctionOf(account(trader)).reserved, uint256(p1 + p2));
        assertGt(value2, 0);
        assertEq(auction.exposureOf(1), 810);
    }

    function test_bid_of_the_whole_leaves_the_surplus_to_the_owner() public {
        AuctionParams memory p = defaultParams();
        p.smallAccount = 100_000e18;
        auction.setParams(p);
        _crash(94e18);
        _start();
        skip(100);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, 1e18);
        assertEq(vault.cashOf(account(trader)), payment);
        assertEq(clearinghouse.legIds(account(trader)).length, 0);
        assertFalse(vault.isInAuction(account(trader)));
    }

    function test_insolvent_is_paid_by_the_fund() public {
        fundWith(100_000);
        _crash(85e18);
        assertEq(equity(trader), -5000e18);
        _start();
        assertEq(vault.cashOf(account(starter)), 0);
        skip(1800);
        int256 before = equity(liquidator);
        uint256 cash = fund.available();
        uint256 half = maintenance(trader).requirement / 2;
        vm.expectEmit(true, true, true, true, address(auction));
        emit ILiquidationAuction.LossAllocated(account(trader), 1, 5000e18 + half, 0, 0, 0);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, 1e18);
        assertEq(payment, -int256(5000e18 + half));
        assertApproxEqAbs(cash - fund.available(), 5000e18 + half, ROUNDING);
        assertApproxEqAbs(equity(liquidator) - before, int256(half), ROUNDING);
        assertEq(vault.cashOf(account(trader)), 0);
        (,,, uint256 deficit,) = vault.cashTotals();
        assertEq(deficit, 0);
    }

    function test_insolvent_without_fund_falls_on_the_market() public {
        _crash(85e18);
        _start();
        int256 makerBefore = equity(maker);
        int256 lenderBefore = equity(lender);
        int256 before = equity(liquidator);
        (, int256 payment) = bid(liquidator, 1e18);
        assertEq(payment, -5000e18);
        // All of the debt was the leg's loss: the winner of that market pays, nobody else.
        assertApproxEqAbs(makerBefore - equity(maker), 5000e18, ROUNDING);
        assertEq(equity(lender), lenderBefore);
        assertApproxEqAbs(equity(liquidator), before, ROUNDING);
    }

    function test_insolvent_loan_falls_on_the_lenders() public {
        depositEther(trader, 1000e18);
        vm.prank(trader);
        vault.withdraw(account(trader), address(quote), 70_000e6, trader);
        setPrice(ETHER_FEED, 60e18);
        _start();
        int256 makerBefore = equity(maker);
        int256 lenderBefore = equity(lender);
        assertEq(equity(trader), -10_000e18);
        (, int256 payment) = bid(liquidator, 1e18);
        assertEq(payment, -10_000e18);
        // Everybody with positive cash lent, in proportion.
        int256 cash = makerBefore + lenderBefore + 20_000_000e18 - 70_000e18;
        assertApproxEqRel(lenderBefore - equity(lender), 10_000e18 * lenderBefore / cash, 1e12);
        assertEq(vault.cashOf(account(trader)), 0);
        assertEq(vault.balanceOf(account(trader), 0), 0);
    }

    function test_insolvent_slices_use_the_reserved_cash_first() public {
        fundWith(100_000);
        _crash(94e18);
        _start();
        skip(900);
        bid(liquidator, 0.2e18);
        uint256 reserved = auction.auctionOf(account(trader)).reserved;
        setPrice(1, 89e18);
        (bool insolvent, int256 price,,,) = auction.quote(account(trader));
        assertTrue(insolvent);
        assertLt(price, 0);
        uint256 cash = fund.available();
        (, int256 payment) = bid(rival, 0.5e18);
        assertEq(payment, price / 2);
        assertApproxEqAbs(auction.auctionOf(account(trader)).reserved, reserved - uint256(-payment), 1);
        assertEq(fund.available(), cash);
        reserved = auction.auctionOf(account(trader)).reserved;
        (, payment) = bid(rival, 1e18);
        assertApproxEqAbs(cash - fund.available(), uint256(-payment) - reserved, ROUNDING);
        assertGe(vault.cashOf(account(trader)), 0);
    }

    function test_halt_stops_the_clock() public {
        _crash(94e18);
        _start();
        skip(600);
        oracle.set(1, 94e18, PriceStatus.Halted);
        vm.expectRevert(ILiquidationAuction.ClockHalted.selector);
        bid(liquidator, 1e18);
        auction.poke(account(trader));
        (,, uint256 largest,,) = auction.quote(account(trader));
        assertEq(largest, 0);
        skip(3000);
        setPrice(1, 94e18);
        (, int256 price,,, int256 value) = auction.quote(account(trader));
        assertEq(price, value * 98 / 100);
        bid(liquidator, 0.1e18);
        assertEq(auction.auctionOf(account(trader)).startedAt, block.timestamp);
    }

    function test_sequencer_outage_restarts_the_curve() public {
        _crash(94e18);
        _start();
        skip(2 hours);
        oracle.setClockFloor(type(uint256).max);
        vm.expectRevert(ILiquidationAuction.ClockHalted.selector);
        bid(liquidator, 1e18);
        oracle.setClockFloor(block.timestamp);
        (, int256 price,,, int256 value) = auction.quote(account(trader));
        assertEq(price, value * 98 / 100);
    }

    function test_bundle_gives_up_less_than_a_slice() public {
        deposit(trader, 10_000);
        fill(ids[0], trader, maker, 900e18, PRICE);
        fill(ids[1], maker, trader, 200e18, PRICE);
        setPrice(1, 92e18);
        _start();
        skip(900);
        Margin memory m = maintenance(trader);
        int256 before = equity(liquidator);
        int256 traderBefore = equity(trader);
        uint64[] memory legs = new uint64[](1);
        int256[] memory sizes = new int256[](1);
        (legs[0], sizes[0]) = (ids[0], 150e18);
        uint256 state = vm.snapshotState();
        vm.prank(liquidator);
        uint256 giveUp = auction.bidBundle(
            Bundle(
                account(trader),
                account(liquidator),
                legs,
                sizes,
                new uint256[](0),
                new uint256[](0),
                0,
                type(uint256).max,
                block.timestamp
            )
        );
        assertGt(giveUp, 0);
        assertApproxEqAbs(equity(liquidator) - before, int256(giveUp), ROUNDING);
        assertApproxEqAbs(traderBefore - equity(trader), int256(giveUp), ROUNDING);
        int256 risen = maintenance(trader).excess - m.excess;
        assertGt(risen, 0);

        // A slice with the same rise gives up more.
        vm.revertToState(state);
        uint256 fraction = uint256(risen) * 1e18 / uint256(m.equity * 80 / 100 - m.excess);
        bid(liquidator, fraction);
        assertApproxEqRel(maintenance(trader).excess - m.excess, risen, 1e12);
        assertGt(traderBefore - equity(trader), int256(giveUp));
    }

    function test_bundle_sells_collateral_at_mid() public {
        depositEther(trader, 1000e18);
        vm.prank(trader);
        vault.withdraw(account(trader), address(quote), 70_000e6, trader);
        setPrice(ETHER_FEED, 81e18);
        assertLt(maintenance(trader).excess, 0);
        _start();
        skip(900);
        int256 before = equity(liquidator);
        uint256[] memory assets = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = 100e18;
        vm.prank(liquidator);
        uint256 giveUp = auction.bidBundle(
            Bundle(
                account(trader),
                account(liquidator),
                new uint64[](0),
                new int256[](0),
                assets,
                amounts,
                0,
                type(uint256).max,
                block.timestamp
            )
        );
        assertApproxEqAbs(equity(liquidator) - before, int256(giveUp), ROUNDING);
        assertEq(vault.balanceOf(account(liquidator), 0), 100e18);
    }

    function test_caps_are_a_breaker_never_a_stop() public {
        _crash(94e18);
        address other = makeAddr("other");
        setPrice(1, PRICE);
        deposit(other, 10_000);
        fill(ids[0], other, maker, 1000e18, PRICE);
        setPrice(1, 94e18);
        uint256 r = maintenance(trader).requirement;
        AuctionParams memory p = defaultParams();
        p.globalExposureCap = uint128(r / 2);
        auction.setParams(p);
        _start();
        vm.expectRevert(
            abi.encodeWithSelector(ILiquidationAuction.ExposureCapReached.selector, 0, r / 1e9, r / 2 / 1e9)
        );
        auction.start(account(other), account(starter));
        skip(900);
        bid(liquidator, 1e18);
        auction.start(account(other), account(starter));
        assertEq(auction.globalExposure(), r / 1e9);
    }

    function test_deposit_cures_and_anyone_ends() public {
        _crash(94e18);
        _start();
        Margin memory m = maintenance(trader);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.NotRestored.selector, account(trader), m.excess));
        auction.end(account(trader));
        deposit(trader, 10_000);
        auction.end(account(trader));
        assertFalse(vault.isInAuction(account(trader)));
    }

    function test_phase_changes_restart_the_clock() public {
        _crash(94e18);
        _start();
        skip(900);
        setPrice(1, 89e18);
        vm.expectEmit(true, true, true, true, address(auction));
        emit ILiquidationAuction.PhaseChanged(account(trader), 1, true);
        auction.poke(account(trader));
        (bool insolvent, int256 price,,, int256 value) = auction.quote(account(trader));
        assertTrue(insolvent);
        assertEq(price, value);
        skip(10);
        setPrice(1, 94e18);
        (insolvent, price,,, value) = auction.quote(account(trader));
        assertFalse(insolvent);
        assertEq(price, value * 98 / 100);
    }
}
