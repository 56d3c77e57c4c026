// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin-5.7/utils/RLP.sol";
import {TrieProof} from "@openzeppelin-5.7/utils/cryptography/TrieProof.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICollateralSpoke, SpokeToken} from "contracts/interfaces/ICollateralSpoke.sol";
import {IHubBlocks} from "contracts/interfaces/IHubBlocks.sol";
import {IRedemptionProver, RedemptionProof} from "contracts/interfaces/IRedemptionProver.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {RemoteAttackTest} from "tests/foundry/base/RemoteAttackTest.sol";
import {RemoteProofTest} from "tests/foundry/base/RemoteProofTest.sol";

/// @notice A source that calls any block the hub's.
contract LyingBlocks is IHubBlocks {
    mapping(uint256 number => bytes32) public blockHash;

    function say(uint256 number, bytes32 hash) external {
        blockHash[number] = hash;
    }
}

/// @notice Who attacks by proofs: of what never was, of what is somebody else's, by a source that lies.
contract RemoteProofAttacksTest is RemoteAttackTest, RemoteProofTest {
    using RLP for uint256;

    function setUp() public override {
        super.setUp();
        deployProver();
        lock(victim, 90e18);
        lock(thief, 10e18);
        carry();
        redeem(victim, 50e18);
        redeem(thief, 1e18);
        skip(PROVE + 1);
    }

    /// @dev Refused, and nothing has moved.
    function _refused(address recipient, RedemptionProof memory proof, bytes memory reason) private {
        vm.expectRevert(reason);
        prove(recipient, proof);
        assertEq(token.balanceOf(recipient), 0);
        assertEq(spoke.totalsOf(address(token)).owed, 0);
    }

    /// @dev A block with the state becomes the one that the proof is of.
    function _learnState(RedemptionProof memory proof, bytes32 stateRoot) private {
        proof.header = headerOf(22_000_050, stateRoot);
        learnAs(22_000_050, keccak256(proof.header));
    }

    function _trie(TrieProof.ProofError error) private pure returns (bytes memory) {
        return abi.encodeWithSelector(TrieProof.TrieProofTraversalError.selector, error);
    }

    function _slot(address recipient) private view returns (bytes32) {
        return prover.slotOf(address(token), recipient);
    }

    /* BLOCKS THAT NEVER WERE */

    function test_attack_a_block_that_nobody_knows() public {
        RedemptionProof memory proof = proofOfWord(address(hub), _slot(thief.owner), 100e18);
        _refused(thief.owner, proof, abi.encodeWithSelector(IRedemptionProver.BlockUnknown.selector, 22_000_001));
    }

    function test_attack_another_header_of_a_known_number() public {
        RedemptionProof memory proof = proofOfWord(address(hub), _slot(thief.owner), 100e18);
        learnAs(22_000_001, keccak256("the true block"));
        bytes memory reason = abi.encodeWithSelector(
            IRedemptionProver.HeaderDiffers.selector, keccak256(proof.header), keccak256("the true block")
        );
        _refused(thief.owner, proof, reason);
    }

    /// @dev The redemption was in a block that is undone; with it this chain's own was, which knows another now.
    function test_attack_a_redemption_that_was_undone() public {
        RedemptionProof memory proof = proofFor(thief.owner);
        learnAs(22_000_001, keccak256("the block instead"));
        bytes memory reason = abi.encodeWithSelector(
            IRedemptionProver.HeaderDiffers.selector, keccak256(proof.header), keccak256("the block instead")
        );
        _refused(thief.owner, proof, reason);
    }

    function test_attack_a_header_that_is_none() public {
        RedemptionProof memory proof = proofFor(thief.owner);
        proof.header = "";
        vm.expectRevert();
        prove(thief.owner, proof);
        proof.header = hex"c0";
        vm.expectRevert();
        prove(thief.owner, proof);
        assertEq(token.balanceOf(thief.owner), 0);
    }

    /* WORDS OF SOMETHING ELSE */

    /// @dev His own contract has at the slot what he likes.
    function test_attack_the_same_slot_of_an_own_contract() public {
        address own = makeAddr("own contract");
        vm.store(own, _slot(thief.owner), bytes32(uint256(100e18)));
        RedemptionProof memory proof = proofOf(own, _slot(thief.owner));
        learn(proof.header);
        _refused(thief.owner, proof, otherPath);

        // beside the hub in one state: the way to his own leaf is not the hub's
        (bytes32 stateRoot, bytes[] memory nodes) = _twoAccounts(own, address(hub));
        proof.account = nodes;
        _learnState(proof, stateRoot);
        vm.expectRevert();
        prove(thief.owner, proof);
        assertEq(token.balanceOf(thief.owner), 0);
    }

    /// @dev A state of both accounts, and the way to the first.
    function _twoAccounts(address first, address second) private pure returns (bytes32, bytes[] memory) {
        return branch(accountKey(first), accountOf(keccak256("a")), accountKey(second), accountOf(keccak256("b")));
    }

    function test_attack_what_was_redeemed_for_somebody_else_or_of_another_token() public {
        RedemptionProof memory proof = proofFor(victim.owner);
        _refused(thief.owner, proof, otherPath);
        TestToken second = TestToken(
            deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("Other there", "DAI", 18, 1e40))
        );
        spoke.setToken(address(second), SpokeToken(true, 2, WINDOW, CAPACITY, 1e12));
        vm.expectRevert(otherPath);
        spoke.proveRedemption(address(second), victim.owner, proof);
        prove(victim.owner, proof);
        assertEq(token.balanceOf(victim.owner), 50e18);
    }

    /// @dev The same hub, or the same address on another chain: a word for one spoke is about no other.
    function test_attack_what_was_redeemed_for_another_spoke() public {
        RedemptionProof memory proof = proofFor(thief.owner);
        address[2] memory spokes = [address(spoke), makeAddr("another spoke")];
        uint32[2] memory domains = [SPOKE + 1, SPOKE];
        for (uint256 i; i < 2; ++i) {
            IRedemptionProver other = makeProver(blocks, address(hub), domains[i], spokes[i]);
            assertNotEq(other.slotOf(address(token), thief.owner), _slot(thief.owner));
            vm.expectRevert(otherPath);
            other.redeemedOf(address(token), thief.owner, proof);
        }
        assertEq(prover.redeemedOf(address(token), thief.owner, proof), 1e18);
    }

    function test_attack_a_word_or_an_account_that_is_not_there() public {
        address nobody = makeAddr("nobody");
        RedemptionProof memory proof = proofFor(nobody);
        _refused(nobody, proof, otherPath);
        // the branch has nothing where the hub would be
        (bytes32 stateRoot, bytes[] memory nodes) = _withoutHub();
        proof.account = nodes;
        _learnState(proof, stateRoot);
        vm.expectRevert();
        prove(nobody, proof);
        assertEq(spoke.totalsOf(address(token)).owed, 0);
    }

    /// @dev A state of two accounts that are not the hub, and the way to where it would be.
    function _withoutHub() private view returns (bytes32 root, bytes[] memory nodes) {
        bytes32 key = accountKey(address(hub));
        bytes32 one = bytes32(uint256(key) ^ (1 << 252));
        bytes32 two = bytes32(uint256(key) ^ (2 << 252));
        bytes[] memory both;
        (root, both) = branch(one, accountOf(keccak256("a")), two, accountOf(keccak256("b")));
        nodes = new bytes[](1);
        nodes[0] = both[0];
    }

    function test_attack_proofs_with_nodes_too_few_or_too_many() public {
        RedemptionProof memory proof = proofFor(thief.owner);
        bytes[] memory whole = proof.word;
        proof.word = new bytes[](0);
        _refused(thief.owner, proof, _trie(TrieProof.ProofError.INVALID_PROOF));
        proof.word = new bytes[](2);
        (proof.word[0], proof.word[1]) = (whole[0], whole[0]);
        _refused(thief.owner, proof, _trie(TrieProof.ProofError.INVALID_EXTRA_PROOF_ELEMENT));
        (proof.word, proof.account) = (whole, new bytes[](0));
        _refused(thief.owner, proof, _trie(TrieProof.ProofError.INVALID_PROOF));
    }

    /// @dev Whatever byte is another: nothing else is proved.
    function testFuzz_attack_no_byte_of_a_proof_can_be_changed(uint256 place, uint8 change) public {
        change = uint8(bound(change, 1, 255));
        RedemptionProof memory proof = proofFor(thief.owner);
        uint256 header = proof.header.length;
        uint256 account = proof.account[0].length;
        place = bound(place, 0, header + account + proof.word[0].length - 1);
        if (place < header) _flip(proof.header, place, change);
        else if (place < header + account) _flip(proof.account[0], place - header, change);
        else _flip(proof.word[0], place - header - account, change);
        vm.expectRevert();
        prover.redeemedOf(address(token), thief.owner, proof);
    }

    function _flip(bytes memory content, uint256 place, uint8 change) private pure {
        content[place] = bytes1(uint8(content[place]) ^ change);
    }

    /// @dev Any word, alone in its trie or beside another one.
    function testFuzz_a_word_is_read_as_it_is(uint256 word, uint256 other) public {
        (word, other) = (bound(word, 1, type(uint256).max), bound(other, 1, type(uint256).max));
        bytes32 slot = _slot(thief.owner);
        RedemptionProof memory proof = proofOfWord(address(hub), slot, word);
        learn(proof.header);
        assertEq(prover.redeemedOf(address(token), thief.owner, proof), word);

        bytes32 key = slotKey(slot);
        bytes32 storageRoot;
        (storageRoot, proof.word) = branch(key, word.encode(), ~key, other.encode());
        bytes32 stateRoot;
        (stateRoot, proof.account) = leaf(accountKey(address(hub)), accountOf(storageRoot));
        _learnState(proof, stateRoot);
        assertEq(prover.redeemedOf(address(token), thief.owner, proof), word);
    }

    function test_attack_a_sum_that_does_not_fit() public {
        uint256 sum = uint256(type(uint128).max) + 1;
        RedemptionProof memory proof = proofOfWord(address(hub), _slot(thief.owner), sum);
        learn(proof.header);
        bytes memory reason = abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, uint8(128), sum);
        _refused(thief.owner, proof, reason);
    }

    /* A SOURCE THAT LIES */

    function _lie(uint256 amount) private returns (RedemptionProof memory proof) {
        LyingBlocks lying = new LyingBlocks();
        prover = makeProver(lying, address(hub), SPOKE, address(spoke));
        spoke.setProver(prover, PROVE);
        proof = proofOfWord(address(hub), _slot(thief.owner), amount);
        lying.say(22_000_001, keccak256(proof.header));
    }

    /// @dev The loss is a bucket, and what refills until a guardian pauses; then it is taken out and taken back.
    function test_attack_a_source_that_lies_takes_the_bucket_and_is_taken_out() public {
        lock(victim, 150e18);
        RedemptionProof memory proof = _lie(250e18);
        prove(thief.owner, proof);
        assertEq(token.balanceOf(thief.owner), CAPACITY);
        spoke.pause(7 days);
        skip(1 days);
        vm.expectRevert();
        spoke.pay(address(token), thief.owner);
        // cancelled while the source is still believed, it is proved again
        spoke.cancelRedemption(address(token), thief.owner);
        prove(thief.owner, proof);
        assertEq(spoke.totalsOf(address(token)).owed, 250e18 - CAPACITY);
        spoke.setProver(IRedemptionProver(address(0)), PROVE);
        spoke.cancelRedemption(address(token), thief.owner);
        vm.expectRevert(ICollateralSpoke.NoProver.selector);
        prove(thief.owner, proof);
        spoke.unpause();
        vm.expectRevert(
            abi.encodeWithSelector(ICollateralSpoke.NothingToPay.selector, address(token), thief.owner, 0, CAPACITY)
        );
        spoke.pay(address(token), thief.owner);
        assertEq(token.balanceOf(thief.owner), CAPACITY);
        // when the hub is heard of again, it stops what it never asked for from being borne unseen
        refreshAll();
        beats();
        assertGt(routeNow().pausedUntil, vm.getBlockTimestamp());
    }

    /// @dev While the hub is heard of, a source that lies is worth nothing.
    function test_attack_a_source_that_lies_in_good_times() public {
        RedemptionProof memory proof = _lie(250e18);
        hub.sendBeat(SPOKE);
        carry();
        uint256 heard = spoke.heard();
        bytes memory reason = abi.encodeWithSelector(ICollateralSpoke.HubAlive.selector, heard, heard + PROVE);
        _refused(thief.owner, proof, reason);
    }
}
