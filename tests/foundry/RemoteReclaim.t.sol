// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralHub, RouteConfig} from "contracts/interfaces/ICollateralHub.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";

/// @notice What waits for an account, taken back by its owner without its being credited.
contract RemoteReclaimTest is RemoteAttackTest {
    function _reclaim(Party memory p, uint256 most) private returns (uint256) {
        vm.prank(p.owner);
        return hub.reclaim(route, p.account, p.owner, most);
    }

    function _refused(Party memory p, bytes memory reason) private {
        uint256 credited = hub.claimOf(route, p.account).credited;
        vm.expectRevert(reason);
        _reclaim(p, 1);
        assertEq(hub.claimOf(route, p.account).credited, credited);
        assertEq(hub.redeemedOf(route, p.owner), 0);
    }

    function _setCap(uint128 cap) private {
        RouteConfig memory config = routeNow().config;
        config.cap = cap;
        hub.setRoute(config, "", "");
    }

    /// @dev The victim's lock is final, and the cap lets none of it through.
    function _fillCap() private {
        lock(thief, 10e18);
        carry();
        _setCap(10e18);
        lock(victim, 30e18);
        carry();
        assertEq(heldBy(victim), 0);
    }

    /* WHAT COMES BACK */

    function test_what_a_full_cap_keeps_waiting_comes_back() public {
        _fillCap();
        assertEq(hub.claimOf(route, victim.account).reclaimable, 30e18);
        vm.expectEmit();
        emit ICollateralHub.Reclaimed(route, victim.account, 20e18);
        vm.expectEmit();
        emit ICollateralHub.Redeemed({route: route, recipient: victim.owner, burnt: 0, amount: 20e18, total: 20e18});
        assertEq(_reclaim(victim, 20e18), 20e18);
        assertEq(hub.claimOf(route, victim.account).waiting, 10e18);
        assertEq(routeNow().waiting, 10e18, "out of the queue");
        assertEq(routeNow().credited, 30e18);
        assertEq(routeNow().redeemed, 20e18);
        assertEq(routeNow().supply, 10e18, "no receipts");
        assertEq(_reclaim(victim, type(uint256).max), 10e18);
        hub.sendRedemption(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 30e18);
        beats();
        assertEq(routeNow().inFlight, 0);
        assertEq(routeNow().pausedUntil, 0, "nothing has left without the hub");
        _hasHadIt(victim);
    }

    /// @dev He has had it all: neither is it credited, nor comes it back once more, whatever is reported.
    function _hasHadIt(Party memory p) private {
        spoke.report(address(token), p.account);
        _setCap(500e18);
        carry();
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToCredit.selector, route, p.account));
        hub.credit(route, p.account);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, p.account));
        _reclaim(p, 1);
        assertEq(heldBy(p), 0);
        // what he locks from now on counts
        lock(p, 2e18);
        carry();
        assertEq(heldBy(p), 2e18);
    }

    function test_who_has_not_taken_the_route_takes_it_back() public {
        vm.prank(victim.owner);
        hub.accept(route, victim.account, false);
        lock(victim, 30e18);
        carry();
        assertEq(_reclaim(victim, 40e18), 30e18);
        hub.sendRedemption(route, victim.owner);
        carry();
        assertEq(token.balanceOf(victim.owner), 30e18);
    }

    function test_only_the_owner_takes_back_to_somebody_and_from_an_open_route() public {
        _fillCap();
        vm.startPrank(thief.owner);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NotOwner.selector, thief.owner, victim.owner));
        hub.reclaim(route, victim.account, thief.owner, 1);
        uint256 empty = AccountId.encode(thief.owner, 7);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, empty));
        hub.reclaim(route, empty, thief.owner, 1);
        vm.stopPrank();
        vm.startPrank(victim.owner);
        vm.expectRevert(ICollateralHub.NoRecipient.selector);
        hub.reclaim(route, victim.account, address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.UnknownRoute.selector, 9));
        hub.reclaim(9, victim.account, victim.owner, 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, victim.account));
        hub.reclaim(route, victim.account, victim.owner, 0);
        vm.stopPrank();
        hub.pauseRoute(route, 1 hours);
        _refused(
            victim,
            abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 1 hours)
        );
        skip(DEAD + 1);
        _refused(victim, abi.encodeWithSelector(ICollateralHub.RouteDead.selector, route, routeNow().heardAt));
    }

    /* WHAT LIMITS IT */

    /// @dev Those whom the cap lets through come first: what is taken back leaves the queue its bucket.
    function test_those_in_the_queue_come_first() public {
        hub.pauseRoute(route, 1 hours);
        lock(victim, 70e18);
        lock(thief, 200e18);
        carry();
        hub.unpauseRoute(route);
        assertEq(_reclaim(thief, type(uint256).max), CAPACITY - 70e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, thief.account));
        _reclaim(thief, 1);
        assertEq(hub.credit(route, victim.account), 70e18 * uint256(70e18) / 240e18);
        // a cap that lets nothing more through needs no bucket
        _setCap(1);
        uint256 left = routeNow().available;
        assertEq(_reclaim(thief, type(uint256).max), left);
        assertEq(routeNow().available, 0);
    }

    /// @dev Locks that nobody made: what is taken back and what is credited have one bucket.
    function test_attack_all_captured_take_back_at_most_the_bucket() public {
        lock(victim, CAPACITY);
        carry();
        skip(WINDOW);
        refreshAll();
        beats();
        _setCap(CAPACITY + 40e18);
        forge(0, FAST, thief.account, 1000e18, 1);
        assertEq(heldBy(thief), 40e18);
        assertEq(_reclaim(thief, type(uint256).max), CAPACITY - 40e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, thief.account));
        _reclaim(thief, 1);
        hub.pauseRoute(route, 1 days);
        skip(1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 1));
        _reclaim(thief, 1);
    }

    /// @dev Fast word is not final, so nothing of it comes back as long as it is not.
    function test_attack_a_forged_fast_word_is_not_taken_back() public {
        _setCap(0);
        forge(FAST, PAIRS, thief.account, FAST_CAP, 1);
        assertEq(hub.claimOf(route, thief.account).waiting, FAST_CAP);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToReclaim.selector, route, thief.account));
        _reclaim(thief, 1);
    }

    /* WHERE A ROUTE IS SHORT */

    /// @dev The thief was credited the fast part and has redeemed it, and it was undone: 5e18 less are there than wait.
    /// Whoever came first would leave that to the last.
    function test_what_nobody_bears_stops_it() public {
        redeemWhatIsUndone();
        lock(victim, 10e18);
        carry();
        assertEq(routeNow().supply, 0);
        _refused(victim, abi.encodeWithSelector(ICollateralHub.RouteShort.selector, route, FAST_CAP));
        lock(thief, FAST_CAP);
        carry();
        assertEq(_reclaim(victim, 10e18), 10e18);
    }

    /// @dev Receipts bear what is missing, and who has none bears nothing: the rest is there for the receipts.
    function test_what_receipts_bear_stops_nobody() public {
        lock(thief, 20e18);
        carry();
        hub.acknowledge(route, 5e18);
        lock(victim, 10e18);
        carry();
        assertEq(heldBy(victim), 0, "nothing is credited");
        assertEq(_reclaim(victim, 10e18), 10e18);
        assertEq(routeNow().shortage, 5e18);
        redeem(thief, 20e18);
        assertEq(hub.redeemedOf(route, thief.owner), 15e18);
        assertEq(uint256(routeNow().redeemed) + 5e18, spoke.totalsOf(address(token)).locked);
    }

    /// @dev Nobody is credited there, so that whoever waits with more than the bucket stops nobody who leaves.
    function test_attack_who_waits_where_nobody_is_credited_keeps_nobody_in() public {
        lock(thief, 20e18);
        carry();
        hub.acknowledge(route, 5e18);
        lock(victim, 10e18);
        lock(thief, uint256(routeNow().config.capacity));
        carry();
        skip(routeNow().config.window);
        carry();
        assertEq(_reclaim(victim, 10e18), 10e18);
    }
}
