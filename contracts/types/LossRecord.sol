// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A loss that one side of a market bears. Two slots.
struct LossRecord {
    // slot 0: 16 + 16 bytes
    uint128 perUnit; // what each contract bears, down [ray USD per base]
    int128 carry; // mid price less funding index when the loss was shared [wad USD]
    // slot 1: 12 + 1 bytes
    uint96 price; // mid price then [wad USD]
    bool longsPay; // which side bears it
}
