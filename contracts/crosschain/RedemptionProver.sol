// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BlockHeader} from "@openzeppelin-5.7/utils/BlockHeader.sol";
import {Memory} from "@openzeppelin-5.7/utils/Memory.sol";
import {RLP} from "@openzeppelin-5.7/utils/RLP.sol";
import {TrieProof} from "@openzeppelin-5.7/utils/cryptography/TrieProof.sol";

import {IHubBlocks} from "../interfaces/IHubBlocks.sol";
import {IRedemptionProver, RedemptionProof} from "../interfaces/IRedemptionProver.sol";
import {RedemptionSlot} from "./RedemptionSlot.sol";

/// @title Proofs of what a hub has redeemed for one spoke, by the tries of the hub's chain.
contract RedemptionProver is IRedemptionProver {
    using BlockHeader for Memory.Slice[];
    using RLP for bytes;
    using RLP for Memory.Slice;

    /// @dev Place of the storage root in an account of the state trie.
    uint256 private constant STORAGE_ROOT = 2;

    /// @notice Knows blocks of the hub's chain.
    IHubBlocks public immutable blocks;
    /// @notice The hub there.
    address public immutable hub;
    /// @notice Domain of this chain, as the hub names it.
    uint32 public immutable domain;
    /// @notice The spoke that is paid by it.
    address public immutable spoke;

    /// @param blocks_ Knows blocks of the hub's chain.
    /// @param hub_ The hub there.
    /// @param domain_ Domain of this chain, as the hub names it.
    /// @param spoke_ The spoke on this chain, which the hub hears.
    constructor(IHubBlocks blocks_, address hub_, uint32 domain_, address spoke_) {
        (blocks, hub, domain, spoke) = (blocks_, hub_, domain_, spoke_);
    }

    /// @inheritdoc IRedemptionProver
    function redeemedOf(address token, address recipient, RedemptionProof calldata proof)
        external
        view
        returns (uint256)
    {
        bytes memory account =
            TrieProof.traverse(_stateRoot(proof.header), _keyOf(abi.encodePacked(hub)), proof.account);
        bytes32 storageRoot = account.decodeList()[STORAGE_ROOT].readBytes32();
        return TrieProof.traverse(storageRoot, _keyOf(abi.encodePacked(slotOf(token, recipient))), proof.word)
            .decodeUint256();
    }

    /// @dev Root of the state in a block that is known.
    function _stateRoot(bytes memory header) private view returns (bytes32) {
        Memory.Slice[] memory fields = header.decodeList();
        uint256 number = fields.getNumber();
        bytes32 known = blocks.blockHash(number);
        if (known == 0) revert BlockUnknown(number);
        if (keccak256(header) != known) revert HeaderDiffers(keccak256(header), known);
        return fields.getStateRoot();
    }

    /// @dev Key in a trie: both are hashed.
    function _keyOf(bytes memory content) private pure returns (bytes memory) {
        return bytes.concat(keccak256(content));
    }

    /// @inheritdoc IRedemptionProver
    function slotOf(address token, address recipient) public view returns (bytes32) {
        return RedemptionSlot.slotOf(domain, spoke, token, recipient);
    }
}
