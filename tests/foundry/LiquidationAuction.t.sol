// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionParams, Bundle, ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {Auction} from "contracts/types/AuctionWord.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";

import {AuctionVenue} from "./AuctionVenue.sol";

/// @notice Whole stories of auctions on the real contracts.
contract LiquidationAuctionTest is AuctionVenue {
    uint256 private constant ROUNDING = 1e6;
    /// @dev Reserved cash is kept in steps of 1e-9 USD, and what is cut off is for sale.
    uint256 private constant CUT = 1e10;

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
        skip(60);
        uint256 requirement = maintenance(trader).requirement;
        (bool insolvent, int256 price, uint256 largest,, int256 value) = auction.quote(account(trader));
        assertFalse(insolvent);
        assertEq(price, value - int256(requirement * 15 / 100));
        int256 before = equity(liquidator);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, largest);
        assertFalse(vault.isInAuction(account(trader)));
        assertEq(auction.auctionOf(account(trader)).id, 0);
        assertEq(auction.exposureOf(1), 0);
        assertEq(auction.globalExposure(), 0);
        Margin memory m = maintenance(trader);
        assertApproxEqAbs(m.excess, int256(m.requirement / 2), 1e12);
        assertApproxEqAbs(equity(liquidator) - before, value * int256(taken) / 1e18 - payment, ROUNDING);
    }

    function test_competing_bidders_get_the_same_terms() public {
        _crash(94e18);
        _start();
        skip(60);
        int256 before1 = equity(liquidator);
        int256 before2 = equity(rival);
        (, int256 whole1,,,) = auction.quote(account(trader));
        (uint256 f1, int256 p1) = bid(liquidator, 0.1e18);
        (, int256 whole2,,, int256 value2) = auction.quote(account(trader));
        (uint256 f2, int256 p2) = bid(rival, 0.1e18);
        assertEq(f1, 0.1e18);
        assertEq(f2, 0.1e18);
        // What is left is nine tenths, at nine tenths of the price: the gain per unit taken is the same.
        assertApproxEqAbs(whole2, whole1 * 9 / 10, CUT);
        assertApproxEqAbs((equity(liquidator) - before1) * 9, (equity(rival) - before2) * 10, 10 * CUT);
        assertApproxEqAbs(auction.auctionOf(account(trader)).reserved, uint256(p1 + p2), CUT);
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

    /// @dev The winners bear a market's loss, whatever is in the fund: an own pair must not live on it.
    function test_insolvent_leaves_the_fund_alone() public {
        fundWith(100_000);
        _crash(85e18);
        assertEq(equity(trader), -5000e18);
        _start();
        assertEq(vault.cashOf(account(starter)), 0);
        skip(3600);
        int256 before = equity(liquidator);
        int256 makerBefore = equity(maker);
        uint256 cash = fund.available();
        uint256 half = maintenance(trader).requirement / 2;
        vm.expectEmit(true, true, true, true, address(auction));
        emit ILiquidationAuction.LossAllocated(account(trader), 1, 0, 5000e18 + half, 0, 0);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, 1e18);
        assertEq(payment, -int256(5000e18 + half));
        assertEq(fund.available(), cash);
        assertApproxEqAbs(equity(liquidator) - before, int256(half), ROUNDING);
        assertApproxEqAbs(makerBefore - equity(maker), int256(5000e18 + half), ROUNDING);
        assertEq(vault.cashOf(account(trader)), 0);
        (,,, uint256 deficit,,) = vault.cashTotals();
        assertEq(deficit, 0);
    }

    /// @dev A loan falls on the fund first.
    /// @dev A bidder with ether instead of cash: it is not charged for lent cash that its bid takes out.
    function _lendNothing(address bidder) private {
        depositEther(bidder, 10_000e18);
        vm.prank(bidder);
        vault.withdraw(account(bidder), address(quote), type(uint256).max, bidder);
    }

    function test_insolvent_loan_is_paid_by_the_fund() public {
        fundWith(8000);
        depositEther(trader, 1000e18);
        vm.prank(trader);
        vault.withdraw(account(trader), address(quote), 70_000e6, trader);
        _lendNothing(liquidator);
        setPrice(ETHER_FEED, 60e18);
        _start();
        uint256 cash = fund.available();
        vm.expectEmit(true, true, true, true, address(auction));
        emit ILiquidationAuction.LossAllocated(account(trader), 1, cash, 0, 10_000e18 - cash, 0);
        bid(liquidator, 1e18);
        assertEq(fund.available(), 0);
    }

    function test_insolvent_falls_on_the_market_alone() public {
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
        _lendNothing(liquidator);
        setPrice(ETHER_FEED, 60e18);
        _start();
        int256 makerBefore = equity(maker);
        int256 lenderBefore = equity(lender);
        assertEq(equity(trader), -10_000e18);
        (, int256 payment) = bid(liquidator, 1e18);
        assertEq(payment, -10_000e18);
        // Everybody with positive cash lent, in proportion.
        int256 cash = makerBefore + lenderBefore + 10_000_000e18;
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
        int256 won = equity(maker);
        (, int256 payment) = bid(rival, 0.5e18);
        assertEq(payment, price / 2);
        assertApproxEqAbs(auction.auctionOf(account(trader)).reserved, reserved - uint256(-payment), CUT);
        assertEq(equity(maker), won);
        reserved = auction.auctionOf(account(trader)).reserved;
        (, payment) = bid(rival, 1e18);
        assertApproxEqAbs(uint256(won - equity(maker)), uint256(-payment) - reserved, CUT);
        assertGe(vault.cashOf(account(trader)), 0);
    }

    /// @dev What the whole costs less than it is worth, as a part of the requirement [percent].
    function _rewardPercent() private view returns (uint256) {
        (, int256 price,,, int256 value) = auction.quote(account(trader));
        return uint256(value - price) * 100 / maintenance(trader).requirement;
    }

    function test_a_halt_stops_the_clock_which_then_goes_on() public {
        _crash(94e18);
        _start();
        skip(60);
        oracle.set(1, 94e18, PriceStatus.Halted);
        vm.expectRevert(ILiquidationAuction.ClockHalted.selector);
        bid(liquidator, 1e18);
        auction.poke(account(trader));
        (,, uint256 largest,,) = auction.quote(account(trader));
        assertEq(largest, 0);
        skip(3000);
        setPrice(1, 94e18);
        assertEq(_rewardPercent(), 15);
        auction.poke(account(trader));
        skip(30);
        assertEq(_rewardPercent(), 20);
        bid(liquidator, 0.1e18);
        assertEq(auction.auctionOf(account(trader)).solventTime, 90);
    }

    function test_a_sequencer_outage_stops_the_clock_which_then_goes_on() public {
        _crash(94e18);
        _start();
        skip(60);
        auction.poke(account(trader));
        skip(2 hours);
        oracle.setClockFloor(type(uint256).max);
        vm.expectRevert(ILiquidationAuction.ClockHalted.selector);
        bid(liquidator, 1e18);
        oracle.setClockFloor(block.timestamp);
        assertEq(_rewardPercent(), 15);
        skip(30);
        assertEq(_rewardPercent(), 20);
        auction.poke(account(trader));
        skip(30);
        assertEq(_rewardPercent(), 25);
    }

    /// @notice The reward starts at 5 % of the requirement and ends at all that the account is worth, which then goes
    /// for nothing.
    function test_the_price_falls_to_nothing_and_then_the_whole_goes() public {
        _crash(94e18);
        _start();
        assertEq(_rewardPercent(), 5);
        skip(120);
        assertEq(_rewardPercent(), 25);
        skip(7200);
        (, int256 price, uint256 largest,,) = auction.quote(account(trader));
        assertEq(price, 0);
        assertEq(largest, 1e18);
        (uint256 taken, int256 payment) = bid(liquidator, 1e18);
        assertEq(taken, 1e18);
        assertEq(payment, 0);
        assertFalse(vault.isInAuction(account(trader)));
    }

    /// @notice While the account is worth something the fund pays nothing, whatever the clock says.
    function test_the_fund_pays_nothing_while_the_account_is_worth_something(uint256 price, uint256 time) public {
        fundWith(100_000);
        _crash(bound(price, 90.1e18, 94e18));
        _start();
        skip(bound(time, 0, 3 hours));
        uint256 available = fund.available();
        bid(liquidator, 1e18);
        assertEq(fund.available(), available);
    }

    /// @notice A stranger's settling spends the cash of earlier bids on a losing leg. It is no longer reserved
    /// then: what is left is worth something, is sold as such, and every bid goes through.
    function test_reserved_cash_that_settling_spent_is_reserved_no_more() public {
        deposit(trader, 10_000);
        fill(ids[0], trader, maker, 1000e18, PRICE);
        setPrice(1, 94e18);
        _start();
        skip(60);
        bid(liquidator, 0.3e18);
        uint256 reserved = auction.auctionOf(account(trader)).reserved;
        assertGt(reserved, 0);

        setPrice(1, 85e18);
        vm.prank(rival);
        clearinghouse.settle(account(trader), ids);
        assertEq(vault.cashOf(account(trader)), 0);
        setPrice(1, 89.4e18);
        Margin memory m = maintenance(trader);
        assertGt(m.equity, 0);
        assertLt(m.equity, int256(reserved));
        assertLt(m.excess, 0);
        (bool insolvent,,,, int256 value) = auction.quote(account(trader));
        assertFalse(insolvent);
        assertEq(value, m.equity);
        bid(rival, 0.2e18);
        bid(liquidator, 1e18);
        assertFalse(vault.isInAuction(account(trader)));
    }

    /// @notice An owner that closes its insolvent account's legs leaves a debt without requirement. It is
    /// cleared within the length of the auction, because the payout rises by a flat sum.
    function test_a_bare_debt_pays_a_flat_sum() public {
        fundWith(100_000);
        depositEther(trader, 1000e18);
        vm.prank(trader);
        vault.withdraw(account(trader), address(quote), 70_000e6, trader);
        setPrice(ETHER_FEED, 69e18);
        _start();
        bid(liquidator, 0.5e18);
        setPrice(ETHER_FEED, 1);
        Margin memory m = maintenance(trader);
        assertLt(m.requirement, 1e18);
        assertLt(m.equity, -34_000e18);
        (, int256 atOnce,,, int256 value) = auction.quote(account(trader));
        assertEq(atOnce, value);
        skip(7200);
        (, int256 later,,, int256 then_) = auction.quote(account(trader));
        assertEq(later, then_ - 50e18);
        bid(liquidator, 1e18);
        assertEq(vault.cashOf(account(trader)), 0);
    }

    function test_bundle_gives_up_less_than_a_slice() public {
        deposit(trader, 10_000);
        fill(ids[0], trader, maker, 900e18, PRICE);
        fill(ids[1], maker, trader, 200e18, PRICE);
        setPrice(1, 92e18);
        _start();
        skip(60);
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
        (, int256 price,,,) = auction.quote(account(trader));
        uint256 fraction = uint256(risen) * 1e18 / uint256(price - m.excess);
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

    /// @notice A value that crosses zero never starts a clock anew, and never carries one phase's time into the other.
    function test_clocks_resume_over_repeated_crossings() public {
        _crash(94e18);
        _start();
        uint256 time = block.timestamp;
        for (uint256 i = 1; i <= 4; ++i) {
            time += 30;
            vm.warp(time);
            setPrice(1, 89e18);
            vm.expectEmit(true, true, true, true, address(auction));
            emit ILiquidationAuction.PhaseChanged(account(trader), 1, true);
            auction.poke(account(trader));
            Auction memory a = auction.auctionOf(account(trader));
            assertEq(a.solventTime, 30 * i);
            assertEq(a.insolventTime, 20 * (i - 1));
            (, int256 payout,,, int256 value) = auction.quote(account(trader));
            assertEq(payout, value - int256(maintenance(trader).requirement * 20 * (i - 1) / 7200));
            time += 20;
            vm.warp(time);
            setPrice(1, 94e18);
            auction.poke(account(trader));
            assertEq(_rewardPercent(), 5 + 5 * i);
        }
    }

    /// @notice A price that flickers around the edge of health neither resets the clock nor lets it run.
    function test_time_in_health_is_no_auction_time() public {
        _crash(94e18);
        _start();
        skip(60);
        setPrice(1, 95.5e18);
        assertGt(maintenance(trader).excess, 0);
        vm.expectEmit(true, true, true, true, address(auction));
        emit ILiquidationAuction.ClockChanged(account(trader), 1, true);
        auction.poke(account(trader));
        skip(1 days);
        setPrice(1, 94e18);
        assertEq(_rewardPercent(), 15);
        auction.poke(account(trader));
        skip(30);
        assertEq(_rewardPercent(), 20);
    }

    /// @dev The rival sells what it holds far below the index to the maker.
    function _reduceBadly() private {
        desk.reduce(vault, clearinghouse, ids[0], [account(maker), account(rival)], [uint256(50e18), 80e18]);
    }

    /// @dev Called by the vault inside `unlock`: the rival bids and reduces, in one order or the other.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        bool bidsFirst = abi.decode(data, (bool));
        if (!bidsFirst) _reduceBadly();
        bid(rival, 0.1e18);
        if (bidsFirst) _reduceBadly();
        return "";
    }

    /// @notice Row O: a bid in the same operation does not excuse a reduction that hands value out at a stale price.
    function test_a_bid_excuses_no_reduction_at_a_stale_price() public {
        fill(ids[0], rival, maker, 2000e18, PRICE);
        _crash(94e18);
        _start();
        skip(60);
        uint256 state = vm.snapshotState();
        vault.unlock(abi.encode(true));

        vm.revertToState(state);
        oracle.set(1, 94e18, PriceStatus.Stale);
        vm.expectPartialRevert(IMarginVault.MarginExcessFell.selector);
        _reduceBadly();
        vm.expectPartialRevert(IMarginVault.MarginExcessFell.selector);
        vault.unlock(abi.encode(true));
        vm.expectPartialRevert(IMarginVault.MarginExcessFell.selector);
        vault.unlock(abi.encode(false));
    }

    /// @notice Row D: a bundle of dust changed what others bid for.
    function test_a_bundle_of_dust_reverts() public {
        _crash(94e18);
        _start();
        uint256 nonce = auction.stateNonce(account(trader));
        uint64[] memory legs = new uint64[](1);
        int256[] memory sizes = new int256[](1);
        (legs[0], sizes[0]) = (ids[0], 1e6);
        uint256[] memory none = new uint256[](0);
        vm.prank(liquidator);
        vm.expectPartialRevert(ILiquidationAuction.BundleTooSmall.selector);
        auction.bidBundle(
            Bundle(
                account(trader), account(liquidator), legs, sizes, none, none, 0, type(uint256).max, block.timestamp
            )
        );
        assertEq(auction.stateNonce(account(trader)), nonce);
    }
}
