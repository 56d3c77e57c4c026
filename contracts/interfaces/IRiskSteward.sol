// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVolatilityMultiplier} from "./IVolatilityMultiplier.sol";

/// @notice How the forecast of an underlying becomes its multiplier.
struct StewardRule {
    uint32 base; // forecast at which the multiplier is 1 [ppm]
    uint32 least; // bounds of the multiplier; the margin engine takes none below 1 [ppm]
    uint32 most;
    uint32 silent; // where it goes without a forecast: the default [ppm]
}

/// @title Risk steward: the volatility multipliers that margins use.
/// @notice Each underlying's multiplier goes to the ratio of its forecast to a base, inside bounds. It rises by less
/// than 10 % and falls by less than 2 % an hour, whoever pokes how often. Initial margin uses it at once, maintenance
/// margin the lowest of at least the last six hours. Who has initial margin therefore meets maintenance margin for six
/// hours, unless prices move or the account does.
///
/// Without a fresh forecast for six hours the multiplier goes to the default, at the same speed. Nobody needs to call
/// for that.
/// @dev Assumptions:
/// - The forecaster answers. While it does not, nothing is poked, and paths end at the default.
/// - Governance chooses base, bounds and default; a change of these moves no multiplier faster than a forecast does.
interface IRiskSteward is IVolatilityMultiplier {
    /* ERRORS */

    /// @notice The underlying has no rule.
    /// @param underlying Id that was named.
    error UnknownUnderlying(uint256 underlying);

    /// @notice A field of a rule breaks its limit.
    /// @param value What was given [ppm].
    /// @param limit The bound it passes [ppm].
    error RuleOutOfRange(uint256 value, uint256 limit);

    /// @notice The forecast is too old to be believed.
    /// @param underlying Whose it is.
    /// @param time When it was made; 0: never [s].
    /// @param earliest Oldest that counts [s].
    error ForecastTooOld(uint256 underlying, uint256 time, uint256 earliest);

    /* EVENTS */

    /// @notice A rule was set.
    /// @param underlying Whose it is.
    /// @param rule The rule in force from now on.
    event RuleSet(uint256 indexed underlying, StewardRule rule);

    /// @notice A multiplier was given a target.
    /// @param underlying Whose it is.
    /// @param forecast The forecast that it follows from [ppm].
    /// @param target Where the multiplier goes [wad].
    /// @param multiplier Where it is [wad].
    event Poked(uint256 indexed underlying, uint256 forecast, uint256 target, uint256 multiplier);

    /* ACTIONS */

    /// @notice Brings the forecasts of underlyings up to date and gives their multipliers new targets. Anyone.
    /// @dev Reverts for an underlying without a rule or a fresh forecast.
    /// @param underlyings Their ids.
    function poke(uint256[] calldata underlyings) external;

    /// @notice Sets how an underlying's forecast becomes its multiplier. Governance only.
    /// @dev A first rule begins at the multiplier 1, a later one where the last has come to.
    /// @param underlying Its id, 1 to 255.
    /// @param rule base > 0, 0.5 <= least <= silent <= most <= 8.
    function setRule(uint256 underlying, StewardRule calldata rule) external;

    /* VIEWS */

    /// @notice What the multipliers of an underlying will be.
    /// @param underlying Its id.
    /// @return within Most that maintenance margin will be told until `until`, whatever anybody calls [wad].
    /// @return until Six hours from now [s].
    /// @return target Where both multipliers go by the last forecast [wad].
    /// @return time When maintenance margin is told it, if forecasts stay what they are [s].
    function next(uint256 underlying)
        external
        view
        returns (uint256 within, uint256 until, uint256 target, uint256 time);

    /// @notice The rule of an underlying.
    /// @param underlying Its id.
    /// @return Zeros without one.
    function ruleOf(uint256 underlying) external view returns (StewardRule memory);

    /// @notice When the multiplier of an underlying leaves its forecast for the default.
    /// @param underlying Its id.
    /// @return Six hours after the last poke; 0 without a rule [s].
    function expiryOf(uint256 underlying) external view returns (uint256);
}
