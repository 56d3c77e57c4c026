// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "contracts/interfaces/IClearinghouse.sol";
import {Order} from "contracts/interfaces/IExchange.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";

import {VenueTest} from "./base/VenueTest.sol";
import {KIND_FUTURE} from "contracts/types/InstrumentId.sol";
import {LegWords} from "contracts/types/LegWords.sol";

/// @notice What an owner of several accounts tries: profit that nobody pays, losses that others bear, gifts to friends.
/// @dev A gap is a move of the price that no keeper had time to act on: the smoothed price is still far away.
contract CoalitionsTest is VenueTest {
    uint256 private constant FEED = 1;
    uint256 private constant ROUNDING = 1e12;
    uint256 private constant START = 2000e18;
    /// @dev Entries are kept with 27 bits [wad USD].
    uint256 private constant ENTRY_BITS = 2e13;

    uint64 private eth;
    Party private lender;
    Party private keeper;
    Party private friend;
    Party private long;
    Party private short;
    Party private honestLong;
    Party private honestShort;

    function setUp() public {
        deployVenue(1);
        FeedConfig memory smoothed = feedConfig(address(feeds[0]));
        smoothed.smoothingWindow = 5 minutes;
        oracle.setFeed(FEED, smoothed);
        oracle.refresh(feedIds);
        eth = perpetuals[0];
        lender = party("lender");
        keeper = party("keeper");
        friend = party("friend");
        long = party("long of the pair");
        short = party("short of the pair");
        honestLong = party("honest long");
        honestShort = party("honest short");
        fundParty(lender, usdc, 1_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
    }

    /* WHAT THE STORIES SHARE */

    /// @dev A jump that is Valid at once while the smoothed price stays behind.
    function _gap(uint256 price) private {
        skip(12);
        setPrice(FEED, price);
        oracle.refresh(feedIds);
        assertFalse(_isCalm(), "a gap");
    }

    /// @dev Until the smoothed price has followed.
    function _calm() private {
        for (uint256 i; i < 300 && !_isCalm(); ++i) {
            // a loop of the optimiser would read the time once
            vm.warp(vm.getBlockTimestamp() + 60);
            refreshAll();
        }
        assertTrue(_isCalm(), "calm");
    }

    function _isCalm() private view returns (bool) {
        (uint256 mid, uint256 low, uint256 high) = _edges();
        return (high - low) * 50 <= mid;
    }

    function _edges() private view returns (uint256 mid, uint256 low, uint256 high) {
        (mid, low, high) = (oracle.price(FEED).mid, oracle.price(FEED).low, oracle.price(FEED).high);
    }

    function _settle(Party memory p) private {
        uint64[] memory ids = new uint64[](1);
        ids[0] = eth;
        clearinghouse.settle(p.account, ids);
    }

    /// @dev Takes out what the vault lets go, halving what it refuses; returns it [wad USD].
    function _takeOut(Party memory p) private returns (uint256 taken) {
        vm.startPrank(p.owner);
        for (uint256 amount = 1_000_000e6; amount != 0;) {
            try vault.withdraw(p.account, address(usdc), amount, p.owner) {
                taken += amount * 1e12;
            } catch {
                amount /= 2;
            }
        }
        vm.stopPrank();
    }

    /// @dev Both sides only reduce.
    function _reduce(Party memory maker, Party memory taker, int256 size, uint256 price) private {
        Order memory m = order(maker, eth, -size, price);
        Order memory t = order(taker, eth, size, price);
        (m.reduceOnly, t.reduceOnly) = (true, true);
        bytes memory ms = sign(maker, m);
        bytes memory ts = sign(taker, t);
        exchange.fill(m, ms, t, ts, uint256(size > 0 ? size : -size));
    }

    /// @dev All of an account that is below maintenance margin goes to the keeper.
    function _liquidate(Party memory p) private {
        auction.start(p.account, keeper.account);
        vm.prank(keeper.owner);
        auction.bid(p.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
    }

    function _equity(Party memory p) private view returns (int256) {
        (, Margin memory m) = engine.margin(p.account);
        return m.equity;
    }

    function _size(Party memory p) private view returns (int256 size) {
        (size,) = clearinghouse.position(p.account, eth);
    }

    function _supply() private view returns (uint256 supply) {
        (supply,,,,,) = vault.cashTotals();
    }

    /* PROFIT THAT NOBODY HAS PAID */

    function _openPair(int256 size, uint256 cash) private {
        fundParty(long, usdc, cash);
        fundParty(short, usdc, cash);
        trade(short, long, eth, size, START);
    }

    /// @notice A pair of one owner in a gap of 40 %: it takes out what it put in, open, closed or half closed.
    function test_attack_63_pair_takes_out_no_more_than_it_put_in() public {
        _openPair(1000e18, 220_000e6);
        _gap(2800e8);

        _settle(short);
        _settle(long);
        uint256 out = _takeOut(long) + _takeOut(short);
        // the winner closes with somebody who opens, and has margin for the edge of a gap
        fundParty(friend, usdc, 2_000_000e6);
        trade(friend, long, eth, -_size(long), 2800e18);
        out += _takeOut(long);
        _calm();
        _settle(short);
        _settle(long);
        out += _takeOut(long);
        _liquidate(short);
        _settle(long);
        out += _takeOut(long) + _takeOut(short);

        assertLe(out, 440_000e18 + ROUNDING, "taken out");
        assertGe(vault.cashOf(lender.account), 1_000_000e18, "lenders lose nothing");
    }

    /// @notice The loser whose equity is gone may not close with the winner: its loss would become a claim.
    function test_attack_63_loser_without_equity_cannot_trade() public {
        _openPair(1000e18, 220_000e6);
        _gap(2800e8);
        int256 equity = _equity(short);
        assertLt(equity, 0);

        vm.expectRevert(abi.encodeWithSelector(IMarginVault.EquityTooLow.selector, short.account, equity, 1));
        this.reduceBoth();
    }

    function reduceBoth() external {
        _reduce(long, short, 1000e18, 2800e18);
    }

    /// @notice A claim backs neither a withdrawal, nor a loan, nor a trade.
    function test_attack_63_claim_backs_nothing() public {
        _openPair(100e18, 50_000e6);
        fundParty(friend, usdc, 100_000e6);
        _gap(2400e8);
        trade(friend, long, eth, -100e18, 2400e18);
        (, Margin memory before) = engine.margin(long.account);
        assertGt(before.equity, 89_000e18, "a claim of 40,000");

        assertLe(_takeOut(long), 50_000e18, "cash only");
        (Margin memory initial,) = engine.margin(long.account);
        assertLe(initial.excess, 1e12);
        assertLe(initial.paidExcess, 1e12);
        // in a calm, with cash for the fee and for what the edge takes
        _calm();
        fundParty(long, usdc, 100e6);
        vm.expectPartialRevert(IMarginVault.BelowInitialMargin.selector);
        this.buyOne();
    }

    function buyOne() external {
        trade(friend, long, eth, 1e18, 2400e18);
    }

    /// @notice What an expired future has won is no cash before the loser has paid it, though its average is known.
    function test_attack_63_known_average_of_a_future_backs_no_withdrawal() public {
        optionExpiry = (block.timestamp / 1 hours + 7) * 1 hours;
        uint64 future = clearinghouse.list(KIND_FUTURE, FEED, optionExpiry, 0, marketConfig());
        fundParty(long, usdc, 220_000e6);
        fundParty(short, usdc, 220_000e6);
        trade(short, long, future, 1000e18, START);
        vm.warp(optionExpiry - 31 minutes);
        setPrice(FEED, 2800e8);
        refreshAll();
        observeWindow(future);
        (,, uint256 settled,) = clearinghouse.settlementOf(future);
        clearinghouse.finishSettlement(future);
        (,, settled,) = clearinghouse.settlementOf(future);
        assertGt(settled, 2600e18, "an average far above what was paid");
        assertGt(_equity(long), 800_000e18, "profit at the average");
        assertLt(_equity(short), -300_000e18, "that the loser cannot pay");

        uint256 out = _takeOut(long);
        assertLe(out, 220_000e18 + ROUNDING, "its own cash");
        uint64[] memory ids = new uint64[](1);
        ids[0] = future;
        clearinghouse.settle(short.account, ids);
        clearinghouse.settle(long.account, ids);
        out += _takeOut(long) + _takeOut(short);
        assertLe(out, 440_000e18 + ROUNDING, "what both put in");
        assertGe(vault.cashOf(lender.account), 1_000_000e18, "lenders lose nothing");
    }

    /// @notice Five wallets of one owner, one of them losing on the side that wins: its loss does not stand in for what
    /// the losing side has not paid, whether legs are open, or half of them closed.
    function test_attack_63_five_wallets_take_out_what_was_paid() public {
        Party[5] memory own = [long, short, friend, party("a losing long of the winners"), party("who sold to it")];
        for (uint256 i; i < 5; ++i) {
            fundParty(own[i], usdc, 200_000e6);
        }
        fundParty(honestShort, usdc, 100_000e6);
        trade(own[4], own[3], eth, 200e18, START);
        _walk(1200e8);
        trade(short, long, eth, 1000e18, 1200e18);
        trade(friend, long, eth, 200e18, 1200e18);
        trade(honestShort, long, eth, 50e18, 1200e18);
        int256 honest = vault.cashOf(honestShort.account);
        _gap(1680e8);
        assertLt(_equity(own[3]), 140_000e18, "loses on the side that wins");
        assertLt(_equity(short), -250_000e18, "who cannot pay");
        assertGt(_equity(long), 750_000e18, "a profit of 600,000");

        uint256 out = _takeOutOfAll(own);
        _calm();
        out += _takeOutOfAll(own);
        // half of the claim is of closed contracts then: a stranger takes them over
        trade(keeper, long, eth, -625e18, 1680e18);
        out += _takeOutOfAll(own);
        // safe because settling at a loss lowers cash
        uint256 collected = uint256(honest - vault.cashOf(honestShort.account));
        assertGt(collected, 0, "something was collected");
        assertLe(out, 1_000_000e18 + collected + ROUNDING, "what went in and what was collected");
        assertGe(vault.cashOf(lender.account), 1_000_000e18, "lenders lose nothing");
    }

    /// @dev Settles and takes out of all wallets what leaves: what stays are margins without unpaid profit.
    function _takeOutOfAll(Party[5] memory own) private returns (uint256 out) {
        for (uint256 i; i < 5; ++i) {
            _settle(own[i]);
        }
        _settle(honestShort);
        for (uint256 i; i < 5; ++i) {
            uint256 taken = _takeOut(own[i]);
            if (taken == 0) continue;
            out += taken;
            (Margin memory initial,) = engine.margin(own[i].account);
            assertGe(vault.cashOf(own[i].account), 0, "no loan against what nobody has paid");
            assertGe(initial.paidExcess, -1, "unpaid profit backs nothing that left");
        }
    }

    /// @dev To a price that the smoothed one has followed.
    function _walk(uint256 price) private {
        skip(12);
        setPrice(FEED, price);
        oracle.refresh(feedIds);
        _calm();
    }

    /* LOSSES THAT OTHERS BEAR */

    /// @notice Equal contracts bear equal parts: all but one wei closed, or open.
    function test_attack_64_one_wei_bears_its_part() public {
        _openPair(400e18, 75_000e6);
        fundParty(honestLong, usdc, 200_000e6);
        fundParty(honestShort, usdc, 50_000e6);
        trade(honestShort, honestLong, eth, 100e18, START);
        fundParty(friend, usdc, 200_000e6);
        _gap(1750e8);
        int256 honest = _equity(honestShort);
        int256 pair = _equity(short);
        int256 lost = _equity(long);
        assertLt(lost, -20_000e18, "bankrupt");
        // all but one wei is bought back from a friend, who opens
        trade(friend, short, eth, 400e18 - 1, 1750e18);
        pair -= int256(uint256(400e18 * 1750 * 350 / 1e6));

        _liquidate(long);
        _settle(honestShort);
        _settle(short);

        // a fifth of the market is honest, four fifths are the pair's
        assertApproxEqAbs(honest - _equity(honestShort), -lost / 5, 1e15, "the honest short's part");
        assertApproxEqAbs(pair - _equity(short), -lost * 4 / 5, 1e15, "the pair's part");
        assertEq(_equity(friend) + int256(uint256(400e18 * 1750 * 100 / 1e6)), 200_000e18, "none for who came later");
    }

    /// @notice In a gap contracts change hands, and none are opened: who bears a loss is who was there before.
    function test_attack_81_no_contracts_are_opened_in_a_gap() public {
        _openPair(400e18, 75_000e6);
        fundParty(friend, usdc, 9_000_000e6);
        _gap(1750e8);
        vm.expectRevert(abi.encodeWithSelector(IClearinghouse.PriceNotCalm.selector, eth));
        this.openBesideThePair();
        // handed on, they count once
        trade(friend, short, eth, 100e18, 1750e18);
        assertEq(losses.keptUnitsOf(eth).shorts, 400e18);

        int256 lost = _equity(long);
        int256 won = _equity(short);
        _liquidate(long);
        _settle(short);
        assertApproxEqAbs(won - _equity(short), -lost, 1e15, "all of it falls on those who won");
        assertApproxEqAbs(losses.shortfallOf(eth), 0, 1e15, "nothing is left");
        _calm();
        this.openBesideThePair();
    }

    function openBesideThePair() external {
        trade(friend, keeper, eth, 100e18, 1750e18);
    }

    /// @notice Claims of a few wei, passed on a wei dearer each time, are of no contracts: they dilute no loss.
    function test_attack_82_dust_claims_do_not_dilute_a_loss() public {
        _openPair(400e18, 75_000e6);
        fundParty(honestLong, usdc, 75_000e6);
        fundParty(honestShort, usdc, 200_000e6);
        trade(honestShort, honestLong, eth, 100e18, START);
        fundParty(friend, usdc, 1_000_000e6);
        Party[2] memory shorts = [short, friend];
        // a contract is sold short cheaper each time: the one who hands it on has won a little
        for (uint256 i; i < 8; ++i) {
            trade(shorts[(i + 1) % 2], shorts[i % 2], eth, 400e18, START - 1e12 * (i + 1));
        }
        assertLt(losses.unitsOf(eth).shorts, 1e15, "contracts that claims are of");
        _gap(1750e8);
        int256 honest = _equity(honestShort);
        int256 lost = _equity(long);
        assertLt(lost, -20_000e18, "bankrupt");

        _liquidate(long);
        _settle(honestShort);
        assertApproxEqAbs(honest - _equity(honestShort), -lost / 5, 1e15, "the honest short's part");
        _settle(short);
        _settle(friend);
        assertApproxEqAbs(losses.shortfallOf(eth), 0, 1e15, "all of it is borne");
    }

    /// @notice What a fill is better than the index has been won at once: it bears losses that are shared then.
    function test_attack_83_better_fills_bear_what_they_won() public {
        fundParty(friend, usdc, 1_000_000e6);
        fundParty(honestLong, usdc, 10_000e6);
        fundParty(honestShort, usdc, 10_000e6);
        trade(keeper, friend, eth, 400e18, START * 96 / 100);
        assertApproxEqAbs(_entry(friend), START * 96 / 100, ENTRY_BITS, "a long below the index");
        assertApproxEqAbs(_entry(keeper), START, ENTRY_BITS, "a short below the index");
        trade(honestLong, honestShort, eth, 1e18, START * 104 / 100);
        assertApproxEqAbs(_entry(honestShort), START, ENTRY_BITS, "a long above the index");
        assertApproxEqAbs(_entry(honestLong), START * 104 / 100, ENTRY_BITS, "a short above the index");
    }

    function _entry(Party memory p) private view returns (uint256) {
        (uint256 cursor,) = LegWords.rangeOf(clearinghouse.legs(p.account));
        return LegWords.positionAt(cursor).entry();
    }

    /* GIFTS */

    /// @notice Below maintenance margin a reduction may not cost more than an auction takes at its start.
    function test_attack_66_reduction_cannot_drain_an_unhealthy_account() public {
        _openPair(1000e18, 220_000e6);
        fundParty(friend, usdc, 200_000e6);
        _gap(1822e8);
        (, Margin memory m) = engine.margin(long.account);
        assertLt(m.excess, 0, "below maintenance");
        assertGt(m.equity, 40_000e18);

        vm.expectPartialRevert(IMarginVault.ReductionTooDear.selector);
        this.sellLow(1822e18 * 951 / 1000);
        // at the mark it may
        this.sellLow(1822e18);
        assertEq(_size(long), 550e18);
    }

    function sellLow(uint256 price) external {
        Order memory m = order(friend, eth, 450e18, price);
        Order memory t = order(long, eth, -450e18, price);
        t.reduceOnly = true;
        bytes memory ms = sign(friend, m);
        bytes memory ts = sign(long, t);
        exchange.fill(m, ms, t, ts, 450e18);
    }

    /* BIDS */

    /// @notice A winner whom nobody has paid yet may bid without a loan: its open profit is margin, as for a trade.
    function test_unpaid_profit_backs_a_bid_without_a_loan() public {
        fundParty(friend, usdc, 8300e6);
        fundParty(short, usdc, 24_000e6);
        trade(keeper, friend, eth, 45e18, START);
        trade(short, keeper, eth, 100e18, START);
        _walk(2200e8);
        (Margin memory initial,) = engine.margin(friend.account);
        assertLt(initial.paidExcess, -300e18, "what it has is no initial margin");
        assertGt(initial.excess, 0, "with its profit it is");

        auction.start(short.account, keeper.account);
        vm.prank(friend.owner);
        auction.bid(short.account, friend.account, 0.01e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        assertEq(_size(friend), 44e18, "a contract of both");
        assertGt(vault.cashOf(friend.account), 0, "no loan");
        (initial,) = engine.margin(friend.account);
        assertLt(initial.paidExcess, 0);
    }

    /* INTEREST THAT STRANGERS CAUSE */

    /// @notice The time until a settlement is charged at the pools of before it.
    function test_settling_does_not_change_the_interest_until_then() public {
        _openPair(1000e18, 400_000e6);
        fundParty(honestLong, weth, 2000e18);
        vm.prank(honestLong.owner);
        vault.withdraw(honestLong.account, address(usdc), 600_000e6, honestLong.owner);
        skip(3 days);
        setPrice(FEED, 2200e8);
        refreshAll();
        vault.collectSurplus();
        skip(1 days);
        refreshAll();

        uint256 state = vm.snapshotState();
        vault.collectSurplus();
        int256 loan = vault.cashOf(honestLong.account);
        vm.revertToState(state);
        _settle(short);
        assertGt(clearinghouse.poolOf(eth), 190_000e18);
        assertEq(vault.cashOf(honestLong.account), loan);
    }

    /// @notice A stranger's settle takes cash only; a loan arises only as far as a winner is paid with it.
    function test_stranger_cannot_make_a_healthy_account_borrow() public {
        fundParty(honestLong, usdc, 1000e6);
        fundParty(honestLong, weth, 100e18);
        fundParty(honestShort, usdc, 100_000e6);
        trade(honestShort, honestLong, eth, 50e18, START);
        skip(12);
        setPrice(FEED, 1980e8);
        oracle.refresh(feedIds);

        _settle(honestLong);
        assertEq(vault.cashOf(honestLong.account), 0, "cash only");
        // until the edge is where the price is
        for (uint256 i; i < 60; ++i) {
            vm.warp(vm.getBlockTimestamp() + 60);
            refreshAll();
        }
        clearinghouse.settleBetween(eth, honestShort.account, honestLong.account);
        int256 loan = vault.cashOf(honestLong.account);
        assertLt(loan, 0, "a loan");
        assertEq(clearinghouse.poolOf(eth), 0, "all of it went to the winner");
        _settle(honestShort);
        assertEq(clearinghouse.poolOf(eth), 0);
    }
}
