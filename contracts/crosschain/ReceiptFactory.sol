// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RemoteReceipt} from "./RemoteReceipt.sol";

/// @title Maker of receipts: a contract of its own, so that their code is no part of the hub's.
/// @notice Whoever asks is the hub of what is made.
contract ReceiptFactory {
    /// @notice Makes receipts whose hub is the caller. Anyone.
    /// @param vault The vault that they are an asset of.
    /// @param route Number of their route at the caller.
    /// @param decimals Those of the token on the other chain.
    /// @param name Of the receipts.
    /// @param symbol Of the receipts.
    /// @return The receipts.
    function make(address vault, uint256 route, uint8 decimals, string calldata name, string calldata symbol)
        external
        returns (RemoteReceipt)
    {
        return new RemoteReceipt(msg.sender, vault, route, decimals, name, symbol);
    }
}
