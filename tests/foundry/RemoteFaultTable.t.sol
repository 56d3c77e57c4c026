// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CollateralHub} from "contracts/CollateralHub.sol";
import {AttestationTransport, Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Endpoint, Standing} from "contracts/crosschain/Endpoint.sol";
import {ClaimView, ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {SpokeTotals} from "contracts/interfaces/ICollateralSpoke.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {BaseFeed} from "contracts/oracles/BaseFeed.sol";
import {RatioConfig, RatioSource} from "contracts/oracles/RatioSource.sol";
import {AccountId} from "contracts/types/AccountId.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";
import {HookToken} from "tests/helpers/contracts/HookToken.sol";

/// @notice The faults of docs/cross-chain-operators.md that no other suite plays.
contract RemoteFaultTableTest is RemoteTest {
    uint8 private constant SECOND_FEED = 51;
    uint8 private constant STAKED_FEED = 52;

    Party private owner;
    Party private stranger;
    HookToken private hook;
    uint256 private second;

    function setUp() public {
        deployRemote(1);
        owner = party("owner");
        stranger = party("stranger");
        welcome(owner);
        welcome(stranger);
    }

    function _openHook() private {
        hook = HookToken(deployCode("build/forge/HookToken.sol/HookToken.json"));
        second = openRoute(address(hook), SECOND_FEED, 1);
        vm.prank(owner.owner);
        hub.accept(second, owner.account, true);
        hook.mint(owner.owner, 100e18);
    }

    function _heldOfSecond() private view returns (uint256) {
        return vault.balanceOf(owner.account, vault.assetIndexOf(hub.routeOf(second).receipt));
    }

    function _redeemSecond(uint256 amount) private {
        address receipts = hub.routeOf(second).receipt;
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipts, amount, owner.owner);
        hub.sendRedemption(second, owner.owner);
    }

    /* TOKENS */

    function test_a_token_with_a_fee_counts_as_it_arrives_and_pays_what_it_owes() public {
        _openHook();
        hook.configure(0.1e18, false, address(0), "");
        lockOther(address(hook), owner, owner.account, 10e18);
        carry();
        assertEq(_heldOfSecond(), 9.9e18);
        assertEq(hook.balanceOf(address(spoke)), 9.9e18);
        _redeemSecond(5e18);
        carry();
        assertEq(hook.balanceOf(address(spoke)), 4.9e18, "the fee of a payment is the receiver's");
        assertEq(hook.balanceOf(owner.owner), 90e18 + 4.9e18);
        assertEq(spoke.totalsOf(address(hook)).owed, 0);
    }

    function test_a_token_that_calls_back_neither_locks_nor_is_paid_twice() public {
        _openHook();
        hook.configure(0, false, address(spoke), abi.encodeCall(spoke.lock, (address(hook), 1e18, owner.account)));
        lockOther(address(hook), owner, owner.account, 10e18);
        assertFalse(hook.hookSucceeded());
        // to report meanwhile is no fault: it says how things were
        hook.configure(0, false, address(spoke), abi.encodeCall(spoke.report, (address(hook), owner.account)));
        lockOther(address(hook), owner, owner.account, 2e18);
        assertTrue(hook.hookSucceeded());
        carry();
        assertEq(_heldOfSecond(), 12e18);
        hook.configure(0, false, address(spoke), abi.encodeCall(spoke.pay, (address(hook), owner.owner)));
        _redeemSecond(5e18);
        carry();
        assertFalse(hook.hookSucceeded());
        assertEq(hook.balanceOf(address(spoke)), 7e18);
        assertEq(hook.balanceOf(owner.owner), 93e18);
    }

    /// @dev A beat that is sent in the middle of a payment counts it once, and no longer as in flight.
    function test_a_beat_within_a_payment_tells_what_is_true_after_it() public {
        _openHook();
        lockOther(address(hook), owner, owner.account, 10e18);
        carry();
        hook.configure(0, false, address(spoke), abi.encodeCall(spoke.beat, (address(hook))));
        _redeemSecond(4e18);
        carry();
        assertTrue(hook.hookSucceeded());
        assertEq(hub.routeOf(second).inFlight, 4e18);
        carry();
        assertEq(hub.routeOf(second).inFlight, 0);
        assertEq(hub.routeOf(second).pausedUntil, 0, "nothing has left without the hub");
        SpokeTotals memory totals = spoke.totalsOf(address(hook));
        assertEq(totals.paid, 4e18);
        assertEq(totals.owed, 0);
    }

    function test_a_token_that_refuses_a_receiver_is_paid_later_and_stops_nobody_else() public {
        _openHook();
        lockOther(address(hook), owner, owner.account, 10e18);
        lock(stranger, 3e18);
        carry();
        hook.configure(0, true, address(0), "");
        _redeemSecond(4e18);
        redeem(stranger, 3e18);
        hub.sendRedemption(route, stranger.owner);
        carry();
        assertEq(token.balanceOf(stranger.owner), 3e18);
        assertEq(spoke.totalsOf(address(hook)).owed, 4e18);
        hook.configure(0, false, address(0), "");
        assertEq(spoke.pay(address(hook), owner.owner), 4e18);
    }

    /* OWNERS AND PAUSES */

    /// @dev This contract has a venue account, and nothing on the other chain can act under its address.
    function test_a_contract_on_one_side_names_who_is_paid_on_the_other() public {
        uint256 account = AccountId.encode(address(this), 0);
        vault.setOperator(address(hub), 1, type(uint48).max);
        hub.accept(route, account, true);
        token.mint(stranger.owner, 10e18);
        lockOther(address(token), stranger, account, 10e18);
        carry();
        vault.withdraw(account, receipt, 10e18, stranger.owner);
        hub.sendRedemption(route, stranger.owner);
        carry();
        assertEq(token.balanceOf(stranger.owner), 10e18);
        (uint256 own,) = spoke.redemptionOf(address(token), address(this));
        assertEq(own, 0, "nothing is sent where nobody can take it");
    }

    function test_reports_are_noted_in_a_pause_and_nothing_moves() public {
        lock(owner, 5e18);
        carry();
        hub.pauseRoute(route, 1 days);
        lock(owner, 4e18);
        carry();
        ClaimView memory claim = hub.claimOf(route, owner.account);
        assertEq(claim.locked, 9e18);
        assertEq(claim.waiting, 4e18);
        uint256 until = routeNow().pausedUntil;
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, until));
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 1e18, owner.owner);
        hub.unpauseRoute(route);
        assertEq(hub.credit(route, owner.account), 4e18);
    }

    /* WHO SPEAKS, AND TO WHOM */

    function test_new_signers_sign_what_is_under_way() public {
        lock(owner, 10e18);
        collect();
        Envelope memory first = sent[0];
        bytes[] memory old = signatures(0, atHub[0].digestOf(first), 2);
        atHub[0].setSigners(atHub[1].signersOf(), 2);
        vm.expectPartialRevert(AttestationTransport.NotSigner.selector);
        atHub[0].deliver(first, old);
        atHub[0].deliver(first, signatures(1, atHub[0].digestOf(first), 2));
        assertEq(heldBy(owner), 10e18);
    }

    /// @dev Another chain under the same number: its spoke is not ours, and neither is its transport.
    function test_a_chain_that_uses_a_number_again_is_not_heard() public {
        Envelope memory e = reportOf(owner.account, 10e18, 1);
        e.sender = address(0xbad);
        vm.recordLogs();
        deliverAs(0, e);
        assertEq(vm.getRecordedLogs()[0].topics[0], Endpoint.MessageIgnored.selector);
        assertEq(hub.claimOf(route, owner.account).locked, 0);

        e.sender = address(spoke);
        atHub[0].setCounterpart(SPOKE, address(0xbad));
        bytes[] memory there = signatures(0, atHub[0].digestOf(e), 2);
        atHub[0].setCounterpart(SPOKE, address(atSpoke[0]));
        vm.expectPartialRevert(AttestationTransport.NotSigner.selector);
        atHub[0].deliver(e, there);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.SpokeFixed.selector, SPOKE, address(spoke)));
        hub.setSpoke(SPOKE, address(0xbad));
    }

    function test_a_message_to_an_old_hub_counts_there_or_nowhere() public {
        CollateralHub next =
            CollateralHub(deployCode("build/forge/CollateralHub.sol/CollateralHub.json", abi.encode(manager, vault)));
        next.setTransport(atHub[0], Standing.Full);
        next.setSpoke(SPOKE, address(spoke));
        lock(owner, 10e18);
        collect();
        Envelope memory e = sent[0];
        bytes[] memory signed = signatures(0, atHub[0].digestOf(e), 2);
        e.receiver = address(next);
        vm.expectPartialRevert(AttestationTransport.NotSigner.selector);
        atHub[0].deliver(e, signed);
        e.receiver = address(hub);
        hub.setTransport(atHub[0], Standing.None);
        vm.expectRevert(abi.encodeWithSelector(Endpoint.NotTransport.selector, address(atHub[0])));
        atHub[0].deliver(e, signed);
        // nor does the spoke pay for another hub than its own
        Envelope memory asked = paymentOf(owner.owner, 10e18);
        asked.sender = address(next);
        deliverAs(0, asked);
        (uint256 redeemed,) = spoke.redemptionOf(address(token), owner.owner);
        assertEq(redeemed, 0);
        // what is locked is not lost: the old hub, heard again, counts it
        hub.setTransport(atHub[0], Standing.Full);
        atHub[0].deliver(e, signed);
        assertEq(heldBy(owner), 10e18);
    }

    /* PRICES THAT STAND ON EACH OTHER */

    function test_receipts_of_a_staked_token_are_priced_and_no_ratio_stands_on_them() public {
        RatioSource ratios =
            RatioSource(deployCode("build/forge/RatioSource.sol/RatioSource.json", abi.encode(manager, oracle)));
        address rate = deployCode("build/forge/MockRate.sol/MockRate.json", abi.encode(1.2e18));
        RatioConfig memory ratio = RatioConfig(rate, bytes4(keccak256("stEthPerToken()")), 1, 100_000, 0, 1e18);
        ratios.setRatio(7, ratio, 0);
        FeedConfig memory feed = oracle.feedConfig(FEED);
        feed.primary.reader = ratios;
        feed.primary.data = bytes32(uint256(7));
        oracle.setFeed(STAKED_FEED, feed);
        feed = oracle.feedConfig(FEED);
        feed.primary.data = remoteSource.encode(route, STAKED_FEED);
        feed.primary.gasLimit = 1_000_000;
        oracle.setFeed(FEED, feed);
        skip(1 minutes);
        refreshAll();
        (uint256 price,,, PriceStatus status) = oracle.latest(FEED);
        assertEq(price, 2400e18);
        assertEq(uint8(status), uint8(PriceStatus.Valid));

        ratio.baseFeedId = FEED;
        vm.expectRevert(abi.encodeWithSelector(BaseFeed.BaseUnusable.selector, FEED));
        ratios.setRatio(7, ratio, 0);
        (price,,,) = oracle.latest(FEED);
        assertEq(price, 2400e18);
    }
}
