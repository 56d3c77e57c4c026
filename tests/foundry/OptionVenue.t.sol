// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {BatchSettler} from "contracts/BatchSettler.sol";
import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {MarketRules} from "contracts/interfaces/IExchange.sol";
import {Auction, Bundle, ILiquidationAuction} from "contracts/interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";

/// @notice Whole stories of options on the real contracts: expiry, liquidation in both phases, stale arrays.
contract OptionVenueTest is VenueTest {
    uint256 private constant SERIES = 42;
    /// @dev Strikes are 1,600 + 20 i, a put and a call each: 2,000 is the 21st.
    uint256 private constant PUT = 40;
    uint256 private constant CALL = 41;
    uint256 private constant ROUNDING = 1e6;

    Party private writer;
    Party private holder;
    Party private keeper;

    function setUp() public {
        deployVenue(1);
        listOptions(SERIES, (block.timestamp / 1 hours + 30 * 24) * 1 hours);
        exchange.setRules(1, MarketRules(0, 0, 50_000));
        writer = party("writer");
        holder = party("holder");
        keeper = party("keeper");
        Party memory lender = party("lender");
        fundParty(lender, usdc, 10_000_000e6);
        fundParty(writer, usdc, 20_000e6);
        fundParty(holder, usdc, 20_000e6);
        fundParty(keeper, usdc, 1_000_000e6);
    }

    /// @dev The holder buys `size` contracts of a series from the writer at its mark.
    function _sell(uint256 place, int256 size) private returns (uint64 id, uint256 mark) {
        id = series[place];
        (mark,,) = options.mark(id);
        trade(writer, holder, id, size, mark);
    }

    function _fall(uint256 price) private {
        setPrice(1, price);
        skip(12);
        refreshAll();
        postSlice();
        options.refresh(series);
    }

    function _maintenance(Party memory p) private view returns (Margin memory m) {
        (, m) = engine.margin(p.account);
    }

    function _value(Party memory p, uint64 id) private view returns (int256) {
        (int256 size, int256 basis) = clearinghouse.position(p.account, id);
        (uint256 mark,,) = options.mark(id);
        return size * int256(mark) / 1e18 - basis;
    }

    /* MARGIN */

    function test_what_is_bought_at_its_mark_is_worth_nothing_yet() public {
        (uint64 id, uint256 mark) = _sell(CALL, 10e18);
        assertEq(_value(holder, id), 0);
        // 60 % a year, a month, at the money: 0.4 * 0.6 * sqrt(30 / 365) of the forward
        assertApproxEqRel(mark, 2000e18 * 0.0686e18 / 1e18, 0.01e18);
        // Stored marks keep 26 bits: against who holds them.
        assertLe(_maintenance(holder).equity, 20_000e18);
        assertApproxEqAbs(_maintenance(holder).equity, 20_000e18, 3e13);
    }

    /// @notice A fully paid long can lose what it paid, and no more: it is never liquidated.
    function test_a_paid_long_is_never_liquidated() public {
        fundParty(writer, usdc, 1_000_000e6);
        (, uint256 mark) = _sell(CALL, 140e18);
        assertLe(140 * mark, 20_000e18);
        for (uint256 price = 1900e8; price >= 1000e8; price -= 100e8) {
            _fall(price);
            assertGe(engine.health(holder.account), 1e18);
        }
    }

    function test_initial_margin_is_the_gate_of_a_sale() public {
        (uint256 mark,,) = options.mark(series[PUT]);
        vm.expectPartialRevert(IMarginVault.BelowInitialMargin.selector);
        this.tradeOut(series[PUT], 200e18, mark);
        this.tradeOut(series[PUT], 20e18, mark);
    }

    /// @dev Outside, so that its revert can be expected.
    function tradeOut(uint64 id, int256 size, uint256 price) external {
        trade(writer, holder, id, size, price);
    }

    /* ARRAYS */

    /// @notice Stale arrays stop new risk and withdrawals, not the way out and not liquidation; anybody refreshes.
    function test_arrays_of_an_older_slice_are_renewed_before_value_leaves() public {
        (uint64 id, uint256 mark) = _sell(PUT, 10e18);
        int256 fresh = _maintenance(writer).excess;
        skip(901);
        refreshAll();
        postSlice();

        Margin memory m = _maintenance(writer);
        assertFalse(m.pricesValid);
        assertLt(m.excess, fresh);
        vm.prank(writer.owner);
        vault.withdraw(writer.account, address(usdc), 1e6, writer.owner);
        assertTrue(_maintenance(writer).pricesValid);
        assertEq(options.arrayOf(id).time, block.timestamp);

        // a fill renews those of both sides
        skip(901);
        refreshAll();
        postSlice();
        assertFalse(_maintenance(writer).pricesValid);
        this.tradeOut(series[CALL], 1e18, mark);
        assertTrue(_maintenance(writer).pricesValid);
    }

    function test_an_index_that_left_the_array_widens_and_stops_new_risk() public {
        (uint64 id,) = _sell(PUT, 10e18);
        int256 requirement = int256(_maintenance(writer).requirement);
        setPrice(1, 1970e8);
        skip(12);
        refreshAll();
        Margin memory moved = _maintenance(writer);
        assertFalse(moved.pricesValid);
        options.refresh(series);
        Margin memory refreshed = _maintenance(writer);
        assertTrue(refreshed.pricesValid);
        assertGt(int256(moved.requirement), int256(refreshed.requirement));
        assertGt(int256(refreshed.requirement), requirement);
        // the tangent is below a convex price: the short looks better by less than the add-on of the move
        (uint256 mark,,) = options.mark(id);
        assertGt(mark, 0);
        assertGe(refreshed.excess, moved.excess);
    }

    /* LIQUIDATION */

    function test_a_naked_short_is_sold_in_slices() public {
        fundParty(writer, usdc, 100e6);
        (uint64 id,) = _sell(PUT, 100e18);
        _fall(1740e8);
        assertLt(engine.health(writer.account), 1e18);
        assertGt(_maintenance(writer).equity, 0);
        auction.start(writer.account, keeper.account);
        skip(5 minutes);
        refreshAll();
        postSlice();
        options.refresh(series);

        int256 before = _maintenance(writer).excess;
        vm.prank(keeper.owner);
        (uint256 taken,) =
            auction.bid(writer.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        assertGt(taken, 0);
        assertLt(taken, 1e18);
        assertGt(_maintenance(writer).excess, before);
        (int256 left,) = clearinghouse.position(writer.account, id);
        (int256 bought,) = clearinghouse.position(keeper.account, id);
        assertEq(left + bought, -100e18);
        assertFalse(vault.isInAuction(writer.account));
        assertGe(engine.health(writer.account), 1e18);
    }

    function test_a_bundle_takes_the_leg_that_hurts() public {
        fundParty(writer, usdc, 100e6);
        (uint64 id,) = _sell(PUT, 100e18);
        _fall(1700e8);
        auction.start(writer.account, keeper.account);
        skip(5 minutes);
        refreshAll();
        postSlice();
        options.refresh(series);

        (uint64[] memory ids, int256[] memory sizes) = (new uint64[](1), new int256[](1));
        (ids[0], sizes[0]) = (id, -8e18);
        int256 before = _maintenance(writer).excess;
        vm.prank(keeper.owner);
        uint256 giveUp = auction.bidBundle(
            Bundle(
                writer.account,
                keeper.account,
                ids,
                sizes,
                new uint256[](0),
                new uint256[](0),
                0,
                type(uint256).max,
                block.timestamp
            )
        );
        assertGt(giveUp, 0);
        assertGt(_maintenance(writer).excess, before);
        (int256 bought, int256 basis) = clearinghouse.position(keeper.account, id);
        (uint256 mark,,) = options.mark(id);
        assertEq(bought, -8e18);
        assertApproxEqAbs(basis, -8 * int256(mark), ROUNDING);
    }

    /// @notice Beyond zero the winners of the market bear the loss: nothing is made of nothing.
    function test_an_insolvent_short_is_taken_over_and_its_loss_is_borne_by_the_winner() public {
        (uint64 id,) = _sell(PUT, 60e18);
        _fall(1500e8);
        assertLt(_maintenance(writer).equity, 0);
        auction.start(writer.account, keeper.account);
        Auction memory a = auction.auctionOf(writer.account);
        assertTrue(a.insolvent);
        skip(10 minutes);
        refreshAll();
        postSlice();
        options.refresh(series);

        int256 owed = _value(holder, id);
        vm.prank(keeper.owner);
        (uint256 taken, int256 payment) =
            auction.bid(writer.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        assertEq(taken, 1e18);
        assertLt(payment, 0);
        assertFalse(vault.isInAuction(writer.account));
        (int256 size,) = clearinghouse.position(writer.account, id);
        assertEq(size, 0);
        (int256 bought,) = clearinghouse.position(keeper.account, id);
        assertEq(bought, -60e18);
        // the holder's profit is smaller by what the market had to bear, and no larger than it
        uint256 share = losses.shortfallOf(id);
        assertGt(share, 0);
        assertLe(int256(share), owed);
        clearinghouse.collectShares(holder.account, id, 1);
        assertApproxEqAbs(owed - _value(holder, id), int256(share), ROUNDING);
        assertLe(losses.shortfallOf(id), uint256(ROUNDING));
        (,,, uint256 deficit,,) = vault.cashTotals();
        assertEq(deficit, 0);
    }

    /* EXPIRY */

    function _expire(uint64 id) private returns (uint256 payoff) {
        observeWindow(id);
        clearinghouse.finishSettlement(id);
        (,, payoff,) = clearinghouse.settlementOf(id);
    }

    function test_an_option_pays_its_payoff_at_the_average() public {
        (uint64 id, uint256 mark) = _sell(CALL, 10e18);
        _fall(2150e8);
        observeFrom(id, optionExpiry - 30 minutes, optionExpiry - 15 minutes);
        setPrice(1, 2250e8);
        observeFrom(id, optionExpiry - 15 minutes, optionExpiry);
        vm.warp(optionExpiry);
        refreshAll();
        clearinghouse.finishSettlement(id);
        (,, uint256 payoff,) = clearinghouse.settlementOf(id);
        assertEq(payoff, 200e18);

        uint256[] memory accounts = new uint256[](2);
        (accounts[0], accounts[1]) = (writer.account, holder.account);
        (BatchSettler(deployCode("build/forge/BatchSettler.sol/BatchSettler.json", abi.encode(clearinghouse))))
        .settle(id, accounts);
        assertEq(clearinghouse.legIds(holder.account).length, 0);
        assertEq(clearinghouse.legIds(writer.account).length, 0);
        int256 profit = 10 * (int256(payoff) - int256(mark));
        assertApproxEqAbs(vault.cashOf(holder.account), 20_000e18 + profit, 1e16);
        assertApproxEqAbs(vault.cashOf(writer.account), 20_000e18 - profit, 1e16);
    }

    function test_a_put_out_of_the_money_pays_nothing() public {
        (uint64 id, uint256 mark) = _sell(PUT, 10e18);
        _fall(2100e8);
        assertEq(_expire(id), 0);
        uint256[] memory accounts = new uint256[](2);
        (accounts[0], accounts[1]) = (holder.account, writer.account);
        (BatchSettler(deployCode("build/forge/BatchSettler.sol/BatchSettler.json", abi.encode(clearinghouse))))
        .settle(id, accounts);
        assertApproxEqAbs(vault.cashOf(holder.account), 20_000e18 - 10 * int256(mark), 1e16);
        assertApproxEqAbs(vault.cashOf(writer.account), 20_000e18 + 10 * int256(mark), 1e16);
    }

    /// @notice Who cannot pay two markets pays none of them, and stops nobody of the batch: his cash waits for a bid.
    function test_a_bankrupt_of_two_markets_is_left_out_of_a_batch() public {
        (uint64 id,) = _sell(PUT, 60e18);
        (uint256 mark,,) = options.mark(series[CALL]);
        trade(holder, writer, series[CALL], 1e18, mark);
        int256 cash = vault.cashOf(writer.account);
        _fall(1500e8);
        _expire(id);
        assertLt(_maintenance(writer).equity, 0);
        uint256[] memory accounts = new uint256[](2);
        (accounts[0], accounts[1]) = (writer.account, holder.account);
        BatchSettler settler =
            BatchSettler(deployCode("build/forge/BatchSettler.sol/BatchSettler.json", abi.encode(clearinghouse)));
        vm.expectEmit(true, true, false, false, address(settler));
        emit BatchSettler.NotSettled(writer.account, id, "");
        settler.settle(id, accounts);
        assertEq(vault.cashOf(writer.account), cash);
        (int256 size,) = clearinghouse.position(writer.account, id);
        assertEq(size, -60e18);
        (size,) = clearinghouse.position(holder.account, id);
        assertEq(size, 0);
    }

    /// @notice A holder who never comes loses nothing: the claim stays, and counts.
    function test_nothing_is_lost_when_a_holder_never_comes() public {
        (uint64 id, uint256 mark) = _sell(CALL, 10e18);
        _fall(2200e8);
        uint256 payoff = _expire(id);
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        clearinghouse.settle(writer.account, ids);
        skip(300 days);
        refreshAll();
        Margin memory m = _maintenance(holder);
        assertApproxEqAbs(m.equity, 20_000e18 + 10 * (int256(payoff) - int256(mark)), 1e16);
        clearinghouse.settle(holder.account, ids);
        assertApproxEqAbs(vault.cashOf(holder.account), m.equity, 1e9);
    }

    function test_expired_options_are_not_traded() public {
        (uint64 id,) = _sell(CALL, 1e18);
        vm.warp(optionExpiry);
        refreshAll();
        (uint256 mark, PriceStatus status,) = options.mark(id);
        assertEq(mark, 0);
        assertEq(uint8(status), uint8(PriceStatus.Valid));
        vm.expectRevert(abi.encodeWithSelector(IClearinghouse.TradingEnded.selector, id, optionExpiry - 30 minutes));
        this.tradeOut(id, 1e18, 1e18);
    }

    function test_batches_are_bounded() public {
        BatchSettler settler =
            BatchSettler(deployCode("build/forge/BatchSettler.sol/BatchSettler.json", abi.encode(clearinghouse)));
        uint64 id = series[CALL];
        vm.expectRevert(abi.encodeWithSelector(BatchSettler.BatchOutOfRange.selector, 0, 64));
        settler.settle(id, new uint256[](0));
        vm.expectRevert(abi.encodeWithSelector(BatchSettler.BatchOutOfRange.selector, 65, 64));
        settler.settle(id, new uint256[](65));
        settler.settle(id, new uint256[](64));
        assertEq(clearinghouse.marketWord(id).openInterest(), 0);
    }

    function test_a_healthy_writer_is_left_alone() public {
        _sell(PUT, 10e18);
        int256 excess = _maintenance(writer).excess;
        assertGt(excess, 0);
        vm.expectRevert(abi.encodeWithSelector(ILiquidationAuction.Healthy.selector, writer.account, excess));
        auction.start(writer.account, keeper.account);
    }
}
