// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Standing} from "contracts/crosschain/Endpoint.sol";
import {ITransport} from "contracts/interfaces/ITransport.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice A transport whose owner asks a fee that nobody pays, as who may change a mailbox's required hook can.
contract DearTransport is ITransport {
    function send(uint32, address, bytes calldata) external payable {}

    function quote(uint32, address, bytes calldata) external pure returns (uint256) {
        return 1e30;
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

/// @notice What was repaired in collateral of other chains, attacked a third time: exits, fees, the queue's order.
contract RemoteSettlementTest is RemoteTest {
    Party private thief;
    Party private victim;

    function setUp() public {
        deployRemote(2);
        thief = party("thief");
        victim = party("victim");
        welcome(thief);
        welcome(victim);
    }

    /* EXITS */

    function test_attack_who_was_given_back_what_waited_is_credited_after_revival() public {
        vm.prank(thief.owner);
        hub.accept(route, thief.account, false);
        lock(victim, 10e18);
        lock(thief, 10e18);
        carry();
        assertEq(heldBy(thief), 0);
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 10e18);
        refreshAll();
        hub.revive(route);
        beats();
        hub.acknowledge(route, 10e18);
        hub.acknowledge(route, 0);
        hub.unpauseRoute(route);
        spoke.resume(address(token));
        welcome(thief);
        try hub.credit(route, thief.account) {} catch {}
        assertEq(heldBy(thief), 0, "he has it back");
    }

    function test_attack_who_redeemed_into_an_outage_is_paid_too_once_payments_go_on() public {
        lock(victim, 90e18);
        lock(thief, 10e18);
        carry();
        redeem(thief, 10e18);
        hub.sendRedemption(route, thief.owner);
        skip(EXIT + 1);
        spoke.exitFor(address(token), thief.account, thief.owner, 10e18);
        carry();
        spoke.cancelRedemption(address(token), thief.owner);
        spoke.resume(address(token));
        hub.sendRedemption(route, thief.owner);
        carry();
        assertEq(token.balanceOf(thief.owner), 10e18);
    }

    /* TRANSPORTS */

    function test_attack_one_transport_that_asks_too_much_stops_all() public {
        _stopsNothing(new DearTransport(), 3_000_000);
    }

    function test_attack_one_transport_that_burns_gas_stops_all() public {
        _stopsNothing(new BurningTransport(), 3_000_000);
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

    /* THE QUEUE */

    /// @dev The thief is served just before the victim, each time, and replaces what he was credited.
    function test_attack_who_is_served_first_leaves_the_others_nothing() public {
        hub.pauseRoute(route, 1 hours);
        lock(thief, 99e18 * 4);
        lock(victim, 1e18 * 4);
        carry();
        hub.unpauseRoute(route);
        uint256 before;
        for (uint256 i; i < 6; ++i) {
            hub.credit(route, thief.account);
            try hub.credit(route, victim.account) {} catch {}
            before = heldBy(victim);
            skip(10 minutes);
        }
        // 100e18 at once, and 0.69e18 every ten minutes: a hundredth of it
        assertGe(before, 1e18);
    }
}
