// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice Nobody is given collateral of a route that he has not taken.
contract RemoteConsentTest is RemoteTest {
    uint8 private constant SECOND_FEED = 51;

    Party private owner;
    Party private stranger;

    function setUp() public {
        deployRemote(1);
        owner = party("owner");
        stranger = party("stranger");
    }

    function test_only_the_owner_takes_a_route_and_only_one_there_is() public {
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NotOwner.selector, stranger.owner, owner.owner));
        vm.prank(stranger.owner);
        hub.accept(route, owner.account, true);
        for (uint256 i; i < 2; ++i) {
            uint256 unknown = i * (route + 1);
            vm.expectRevert(abi.encodeWithSelector(ICollateralHub.UnknownRoute.selector, unknown));
            vm.prank(owner.owner);
            hub.accept(unknown, owner.account, true);
        }
        assertFalse(hub.accepts(route, owner.account));
        vm.expectEmit();
        emit ICollateralHub.RouteAccepted(route, owner.account, true);
        vm.prank(owner.owner);
        hub.accept(route, owner.account, true);
        assertTrue(hub.accepts(route, owner.account));
        assertFalse(hub.accepts(route, owner.account + 1), "of this account alone");
    }

    function test_without_a_yes_it_waits_and_holds_up_nobody() public {
        welcome(owner);
        vm.prank(owner.owner);
        hub.accept(route, owner.account, false);
        lock(owner, 10_000e18);
        carry();
        assertEq(heldBy(owner), 0);
        assertEq(hub.claimOf(route, owner.account).waiting, 10_000e18);
        assertEq(routeNow().waiting, 0);
        welcome(stranger);
        lock(stranger, 1e18);
        carry();
        assertEq(heldBy(stranger), 1e18);
        welcome(owner);
        assertEq(hub.credit(route, owner.account), CAPACITY - 1e18);
    }

    function test_who_takes_his_yes_back_leaves_the_queue_and_keeps_what_he_has() public {
        welcome(owner);
        lock(owner, 10_000e18);
        carry();
        assertEq(heldBy(owner), CAPACITY);
        vm.prank(owner.owner);
        hub.accept(route, owner.account, false);
        skip(WINDOW);
        beats();
        beats();
        assertEq(hub.credit(route, owner.account), 0, "it has left the queue");
        assertEq(routeNow().waiting, 0);
        assertEq(heldBy(owner), CAPACITY);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteNotAccepted.selector, route, owner.account));
        hub.credit(route, owner.account);
    }

    /// @dev Before: whoever let the hub deposit took dust of any route, and a pause of that one stopped him.
    function test_attack_dust_of_a_route_that_he_has_not_taken_stops_nobody() public {
        TestToken other = TestToken(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Other ether", "OTHER", 18, 1e40))
        );
        uint256 second = openRoute(address(other), SECOND_FEED, 1);
        welcome(owner);
        fundParty(owner, usdc, 100_000e6);
        fundParty(stranger, usdc, 1_000_000e6);
        trade(stranger, owner, perpetuals[0], 1e18, 2000e18);
        other.mint(stranger.owner, 1e12);
        lockOther(address(other), stranger, owner.account, 1e12);
        carry();
        assertEq(hub.claimOf(second, owner.account).waiting, 1e12);
        hub.pauseRoute(second, 7 days);
        vm.prank(owner.owner);
        vault.withdraw(owner.account, address(usdc), 1e6, owner.owner);
        assertEq(usdc.balanceOf(owner.owner), 1e6);
    }
}
