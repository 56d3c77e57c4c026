// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../types/PriceStatus.sol";

/// @title Reader of one kind of price source.
/// @notice One reader serves many feeds; what differs between them is in `data`, made by the reader's own encode
/// function.
/// @dev Assumptions:
/// - Readers may revert: the oracle calls them with bounded gas and takes a revert for "no reading".
/// - A reading is four words; anything else is no reading.
/// - The price is that of one whole unit of the asset, in US dollars.
/// - The time is that of the source, not of the call; the oracle drops readings from the future and old ones.
interface IPriceSource {
    /// @notice The source does not name US dollars as its quote.
    /// @param description How the source describes itself.
    error QuoteNotUsd(string description);

    /// @notice The source counts in other decimals than declared, or in more than a price may have.
    /// @param actual Decimals that the source names.
    /// @param declared Decimals that the feed's parameters name.
    error SourceDecimalsMismatch(uint256 actual, uint256 declared);

    /// @notice The source gave no price above zero.
    /// @param answer What it gave, in its own unit.
    error NoPrice(int256 answer);

    /// @notice Reads the source.
    /// @param data Parameters of the feed.
    /// @return price Price [wad USD].
    /// @return confidence Half width of the interval the source believes in, rounded up [wad USD].
    /// @return time When the source observed the price [s].
    /// @return status Most the reading may be trusted; Valid unless the reader itself knows better.
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status);

    /// @notice Reverts unless `data` fits the source behind it (decimals, quote); asked whenever a feed is set.
    /// @param data Parameters of the feed.
    function check(bytes32 data) external view;

    /// @notice Whether the source may only confirm or oppose others and never be the price itself.
    /// @return True where whoever pays for it can move the source.
    function voteOnly() external view returns (bool);
}
