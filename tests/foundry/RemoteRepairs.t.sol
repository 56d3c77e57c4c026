// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Standing} from "contracts/crosschain/Endpoint.sol";
import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {ITransport} from "contracts/interfaces/ITransport.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {LockReport, MessageKind, RedemptionReport} from "contracts/types/RemoteMessages.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";

/// @notice A transport whose owner lets nothing through, as who may change a mailbox's required hook can.
contract ClosedTransport is ITransport {
    error Closed();

    function send(uint32, address, bytes calldata) external payable {
        revert Closed();
    }

    function quote(uint32, address, bytes calldata) external pure returns (uint256) {
        return 0;
    }
}

/// @notice What was repaired in collateral of other chains, attacked once more.
contract RemoteRepairsTest is RemoteAttackTest {
    /* THE FAST PART */

    /// @dev Nobody is captured; the spoke's clock is a minute ahead. Before: a shortage of 5e18 - 1e12 of 15e18, since
    /// fast word was taken for as old as its arrival, and older final word for newer.
    function test_attack_a_clock_that_is_ahead_undoes_fast_word() public {
        lock(victim, 10e18);
        carry();
        uint256 here = vm.getBlockTimestamp();
        uint256 first = sent.length;
        vm.warp(here + 60);
        lock(thief, 1e12);
        vm.warp(here + 62);
        lock(thief, 6e18);
        vm.warp(here + 12);
        collect();
        deliver(first + PAIRS + FAST);
        assertEq(heldBy(thief), FAST_CAP);
        deliver(first);
        deliver(first + 1);
        assertEq(routeNow().shortage, 0);
    }

    /// @dev Fast word with a time of far away bars nothing for long: what was undone shows when the clocks may differ
    /// no more.
    function test_fast_word_of_tomorrow_does_not_hide_what_was_undone() public {
        LockReport memory report = lockReport(thief.account, 6e18, 9);
        report.time = type(uint64).max;
        deliverAs(FAST, Envelope(SPOKE, 7, HUB, address(spoke), address(hub), abi.encode(MessageKind.Lock, report)));
        assertEq(heldBy(thief), FAST_CAP);
        skip(16 minutes);
        beats();
        spoke.report(address(token), thief.account);
        carry();
        assertEq(routeNow().shortage, FAST_CAP);
    }

    /// @dev Only the fast transport is captured. Before: it hides at any time that the fast part is missing, and shows
    /// it again: everybody's receipts are cheap for as long as he likes.
    function test_attack_fast_word_hides_what_final_word_has_undone() public {
        lock(victim, 10e18);
        carry();
        forge(FAST, PAIRS, thief.account, 6e18, 1);
        skip(12);
        spoke.report(address(token), thief.account);
        carry();
        assertEq(routeNow().shortage, FAST_CAP);
        skip(12);
        forge(FAST, PAIRS, thief.account, 6e18, 2);
        assertEq(routeNow().shortage, FAST_CAP);
        // who locks in truth is heard finally, and heals it
        lock(thief, 6e18);
        carry();
        assertEq(routeNow().shortage, 0);
        assertEq(heldBy(thief), 6e18);
    }

    /// @dev Only the fast transport is captured. Before: a shortage of 5e18 of 15e18 that is none.
    function test_attack_fast_word_takes_back_what_is_locked() public {
        lock(victim, 10e18);
        carry();
        lock(thief, 6e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(thief), FAST_CAP);
        forge(FAST, PAIRS, thief.account, 0, 9);
        assertEq(routeNow().shortage, 0);
    }

    /* FORGETTING */

    /// @dev The number that governance names is as old as its delay. Before: a shortage of 40e18 of 100e18, which is
    /// none: what was true when governance decided is delivered once more.
    function test_attack_a_report_from_before_the_forgetting_counts_as_less() public {
        lock(victim, 60e18);
        carry();
        byBoth(reportOf(victim.account, 1000e18, 999));
        assertEq(heldBy(victim), CAPACITY);
        lock(victim, 40e18);
        carry();
        skip(2 days);
        beats();
        hub.forget(route, victim.account, 1);
        deliver(0);
        deliver(1);
        assertEq(routeNow().shortage, 0);
        spoke.report(address(token), victim.account);
        carry();
        assertEq(routeNow().shortage, 0);
        assertEq(hub.claimOf(route, victim.account).locked, 100e18);
    }

    /* THE QUEUE */

    /// @dev Before: 0.01e18 of 1e18 credited. He takes his permission back, and stands in the queue all the same.
    function test_attack_who_takes_his_permission_back_holds_up_the_queue() public {
        lock(thief, 10_000e18);
        carry();
        vm.prank(thief.owner);
        vault.setOperator(address(hub), 0, 0);
        skip(WINDOW);
        beats();
        try hub.credit(route, thief.account) {} catch {}
        lock(victim, 1e18);
        carry();
        assertEq(heldBy(victim), 1e18);
    }

    /// @dev Before: 0.01e18 of 1e18 credited. Nothing more fits into the thief's account, and he stands in the queue.
    function test_attack_an_account_that_is_full_holds_up_the_queue() public {
        listAssets(12);
        for (uint256 i; i < 12; ++i) {
            fundParty(thief, assets[i], 1e18);
        }
        lock(thief, 10_000e18);
        carry();
        assertEq(heldBy(thief), 0);
        lock(victim, 1e18);
        carry();
        assertEq(heldBy(victim), 1e18);
        assertEq(hub.claimOf(route, thief.account).waiting, 10_000e18);
        // room again: anybody pushes it
        vm.prank(thief.owner);
        vault.withdraw(thief.account, address(assets[0]), 1e18, thief.owner);
        assertEq(hub.credit(route, thief.account), CAPACITY - 1e18);
    }

    /* AFTER A THEFT */

    /// @dev Before: paused for seven days by every beat, for ever, once what was stolen has been replaced.
    function test_attack_a_theft_that_was_made_good_pauses_for_ever() public {
        lock(victim, 90e18);
        carry();
        byBoth(paymentOf(makeAddr("robber"), 50e18));
        beats();
        assertGt(routeNow().pausedUntil, vm.getBlockTimestamp());
        hub.acknowledge(route, 50e18);
        hub.unpauseRoute(route);
        // somebody locks it for an account that lets nobody deposit
        lock(party("fund"), 50e18);
        carry();
        hub.acknowledge(route, 0);
        beats();
        assertEq(routeNow().shortage, 0);
        assertEq(routeNow().pausedUntil, 0);
        // and another theft is noticed
        byBoth(paymentOf(makeAddr("another robber"), 1e18));
        beats();
        assertGt(routeNow().pausedUntil, vm.getBlockTimestamp());
        // Before: paused by every beat, for ever, since less is missing now than was once
        hub.acknowledge(route, 1e18);
        hub.unpauseRoute(route);
        beats();
        assertEq(routeNow().shortage, 1e18);
        assertEq(routeNow().pausedUntil, 0);
    }

    /// @dev Before: revived without a word of what was given back, receipts are Valid, and whoever redeems first has
    /// all.
    function test_attack_what_was_given_back_is_not_noticed() public {
        lock(victim, 50e18);
        lock(thief, 50e18);
        carry();
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 50e18);
        refreshAll();
        hub.revive(route);
        beats();
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 7 days)
        );
        this.redeemBy(thief, 50e18);
        hub.acknowledge(route, 50e18);
        hub.unpauseRoute(route);
        beats();
        redeem(thief, 50e18);
        assertEq(hub.redeemedOf(route, thief.owner), 25e18);
    }

    function redeemBy(Party memory p, uint256 amount) external {
        redeem(p, amount);
    }

    /* TRANSPORTS */

    /// @dev Before: 0 of 10e18 can be given back, for good. One captured transport of two keeps a dead hub alive by
    /// messages about a token for which one is enough.
    function test_attack_one_transport_keeps_a_dead_hub_alive_by_another_token() public {
        TestToken small =
            TestToken(deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Small", "SMALL", 18, 1e40)));
        spoke.setToken(address(small), SpokeToken(true, 1, WINDOW, 1e18, 1));
        lock(victim, 10e18);
        carry();
        uint256 heard = spoke.heard();
        skip(EXIT + 1);
        RedemptionReport memory r = RedemptionReport(address(small), thief.owner, 0, uint64(vm.getBlockTimestamp()));
        bytes memory body = abi.encode(MessageKind.Redemption, r);
        deliverAs(1, Envelope(HUB, 77, SPOKE, address(hub), address(spoke), body));
        assertEq(spoke.heard(), heard);
        spoke.exitFor(address(token), victim.account, victim.owner, 10e18);
        assertEq(token.balanceOf(victim.owner), 10e18);
    }

    /// @dev Before: nothing is locked or asked for by any transport until governance has removed the closed one.
    function test_attack_one_transport_that_refuses_stops_all() public {
        setLimits(1);
        ClosedTransport closed = new ClosedTransport();
        hub.setTransport(closed, Standing.Full);
        spoke.setTransport(closed, Standing.Full);
        lock(victim, 10e18);
        carry();
        assertEq(heldBy(victim), 10e18);
        redeem(victim, 10e18);
        hub.sendRedemption(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 10e18);
    }

    /// @dev Before: a beat is put aside by an overflow, and the route dies.
    function test_any_amount_that_is_missing_lets_beats_in() public {
        lock(victim, 10e18);
        carry();
        redeem(victim, 5e18);
        hub.acknowledge(route, type(uint120).max);
        skip(SILENT);
        beats();
        beats();
        assertEq(routeNow().heardAt, vm.getBlockTimestamp());
    }
}
