// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How far a price may be trusted; the validity ladder.
/// @dev Valid: everything. Stale, Uncertain: liquidation and risk reduction go on, with widened shocks. Halted: auction
/// clocks pause too.
enum PriceStatus {
    Unset,
    Valid,
    Stale,
    Uncertain,
    Halted
}
