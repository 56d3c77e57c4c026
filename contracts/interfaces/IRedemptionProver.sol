// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A word of the hub's storage in a block of its chain, as `eth_getProof` gives it.
struct RedemptionProof {
    bytes header; // RLP of the block's header
    bytes[] account; // nodes of the state trie, from its root to the hub
    bytes[] word; // nodes of the hub's storage trie, from its root to the word
}

/// @title Redemption prover: reads what the hub has in store for a spoke, with no message.
/// @notice What was redeemed only grows, so a proof of any block of the hub's chain that was says nothing false.
/// @dev Assumptions:
/// - What a source says to be a block's hash is one: else anything can be proved.
/// - The hub's chain has the headers and tries of Ethereum, hashed with Keccak.
interface IRedemptionProver {
    /// @notice The block's hash is not known here.
    /// @param number Its number, as the header has it.
    error BlockUnknown(uint256 number);

    /// @notice The header is not that of the block.
    /// @param hash Hash of what was given.
    /// @param known Hash of the block of this number.
    error HeaderDiffers(bytes32 hash, bytes32 known);

    /// @notice What was redeemed at the hub in all for somebody, by a block of its chain.
    /// @dev Reverts where the proof proves nothing. Of an older block it may be less than now, and is never more.
    /// @param token Token at the spoke.
    /// @param recipient Who is paid there.
    /// @param proof Of the word at `slotOf`.
    /// @return As the hub had it in that block [token units].
    function redeemedOf(address token, address recipient, RedemptionProof calldata proof)
        external
        view
        returns (uint256);

    /// @notice Where the hub keeps what was redeemed in all for somebody at the spoke.
    /// @param token Token at the spoke.
    /// @param recipient Who is paid there.
    /// @return Slot of its storage.
    function slotOf(address token, address recipient) external view returns (bytes32);
}
