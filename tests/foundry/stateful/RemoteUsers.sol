// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {ClaimView, ICollateralHub, RouteView} from "contracts/interfaces/ICollateralHub.sol";
import {SpokeTotals} from "contracts/interfaces/ICollateralSpoke.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {RedemptionProof} from "contracts/interfaces/IRedemptionProver.sol";
import {PERMISSION_DEPOSIT} from "contracts/types/Permissions.sol";
import {MessageKind} from "contracts/types/RemoteMessages.sol";
import {RemoteProofTest} from "tests/foundry/base/RemoteProofTest.sol";

/// @notice Random users of a hub and a spoke, and whoever carries messages between them: he drops, repeats, delays and
/// reorders as he likes, has one of two full transports in his hands, and the fast one.
contract RemoteUsers is RemoteProofTest {
    uint256 private constant USERS = 3;
    uint256 private constant BURST = 16;

    Party[] private users;
    uint256 public delivered;
    uint256 public forged;
    uint256 public redeemedOften;
    uint256 public reclaimedOften;
    uint256 public waited;
    uint256 public proved;
    bytes[] private _proofs;
    uint256 private begun;

    function deploy() external {
        deployRemote(2);
        deployProver();
        for (uint256 i; i < USERS; ++i) {
            users.push(party(string.concat("user", vm.toString(i))));
            welcome(users[i]);
        }
        begun = vm.getBlockTimestamp();
    }

    function _user(uint256 seed) private view returns (Party memory) {
        return users[seed % USERS];
    }

    /* USERS */

    function lockSome(uint256 who, uint256 amount) public {
        if (vm.getBlockTimestamp() < spoke.pausedUntil()) return;
        lock(_user(who), bound(amount, 1e12, 60e18));
    }

    function redeemSome(uint256 who, uint256 amount, bool send) public {
        Party memory user = _user(who);
        uint256 held = heldBy(user);
        if (held == 0 || vm.getBlockTimestamp() < routeNow().pausedUntil) return;
        if (vm.getBlockTimestamp() - routeNow().heardAt > DEAD) return;
        vm.prank(user.owner);
        vault.withdraw(user.account, receipt, bound(amount, 1, held), user.owner);
        if (send) hub.sendRedemption(route, user.owner);
        ++redeemedOften;
    }

    /// @dev Takes back what waits, to himself or to another user.
    function reclaimSome(uint256 who, uint256 amount, bool away) public {
        Party memory user = _user(who);
        uint256 most = hub.claimOf(route, user.account).reclaimable;
        if (most == 0 || vm.getBlockTimestamp() < routeNow().pausedUntil) return;
        if (vm.getBlockTimestamp() - routeNow().heardAt > DEAD) return;
        if (routeNow().shortage > routeNow().supply) return;
        vm.prank(user.owner);
        hub.reclaim(route, user.account, _user(away ? who / USERS : who).owner, bound(amount, 1, most));
        ++reclaimedOften;
    }

    function giveSome(uint256 from, uint256 to, uint256 amount) public {
        Party memory giver = _user(from);
        Party memory taker = _user(to);
        uint256 held = heldBy(giver);
        if (held == 0 || giver.account == taker.account) return;
        vm.prank(taker.owner);
        vault.setOperator(giver.owner, 1, type(uint48).max);
        vm.prank(giver.owner);
        vault.transfer(giver.account, taker.account, receipt, bound(amount, 1, held));
    }

    /// @dev Lets the hub deposit, or no longer; takes the route, or no longer.
    function permitSome(uint256 who, bool may) public {
        Party memory user = _user(who);
        vm.startPrank(user.owner);
        if (who & 1 == 0) hub.accept(route, user.account, may);
        else vault.setOperator(address(hub), may ? PERMISSION_DEPOSIT : 0, may ? type(uint48).max : 0);
        vm.stopPrank();
    }

    /* ANYBODY */

    function reportSome(uint256 who) public {
        spoke.report(address(token), _user(who).account);
    }

    function askSome(uint256 who) public {
        hub.sendRedemption(route, _user(who).owner);
    }

    function beat(bool fromHub) public {
        if (fromHub) hub.sendBeat(SPOKE);
        else spoke.beat(address(token));
    }

    function creditSome(uint256 who) public {
        ClaimView memory claim = hub.claimOf(route, _user(who).account);
        if (claim.claimable == 0 || vm.getBlockTimestamp() < claim.nextCreditAt) return;
        if (routeNow().shortage != 0) return;
        if (vm.getBlockTimestamp() < routeNow().pausedUntil) return;
        if (vm.getBlockTimestamp() - routeNow().heardAt > DEAD) return;
        // it refuses who never let it deposit, or never took the route
        try hub.credit(route, _user(who).account) {
            ++waited;
        } catch (bytes memory reason) {
            bool taken = bytes4(reason) != ICollateralHub.RouteNotAccepted.selector;
            if (taken) assertEq(bytes4(reason), IMarginVault.NotAuthorised.selector);
        }
    }

    function paySome(uint256 who) public {
        address recipient = _user(who).owner;
        (uint256 redeemed, uint256 paid) = spoke.redemptionOf(address(token), recipient);
        SpokeTotals memory totals = spoke.totalsOf(address(token));
        uint256 there = totals.locked - totals.paid - totals.exited;
        if (redeemed == paid || totals.available == 0 || there == 0) return;
        if (vm.getBlockTimestamp() < spoke.pausedUntil()) return;
        spoke.pay(address(token), recipient);
    }

    /// @dev Any proof that was ever made, again or for the first time; a new one of what the hub has now. Where the hub
    /// is heard of, first the silence, unless the route would die of it.
    function proveSome(uint256 who, uint256 place, bool fresh) public {
        address recipient = _user(who).owner;
        if (fresh && hub.redeemedOf(route, recipient) != 0) {
            _proofs.push(abi.encode(recipient, proofFor(recipient)));
            place = _proofs.length - 1;
        }
        if (_proofs.length == 0) return;
        uint256 from = uint256(spoke.heard()) + PROVE + 1;
        if (from > routeNow().heardAt + DEAD) return;
        if (vm.getBlockTimestamp() < from) vm.warp(from);
        (address paid, RedemptionProof memory proof) =
            abi.decode(_proofs[place % _proofs.length], (address, RedemptionProof));
        prove(paid, proof);
        ++proved;
    }

    function pass(uint256 time) public {
        skip(bound(time, 12, 8 hours));
    }

    /* GUARDIANS AND GOVERNANCE */

    function pauseSome(uint256 time, bool atHub) public {
        if (atHub) hub.pauseRoute(route, bound(time, 1, 6 hours));
        else spoke.pause(bound(time, 1, 6 hours));
    }

    function goOn() public {
        hub.unpauseRoute(route);
        spoke.unpause();
    }

    function forgetSome(uint256 who) public {
        hub.forget(route, _user(who).account, sequenceOf(_user(who)));
    }

    /* WHO CARRIES */

    /// @dev Any message that was ever sent, again or for the first time.
    function deliverSome(uint256 place) public {
        collect();
        if (sent.length == 0) return;
        deliver(place % sent.length);
        ++delivered;
    }

    /// @dev The newest of both full transports.
    function deliverNewest(uint256 back) public {
        collect();
        if (sent.length < PAIRS) return;
        uint256 first = sent.length - PAIRS - bound(back, 0, sent.length / PAIRS - 1) * PAIRS;
        deliver(first);
        deliver(first + 1);
        ++delivered;
    }

    /// @dev One captured full transport says what it likes, and so does the fast one.
    function lie(uint256 who, uint128 locked, uint64 sequence, bool fast) public {
        forged += 1;
        (uint256 first, uint256 end) = fast ? (FAST, PAIRS) : (uint256(1), FAST);
        forge(first, end, _user(who).account, locked, sequence);
    }

    /// @dev A captured transport asks for payments.
    function lieToSpoke(uint256 who, uint128 amount) public {
        forged += 1;
        bytes memory body = abi.encode(MessageKind.Redemption, token, _user(who).owner, amount, uint64(1));
        deliverAs(1, Envelope(HUB, 7, SPOKE, address(hub), address(spoke), body));
    }

    /* MANY AT ONCE */

    /// @dev Sixteen of the above, by chance: a check after each of them would take most of the time.
    function burst(uint256 seed) external {
        for (uint256 i; i < BURST; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            // a call of its own, whose memory is free again afterwards
            this.act(seed % 18, seed >> 8, seed >> 80, seed >> 200 & 1 == 0);
        }
    }

    function act(uint256 action, uint256 first, uint256 second, bool flag) external {
        if (action == 0) lockSome(first, second);
        else if (action == 1) redeemSome(first, second, flag);
        else if (action == 2) giveSome(first, second, second);
        else if (action == 3) permitSome(first, flag);
        else if (action == 4) reportSome(first);
        else if (action == 5) askSome(first);
        else if (action == 6) beat(flag);
        else if (action == 7) creditSome(first);
        else if (action == 8) paySome(first);
        else if (action == 9) pass(first);
        else if (action == 10 && flag) pauseSome(first, second & 1 == 0);
        else if (action == 10) goOn();
        else if (action == 11) forgetSome(first);
        else if (action == 12) lie(first, uint128(second), uint64(second), flag);
        else if (action == 13) lieToSpoke(first, uint128(second));
        else if (action == 14) deliverSome(first);
        else if (action == 15) proveSome(first, second, flag);
        else if (action == 16) reclaimSome(first, second, flag);
        else deliverNewest(first);
    }

    /* WHAT MUST HOLD */

    /// @dev Everything at the hub and at the spoke adds up, and nothing counts that is not there.
    function check() external view {
        RouteView memory v = routeNow();
        SpokeTotals memory totals = spoke.totalsOf(address(token));
        uint256 there = uint256(totals.locked) - totals.exited - totals.paid;
        assertEq(token.balanceOf(address(spoke)), there, "the spoke holds what it says");
        assertLe(totals.paid, v.redeemed, "nothing is paid that was not redeemed");
        assertLe(v.supply + v.redeemed, v.credited, "receipts and redemptions were credited");
        assertLe(v.supply + v.redeemed, uint256(totals.locked) + FAST_CAP, "without a lock: the fast part");
        uint256 most = CAPACITY + CAPACITY * (vm.getBlockTimestamp() - begun) / WINDOW;
        assertLe(v.credited, most + 1e6, "no more than the bucket");

        uint256 held;
        uint256 credited;
        uint256 settled;
        for (uint256 i; i < USERS; ++i) {
            ClaimView memory claim = hub.claimOf(route, users[i].account);
            (uint256 locked,,) = spoke.lockOf(address(token), users[i].account);
            held += heldBy(users[i]);
            credited += claim.credited;
            if (claim.locked > claim.credited) settled += claim.locked - claim.credited;
            assertLe(claim.claimable, v.available < v.room ? v.available : v.room, "no more than is let through");
            assertLe(claim.credited, locked + FAST_CAP, "nobody is credited what he has not locked");
        }
        assertEq(held, v.supply, "every receipt is somebody's in the vault");
        assertEq(credited, v.credited);
        assertLe(v.waiting, settled, "only what is locked stands in the queue");
        assertLe(v.fastCredited, FAST_CAP, "the fast part is everybody's together");
    }

    /// @dev Once everything is carried, every wei that was locked is credited or waits for its owner.
    function checkNothingIsLost() external {
        hub.unpauseRoute(route);
        spoke.unpause();
        for (uint256 i; i < USERS; ++i) {
            hub.forget(route, users[i].account, sequenceOf(users[i]));
            spoke.report(address(token), users[i].account);
            hub.sendRedemption(route, users[i].owner);
        }
        carry();
        for (uint256 i; i < USERS; ++i) {
            ClaimView memory claim = hub.claimOf(route, users[i].account);
            (uint256 locked,,) = spoke.lockOf(address(token), users[i].account);
            assertEq(claim.locked, locked);
            assertGe(claim.credited + claim.waiting, locked, "credited or waiting");
            (uint256 redeemed,) = spoke.redemptionOf(address(token), users[i].owner);
            uint256 asked = hub.redeemedOf(route, users[i].owner);
            uint256 all = spoke.totalsOf(address(token)).locked;
            assertEq(redeemed, asked < all ? asked : all, "asked for, so paid or still to be paid");
        }
    }
}
