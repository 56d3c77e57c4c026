// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHubBlocks} from "../interfaces/IHubBlocks.sol";

/// @title What every chain of the OP stack knows of the chain below it.
/// @notice A contract of the stack itself: who wrote it there is the chain.
interface IL1Block {
    /// @notice Number of the newest block below that this chain has taken in.
    /// @return Of the chain below.
    function number() external view returns (uint64);

    /// @notice Its hash.
    /// @return Of its header.
    function hash() external view returns (bytes32);
}

/// @title Blocks of the chain below, for spokes on chains of the OP stack whose venue is on it.
/// @notice The chain itself knows only the newest one. Whoever needs it has it recorded, and it stays known.
/// @dev Assumptions:
/// - Each block of this chain is made from one below: where that is undone, this one is undone as well.
contract L1Blocks is IHubBlocks {
    /// @notice A block was recorded.
    /// @param number Its number.
    /// @param hash Its hash.
    event BlockRecorded(uint256 indexed number, bytes32 hash);

    /// @dev Part of the OP stack, at the same place on each of its chains.
    IL1Block private constant L1_BLOCK = IL1Block(0x4200000000000000000000000000000000000015);

    /// @inheritdoc IHubBlocks
    mapping(uint256 number => bytes32) public blockHash;

    /// @notice Records the newest block below that is known here. Anyone.
    /// @return number Its number.
    function record() external returns (uint256 number) {
        bytes32 hash;
        (number, hash) = newest();
        blockHash[number] = hash;
        emit BlockRecorded(number, hash);
    }

    /// @notice The newest block below that is known here, recorded or not.
    /// @return number Its number.
    /// @return hash Its hash.
    function newest() public view returns (uint256 number, bytes32 hash) {
        return (L1_BLOCK.number(), L1_BLOCK.hash());
    }
}
