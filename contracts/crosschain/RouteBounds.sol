// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralHub, RouteConfig} from "../interfaces/ICollateralHub.sol";

/// @title Bounds of what governance sets of a route.
library RouteBounds {
    /// @dev Of a route's times [s].
    uint256 private constant LEAST_SILENCE = 10 minutes;
    uint256 private constant MOST_SILENCE = 7 days;
    uint256 private constant MOST_DEATH = 30 days;
    /// @dev Most that may be missing, so that sums stay within their bits [token units].
    uint256 private constant MOST_MISSING = type(uint120).max;

    /// @dev Reverts where a parameter is out of range.
    function check(RouteConfig calldata config) internal pure {
        _requireBetween(config.domain, 1, type(uint32).max);
        _requireBetween(config.required, 1, type(uint8).max);
        _requireBetween(config.window, 1, type(uint32).max);
        _requireBetween(config.silentAfter, LEAST_SILENCE, MOST_SILENCE);
        _requireBetween(config.deadAfter, uint256(config.silentAfter) + 1, MOST_DEATH);
        _requireBetween(config.fastCap, 0, config.capacity);
    }

    /// @dev Reverts where more is said to be missing than sums can hold [token units].
    function checkMissing(uint256 missing) internal pure {
        _requireBetween(missing, 0, MOST_MISSING);
    }

    /// @dev Reverts where more is said to have been given back than waited [token units].
    function checkSettled(uint256 amount, uint256 waiting) internal pure {
        _requireBetween(amount, 1, waiting);
    }

    function _requireBetween(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert ICollateralHub.RouteParameterOutOfRange(value, least);
        if (value > most) revert ICollateralHub.RouteParameterOutOfRange(value, most);
    }
}
