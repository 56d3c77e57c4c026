// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleAdapter} from "../interfaces/IOracleAdapter.sol";
import {PriceStatus} from "../types/PriceStatus.sol";

/// @title Feeds that other prices are built on.
library BaseFeed {
    /// @notice The base feed is not listed, or is itself built by the same source.
    /// @param feedId Feed that was named.
    error BaseUnusable(uint256 feedId);

    /// @dev The feed is listed, and the calling source does not read itself through it.
    function requireUsable(IOracleAdapter oracle, uint256 feedId) internal view {
        (,,, PriceStatus status) = oracle.latest(feedId);
        address reader = address(oracle.feedConfig(feedId).primary.reader);
        if (status == PriceStatus.Unset || reader == address(this)) revert BaseUnusable(feedId);
    }
}
