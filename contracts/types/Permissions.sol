// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/* What an operator may do for an owner; bits of a mask. */

uint8 constant PERMISSION_DEPOSIT = 1;
uint8 constant PERMISSION_WITHDRAW = 2;
uint8 constant PERMISSION_TRANSFER = 4;
uint8 constant PERMISSION_TRADE = 8;
/// @dev Bid in auctions with the account.
uint8 constant PERMISSION_BID = 16;

/* What a module may do in the vault; bits of a mask. */

uint8 constant MODULE_GATE = 1;
uint8 constant MODULE_CLEARINGHOUSE = 2;
uint8 constant MODULE_FEES = 4;
uint8 constant MODULE_AUCTION = 8;
/// @dev Every role of a module.
uint8 constant MODULE_ALL = 15;

/// @dev Whether a mask has every bit of `wanted`.
function includes(uint8 mask, uint8 wanted) pure returns (bool) {
    return mask & wanted == wanted;
}
