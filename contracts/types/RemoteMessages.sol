// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What a spoke says of one account's lock of a token: how it is, not what has changed. So order, loss and
/// repetition of reports cannot matter.
struct LockReport {
    address token; // on the spoke's chain
    uint256 account; // whom it is locked for
    uint64 sequence; // counts the account's changes; what a later one says holds
    uint128 locked; // ever locked [token units]
    uint64 heard; // newest time of the hub's chain that the spoke has heard of [s]
    uint64 time; // of the spoke's block [s]
}

/// @notice That a spoke lives, and what has left it of a token.
struct SpokeBeat {
    address token; // on the spoke's chain
    uint8 decimals; // of the token there
    uint128 exited; // given back without the hub [token units]
    uint128 paid; // paid out as the hub asked [token units]
    uint64 heard; // newest time of the hub's chain that the spoke has heard of [s]
    uint64 time; // of the spoke's block [s]
}

/// @notice What the hub wants a spoke to have paid out to somebody, in all.
struct RedemptionReport {
    address token; // on the spoke's chain
    address recipient; // on the spoke's chain
    uint128 redeemed; // ever redeemed to the recipient [token units]
    uint64 time; // of the hub's block [s]
}

/// @notice How an account with remote collateral stood at the hub.
struct AccountReport {
    address token; // on the spoke's chain
    uint256 account; // at the hub
    uint128 held; // receipts of the token that it held [token units]
    uint128 waiting; // locked for it and not credited yet [token units]
    uint256 health; // health factor; type(uint256).max without anything required [wad]
    int256 freeMargin; // excess over initial margin [wad USD]
    bool owes; // it had debt or open contracts
    uint64 time; // of the hub's block [s]
}

/// @notice What a message is: its first word, before the report.
enum MessageKind {
    None,
    Lock, // spoke to hub: LockReport
    SpokeBeat, // spoke to hub: SpokeBeat
    Redemption, // hub to spoke: RedemptionReport
    Account, // hub to spoke: AccountReport
    HubBeat // hub to spoke: uint64, the time of the hub's block [s]
}
