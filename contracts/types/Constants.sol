// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/* Units: "wad" is a fixed-point number with 18 decimals, "ray" one with 27, "ppm" counts millionths. */

uint256 constant WAD = 1e18;
uint256 constant RAY = 1e27;
uint256 constant PPM = 1e6;
/// @dev Factor from parts per million to wad.
uint256 constant PPM_TO_WAD = 1e12;
/// @dev Seconds of the year that every yearly rate refers to.
uint256 constant YEAR = 365 days;

/// @dev Final prices of expiries are averages over this long at least, and may be made for as long after that [s].
uint256 constant SETTLEMENT_WINDOW = 30 minutes;

/// @dev A premium is paid over this time on average, as e^(-t / window) [s].
uint256 constant FUNDING_WINDOW = 8 hours;

/// @dev While losses in sight beyond the insurance are more than this, cash pays no market, and profits become cash
/// only
/// for whom asks himself: less is not worth a stop, which a small debt would make. No part of what was lent, for who
/// lends to himself makes that large for a moment. It is 1,180.59 dollars [wad USD].
uint256 constant LEAST_GAP = 2 ** 70;

/// @dev Most legs (positions) one account may hold; bounds the gas of every liquidation step.
uint256 constant MAX_LEGS = 48;
/// @dev Most collateral assets, besides cash, that one account may hold.
uint256 constant MAX_ASSETS = 12;
/// @dev Feeds and underlyings are numbered 1 to MAX_FEED_ID; 0 means none.
uint256 constant MAX_FEED_ID = 255;
/// @dev Market utilisation (open interest over its cap) is kept in half-percent steps.
uint256 constant FULL_UTILISATION = 200;
/// @dev Above half of its cap a market is crowded: initial margin grows.
uint256 constant CROWDING_START = 100;
/// @dev Correlation groups are numbered 1 to MAX_GROUP; 0 means none.
uint256 constant MAX_GROUP = 15;
