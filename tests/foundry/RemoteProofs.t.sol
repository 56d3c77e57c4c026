// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {L1Blocks} from "contracts/crosschain/L1Blocks.sol";
import {ICollateralHub} from "contracts/interfaces/ICollateralHub.sol";
import {ICollateralSpoke, SpokeTotals} from "contracts/interfaces/ICollateralSpoke.sol";
import {IRedemptionProver, RedemptionProof} from "contracts/interfaces/IRedemptionProver.sol";
import {RemoteProofTest} from "tests/foundry/base/RemoteProofTest.sol";
import {BlockBelow} from "tests/helpers/contracts/BlockBelow.sol";

/// @notice Redemptions that come as proofs because no message comes: what they pay, and that nothing is paid twice.
contract RemoteProofsTest is RemoteProofTest {
    Party private owner;
    Party private other;

    function setUp() public {
        deployRemote(2);
        deployProver();
        owner = party("owner");
        other = party("other");
        welcome(owner);
        welcome(other);
        lock(owner, 60e18);
        lock(other, 40e18);
        carry();
        beats();
    }

    /// @dev From here on no message arrives, and so long that proofs count.
    function _silence() private {
        skip(PROVE + 1);
    }

    function _send(address recipient) private {
        hub.sendRedemption(route, recipient);
        carry();
    }

    /* WHAT IS PAID */

    function test_the_owner_is_paid_without_any_message() public {
        redeem(owner, 10e18);
        _silence();
        RedemptionProof memory proof = proofFor(owner.owner);
        vm.expectEmit(address(spoke));
        emit ICollateralSpoke.RedemptionProved(address(token), owner.owner, 10e18);
        vm.expectEmit(address(spoke));
        emit ICollateralSpoke.RedemptionHeard(address(token), owner.owner, 10e18);
        vm.expectEmit(address(spoke));
        emit ICollateralSpoke.Paid(address(token), owner.owner, 10e18);
        vm.prank(makeAddr("anybody"));
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), 10e18);
        SpokeTotals memory totals = spoke.totalsOf(address(token));
        assertEq(totals.paid, 10e18);
        assertEq(totals.owed, 0);
    }

    function test_proof_and_message_in_any_order_and_twice_pay_once() public {
        redeem(owner, 10e18);
        _silence();
        RedemptionProof memory proof = proofFor(owner.owner);
        prove(owner.owner, proof);
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), 10e18);
        _send(owner.owner);
        _send(owner.owner);
        assertEq(token.balanceOf(owner.owner), 10e18);

        // the message first
        refreshAll();
        redeem(owner, 5e18);
        _send(owner.owner);
        assertEq(token.balanceOf(owner.owner), 15e18);
        _silence();
        RedemptionProof memory later = proofFor(owner.owner);
        prove(owner.owner, later);
        prove(owner.owner, later);
        prove(owner.owner, proof);
        _send(owner.owner);
        assertEq(token.balanceOf(owner.owner), 15e18);
        (uint256 redeemed, uint256 paid) = spoke.redemptionOf(address(token), owner.owner);
        assertEq(redeemed, 15e18);
        assertEq(paid, 15e18);
        beats();
        assertEq(routeNow().pausedUntil, 0, "the hub knows of all that was paid");
    }

    function test_an_older_block_pays_what_it_knew_and_a_newer_one_the_rest() public {
        redeem(owner, 10e18);
        RedemptionProof memory first = proofFor(owner.owner);
        redeem(owner, 20e18);
        RedemptionProof memory second = proofFor(owner.owner);
        _silence();
        prove(owner.owner, first);
        assertEq(token.balanceOf(owner.owner), 10e18);
        prove(owner.owner, second);
        assertEq(token.balanceOf(owner.owner), 30e18);
        prove(owner.owner, first);
        assertEq(token.balanceOf(owner.owner), 30e18);
    }

    function test_each_recipient_is_paid_his_own() public {
        address wallet = makeAddr("wallet");
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 7e18, wallet);
        redeem(other, 9e18);
        _silence();
        prove(wallet, proofFor(wallet));
        prove(other.owner, proofFor(other.owner));
        assertEq(token.balanceOf(wallet), 7e18);
        assertEq(token.balanceOf(other.owner), 9e18);
        assertEq(token.balanceOf(owner.owner), 0);
    }

    /// @dev Who owes takes nothing out at the hub, so there is nothing that he could prove.
    function test_what_was_sold_is_the_bidders_and_not_the_owners() public {
        Party memory maker = party("maker");
        Party memory bidder = party("bidder");
        fundParty(maker, usdc, 1_000_000e6);
        fundParty(bidder, usdc, 1_000_000e6);
        trade(maker, owner, perpetuals[0], 300e18, 2000e18);
        skip(12);
        setPrice(1, 1700e8);
        refreshAll();
        vm.expectRevert();
        vm.prank(owner.owner);
        vault.withdraw(owner.account, receipt, 60e18, owner.owner);
        auction.start(owner.account, 0);
        uint256 now_ = vm.getBlockTimestamp();
        vm.prank(bidder.owner);
        auction.bid(owner.account, bidder.account, 1e18, 0, type(int256).max, type(uint256).max, now_);
        uint256 bought = heldBy(bidder);
        assertGt(bought, 0);
        vm.prank(bidder.owner);
        vault.withdraw(bidder.account, receipt, bought, bidder.owner);

        _silence();
        RedemptionProof memory proof = proofFor(bidder.owner);
        vm.expectRevert(otherPath);
        prove(owner.owner, proof);
        RedemptionProof memory nothing = proofFor(owner.owner);
        vm.expectRevert(otherPath);
        prove(owner.owner, nothing);
        prove(bidder.owner, proof);
        assertEq(token.balanceOf(bidder.owner), bought);
        assertEq(token.balanceOf(owner.owner), 0);
    }

    /* WHEN */

    function test_only_after_the_silence() public {
        redeem(owner, 10e18);
        uint256 heard = spoke.heard();
        RedemptionProof memory proof = proofFor(owner.owner);
        vm.warp(heard + PROVE);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.HubAlive.selector, heard, heard + PROVE));
        prove(owner.owner, proof);
        vm.warp(heard + PROVE + 1);
        // any word of the hub ends it
        uint256 sentAt = vm.getBlockTimestamp();
        hub.sendBeat(SPOKE);
        carry();
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.HubAlive.selector, sentAt, sentAt + PROVE));
        prove(owner.owner, proof);
        _silence();
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), 10e18);
    }

    function test_one_of_two_transports_does_not_end_the_silence() public {
        redeem(owner, 10e18);
        _silence();
        hub.sendBeat(SPOKE);
        carry(0, 1);
        prove(owner.owner, proofFor(owner.owner));
        assertEq(token.balanceOf(owner.owner), 10e18);
    }

    /// @dev Else proofs would put off what governance gives back, though the hub is gone.
    function test_a_proof_is_no_word_of_the_hub() public {
        redeem(owner, 10e18);
        uint256 heard = spoke.heard();
        vm.warp(heard + EXIT + 1);
        prove(owner.owner, proofFor(owner.owner));
        assertEq(spoke.heard(), heard);
        spoke.exitFor(address(token), other.account, other.owner, 40e18);
        assertEq(token.balanceOf(other.owner), 40e18);
    }

    function test_without_a_prover_and_of_tokens_that_are_not_listed_nothing_counts() public {
        redeem(owner, 10e18);
        _silence();
        RedemptionProof memory proof = proofFor(owner.owner);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.TokenClosed.selector, address(weth)));
        spoke.proveRedemption(address(weth), owner.owner, proof);
        spoke.setProver(IRedemptionProver(address(0)), PROVE);
        vm.expectRevert(ICollateralSpoke.NoProver.selector);
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), 0);
    }

    function test_governance_sets_the_prover_within_bounds() public {
        for (uint256 i; i < 2; ++i) {
            (uint64 time, uint256 limit) = i == 0 ? (PROVE - 1, 3 days) : (30 days + 1, 30 days);
            vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, time, limit));
            spoke.setProver(prover, time);
        }
        assertEq(address(spoke.prover()), address(prover));
        vm.expectEmit(address(spoke));
        emit ICollateralSpoke.ProverSet(address(0), 30 days);
        spoke.setProver(IRedemptionProver(address(0)), 30 days);
        assertEq(spoke.proveAfter(), 30 days);
        assertEq(address(spoke.prover()), address(0));
        vm.expectRevert();
        vm.prank(makeAddr("stranger"));
        spoke.setProver(prover, PROVE);
    }

    /* WHAT HOLDS IT UP */

    function test_a_pause_and_the_bucket_hold_back_what_is_proved() public {
        setLimits(2);
        lock(owner, 90e18);
        carry();
        skip(WINDOW);
        beats();
        hub.credit(route, owner.account);
        redeem(owner, 150e18);
        _silence();
        spoke.pause(1 days);
        RedemptionProof memory proof = proofFor(owner.owner);
        bytes memory paused =
            abi.encodeWithSelector(ICollateralSpoke.SpokePaused.selector, vm.getBlockTimestamp() + 1 days);
        vm.expectEmit(address(spoke));
        emit ICollateralSpoke.PaymentDeferred(address(token), owner.owner, paused);
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), 0);
        assertEq(spoke.totalsOf(address(token)).owed, 150e18);
        spoke.unpause();
        prove(owner.owner, proof);
        assertEq(token.balanceOf(owner.owner), CAPACITY);
        skip(WINDOW);
        assertEq(spoke.pay(address(token), owner.owner), 50e18);
    }

    /// @dev Redeemed in the silence and proved only after governance has given back: as with a message that is late.
    function test_what_governance_gave_back_is_settled_before_a_proof_is_paid() public {
        redeem(owner, 60e18);
        vm.warp(uint256(spoke.heard()) + EXIT + 1);
        spoke.exitFor(address(token), owner.account, owner.owner, 60e18);
        prove(owner.owner, proofFor(owner.owner));
        assertEq(token.balanceOf(owner.owner), 60e18);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.PaymentsStopped.selector, address(token)));
        spoke.pay(address(token), owner.owner);
        spoke.settleRedemption(address(token), owner.account, owner.owner, 60e18);
        spoke.resume(address(token));
        prove(owner.owner, proofFor(owner.owner));
        _send(owner.owner);
        assertEq(token.balanceOf(owner.owner), 60e18);
        SpokeTotals memory totals = spoke.totalsOf(address(token));
        assertEq(totals.locked - totals.paid - totals.exited - totals.owed, 40e18, "the other's is all there");
    }

    /// @dev Proved first, it is owed or paid, and governance cannot give it back once more.
    function test_what_was_proved_is_not_given_back() public {
        redeem(owner, 60e18);
        vm.warp(uint256(spoke.heard()) + EXIT + 1);
        prove(owner.owner, proofFor(owner.owner));
        skip(WINDOW);
        vm.expectRevert(abi.encodeWithSelector(ICollateralSpoke.SpokeParameterOutOfRange.selector, 60e18, 40e18));
        spoke.exitFor(address(token), owner.account, owner.owner, 60e18);
    }

    /// @dev What was settled at the hub as given back was never redeemed: it is not in the word.
    function test_what_the_hub_settles_as_given_back_cannot_be_proved() public {
        Party memory late = party("late");
        lock(late, 30e18);
        carry();
        vm.warp(uint256(spoke.heard()) + EXIT + 1);
        spoke.exitFor(address(token), late.account, late.owner, 30e18);
        refreshAll();
        hub.settleExit(route, late.account, 30e18);
        RedemptionProof memory proof = proofFor(late.owner);
        vm.expectRevert(otherPath);
        prove(late.owner, proof);
        hub.revive(route);
        vm.expectRevert(abi.encodeWithSelector(ICollateralHub.RouteNotAccepted.selector, route, late.account));
        hub.credit(route, late.account);
        assertEq(token.balanceOf(late.owner), 30e18);
    }

    /* CANCELLED */

    /// @dev What a message forged is not at the hub, and stays cancelled; what is there comes back, as by a message.
    function test_only_what_the_hub_truly_asks_for_comes_back_after_it_was_cancelled() public {
        address thief = makeAddr("thief");
        redeem(owner, 10e18);
        spoke.pause(1 days);
        byBoth(paymentOf(thief, 50e18));
        _send(owner.owner);
        spoke.cancelRedemption(address(token), thief);
        spoke.cancelRedemption(address(token), owner.owner);
        spoke.unpause();
        _silence();
        RedemptionProof memory forged = proofFor(thief);
        vm.expectRevert(otherPath);
        prove(thief, forged);
        prove(owner.owner, proofFor(owner.owner));
        assertEq(token.balanceOf(thief), 0);
        assertEq(token.balanceOf(owner.owner), 10e18);
        assertEq(spoke.totalsOf(address(token)).owed, 0);
    }

    /* BLOCKS */

    function test_blocks_below_stay_known_once_recorded() public {
        BlockBelow(L1_BLOCK).set(7, keccak256("seven"));
        assertEq(blocks.blockHash(7), 0);
        (uint256 number, bytes32 hash) = blocks.newest();
        assertEq(number, 7);
        assertEq(hash, keccak256("seven"));
        vm.expectEmit(address(blocks));
        emit L1Blocks.BlockRecorded(7, keccak256("seven"));
        vm.prank(makeAddr("anybody"));
        assertEq(blocks.record(), 7);
        learnAs(8, keccak256("eight"));
        assertEq(blocks.blockHash(7), keccak256("seven"));
        assertEq(blocks.blockHash(8), keccak256("eight"));
        assertEq(blocks.blockHash(9), 0);
    }
}
