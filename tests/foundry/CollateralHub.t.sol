// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Endpoint, Standing} from "contracts/crosschain/Endpoint.sol";
import {Pause} from "contracts/crosschain/Pause.sol";
import {RemoteReceipt} from "contracts/crosschain/RemoteReceipt.sol";
import {ClaimView, ICollateralHub, RouteConfig, RouteView} from "contracts/interfaces/ICollateralHub.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {ITransport} from "contracts/interfaces/ITransport.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {MessageKind} from "contracts/types/RemoteMessages.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice What is locked elsewhere and counts here: never more than is there, whatever messages do.
contract CollateralHubTest is RemoteTest {
    Party private owner;
    Party private other;

    function setUp() public {
        deployRemote(2);
        owner = party("owner");
        other = party("other");
        welcome(owner);
        welcome(other);
    }

    /* THERE AND BACK */

    function test_what_is_locked_there_backs_a_position_here_and_comes_back() public {
        lock(owner, 10e18);
        carry();
        assertEq(heldBy(owner), 10e18);
        assertGt(engine.health(owner.account), 1e18);
        Party memory maker = party("maker");
        fundParty(maker, usdc, 1_000_000e6);
        trade(maker, owner, perpetuals[0], 20e18, 2000e18);
        trade(maker, owner, perpetuals[0], -20e18, 2000e18);
        // the fees are a debt, which is paid before all of it is taken out
        fundParty(owner, usdc, 1000e6);

        address wallet = makeAddr("wallet there");
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 4e18, wallet);
        assertEq(hub.redeemedOf(route, wallet), 4e18);
        assertEq(routeNow().supply, 6e18);
        assertEq(routeNow().inFlight, 4e18);
        hub.sendRedemption(route, wallet);
        carry();
        assertEq(token.balanceOf(wallet), 4e18);
        beats();
        assertEq(routeNow().inFlight, 0);
    }

    function test_a_bidder_redeems_what_he_bought() public {
        Party memory maker = party("maker");
        Party memory bidder = party("bidder");
        fundParty(maker, usdc, 1_000_000e6);
        fundParty(bidder, usdc, 1_000_000e6);
        lock(owner, 10e18);
        carry();
        trade(maker, owner, perpetuals[0], 50e18, 2000e18);
        skip(12);
        setPrice(1, 1700e8);
        refreshAll();
        assertLt(engine.health(owner.account), 1e18);
        auction.start(owner.account, 0);
        vm.prank(bidder.owner);
        auction.bid(
            owner.account, bidder.account, 1e18, 0, type(int256).max, type(uint256).max, vm.getBlockTimestamp()
        );
        uint256 bought = heldBy(bidder);
        assertGt(bought, 0);
        vm.prank(bidder.owner);
        vault.withdraw(bidder.account, receipt, bought, bidder.owner);
        hub.sendRedemption(route, bidder.owner);
        carry();
        assertEq(token.balanceOf(bidder.owner), bought);
    }

    function test_without_the_owners_word_it_waits_and_anybody_pushes_it_later() public {
        Party memory stranger = party("stranger");
        lock(stranger, 3e18);
        carry();
        ClaimView memory claim = hub.claimOf(route, stranger.account);
        assertEq(claim.waiting, 3e18);
        assertEq(claim.claimable, 3e18);
        assertEq(heldBy(stranger), 0);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteNotAccepted.selector, route, stranger.account));
        hub.credit(route, stranger.account);
        vm.prank(stranger.owner);
        hub.accept(route, stranger.account, true);
        vm.expectRevert(
            abi.encodeWithSelector(IMarginVault.NotAuthorised.selector, address(hub), stranger.account, uint8(1))
        );
        hub.credit(route, stranger.account);
        welcome(stranger);
        assertEq(hub.credit(route, stranger.account), 3e18);
        assertEq(heldBy(stranger), 3e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToCredit.selector, route, stranger.account));
        hub.credit(route, stranger.account);
    }

    /* ORDER, LOSS, REPETITION */

    function test_messages_may_be_lost_repeated_and_come_in_any_order() public {
        lock(owner, 1e18);
        lock(owner, 2e18);
        lock(owner, 4e18);
        collect();
        // the last one first, of both transports; then all, twice; the first was lost
        uint256 last = sent.length - 1;
        deliver(last - 1);
        assertEq(heldBy(owner), 0);
        deliver(last - 2);
        assertEq(heldBy(owner), 7e18);
        for (uint256 turn; turn < 2; ++turn) {
            for (uint256 i; i + FAST < sent.length; ++i) {
                if (i % PAIRS != FAST) deliver(i);
            }
        }
        assertEq(heldBy(owner), 7e18);
        assertEq(hub.claimOf(route, owner.account).locked, 7e18);
    }

    function test_a_message_that_was_lost_is_sent_again_by_anybody() public {
        lock(owner, 5e18);
        collect();
        spoke.report(address(token), owner.account);
        carry();
        assertEq(heldBy(owner), 5e18);
    }

    /* BOUNDS */

    function test_what_the_bucket_does_not_let_through_waits_in_proportion() public {
        lock(owner, 90e18);
        carry();
        assertEq(heldBy(owner), 90e18);
        lock(owner, 30e18);
        carry();
        // ten are left for thirty that wait
        assertEq(heldBy(owner), 100e18);
        lock(other, 60e18);
        carry();
        assertEq(heldBy(other), 0);
        skip(WINDOW / 4);
        beats();
        // 25 have come in, for 20 of the owner's and 60 of the other's
        hub.credit(route, other.account);
        assertEq(heldBy(other), 18.75e18);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralHub.CreditTooSoon.selector, other.account, vm.getBlockTimestamp() + 10 minutes
            )
        );
        hub.credit(route, other.account);
    }

    function test_there_are_never_more_receipts_than_the_cap() public {
        for (uint256 i; i < 6; ++i) {
            lock(owner, 100e18);
            carry();
            skip(WINDOW);
            beats();
        }
        assertEq(heldBy(owner), 500e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NothingToCredit.selector, route, owner.account));
        hub.credit(route, owner.account);
        assertEq(hub.claimOf(route, owner.account).waiting, 100e18);
    }

    /* WHO LIES */

    function test_one_captured_transport_of_two_takes_nothing() public {
        lock(other, 50e18);
        carry();
        forge(0, 1, owner.account, 1000e18, 9);
        assertEq(heldBy(owner), 0);
        assertEq(hub.claimOf(route, owner.account).locked, 0);
        forge(FAST, PAIRS, owner.account, 1000e18, 9);
        assertEq(heldBy(owner), FAST_CAP, "the fast transport's word is worth the fast part");
    }

    function test_all_captured_take_at_most_the_bucket_until_a_guardian_pauses() public {
        lock(other, 100e18);
        carry();
        skip(WINDOW);
        beats();
        forge(0, PAIRS, owner.account, type(uint96).max, 9);
        assertEq(heldBy(owner), CAPACITY);
        hub.pauseRoute(route, 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 7 days)
        );
        hub.credit(route, owner.account);
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, vm.getBlockTimestamp() + 7 days)
        );
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 1e18, owner.owner);
        (PriceStatus status,) = hub.standingOf(route);
        assertEq(uint8(status), uint8(PriceStatus.Uncertain));
    }

    function test_a_forged_number_bars_nobody_once_it_is_forgotten() public {
        lock(owner, 10e18);
        carry();
        forge(0, FAST, owner.account, 10e18, type(uint64).max);
        lock(owner, 5e18);
        carry();
        assertEq(heldBy(owner), 10e18);
        hub.forget(route, owner.account, sequenceOf(owner));
        spoke.report(address(token), owner.account);
        carry();
        assertEq(heldBy(owner), 15e18);
        assertEq(routeNow().shortage, 0);
    }

    function test_what_was_forged_is_a_shortage_once_the_spoke_is_heard_again() public {
        lock(other, 60e18);
        carry();
        forge(0, FAST, owner.account, 20e18, 9);
        assertEq(heldBy(owner), 20e18);
        assertEq(routeNow().shortage, 0);
        hub.forget(route, owner.account, sequenceOf(owner));
        spoke.report(address(token), owner.account);
        carry();
        RouteView memory v = routeNow();
        assertEq(v.shortage, 20e18);
        assertEq(uint8(v.status), uint8(PriceStatus.Uncertain));
        assertEq(v.factor, 0.75e18);
        // who leaves bears his part: nobody runs
        vm.prank(other.owner);
        vault.withdraw(other.account, receipt, 40e18, other.owner);
        assertEq(hub.redeemedOf(route, other.owner), 30e18);
        v = routeNow();
        assertEq(v.shortage, 10e18);
        assertEq(v.factor, 0.75e18);
        assertEq(v.supply, 40e18);
    }

    function test_strangers_and_nonsense_are_put_aside_and_told() public {
        bytes memory body = abi.encode(uint256(77));
        address stranger = makeAddr("stranger");
        vm.expectEmit(false, false, false, true, address(hub));
        emit Endpoint.MessageIgnored(0, SPOKE, stranger, "");
        _deliverToHub(stranger, body);
        vm.expectEmit(false, false, false, true, address(hub));
        emit Endpoint.MessageIgnored(
            0, SPOKE, address(spoke), abi.encodeWithSelector(Endpoint.UnknownKind.selector, 77)
        );
        _deliverToHub(address(spoke), body);
        _deliverToHub(address(spoke), "");
        _deliverToHub(address(spoke), abi.encode(MessageKind.Lock, type(uint256).max));
        vm.expectRevert(abi.encodeWithSelector(Endpoint.NotTransport.selector, address(this)));
        hub.receiveMessage(SPOKE, address(spoke), body);
        vm.expectRevert(abi.encodeWithSelector(Endpoint.NotSelf.selector, address(this)));
        hub.handle(SPOKE, body, 9, true);
    }

    function _deliverToHub(address sender, bytes memory body) private {
        deliverAs(0, Envelope(SPOKE, 1, HUB, sender, address(hub), body));
    }

    function test_to_forget_makes_no_fast_word_final() public {
        forge(FAST, PAIRS, owner.account, 20e18, 3);
        assertEq(heldBy(owner), FAST_CAP);
        hub.forget(route, owner.account, 0);
        forge(FAST, PAIRS, owner.account, 20e18, 4);
        forge(FAST, PAIRS, other.account, 20e18, 4);
        assertEq(heldBy(owner) + heldBy(other), FAST_CAP);
    }

    /* THE FAST PART */

    function test_the_fast_part_is_credited_at_once_and_the_rest_when_it_is_final() public {
        lock(owner, 20e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(owner), FAST_CAP);
        lock(other, 20e18);
        carry(FAST, PAIRS);
        assertEq(heldBy(other), 0, "the fast part is everybody's together");
        for (uint256 i; i < sent.length; ++i) {
            if (i % PAIRS != FAST) deliver(i);
        }
        assertEq(heldBy(owner), 20e18);
        assertEq(heldBy(other), 20e18);
        assertEq(routeNow().shortage, 0);
    }

    function test_what_was_undone_there_is_missing_here_by_the_fast_part_at_most() public {
        uint256 before = vm.snapshotState();
        lock(owner, 20e18);
        collect();
        Envelope memory undone = sent[sent.length - 1];
        vm.revertToState(before);
        vm.getRecordedLogs();
        lock(other, 20e18);
        carry();
        deliverAs(FAST, undone);
        assertEq(heldBy(owner), FAST_CAP);
        assertEq(routeNow().shortage, 0);
        // the block came without the lock; anybody reports what is
        skip(12);
        spoke.report(address(token), owner.account);
        carry();
        assertEq(routeNow().shortage, FAST_CAP);
        assertEq(routeNow().factor, 0.8e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteShort.selector, route, FAST_CAP));
        hub.credit(route, other.account);
        // whoever locks what is missing ends it
        skip(12);
        lock(owner, FAST_CAP);
        carry();
        assertEq(routeNow().shortage, 0);
    }

    /* SILENCE */

    function test_a_silent_route_loses_its_price_and_then_dies_until_governance_revives_it() public {
        lock(owner, 10e18);
        carry();
        beats();
        skip(SILENT + 1);
        (PriceStatus status, uint256 factor) = hub.standingOf(route);
        assertEq(uint8(status), uint8(PriceStatus.Uncertain));
        assertApproxEqAbs(factor, 1e18, 1e13);
        skip((DEAD - SILENT) / 2);
        (, factor) = hub.standingOf(route);
        assertApproxEqAbs(factor, 0.5e18, 1e14);
        skip(DEAD);
        (, factor) = hub.standingOf(route);
        assertEq(factor, 0);
        uint256 heardAt = routeNow().heardAt;
        beats();
        assertEq(routeNow().heardAt, heardAt, "the spoke may have given back what it holds");
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteDead.selector, route, heardAt));
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 1e18, owner.owner);
        hub.revive(route);
        beats();
        beats();
        (status, factor) = hub.standingOf(route);
        assertEq(uint8(status), uint8(PriceStatus.Valid));
        assertEq(factor, 1e18);
    }

    function test_a_route_that_is_heard_but_does_not_hear_is_silent_too() public {
        beats();
        skip(SILENT + 1);
        spoke.beat(address(token));
        carry();
        (PriceStatus status,) = hub.standingOf(route);
        assertEq(uint8(status), uint8(PriceStatus.Uncertain), "the spoke has not heard of the hub");
    }

    function test_uncertain_receipts_back_no_new_risk_and_are_liquidated_all_the_same() public {
        Party memory maker = party("maker");
        Party memory bidder = party("bidder");
        fundParty(maker, usdc, 1_000_000e6);
        fundParty(bidder, usdc, 1_000_000e6);
        lock(owner, 10e18);
        carry();
        trade(maker, owner, perpetuals[0], 50e18, 2000e18);
        beats();
        // another transaction than the trade's, which has acted at the price of the receipts
        skip(12);
        hub.pauseRoute(route, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.PricesNotValid.selector, owner.account));
        this.tradeOne(maker, owner);
        skip(12);
        setPrice(1, 1700e8);
        refreshAll();
        auction.start(owner.account, 0);
        vm.prank(bidder.owner);
        auction.bid(
            owner.account, bidder.account, 1e18, 0, type(int256).max, type(uint256).max, vm.getBlockTimestamp()
        );
        assertGt(heldBy(bidder), 0);
    }

    function tradeOne(Party memory maker, Party memory taker) external {
        trade(maker, taker, perpetuals[0], 1e18, 2000e18);
    }

    /* RECEIPTS AND GOVERNANCE */

    function test_receipts_live_in_the_vault_only() public {
        lock(owner, 10e18);
        carry();
        RemoteReceipt r = RemoteReceipt(receipt);
        vm.expectRevert(abi.encodeWithSelector(RemoteReceipt.ReceiptsStay.selector, address(hub), owner.owner));
        vm.prank(address(hub));
        // forge-lint: disable-next-line(erc20-unchecked-transfer)
        r.transfer(owner.owner, 1);
        vm.expectRevert(abi.encodeWithSelector(RemoteReceipt.ReceiptsStay.selector, address(vault), address(hub)));
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 1, address(hub));
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NotReceipt.selector, address(this)));
        hub.redeem(route, owner.owner, 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.NotReceipt.selector, owner.owner));
        vm.prank(owner.owner);
        hub.redeem(route, owner.owner, 1);
        assertEq(r.decimals(), 18);
    }

    function test_routes_and_spokes_are_fixed_where_receipts_depend_on_them() public {
        RouteConfig memory config = routeNow().config;
        config.decimals = 6;
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteFixed.selector, route));
        hub.setRoute(config, "", "");
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.SpokeFixed.selector, SPOKE, address(spoke)));
        hub.setSpoke(SPOKE, address(this));
        config.decimals = 18;
        config.required = 0;
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteParameterOutOfRange.selector, 0, 1));
        hub.setRoute(config, "", "");
        config.required = 1;
        config.deadAfter = 31 days;
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteParameterOutOfRange.selector, 31 days, 30 days));
        hub.setRoute(config, "", "");
        config.deadAfter = DEAD;
        assertEq(hub.setRoute(config, "", ""), route);
        assertEq(routeNow().config.required, 1);
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseTooLong.selector, 8 days, 7 days));
        hub.pauseRoute(route, 8 days);
        hub.pauseRoute(route, 1 days);
        hub.unpauseRoute(route);
        assertEq(routeNow().pausedUntil, 0);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.UnknownRoute.selector, 9));
        hub.pauseRoute(9, 1);
    }

    function test_transports_change_while_messages_are_under_way() public {
        lock(owner, 10e18);
        collect();
        deliver(0);
        hub.setTransport(atHub[0], Standing.None);
        deliver(1);
        assertEq(heldBy(owner), 0, "one that no longer counts has not delivered");
        vm.expectRevert(abi.encodeWithSelector(Endpoint.NotTransport.selector, address(atHub[0])));
        this.deliverAgain(0);
        hub.setTransport(atHub[0], Standing.Full);
        deliver(1);
        assertEq(heldBy(owner), 0, "what was delivered before counts no more");
        deliver(0);
        assertEq(heldBy(owner), 10e18);
        (ITransport[] memory transports, Standing[] memory standings) = hub.transportsOf();
        assertEq(transports.length, PAIRS);
        assertEq(uint8(standings[FAST]), uint8(Standing.Fast));
    }

    function deliverAgain(uint256 place) external {
        deliver(place);
    }

    /* HOW ACCOUNTS STAND */

    function test_the_spoke_hears_how_an_account_stands() public {
        Party memory maker = party("maker");
        fundParty(maker, usdc, 1_000_000e6);
        lock(owner, 10e18);
        carry();
        hub.sendAccount(route, owner.account);
        carry();
        assertEq(spoke.accountOf(address(token), owner.account).held, 10e18);
        assertFalse(spoke.accountOf(address(token), owner.account).owes);
        assertEq(spoke.accountOf(address(token), owner.account).health, type(uint256).max);
        trade(maker, owner, perpetuals[0], 20e18, 2000e18);
        skip(1);
        refreshAll();
        hub.sendAccount(route, owner.account);
        carry();
        assertTrue(spoke.accountOf(address(token), owner.account).owes);
        assertEq(spoke.accountOf(address(token), owner.account).health, engine.health(owner.account));
        assertGt(spoke.accountOf(address(token), owner.account).freeMargin, 0);
    }

    /* GAS */

    function test_gas_of_the_way_there_and_back() public {
        setLimits(1);
        hub.setTransport(atHub[1], Standing.None);
        hub.setTransport(atHub[FAST], Standing.None);
        spoke.setTransport(atSpoke[1], Standing.None);
        spoke.setTransport(atSpoke[FAST], Standing.None);
        lock(owner, 10e18);
        carry();
        uint256 left = gasleft();
        lock(owner, 10e18);
        emit log_named_uint("lock and send", left - gasleft());
        collect();
        bytes[] memory signed = signatures(0, atHub[0].digestOf(sent[sent.length - 1]), 2);
        left = gasleft();
        atHub[0].deliver(sent[sent.length - 1], signed);
        emit log_named_uint("deliver and credit", left - gasleft());
        assertEq(heldBy(owner), 20e18);
        vm.prank(owner.owner);
        left = gasleft();
        vault.withdraw(owner.account, receipt, 5e18, owner.owner);
        hub.sendRedemption(route, owner.owner);
        uint256 used = left - gasleft();
        collect();
        signed = signatures(0, atSpoke[0].digestOf(sent[sent.length - 1]), 2);
        left = gasleft();
        atSpoke[0].deliver(sent[sent.length - 1], signed);
        emit log_named_uint("redeem, both sides", used + left - gasleft());
    }
}
