// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBuiltSource} from "../interfaces/IBuiltSource.sol";
import {FeedConfig, IOracleAdapter, SourceConfig} from "../interfaces/IOracleAdapter.sol";
import {PriceStatus} from "../types/PriceStatus.sol";

/// @title Feeds that other prices are built on.
library BaseFeed {
    /// @notice The base feed is not listed, is itself built by the same source, or stands on too many others.
    /// @param feedId Feed that was named.
    error BaseUnusable(uint256 feedId);

    /// @dev Most feeds below a source, each built on the next.
    uint256 private constant MOST_DEEP = 3;

    /// @dev The feed is listed, and the calling source does not read itself through it, however far below.
    function requireUsable(IOracleAdapter oracle, uint256 feedId) internal view {
        (,,, PriceStatus status) = oracle.latest(feedId);
        if (status == PriceStatus.Unset) revert BaseUnusable(feedId);
        _requireApart(oracle, feedId, feedId, MOST_DEEP);
    }

    /// @dev Nothing that `feedId` is built on is built by the calling source; `named` is told where it is.
    function _requireApart(IOracleAdapter oracle, uint256 named, uint256 feedId, uint256 left) private view {
        if (left == 0) revert BaseUnusable(named);
        FeedConfig memory config = oracle.feedConfig(feedId);
        _requireApart(oracle, named, config.primary, left);
        _requireApart(oracle, named, config.secondary, left);
        _requireApart(oracle, named, config.third, left);
    }

    function _requireApart(IOracleAdapter oracle, uint256 named, SourceConfig memory source, uint256 left)
        private
        view
    {
        address reader = address(source.reader);
        if (reader == address(0)) return;
        if (reader == address(this)) revert BaseUnusable(named);
        try IBuiltSource(reader).baseOf(source.data) returns (uint256 base) {
            _requireApart(oracle, named, base, left - 1);
        } catch {
            // built on nothing
            return;
        }
    }
}
