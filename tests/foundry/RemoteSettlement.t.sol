// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Endpoint, Standing} from "contracts/crosschain/Endpoint.sol";
import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {ICollateralSpoke, SpokeTotals} from "contracts/interfaces/ICollateralSpoke.sol";
import {ITransport} from "contracts/interfaces/ITransport.sol";
import {LockReport, MessageKind} from "contracts/types/RemoteMessages.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";

/// @notice A transport whose owner asks a fee that nobody pays, as who may change a mailbox's required hook can.
contract DearTransport is ITransport {
    function send(uint32, address, bytes calldata) external payable {}

    function quote(uint32, address, bytes calldata) external pure returns (uint256) {
        return 1e30;
    }
}

/// @notice A transport whose owner asks what he likes.
contract GreedyTransport is ITransport {
    uint256 public fee;

    function ask(uint256 fee_) external {
        fee = fee_;
    }

    function send(uint32, address, bytes calldata) external payable {}

    function quote(uint32, address, bytes calldata) external view returns (uint256) {
        return fee;
    }
}

/// @notice A transport whose owner burns all gas that it gets.
contract BurningTransport is ITransport {
    function send(uint32, address, bytes calldata) external payable {
        _burn();
    }

    function quote(uint32, address, bytes calldata) external view returns (uint256) {
        _burn();
    }

    function _burn() private view {
        while (gasleft() > 0) {}
    }
}

/// @notice A transport that takes every call and answers nothing.
contract MuteTransport {
    fallback() external payable {}
}

