// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Blocks of the hub's chain, as this chain knows them.
/// @notice What a source says is believed by whoever asks it: one that knows this of itself, or not at all.
interface IHubBlocks {
    /// @notice Hash of a block of the hub's chain.
    /// @param number Its number.
    /// @return Zero where it is not known.
    function blockHash(uint256 number) external view returns (bytes32);
}
