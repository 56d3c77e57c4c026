// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin-5.7/utils/RLP.sol";
import {TrieProof} from "@openzeppelin-5.7/utils/cryptography/TrieProof.sol";

import {RemoteTest} from "./RemoteTest.sol";
import {L1Blocks} from "contracts/crosschain/L1Blocks.sol";
import {RedemptionProver} from "contracts/crosschain/RedemptionProver.sol";
import {IHubBlocks} from "contracts/interfaces/IHubBlocks.sol";
import {RedemptionProof} from "contracts/interfaces/IRedemptionProver.sol";
import {BlockBelow} from "tests/helpers/contracts/BlockBelow.sol";

/// @notice Spokes whose hub falls silent, and blocks of the hub's chain in which its storage is as it is here.
/// @dev A state has the hub and one more account, a storage at most two words: tries of a leaf, or of a branch with
/// two. Real tries are proved by tests/integration/test_crosschain_proofs.py.
abstract contract RemoteProofTest is RemoteTest {
    using RLP for bytes;
    using RLP for uint256;
    using RLP for bytes32;
    using RLP for bytes[];

    address internal constant L1_BLOCK = 0x4200000000000000000000000000000000000015;
    uint64 internal constant PROVE = 3 days;

    /// @dev Reason where a proof is of something else than what was asked for.
    bytes internal otherPath = abi.encodeWithSelector(
        TrieProof.TrieProofTraversalError.selector, TrieProof.ProofError.INVALID_PATH_REMAINDER
    );

    L1Blocks internal blocks;
    RedemptionProver internal prover;
    uint64 private _number = 22_000_000;

    function deployProver() internal {
        vm.etch(L1_BLOCK, vm.getDeployedCode("build/forge/BlockBelow.sol/BlockBelow.json"));
        blocks = L1Blocks(deployCode("build/forge/L1Blocks.sol/L1Blocks.json"));
        prover = makeProver(blocks, address(hub), SPOKE, address(spoke));
        spoke.setProver(prover, PROVE);
    }

    function makeProver(IHubBlocks by, address hub_, uint32 domain, address spoke_)
        internal
        returns (RedemptionProver)
    {
        bytes memory arguments = abi.encode(by, hub_, domain, spoke_);
        return RedemptionProver(deployCode("build/forge/RedemptionProver.sol/RedemptionProver.json", arguments));
    }

    /* WHAT IS PROVED */

    /// @dev Proves what the hub has for somebody now, by a block that this chain learns of.
    function proofFor(address recipient) internal returns (RedemptionProof memory proof) {
        proof = proofOf(address(hub), prover.slotOf(address(token), recipient));
        learn(proof.header);
    }

    /// @dev A word of an account's storage as it is now, in a block of its own that nobody knows yet.
    function proofOf(address account, bytes32 slot) internal returns (RedemptionProof memory) {
        return proofOfWord(account, slot, uint256(vm.load(account, slot)));
    }

    /// @dev A word that need not be there. Where it is zero the trie has another one alone.
    function proofOfWord(address account, bytes32 slot, uint256 word) internal returns (RedemptionProof memory proof) {
        bytes32 storageRoot;
        bytes32 key = word == 0 ? keccak256("another word") : slotKey(slot);
        (storageRoot, proof.word) = leaf(key, (word == 0 ? 1 : word).encode());
        bytes32 stateRoot;
        (stateRoot, proof.account) = leaf(accountKey(account), accountOf(storageRoot));
        proof.header = headerOf(++_number, stateRoot);
    }

    function prove(address recipient, RedemptionProof memory proof) internal {
        spoke.proveRedemption(address(token), recipient, proof);
    }

    /// @dev The block becomes the newest that this chain knows of, and is recorded.
    function learn(bytes memory header) internal {
        learnAs(_number, keccak256(header));
    }

    function learnAs(uint64 number, bytes32 hash) internal {
        BlockBelow(L1_BLOCK).set(number, hash);
        blocks.record();
    }

    /* TRIES */

    function slotKey(bytes32 slot) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(slot));
    }

    function accountKey(address account) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(account));
    }

    /// @dev An account of the state trie.
    function accountOf(bytes32 storageRoot) internal pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](4);
        fields[0] = uint256(1).encode();
        fields[1] = uint256(0).encode();
        fields[2] = storageRoot.encode();
        fields[3] = keccak256("code").encode();
        return fields.encode();
    }

    /// @dev A trie of one leaf.
    function leaf(bytes32 key, bytes memory value) internal pure returns (bytes32 root, bytes[] memory nodes) {
        nodes = new bytes[](1);
        nodes[0] = _leafOf(abi.encodePacked(bytes1(0x20), key), value);
        root = keccak256(nodes[0]);
    }

    /// @dev A trie of two leaves whose keys differ in the first half byte; proves the first.
    function branch(bytes32 key, bytes memory value, bytes32 otherKey, bytes memory otherValue)
        internal
        pure
        returns (bytes32 root, bytes[] memory nodes)
    {
        assertNotEq(_first(key), _first(otherKey), "keys that differ at once");
        bytes[] memory children = new bytes[](17);
        for (uint256 i; i < 17; ++i) {
            children[i] = bytes("").encode();
        }
        nodes = new bytes[](2);
        nodes[1] = _leafOf(_rest(key), value);
        children[_first(key)] = keccak256(nodes[1]).encode();
        children[_first(otherKey)] = keccak256(_leafOf(_rest(otherKey), otherValue)).encode();
        nodes[0] = children.encode();
        root = keccak256(nodes[0]);
    }

    function _leafOf(bytes memory path, bytes memory value) private pure returns (bytes memory) {
        bytes[] memory pair = new bytes[](2);
        (pair[0], pair[1]) = (path.encode(), value.encode());
        return pair.encode();
    }

    function _first(bytes32 key) private pure returns (uint256) {
        return uint256(key) >> 252;
    }

    /// @dev Path of a leaf that is one half byte down: it has an odd number of them left.
    function _rest(bytes32 key) private pure returns (bytes memory) {
        return abi.encodePacked(bytes32((uint256(key) & (type(uint256).max >> 4)) | (3 << 252)));
    }

    /// @dev A header as of Cancun: 20 fields.
    function headerOf(uint64 number, bytes32 stateRoot) internal view returns (bytes memory) {
        bytes[] memory fields = new bytes[](20);
        for (uint256 i; i < 20; ++i) {
            fields[i] = keccak256(abi.encode("field", i)).encode();
        }
        fields[2] = abi.encodePacked(address(this)).encode();
        fields[3] = stateRoot.encode();
        fields[6] = new bytes(256).encode();
        fields[7] = uint256(0).encode();
        fields[8] = uint256(number).encode();
        fields[11] = vm.getBlockTimestamp().encode();
        return fields.encode();
    }
}
