// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {ICollateralSpoke, SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {Margin} from "contracts/interfaces/IRiskEngine.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {MessageKind, RedemptionReport} from "contracts/types/RemoteMessages.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";

/// @notice What somebody paid by what he steals tries on collateral of other chains.
contract RemoteAttacksTest is RemoteAttackTest {
    uint256 private constant PRICE = 2000;

    Party private lender;
    Party private bidder;

    function setUp() public override {
        super.setUp();
        lender = party("lender");
        bidder = party("bidder");
        fundParty(lender, usdc, 5_000_000e6);
        fundParty(bidder, usdc, 5_000_000e6);
    }

    /* TOOLS */

    function _borrow(Party memory p, uint256 amount) private {
        vm.prank(p.owner);
        vault.withdraw(p.account, address(usdc), amount, p.owner);
    }

    function redeemBy(Party memory p, uint256 amount) external {
        redeem(p, amount);
    }

    function _buyAll() private {
        auction.start(victim.account, 0);
        uint256 now_ = vm.getBlockTimestamp();
        vm.prank(bidder.owner);
        auction.bid(victim.account, bidder.account, 1e18, 0, type(int256).max, type(uint256).max, now_);
    }

    function _equity(Party memory p) private view returns (int256) {
        (, Margin memory m) = engine.margin(p.account);
        return m.equity;
    }

    /* EXITS */

    /// @dev Nobody is captured: for 45 days nothing is delivered to the spoke, and the hub redeems for the first seven.
    /// Where payments went on after an exit: 20e18 for 10e18 locked.
    function test_attack_who_redeems_into_an_outage_is_not_paid_too() public {
        lock(victim, 90e18);
        lock(thief, 10e18);
        carry();
        skip(1);
        redeem(thief, 10e18);
        hub.sendRedemption(route, thief.owner);
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 10e18);
        // the outage is over
        carry();
        assertEq(token.balanceOf(thief.owner), 10e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.PaymentsStopped.selector, address(token)));
        spoke.pay(address(token), thief.owner);
    }

    /// @dev Every message is carried. Where only the account's lock counted: 20e18 for 10e18, and no shortage.
    function test_attack_whom_governance_gives_back_redeems_after_revival() public {
        lock(victim, 10e18);
        lock(thief, 10e18);
        carry();
        uint256 other = AccountId.encode(thief.owner, 1);
        vm.prank(thief.owner);
        vault.transfer(thief.account, other, receipt, 10e18);
        skip(EXIT + 1);
        spoke.exitFor(address(token), other, thief.owner, 10e18);
        refreshAll();
        beats();
        hub.acknowledge(route, 10e18);
        hub.revive(route);
        hub.unpauseRoute(route);
        vm.prank(thief.owner);
        vault.withdraw(other, receipt, 10e18, thief.owner);
        assertEq(hub.redeemedOf(route, thief.owner), 5e18);
    }

    /* ONE OF TWO IS CAPTURED */

    /// @dev Where one beat was enough: 0 of 10e18, for one transport says that the hub lives.
    function test_attack_one_transport_keeps_a_dead_hub_alive() public {
        lock(victim, 10e18);
        carry();
        skip(EXIT + 1);
        bytes memory body = abi.encode(MessageKind.HubBeat, uint64(vm.getBlockTimestamp()));
        deliverAs(1, Envelope(HUB, 77, SPOKE, address(hub), address(spoke), body));
        spoke.exitFor(address(token), victim.account, victim.owner, 10e18);
        assertEq(token.balanceOf(victim.owner), 10e18);
    }

    /// @dev Where no transport was required of it: 50e18 of a token that was listed later, for two transports; a bucket
    /// in each window from then on.
    function test_attack_one_transport_asks_for_payments_of_a_token_that_is_not_listed_yet() public {
        TestToken later =
            TestToken(deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Later", "LATER", 18, 1e40)));
        address robber = makeAddr("robber");
        RedemptionReport memory r = RedemptionReport(address(later), robber, 1000e18, uint64(vm.getBlockTimestamp()));
        bytes memory body = abi.encode(MessageKind.Redemption, r);
        deliverAs(1, Envelope(HUB, 77, SPOKE, address(hub), address(spoke), body));

        spoke.setToken(address(later), SpokeToken(true, 2, WINDOW, CAPACITY, 1e12));
        later.mint(address(this), 50e18);
        later.approve(address(spoke), 50e18);
        spoke.lock(address(later), 50e18, victim.account);
        try spoke.pay(address(later), robber) {} catch {}
        assertEq(later.balanceOf(robber), 0);
    }

    /* THE FAST PART */

    /// @dev Nobody is captured. Before: a shortage of 5e18 - 1e12 of 15e18, the victim's health falls to 0.73, what is
    /// worth 4,500 dollars falls to 0, and the bidder gains 5,585.
    function test_attack_an_old_final_word_undoes_a_newer_fast_one_of_the_same_block() public {
        lock(victim, 10e18);
        carry();
        _borrow(victim, 15_500e6);
        skip(12);
        refreshAll();
        beats();
        int256 before = _equity(victim);

        uint256 first = sent.length;
        lock(thief, 1e12);
        lock(thief, 6e18);
        collect();
        deliver(first + PAIRS + FAST);
        assertEq(heldBy(thief), FAST_CAP);
        deliver(first);
        deliver(first + 1);
        if (engine.health(victim.account) < 1e18) _buyAll();
        deliver(first + PAIRS);
        deliver(first + PAIRS + 1);
        assertEq(routeNow().shortage, 0);
        skip(12);
        refreshAll();
        oracle.refresh(_one(FEED));
        assertGe(_equity(victim), before - 10e18);
    }

    /// @dev Nobody is captured. Before: 6.67e18 paid for 10e18 burnt just then, for ever; nothing is missing.
    function test_attack_who_redeems_just_then_loses_his_part_for_ever() public {
        lock(victim, 10e18);
        carry();
        uint256 first = sent.length;
        lock(thief, 1e12);
        lock(thief, 6e18);
        collect();
        deliver(first + PAIRS + FAST);
        deliver(first);
        deliver(first + 1);
        redeem(victim, 10e18);
        deliver(first + PAIRS);
        deliver(first + PAIRS + 1);
        assertEq(routeNow().shortage, 0);
        assertEq(hub.redeemedOf(route, victim.owner), 10e18);
    }

    function _one(uint256 id) private pure returns (uint256[] memory ids) {
        ids = new uint256[](1);
        ids[0] = id;
    }

    /// @dev Only the fast transport is captured. Before: 0 of 10e18 credited on the word of both others, for good.
    function test_attack_a_fast_word_of_the_greatest_number_bars_all_final_ones() public {
        forge(FAST, PAIRS, thief.account, type(uint128).max, 1);
        lock(victim, 10e18);
        carry();
        assertEq(heldBy(victim), 10e18);
    }

    /// @dev Only the fast transport is captured. Before: 949 wei of 10e18 credited, though 95e18 are let through.
    function test_attack_a_fast_word_takes_the_whole_queue() public {
        forge(FAST, PAIRS, thief.account, 1e36, 1);
        lock(victim, 10e18);
        carry();
        assertEq(heldBy(victim), 10e18);
    }

    /* THE QUEUE */

    /// @dev Before: 0.0099e18 of 1e18 credited, though 100e18 are let through and nothing was for a day.
    function test_attack_what_can_never_be_credited_holds_up_the_queue() public {
        Party memory nobody = party("who lets the hub deposit nothing");
        lock(nobody, 10_000e18);
        carry();
        lock(victim, 1e18);
        carry();
        assertEq(heldBy(victim), 1e18);
    }

    /* PRICES */

    /// @dev Where a price of 0 counted as none: 2000e18 and Healthy, for ever. The breaker lets it fall by halves.
    function test_attack_dead_receipts_do_not_keep_the_last_price() public {
        lock(thief, 10e18);
        carry();
        _borrow(thief, 15_500e6);
        skip(DEAD + 1);
        for (uint256 i; i < 30; ++i) {
            skip(5 minutes);
            refreshAll();
            oracle.refresh(_one(FEED));
        }
        (, uint256 factor) = hub.standingOf(route);
        assertEq(factor, 0);
        assertLe(oracle.price(FEED).mid, 1e18);
        auction.start(thief.account, 0);
    }

    /// @dev Before: a loan of 7,900 dollars on receipts that nothing stands behind, at a price that is Valid.
    function test_attack_receipts_without_anything_behind_them_back_a_loan() public {
        lock(thief, 20e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(thief), FAST_CAP);
        skip(12);
        refreshAll();
        oracle.refresh(_one(FEED));
        // the block came without the lock, and that is final
        skip(12);
        byBoth(reportOf(thief.account, 0, 1));
        assertEq(routeNow().shortage, FAST_CAP);
        refreshAll();
        vm.prank(thief.owner);
        try vault.withdraw(thief.account, address(usdc), 7900e6, thief.owner) {} catch {}
        assertEq(usdc.balanceOf(thief.owner), 0);
    }

    /* ALL ARE CAPTURED */

    /// @dev Before: redeemed in full, 50e18; what was stolen is whose who come last.
    function test_attack_what_was_stolen_at_the_spoke_is_borne_by_the_last() public {
        lock(thief, 50e18);
        lock(victim, 50e18);
        carry();
        byBoth(paymentOf(makeAddr("robber"), 50e18));
        assertEq(token.balanceOf(makeAddr("robber")), 50e18);
        refreshAll();
        beats();
        // a beat tells that more was paid than the hub has asked for: nobody runs
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 7 days)
        );
        this.redeemBy(thief, 50e18);
        hub.acknowledge(route, 50e18);
        hub.unpauseRoute(route);
        redeem(thief, 50e18);
        assertEq(hub.redeemedOf(route, thief.owner), 25e18);
    }

    /// @dev 100e18 of the token and a loan of 155,000 dollars: a bucket at each end, and no more.
    function test_attack_both_ends_lose_a_bucket_each() public {
        lockOverDays(victim, 100e18);
        byBoth(reportOf(thief.account, 1000e18, 1));
        byBoth(paymentOf(thief.owner, 1000e18));
        _borrow(thief, 155_000e6);
        uint256 loot = token.balanceOf(thief.owner) * PRICE / 1e18 + usdc.balanceOf(thief.owner) / 1e6;
        assertLe(loot, 2 * CAPACITY * PRICE / 1e18);
    }

    /// @dev Where a final report could say less than an earlier one, 430,526 dollars were gained in one block: a forged
    /// shortage made everybody's receipts cheap.
    function test_attack_a_forged_shortage_makes_nobodys_receipts_cheap() public {
        lockOverDays(victim, 460e18);
        _borrow(victim, 500_000e6);
        skip(12);
        refreshAll();
        uint256 health = engine.health(victim.account);
        byBoth(reportOf(victim.account, 240e18, sequenceOf(victim)));
        byBoth(reportOf(victim.account, 460e18, sequenceOf(victim)));
        assertEq(routeNow().shortage, 0);
        assertEq(engine.health(victim.account), health);
    }

    /// @dev Before: 200e18 credited, the second half by one transport alone: what the other said while it was captured
    /// counts after its signers were replaced and the forged number was forgotten.
    function test_attack_what_a_transport_said_while_it_was_captured_counts_afterwards() public {
        lockOverDays(victim, 100e18);
        Envelope memory lie = reportOf(thief.account, 1000e18, 9);
        byBoth(lie);
        assertEq(heldBy(thief), CAPACITY);
        address[] memory fresh = new address[](1);
        fresh[0] = makeAddr("fresh signer");
        atHub[0].setSigners(fresh, 1);
        hub.forget(route, thief.account, 0);
        skip(WINDOW);
        deliverAs(1, lie);
        assertEq(heldBy(thief), CAPACITY);
    }

    /// @dev The same at the spoke. Before: 200e18.
    function test_attack_a_payment_that_was_cancelled_is_asked_for_again_by_one() public {
        lockOverDays(victim, 300e18);
        Envelope memory lie = paymentOf(thief.owner, 250e18);
        byBoth(lie);
        assertEq(token.balanceOf(thief.owner), CAPACITY);
        address[] memory fresh = new address[](1);
        fresh[0] = makeAddr("fresh signer");
        atSpoke[0].setSigners(fresh, 1);
        spoke.cancelRedemption(address(token), thief.owner);
        skip(WINDOW);
        deliverAs(1, lie);
        assertEq(token.balanceOf(thief.owner), CAPACITY);
    }

    /* WHO COMES LATE, AND WHO DID NOT ASK */

    /// @dev Before: 16e18 for 20e18: who locks during a shortage bears what was lost before.
    function test_attack_a_shortage_is_borne_by_those_who_come_later() public {
        lock(thief, 60e18);
        carry();
        byBoth(reportOf(thief.account, 80e18, 9));
        hub.forget(route, thief.account, sequenceOf(thief));
        spoke.report(address(token), thief.account);
        carry();
        assertEq(routeNow().shortage, 20e18);
        lock(victim, 20e18);
        carry();
        if (heldBy(victim) == 0) return;
        redeem(victim, 20e18);
        assertEq(hub.redeemedOf(route, victim.owner), 20e18);
    }

    /// @dev 0.000001 ether that somebody gave, of a route that is paused then, stopped withdrawals of who owes or has
    /// contracts for seven days.
    function test_dust_of_a_paused_route_stops_nobody() public {
        fundParty(victim, usdc, 100_000e6);
        trade(lender, victim, perpetuals[0], 1e18, 2000e18);
        token.mint(thief.owner, 1e12);
        vm.startPrank(thief.owner);
        token.approve(address(spoke), 1e12);
        spoke.lock(address(token), 1e12, victim.account);
        vm.stopPrank();
        carry();
        hub.pauseRoute(route, 7 days);
        vm.prank(victim.owner);
        vault.withdraw(victim.account, address(usdc), 1e6, victim.owner);
        assertEq(usdc.balanceOf(victim.owner), 1e6);
    }

    /* GAS */

    /// @dev A transport that delivers once (a mailbox) has delivered, and the report is lost. Before: at 209,000 gas.
    function test_attack_too_little_gas_loses_a_report() public {
        setLimits(1);
        lock(victim, 10e18);
        collect();
        Envelope memory e = sent[sent.length - PAIRS];
        uint256 lostAt;
        for (uint256 limit = 100_000; limit < 1_000_000 && lostAt == 0; limit += 5000) {
            uint256 before = vm.snapshotState();
            vm.prank(address(atHub[0]));
            try hub.receiveMessage{gas: limit}(SPOKE, address(spoke), e.body) {
                if (hub.claimOf(route, victim.account).locked == 0) lostAt = limit;
            } catch {}
            vm.revertToState(before);
        }
        assertEq(lostAt, 0);
    }

    /* WHAT DID NOT WORK */

    function test_many_accounts_get_no_more_of_a_queue() public {
        lock(victim, 200e18);
        uint256 before = vm.snapshotState();
        lock(thief, 200e18);
        _share();
        uint256 whole = heldBy(thief);
        vm.revertToState(before);
        vm.getRecordedLogs();
        spoke.report(address(token), victim.account);

        token.mint(thief.owner, 200e18);
        vm.startPrank(thief.owner);
        token.approve(address(spoke), 200e18);
        for (uint96 i; i < 10; ++i) {
            spoke.lock(address(token), 20e18, AccountId.encode(thief.owner, i));
        }
        vm.stopPrank();
        _share();
        uint256 parts;
        for (uint96 i; i < 10; ++i) {
            parts += vault.balanceOf(AccountId.encode(thief.owner, i), vault.assetIndexOf(receipt));
        }
        assertLe(parts, whole);
    }

    /// @dev Everything is known while the route is paused; then whoever comes first pushes.
    function _share() private {
        hub.pauseRoute(route, 1 hours);
        carry();
        hub.unpauseRoute(route);
        for (uint96 i; i < 10; ++i) {
            uint256 account = AccountId.encode(thief.owner, i);
            for (uint256 again; again < 2; ++again) {
                try hub.credit(route, account) {} catch {}
            }
        }
    }

    function test_a_shortage_is_not_escaped_in_dust() public {
        lock(victim, 60e18);
        carry();
        byBoth(reportOf(thief.account, 20e18, 9));
        hub.forget(route, thief.account, 0);
        spoke.report(address(token), thief.account);
        carry();
        assertEq(routeNow().shortage, 20e18);
        for (uint256 i = 1; i <= 50; ++i) {
            redeem(victim, i);
        }
        // 1,275 in all; a quarter of each is missing, rounded up
        assertLe(hub.redeemedOf(route, victim.owner), uint256(1275) * 3 / 4);
        assertGe(routeNow().factor, 0.75e18);
        assertEq(uint256(routeNow().supply), 80e18 - 1275);
    }
}