/// @notice What was repaired in collateral of other chains, attacked a third time: exits, fees, the queue's order.
contract RemoteSettlementTest is RemoteAttackTest {
    /* EXITS */

    /// @dev Nobody is captured. Before: the thief is credited 10e18 once more after revival, and has 20e18 of the 10e18
    /// that he locked; the victim's 10e18 pay for it.
    function test_attack_who_was_given_back_what_waited_is_credited_after_revival() public {
        _giveBackWhatWaits();
        // nobody bears it
        hub.settleExit(route, thief.account, 10e18);
        hub.unpauseRoute(route);
        beats();
        assertEq(routeNow().pausedUntil, 0, "the beat tells of no more than is known");
        assertEq(routeNow().shortage, 0);
        spoke.resume(address(token));
        spoke.report(address(token), thief.account);
        carry();
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToCredit.selector, route, thief.account));
        hub.credit(route, thief.account);
        // what he locks from now on counts
        lock(thief, 3e18);
        carry();
        assertEq(heldBy(thief), 3e18);
        redeem(victim, 10e18);
        hub.sendRedemption(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 10e18);
    }

    function test_no_more_is_settled_than_waits() public {
        _giveBackWhatWaits();
        for (uint256 i; i < 2; ++i) {
            uint128 amount = i == 0 ? 0 : 10e18 + 1;
            uint256 limit = i == 0 ? 1 : 10e18;
            vm.expectRevert(
                abi.encodeWithSelector(ICollateralHub.RouteParameterOutOfRange.selector, uint256(amount), limit)
            );
            hub.settleExit(route, thief.account, amount);
        }
        assertEq(hub.claimOf(route, thief.account).credited, 0);
        vm.expectEmit();
        emit ICollateralHub.ExitSettled(route, thief.account, 4e18);
        hub.settleExit(route, thief.account, 4e18);
        assertEq(hub.claimOf(route, thief.account).waiting, 6e18);
        assertEq(routeNow().waiting, 6e18, "out of the queue as well");
    }

    /// @dev The thief's lock waits for his yes, and comes back by governance; then the hub lives again.
    function _giveBackWhatWaits() private {
        vm.prank(thief.owner);
        hub.accept(route, thief.account, false);
        lock(victim, 10e18);
        lock(thief, 10e18);
        carry();
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 10e18);
        refreshAll();
        hub.revive(route);
        beats();
        assertGt(routeNow().pausedUntil, vm.getBlockTimestamp());
        // he says yes, and stands in the queue
        welcome(thief);
        spoke.report(address(token), thief.account);
        carry();
        assertEq(heldBy(thief), 0);
    }

    /// @dev Nobody is captured. Before: 20e18 for 10e18. To cancel the redemption helps nothing, since the hub truly
    /// asks for it: anybody sends it again.
    function test_attack_who_redeemed_into_an_outage_is_paid_too_once_payments_go_on() public {
        _giveBackWhatWasRedeemed();
        spoke.settleRedemption(address(token), thief.account, thief.owner, 10e18);
        spoke.resume(address(token));
        hub.sendRedemption(route, thief.owner);
        carry();
        assertEq(token.balanceOf(thief.owner), 10e18);
        SpokeTotals memory totals = spoke.totalsOf(address(token));
        assertEq(totals.owed, 0);
        assertEq(totals.exited, 0);
        assertEq(totals.paid, 10e18);
        hub.revive(route);
        beats();
        assertEq(routeNow().pausedUntil, 0, "nothing has left without the hub");
        assertEq(routeNow().inFlight, 0);
    }

    function test_no_more_counts_as_paid_than_was_given_back_and_is_owed() public {
        _giveBackWhatWasRedeemed();
        for (uint256 i; i < 3; ++i) {
            uint128 amount = i == 0 ? 0 : i == 1 ? 10e18 + 1 : 1;
            address recipient = i == 2 ? victim.owner : thief.owner;
            uint256 limit = i == 2 ? 0 : 10e18;
            vm.expectRevert(
                abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, uint256(amount), limit)
            );
            spoke.settleRedemption(address(token), thief.account, recipient, amount);
        }
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 1, 0));
        spoke.settleRedemption(address(token), victim.account, thief.owner, 1);
        vm.expectEmit();
        emit ICollateralSpoke.RedemptionSettled(address(token), thief.account, thief.owner, 4e18);
        spoke.settleRedemption(address(token), thief.account, thief.owner, 4e18);
        assertEq(spoke.totalsOf(address(token)).owed, 6e18);
    }

    /// @dev The thief redeems, the word is late, and governance gives back what he has locked.
    function _giveBackWhatWasRedeemed() private {
        lock(victim, 90e18);
        lock(thief, 10e18);
        carry();
        redeem(thief, 10e18);
        hub.sendRedemption(route, thief.owner);
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 10e18);
        carry();
    }

    /* TRANSPORTS */

    function test_attack_one_transport_that_asks_too_much_stops_all() public {
        _stopsNothing(new DearTransport(), 3_000_000);
    }

    function test_attack_one_transport_that_burns_gas_stops_all() public {
        _stopsNothing(new BurningTransport(), 3_000_000);
    }

    /// @dev Before: nothing is locked or asked for by any transport, since what does not answer was not refused.
    function test_attack_one_transport_that_answers_nothing_stops_all() public {
        _stopsNothing(ITransport(address(new MuteTransport())), 3_000_000);
    }

    function _stopsNothing(ITransport transport, uint256 gas) private {
        hub.setTransport(transport, Standing.Full);
        spoke.setTransport(transport, Standing.Full);
        token.mint(victim.owner, 10e18);
        vm.startPrank(victim.owner);
        token.approve(address(spoke), 10e18);
        spoke.lock{gas: gas}(address(token), 10e18, victim.account);
        vm.stopPrank();
        carry();
        assertEq(heldBy(victim), 10e18);
        redeem(victim, 10e18);
        hub.sendRedemption{gas: gas}(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 10e18);
    }

    /// @dev Whoever sends pays a tenth of the coin, and no more, until governance takes the transport out.
    function test_attack_one_transport_takes_a_tenth_of_the_coin_a_message() public {
        GreedyTransport greedy = new GreedyTransport();
        spoke.setTransport(greedy, Standing.Full);
        greedy.ask(0.1 ether);
        assertEq(spoke.messageFee(HUB), 0.1 ether);
        vm.expectRevert(abi.encodeWithSelector(Endpoint.MessageFeeTooLow.selector, 0, 0.1 ether));
        spoke.beat(address(token));
        vm.deal(victim.owner, 1 ether);
        vm.prank(victim.owner);
        spoke.beat{value: 1 ether}(address(token));
        assertEq(address(greedy).balance, 0.1 ether);
        assertEq(victim.owner.balance, 0.9 ether, "the rest comes back");
        greedy.ask(0.1 ether + 1);
        spoke.beat(address(token));
        assertEq(address(greedy).balance, 0.1 ether);
        greedy.ask(0.1 ether);
        spoke.setTransport(greedy, Standing.None);
        spoke.beat(address(token));
        assertEq(address(greedy).balance, 0.1 ether);
    }

    /* FORGED SUMS */

    /// @dev All are captured once. Before: what is owed overflows, so that nobody's redemption is heard any more.
    function test_attack_a_forged_sum_bars_all_other_redemptions() public {
        lock(victim, 10e18);
        carry();
        byBoth(paymentOf(thief.owner, type(uint128).max));
        assertEq(token.balanceOf(thief.owner), 10e18);
        lock(victim, 20e18);
        carry();
        // more than has room beside what the thief is still owed
        redeem(victim, 15e18);
        hub.sendRedemption(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 15e18);
        (uint256 redeemed,) = spoke.redemptionOf(address(token), victim.owner);
        assertEq(redeemed, 15e18);
    }

    /// @dev Fast word was undone, and what was redeemed of it is asked for. It is paid once so much is there.
    function test_what_is_asked_beyond_all_locks_counts_once_it_is_locked() public {
        forge(FAST, PAIRS, thief.account, FAST_CAP, 1);
        redeem(thief, FAST_CAP);
        hub.sendRedemption(route, thief.owner);
        carry();
        assertEq(spoke.totalsOf(address(token)).owed, 0);
        lock(victim, 2e18);
        hub.sendRedemption(route, thief.owner);
        carry();
        assertEq(token.balanceOf(thief.owner), 2e18);
        lock(victim, 8e18);
        hub.sendRedemption(route, thief.owner);
        carry();
        assertEq(token.balanceOf(thief.owner), FAST_CAP);
        assertEq(spoke.totalsOf(address(token)).owed, 0);
    }

    /* THE FAST PART */

    /// @dev Only the fast transport is captured. Before: what it let through of nothing was hidden while it said so
    /// anew every few minutes: no shortage of 15e18, of which 5e18 are missing, until it liked.
    function test_attack_fast_word_hides_that_nothing_is_there_for_as_long_as_it_likes() public {
        lock(victim, 10e18);
        carry();
        for (uint64 i = 1; i <= 6; ++i) {
            LockReport memory report = lockReport(thief.account, 6e18, i);
            report.time = type(uint64).max;
            bytes memory body = abi.encode(MessageKind.Lock, report);
            deliverAs(FAST, Envelope(SPOKE, 7, HUB, address(spoke), address(hub), body));
            assertEq(heldBy(thief), FAST_CAP);
            skip(10 minutes);
            spoke.report(address(token), thief.account);
            carry();
        }
        assertEq(routeNow().shortage, FAST_CAP);
    }

    /// @dev Nobody has receipts to bear it. What waits is safe, and waits until somebody locks what is missing.
    function test_what_is_missing_without_receipts_stops_credit_until_it_is_locked() public {
        redeemWhatIsUndone();
        lock(victim, 10e18);
        carry();
        assertEq(routeNow().supply, 0);
        assertEq(heldBy(victim), 0);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteShort.selector, route, FAST_CAP));
        hub.credit(route, victim.account);
        lock(thief, FAST_CAP);
        carry();
        assertEq(hub.credit(route, victim.account), 10e18);
    }

    /// @dev The second lock waits for final word of the first, and then counts.
    function test_fast_word_that_is_not_confirmed_is_not_added_to() public {
        lock(thief, 1e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(thief), 1e18);
        uint256 second = sent.length;
        lock(thief, 2e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(thief), 1e18);
        assertEq(hub.claimOf(route, thief.account).fastLocked, 1e18);
        deliver(0);
        deliver(1);
        deliver(second + FAST);
        assertEq(heldBy(thief), 3e18);
        deliver(second);
        deliver(second + 1);
        assertEq(routeNow().fastCredited, 0);
        assertEq(routeNow().shortage, 0);
    }

    /* THE QUEUE */

    /// @dev Nobody is captured. The thief has 99 parts of what waits, is served just before the victim, and locks again
    /// what he was credited. Before: a hundredth of the victim's part, since it was of what the thief had left; of the
    /// bucket that was full at first he had 0.01e18, not 0.8e18.
    function test_attack_who_is_served_first_leaves_the_others_nothing() public {
        hub.pauseRoute(route, 1 hours);
        lock(thief, 396e18);
        lock(victim, 4e18);
        carry();
        hub.unpauseRoute(route);
        uint256 first;
        for (uint256 i; i < 18; ++i) {
            lock(thief, hub.credit(route, thief.account));
            carry();
            hub.credit(route, victim.account);
            if (i == 0) first = heldBy(victim);
            skip(10 minutes);
        }
        // a hundredth of the bucket, less a fifth, since the thief has 99e18 more in the queue by then
        assertApproxEqRel(first, 0.8e18, 0.01e18);
        // and of what has refilled in between his part
        uint256 part = CAPACITY * 17 * 10 minutes / WINDOW * (4e18 - first) / 400e18;
        assertGe(heldBy(victim) - first, part * 95 / 100);
        assertLe(heldBy(victim) - first, part * 110 / 100);
    }
}
