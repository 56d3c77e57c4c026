// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {ICollateralHub, RouteConfig} from "contracts/interfaces/ICollateralHub.sol";
import {SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {MessageKind, SpokeBeat} from "contracts/types/RemoteMessages.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";

/// @notice Turns in the hub's queue, and what is credited before a spoke has told of its token. Nobody is captured.
contract RemoteTurnsTest is RemoteAttackTest {
    uint96 private constant ACCOUNTS = 10;

    /* LEAVING AND COMING BACK */

    /// @dev He has as much in the queue as the victim, in ten accounts of which only the one that is being served takes
    /// the route. Before: 21.7e18 of 25e18, and the victim is pushed with what is left.
    function test_attack_who_leaves_the_queue_between_his_turns_takes_all() public {
        _emptyBucket();
        lock(victim, 200e18);
        _lockInParts(200e18);
        carry();
        for (uint256 round; round < 36; ++round) {
            skip(10 minutes - 12);
            if (round % 4 == 0) beats();
            for (uint96 i; i < ACCOUNTS; ++i) {
                _takeTurn(AccountId.encode(thief.owner, i));
            }
            skip(12);
            hub.credit(route, victim.account);
        }
        assertGe(heldBy(victim), CAPACITY * 6 hours / WINDOW * 45 / 100);
    }

    /// @dev In and out of the queue around what he is credited.
    function _takeTurn(uint256 account) private {
        vm.startPrank(thief.owner);
        hub.accept(route, account, true);
        try hub.credit(route, account) {} catch {}
        hub.accept(route, account, false);
        try hub.credit(route, account) {} catch {}
        vm.stopPrank();
    }

    function _lockInParts(uint256 amount) private {
        token.mint(thief.owner, amount);
        vm.startPrank(thief.owner);
        token.approve(address(spoke), amount);
        for (uint96 i; i < ACCOUNTS; ++i) {
            hub.accept(route, AccountId.encode(thief.owner, i), false);
            spoke.lock(address(token), amount / ACCOUNTS, AccountId.encode(thief.owner, i));
        }
        vm.stopPrank();
    }

    function _emptyBucket() private {
        Party memory first = party("first");
        welcome(first);
        lock(first, CAPACITY);
        carry();
    }

    /// @dev Each of his accounts leaves as it was served, so that the next one's part is of less, and comes back at
    /// once. Found by a model of the queue: 35 of a hundred for the victim, where half is his part.
    function test_attack_who_leaves_as_he_was_served_has_no_larger_part() public {
        _emptyBucket();
        lock(victim, 200e18);
        _lockInParts(200e18);
        carry();
        for (uint256 round; round < 36; ++round) {
            skip(10 minutes);
            if (round % 4 == 0) beats();
            for (uint96 i; i < ACCOUNTS; ++i) {
                _push(AccountId.encode(thief.owner, i));
                _setAccepted(AccountId.encode(thief.owner, i), false);
                _push(AccountId.encode(thief.owner, i));
            }
            _push(victim.account);
            for (uint96 i; i < ACCOUNTS; ++i) {
                _setAccepted(AccountId.encode(thief.owner, i), true);
                _push(AccountId.encode(thief.owner, i));
            }
        }
        assertGe(heldBy(victim), CAPACITY * 6 hours / WINDOW * 45 / 100);
    }

    function _setAccepted(uint256 account, bool accepted) private {
        vm.prank(thief.owner);
        hub.accept(route, account, accepted);
    }

    function _push(uint256 account) private {
        try hub.credit(route, account) {} catch {}
    }

    /// @dev A hundredth of what the thief has waits in a second account, which is served halfway between the victim's
    /// turns; the large one is served just before the victim. Found by a model of the queue: a hundredth of what is
    /// credited for the victim, where a quarter is his part.
    function test_attack_a_small_accounts_turn_makes_no_others_part_smaller() public {
        _emptyBucket();
        uint256 small = AccountId.encode(thief.owner, 1);
        _setAccepted(small, true);
        lock(victim, 2000e18);
        lock(thief, 5940e18);
        token.mint(thief.owner, 60e18);
        vm.startPrank(thief.owner);
        token.approve(address(spoke), 60e18);
        spoke.lock(address(token), 60e18, small);
        vm.stopPrank();
        carry();
        uint256 before = routeNow().credited;
        for (uint256 round; round < 72; ++round) {
            skip(5 minutes);
            _push(small);
            skip(5 minutes);
            if (round % 4 == 0) beats();
            _push(thief.account);
            _push(victim.account);
        }
        assertGe(heldBy(victim), (routeNow().credited - before) * 23 / 100);
    }

    function test_who_comes_back_stands_in_the_queue_before_he_is_served() public {
        vm.prank(thief.owner);
        hub.accept(route, thief.account, false);
        _emptyBucket();
        lock(thief, 100e18);
        lock(victim, 300e18);
        carry();
        skip(10 minutes);
        assertEq(routeNow().waiting, 300e18 - heldBy(victim));
        welcome(thief);
        assertEq(hub.credit(route, thief.account), 0);
        assertEq(routeNow().waiting, 400e18 - heldBy(victim), "he stands in it");
        uint256 from = vm.getBlockTimestamp() + 10 minutes;
        assertEq(hub.claimOf(route, thief.account).nextCreditAt, from);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.CreditTooSoon.selector, thief.account, from));
        hub.credit(route, thief.account);
        skip(10 minutes);
        assertGt(hub.credit(route, thief.account), 0);
    }

    function test_who_comes_back_where_nobody_waits_is_served_at_once() public {
        vm.prank(thief.owner);
        hub.accept(route, thief.account, false);
        lock(thief, 1000e18);
        carry();
        welcome(thief);
        assertEq(hub.credit(route, thief.account), CAPACITY);
    }

    /* WHO IS SERVED FIRST */

    /// @dev The bucket is full, and 99 parts of a hundred are the thief's. Before: 0.011e18.
    function test_attack_of_a_full_bucket_who_comes_first_leaves_the_others_nothing() public {
        _waitTogether();
        hub.credit(route, thief.account);
        assertEq(hub.credit(route, victim.account), 1e18);
    }

    /// @dev The cap is full, and what the thief redeems opens it again. Before: 0.21e18.
    function test_attack_of_a_full_cap_who_comes_first_leaves_the_others_nothing() public {
        Party memory first = party("first");
        welcome(first);
        lockOverDays(first, CAPACITY);
        RouteConfig memory config = routeNow().config;
        config.cap = CAPACITY + 10e18;
        hub.setRoute(config, "", "");
        _waitTogether();
        uint256 sum;
        for (uint256 i; i < 36; ++i) {
            uint256 got = hub.credit(route, thief.account);
            sum += got + hub.credit(route, victim.account);
            skip(10 minutes);
            if (i % 4 == 0) beats();
            redeem(thief, got);
        }
        assertGe(heldBy(victim), sum / 100 * 95 / 100);
    }

    /// @dev Everything is known, and nobody has been served.
    function _waitTogether() private {
        hub.pauseRoute(route, 1 hours);
        lock(thief, 990e18);
        lock(victim, 10e18);
        carry();
        hub.unpauseRoute(route);
    }

    /* DECIMALS */

    /// @dev The route was set up with 6 decimals, the token has 18. Before: 100e6 of its least units are credited as
    /// 100 ether, for which 150,000 dollars are lent, before any beat tells of decimals; and what is locked keeps the
    /// route alive though beats are refused.
    function test_attack_of_a_token_with_other_decimals_nothing_is_credited() public {
        TestToken other =
            TestToken(deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Other", "OTHER", 18, 1e40)));
        uint256 second = _openWithSixDecimals(address(other));
        fundParty(party("lender"), usdc, 1_000_000e6);
        vm.prank(thief.owner);
        hub.accept(second, thief.account, true);
        other.mint(thief.owner, 100e6);
        lockOther(address(other), thief, thief.account, 100e6);
        carry();
        for (uint256 i; i < 2; ++i) {
            uint8 told = i == 0 ? 255 : 18;
            vm.expectRevert(abi.encodeWithSelector(ICollateralHub.DecimalsDiffer.selector, second, told, 6));
            hub.credit(second, thief.account);
            spoke.beat(address(other));
            carry();
        }
        assertEq(vault.balanceOf(thief.account, vault.assetIndexOf(hub.routeOf(second).receipt)), 0);
    }

    function _deliverBeat(uint8 decimals, uint256 time) private {
        // safe because times fit 64 bits
        SpokeBeat memory beat = SpokeBeat(address(token), decimals, 0, 0, 1, uint64(time));
        byBoth(Envelope(SPOKE, 1, HUB, address(spoke), address(hub), abi.encode(MessageKind.SpokeBeat, beat)));
    }

    /// @dev Both beats were true. Before: whoever delivers the old one again opens the route of a token whose decimals
    /// have changed, or closes that of one whose decimals are right again.
    function test_attack_an_old_beat_tells_old_decimals_again() public {
        uint256 now_ = vm.getBlockTimestamp();
        _deliverBeat(6, now_);
        lock(victim, 10e18);
        carry();
        _deliverBeat(18, now_ - 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.DecimalsDiffer.selector, route, 6, 18));
        hub.credit(route, victim.account);
        _deliverBeat(18, now_);
        _deliverBeat(6, now_ - 1);
        assertEq(hub.credit(route, victim.account), 10e18);
    }

    /// @dev The spoke's clock may be ahead by a quarter of an hour; a beat that was forged bars true ones no longer.
    function test_a_beat_of_tomorrow_bars_others_for_a_quarter_of_an_hour() public {
        uint256 now_ = vm.getBlockTimestamp();
        _deliverBeat(6, type(uint64).max);
        lock(victim, 10e18);
        carry();
        skip(15 minutes - 1);
        _deliverBeat(18, vm.getBlockTimestamp());
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.DecimalsDiffer.selector, route, 6, 18));
        hub.credit(route, victim.account);
        skip(1);
        _deliverBeat(18, now_ + 15 minutes);
        assertEq(hub.credit(route, victim.account), 10e18);
    }

    function test_other_decimals_than_before_stop_credit_and_silence_the_route() public {
        _deliverBeat(6, vm.getBlockTimestamp());
        uint256 heard = routeNow().heardAt;
        skip(1 hours);
        hub.sendBeat(SPOKE);
        lock(victim, 10e18);
        carry();
        assertEq(routeNow().heardAt, heard, "a lock does not keep it alive");
        assertEq(heldBy(victim), 0);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.DecimalsDiffer.selector, route, 6, 18));
        hub.credit(route, victim.account);
        beats();
        assertEq(hub.credit(route, victim.account), 10e18, "until they are right again");
    }

    function _openWithSixDecimals(address other) private returns (uint256 second) {
        RouteConfig memory config = routeNow().config;
        (config.token, config.decimals, config.capacity, config.cap, config.fastCap) = (other, 6, 100e6, 1000e6, 0);
        second = hub.setRoute(config, "Another ether there", "OTHER@31338");
        spoke.setToken(other, SpokeToken(true, 2, WINDOW, CAPACITY, 1));
        FeedConfig memory feed = oracle.feedConfig(FEED);
        feed.primary.data = remoteSource.encode(second, 1);
        oracle.setFeed(51, feed);
        vault.listAsset(hub.routeOf(second).receipt, 6, 51, 1, type(uint96).max);
    }
}
