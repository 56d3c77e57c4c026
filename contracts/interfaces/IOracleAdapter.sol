// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How far a price may be trusted; the validity ladder.
/// @dev Valid: everything. Stale, Uncertain: liquidation and risk reduction go on, with widened shocks. Halted: auction clocks pause too.
enum PriceStatus {
    Unset,
    Valid,
    Stale,
    Uncertain,
    Halted
}

/// @notice A price with its edges.
struct Price {
    uint256 mid; // best estimate, kept inside the feed's band [wad USD]
    uint256 low; // what owned assets are worth for initial margin: least of price less confidence and smoothed price [wad USD]
    uint256 high; // what owed assets cost for initial margin [wad USD]
    uint256 time; // when the source observed it [s]
    PriceStatus status;
}

/// @title Oracle adapter: one price per asset, its edges, and how far it may be trusted.
interface IOracleAdapter {
    /// @notice Price of a feed now. Never reverts for a listed feed; an unlisted one returns status Unset and zeros.
    function price(uint256 feedId) external view returns (Price memory);

    /// @notice Prices of many feeds as packed words, the form the risk engine reads: for feed i, word 2i is Packed.mid, word 2i+1 is Packed.edges.
    function packedPrices(uint256[] calldata feedIds) external view returns (uint256[] memory words);

    /// @notice Time integral of the mid price up to now, extrapolated with the last price; for time-weighted averages.
    /// @return integral Sum of price times seconds [wad USD s].
    function cumulative(uint256 feedId) external view returns (uint256 integral);

    /// @notice Reads the sources of the given feeds and stores price, smoothed price and integral. Anyone may call.
    function refresh(uint256[] calldata feedIds) external;

    /// @notice Time from which auction clocks may count: the sequencer's last return plus its grace period; 0 on chains without a sequencer feed,
    /// type(uint256).max while it is down. An auction started before that time begins its price curve anew.
    function auctionClockFloor() external view returns (uint256);
}
