// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedConfig, IOracleAdapter, SourceConfig} from "../interfaces/IOracleAdapter.sol";
import {FeedWordLib} from "../types/FeedWord.sol";

/// @title What a feed may be configured as: bounds of its limits, and which sources it may have.
library FeedRules {
    /// @dev A band's floor, so that no edge of any price rounds to nothing [wad USD].
    uint256 private constant LEAST_PRICE = 1e6;
    /// @dev A band's ceiling, so that time integrals of prices fit their slot [wad USD].
    uint256 private constant MOST_PRICE = type(uint88).max;
    /// @dev Most a breaker lets a price move unconfirmed [ppm].
    uint256 private constant MAX_BREAKER = 500_000;
    /// @dev Most that edges are widened by, at whatever age [ppm].
    uint256 internal constant MAX_WIDENING = 500_000;
    /// @dev Longest window of smoothing, and longest halt of a breaker [s].
    uint256 private constant MAX_SMOOTHING = 7 days;
    uint256 private constant MAX_HALT = 1 hours;
    /// @dev Gas of a source is within these.
    uint256 private constant MIN_SOURCE_GAS = 50_000;
    uint256 private constant MAX_SOURCE_GAS = 1_500_000;

    /// @dev Refuses a configuration that breaks a rule; every source's own check included.
    function check(uint256 feedId, FeedConfig calldata config) internal view {
        _checkLimits(feedId, config);
        _checkSources(feedId, config);
    }

    /// @dev Every number is in its bounds.
    function _checkLimits(uint256 feedId, FeedConfig calldata c) private pure {
        _requireBetween(feedId, c.minPrice, LEAST_PRICE, MOST_PRICE);
        _requireBetween(feedId, c.maxPrice, c.minPrice, MOST_PRICE);
        _requireBetween(feedId, c.smoothingWindow, 0, MAX_SMOOTHING);
        _requireBetween(feedId, c.haltBound, 1, MAX_HALT);
        _requireBetween(feedId, c.confidenceLimit, 1, FeedWordLib.MAX_CONFIDENCE);
        _requireBetween(feedId, c.breakerLimit, 1, MAX_BREAKER);
        _requireBetween(feedId, c.deviationLimit, 1, c.breakerLimit);
        _requireBetween(feedId, c.widening, 0, MAX_WIDENING);
        _requireBetween(feedId, c.primary.maxAge, FeedWordLib.AGE_UNIT, FeedWordLib.MAX_AGE);
        if (c.primary.maxAge % FeedWordLib.AGE_UNIT != 0) {
            revert IOracleAdapter.HeartbeatNotMultiple(c.primary.maxAge, FeedWordLib.AGE_UNIT);
        }
    }

    /// @dev There is a primary that may be the price, and a third only beside a secondary; each fits its reader.
    function _checkSources(uint256 feedId, FeedConfig calldata c) private view {
        bool hasSecondary = address(c.secondary.reader) != address(0);
        bool hasThird = address(c.third.reader) != address(0);
        if (address(c.primary.reader) == address(0) || (hasThird && !hasSecondary)) {
            revert IOracleAdapter.SourceMissing(feedId);
        }

        if (c.primary.voteOnly) revert IOracleAdapter.VoteOnlySource(address(c.primary.reader));
        _checkSource(feedId, c.primary);
        if (hasSecondary) _checkSource(feedId, c.secondary);
        if (hasThird) _checkSource(feedId, c.third);
    }

    /// @dev Age and gas are in their bounds, and the reader accepts its parameters.
    function _checkSource(uint256 feedId, SourceConfig calldata source) private view {
        _requireBetween(feedId, source.maxAge, 1, FeedWordLib.MAX_AGE);
        _requireBetween(feedId, source.gasLimit, MIN_SOURCE_GAS, MAX_SOURCE_GAS);
        if (!source.voteOnly && source.reader.voteOnly()) {
            revert IOracleAdapter.VoteOnlySource(address(source.reader));
        }
        source.reader.check(source.data);
    }

    /// @dev A value is at least the one bound and at most the other.
    function _requireBetween(uint256 feedId, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert IOracleAdapter.ParameterTooLow(feedId, value, least);
        if (value > most) revert IOracleAdapter.ParameterTooHigh(feedId, value, most);
    }
}
