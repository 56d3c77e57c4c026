// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Envelope} from "contracts/crosschain/AttestationTransport.sol";
import {Endpoint} from "contracts/crosschain/Endpoint.sol";
import {Pause} from "contracts/crosschain/Pause.sol";
import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {ICollateralSpoke, SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {AccountReport, MessageKind, RedemptionReport} from "contracts/types/RemoteMessages.sol";
import {RemoteTest} from "tests/foundry/base/RemoteTest.sol";

/// @notice What a spoke holds: paid to whom the hub names, within the bucket, and given back where the hub is gone.
contract CollateralSpokeTest is RemoteTest {
    Party private owner;
    Party private other;

    function setUp() public {
        deployRemote(1);
        owner = party("owner");
        other = party("other");
        welcome(owner);
        welcome(other);
    }

    /* LOCKS */

    function test_locks_are_refused_where_they_could_not_count() public {
        token.mint(address(this), 1e18);
        token.approve(address(spoke), 1e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.AmountTooSmall.selector, 1e12 - 1, 1e12));
        spoke.lock(address(token), 1e12 - 1, owner.account);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.NoOwner.selector, 7));
        spoke.lock(address(token), 1e18, 7);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.TokenClosed.selector, address(weth)));
        spoke.lock(address(weth), 1e18, owner.account);
        spoke.pause(1 days);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokePaused.selector, vm.getBlockTimestamp() + 1 days));
        spoke.lock(address(token), 1e18, owner.account);
        spoke.unpause();
        vm.deal(address(this), 1 ether);
        assertEq(spoke.lock{value: 1 ether}(address(token), 1e18, owner.account), 1e18);
        assertEq(address(this).balance, 1 ether, "what is paid too much comes back");
        (uint256 locked, uint256 exited, uint64 sequence) = spoke.lockOf(address(token), owner.account);
        assertEq(locked, 1e18);
        assertEq(exited, 0);
        assertEq(sequence, 1);
    }

    receive() external payable {}

    function test_who_locks_for_somebody_else_gives() public {
        token.mint(other.owner, 2e18);
        vm.startPrank(other.owner);
        token.approve(address(spoke), 2e18);
        spoke.lock(address(token), 2e18, owner.account);
        vm.stopPrank();
        carry();
        assertEq(heldBy(owner), 2e18);
        assertEq(heldBy(other), 0);
    }

    function test_a_permit_locks_in_one_transaction() public {
        token.mint(owner.owner, 3e18);
        uint256 deadline = vm.getBlockTimestamp() + 60;
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 content = keccak256(abi.encode(kind, owner.owner, address(spoke), 2e18, 0, deadline));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), content));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(owner.key, digest);
        vm.startPrank(owner.owner);
        assertEq(spoke.lockWithPermit(address(token), 2e18, owner.account, deadline, v, r, s), 2e18);
        vm.stopPrank();
        carry();
        assertEq(heldBy(owner), 2e18);
    }

    /* PAYMENTS */

    function _askFor(address recipient, uint128 amount) private {
        RedemptionReport memory report =
            RedemptionReport(address(token), recipient, amount, uint64(vm.getBlockTimestamp()));
        _fromHub(abi.encode(MessageKind.Redemption, report));
    }

    function _fromHub(bytes memory body) private {
        deliverAs(0, Envelope(HUB, 1, SPOKE, address(hub), address(spoke), body));
    }

    function test_a_forged_payment_takes_at_most_the_bucket_and_can_be_taken_back() public {
        lock(other, 300e18);
        carry();
        address thief = makeAddr("thief");
        _askFor(thief, 250e18);
        assertEq(token.balanceOf(thief), CAPACITY);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICollateralSpoke.NothingToPay.selector, address(token), thief, 250e18 - CAPACITY, uint256(0)
            )
        );
        spoke.pay(address(token), thief);
        spoke.pause(7 days);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokePaused.selector, vm.getBlockTimestamp() + 7 days));
        spoke.pay(address(token), thief);
        spoke.cancelRedemption(address(token), thief);
        spoke.unpause();
        skip(WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralSpoke.NothingToPay.selector, address(token), thief, 0, CAPACITY)
        );
        spoke.pay(address(token), thief);
        assertEq(spoke.totalsOf(address(token)).owed, 0);
        assertEq(spoke.totalsOf(address(token)).paid, CAPACITY);
    }

    function test_what_the_bucket_holds_back_is_paid_later_by_anybodys_push() public {
        lock(owner, 100e18);
        lock(owner, 50e18);
        carry();
        skip(WINDOW);
        beats();
        hub.credit(route, owner.account);
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 150e18, owner.owner);
        hub.sendRedemption(route, owner.owner);
        carry();
        assertEq(token.balanceOf(owner.owner), 100e18);
        skip(WINDOW / 4);
        assertEq(spoke.pay(address(token), owner.owner), 25e18);
        skip(WINDOW);
        // an old message again changes nothing
        _askFor(owner.owner, 40e18);
        assertEq(token.balanceOf(owner.owner), 150e18);
        (uint256 redeemed, uint256 paid) = spoke.redemptionOf(address(token), owner.owner);
        assertEq(redeemed, 150e18);
        assertEq(paid, 150e18);
    }

    function test_no_more_is_paid_than_is_there() public {
        lock(owner, 10e18);
        carry();
        // more of the token lies there than was locked: it is nobody's
        token.mint(address(spoke), 50e18);
        _askFor(owner.owner, 30e18);
        assertEq(token.balanceOf(owner.owner), 10e18);
        assertEq(spoke.totalsOf(address(token)).owed, 0, "what exceeds all locks is not owed");
        lock(other, 20e18);
        _askFor(owner.owner, 30e18);
        assertEq(token.balanceOf(owner.owner), 30e18, "until it is locked");
    }

    function test_too_few_transports_ask_for_nothing() public {
        lock(owner, 10e18);
        setLimits(2);
        _askFor(owner.owner, 10e18);
        assertEq(token.balanceOf(owner.owner), 0);
        vm.expectEmit(false, false, false, true, address(spoke));
        bytes memory reason = abi.encodeWithSelector(ICollateralSpoke.NotConfirmed.selector, 1, 2);
        emit Endpoint.MessageIgnored(0, HUB, address(hub), reason);
        _askFor(owner.owner, 10e18);
    }

    /* EXITS */

    function test_governance_gives_back_when_the_hub_is_gone() public {
        lock(owner, 10e18);
        lock(other, 5e18);
        carry();
        beats();
        uint256 heard = spoke.heard();
        skip(EXIT);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.HubAlive.selector, heard, heard + EXIT));
        spoke.exitFor(address(token), owner.account, owner.owner, 10e18);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 16e18, 15e18));
        spoke.exitFor(address(token), owner.account, owner.owner, 16e18);
        spoke.exitFor(address(token), owner.account, owner.owner, 10e18);
        assertEq(token.balanceOf(owner.owner), 10e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 0, 5e18));
        spoke.exitFor(address(token), other.account, other.owner, 0);
    }

    function test_nobody_is_given_back_and_redeems_too() public {
        lock(owner, 10e18);
        lock(other, 10e18);
        carry();
        skip(EXIT + 1);
        spoke.exitFor(address(token), owner.account, owner.owner, 10e18);
        // by now the hub has given the route up
        (, uint256 factor) = hub.standingOf(route);
        assertEq(factor, 0);
        // and a beat that tells of what was given back pauses it, even when governance revives it
        beats();
        uint256 until = vm.getBlockTimestamp() + 7 days;
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RoutePaused.selector, route, until));
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 10e18, owner.owner);
        // and where governance revives it, it says what is missing
        hub.acknowledge(route, 10e18);
        hub.revive(route);
        hub.unpauseRoute(route);
        assertEq(routeNow().shortage, 10e18);
        (PriceStatus status,) = hub.standingOf(route);
        assertEq(uint8(status), uint8(PriceStatus.Uncertain));
        vm.prank(other.owner);
        vault.withdraw(other.account, receipt, 10e18, other.owner);
        assertEq(hub.redeemedOf(route, other.owner), 5e18);
        // nothing is paid before governance has looked there, too
        hub.sendRedemption(route, other.owner);
        carry();
        assertEq(token.balanceOf(other.owner), 0);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.PaymentsStopped.selector, address(token)));
        spoke.pay(address(token), other.owner);
        spoke.resume(address(token));
        assertEq(spoke.pay(address(token), other.owner), 5e18);
    }

    function test_what_is_owed_to_others_is_not_given_back() public {
        lock(owner, 10e18);
        carry();
        spoke.pause(1 days);
        _askFor(other.owner, 8e18);
        spoke.unpause();
        skip(EXIT + 1);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 3e18, 2e18));
        spoke.exitFor(address(token), owner.account, owner.owner, 3e18);
        spoke.exitFor(address(token), owner.account, owner.owner, 2e18);
        spoke.resume(address(token));
        assertEq(spoke.pay(address(token), other.owner), 8e18);
    }

    function test_an_older_word_of_an_account_changes_nothing() public {
        AccountReport memory report = AccountReport({
            token: address(token),
            account: owner.account,
            held: 10e18,
            waiting: 0,
            health: 1.1e18,
            freeMargin: 5,
            owes: true,
            time: uint64(vm.getBlockTimestamp())
        });
        _fromHub(abi.encode(MessageKind.Account, report));
        (report.owes, report.time) = (false, report.time - 1);
        _fromHub(abi.encode(MessageKind.Account, report));
        assertTrue(spoke.accountOf(address(token), owner.account).owes);
    }

    function test_governance_keeps_its_bounds() public {
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 0, 1));
        spoke.setToken(address(token), SpokeToken(true, 0, 1, 1, 1));
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 0, 1));
        spoke.setToken(address(token), SpokeToken(true, 1, 0, 1, 1));
        vm.expectRevert(abi.encodeWithSelector(Pause.PauseTooLong.selector, 8 days, 7 days));
        spoke.pause(8 days);
        bytes memory arguments = abi.encode(manager, HUB, hub, 45 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 45 days - 1, 45 days)
        );
        deployCode("build/forge/CollateralSpoke.sol/CollateralSpoke.json", arguments);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 0, 1));
        spoke.setBeatsRequired(0);
        vm.startPrank(makeAddr("stranger"));
        vm.expectRevert();
        spoke.pause(1);
        vm.expectRevert();
        spoke.exitFor(address(token), owner.account, owner.owner, 1);
        vm.expectRevert();
        spoke.cancelRedemption(address(token), owner.owner);
    }
}
