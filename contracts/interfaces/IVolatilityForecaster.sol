// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Score} from "../types/ScoreWord.sol";

/// @notice What holds for all underlyings.
struct ForecastRules {
    uint32 factor; // of the floor: what a deviation is multiplied by [2^-20]
    uint16 patience; // how long a forest may lose to the floor before it is off [h]
    uint8 major; // underlyings whose variance tells about the others; 0: none
    uint8 secondMajor;
    uint8 thirdMajor;
}

/// @title Volatility forecaster: how far prices may move in an hour, computed from prices the venue has stored.
/// @notice Anybody observes. The first price of each five minutes that is Valid and new adds a return. A step without
/// one is no return; the next then counts once for all of them, by its length. Returns beyond the underlying's breaker
/// count as that much.
///
/// Two forecasts follow, of the move that one hour in a hundred exceeds. The floor is a factor times the deviation of
/// two exponentially weighted variances. The forest is a set of trees that governance installs. It sees a week of hours
/// and speaks once for each. The higher of the two counts. A scoreboard of running pinball losses tells which did
/// better; a forest that has lost for longer than `patience` does not count until it leads again.
///
/// Formulas and layouts: docs/volatility.md.
/// @dev Assumptions:
/// - Valid prices of the oracle are what the venue believes. Whoever moves those moves the forecast.
/// - Somebody observes. Nobody's call is needed for what is forecast to grow old: it carries its time.
/// - The governor installs forests that were trained with care. A bad one can at most raise forecasts: the floor holds.
interface IVolatilityForecaster {
    /* ERRORS */

    /// @notice The underlying is not observed, or its id is not from 1 to 255.
    /// @param underlying Id that was named.
    error UnknownUnderlying(uint256 underlying);

    /// @notice A parameter is above its limit.
    /// @param value What was given, in the parameter's unit.
    /// @param limit Highest, in the same unit.
    error ForecastRuleTooHigh(uint256 value, uint256 limit);

    /// @notice A forest has too few bytes, or not as many as its header counts.
    /// @param actual Bytes that were given.
    /// @param expected Bytes that it would have.
    error ForestLength(uint256 actual, uint256 expected);

    /// @notice A field of a forest's header is not what it must be.
    /// @param actual What it is, in the field's unit.
    /// @param expected What it must be, in the same unit.
    error ForestField(uint256 actual, uint256 expected);

    /// @notice A node asks for a feature that no contract computes.
    /// @param feature Its place in the vector.
    error UnknownFeature(uint256 feature);

    /// @notice There is no forest.
    error NoForest();

    /* EVENTS */

    /// @notice A price was taken in.
    /// @param underlying Whose it is.
    /// @param step Step of the grid, counted from the epoch [5 min].
    /// @param change Return since the last observation, before the breaker [ppm].
    event Observed(uint256 indexed underlying, uint256 step, int256 change);

    /// @notice A return was beyond the breaker and counted as much as that.
    /// @param underlying Whose it is.
    /// @param change What it was [ppm].
    /// @param limit What it counted as [ppm].
    event Winsorised(uint256 indexed underlying, int256 change, uint256 limit);

    /// @notice The next hour was forecast, and the last one held against its forecast.
    /// @param underlying Whose it is.
    /// @param score Both forecasts, and their running losses.
    event Forecast(uint256 indexed underlying, Score score);

    /// @notice An underlying is observed from now on, or with another breaker, or no more.
    /// @param underlying Its id.
    /// @param breaker Largest return that counts as it is; 0: not observed [ppm].
    event BreakerSet(uint256 indexed underlying, uint256 breaker);

    /// @notice What holds for all underlyings was set.
    /// @param rules In force from now on.
    event RulesSet(ForecastRules rules);

    /// @notice A forest was installed.
    /// @param hash Keccak-256 of its bytes.
    /// @param number Which forest it says it is.
    /// @param pointer Contract whose code it is, behind one byte.
    event ForestInstalled(bytes32 indexed hash, uint256 number, address pointer);

    /// @notice The forest was removed: the floor forecasts alone.
    /// @param hash Of the forest that was in force.
    event ForestRemoved(bytes32 indexed hash);

    /* ACTIONS */

    /// @notice Takes in the prices of underlyings. Anyone.
    /// @dev Passes over what is not listed, not Valid, not new, or observed in this step already.
    /// @param underlyings Their ids.
    function observe(uint256[] calldata underlyings) external;

    /// @notice Takes in the price of an underlying, forecasts its next hour where one has closed, and tells what is
    /// forecast. Anyone.
    /// @param underlying Its id.
    /// @return forecast Higher of floor and forest; 0 before a week of hours is closed [ppm].
    /// @return time When the step of the last price began; 0 before a week of hours is closed [s].
    function update(uint256 underlying) external returns (uint256 forecast, uint256 time);

    /* GOVERNANCE */

    /// @notice Begins or ends the observation of an underlying, or changes its breaker. Governance only.
    /// @param underlying Its id, 1 to 255.
    /// @param breaker Largest return that counts as it is, below 2^23; 0: not observed [ppm].
    function setBreaker(uint256 underlying, uint256 breaker) external;

    /// @notice Sets what holds for all underlyings. Governance only.
    /// @param rules Factor of the floor, patience with a forest, majors.
    function setRules(ForecastRules calldata rules) external;

    /// @notice Installs a forest in the place of any before it; its scoreboard begins anew. Governance only.
    /// @param blob Its bytes.
    function installForest(bytes calldata blob) external;

    /// @notice Removes the forest: the floor forecasts alone. Guardian, at once.
    function removeForest() external;

    /* VIEWS */

    /// @notice The forest that is installed.
    /// @return hash Keccak-256 of its bytes; zeros without one.
    /// @return number Which forest it says it is.
    /// @return first First hour of the window it was trained on, counted from the epoch [h].
    /// @return end First hour after the window [h].
    /// @return pointer Contract whose code it is, behind one byte.
    function forest() external view returns (bytes32 hash, uint256 number, uint256 first, uint256 end, address pointer);

    /// @notice The scoreboard of an underlying.
    /// @param underlying Its id.
    /// @return score Last forecasts and running losses; of a forest that is no more while no other has forecast.
    /// @return counts Whether the installed forest's forecasts count now.
    function scoreOf(uint256 underlying) external view returns (Score memory score, bool counts);

    /// @notice What the floor forecasts of an underlying.
    /// @param underlying Its id.
    /// @return 0 before a week of hours is closed [ppm].
    function floorOf(uint256 underlying) external view returns (uint256);

    /// @notice Where the observation of an underlying stands.
    /// @param underlying Its id.
    /// @return step Of the last price, counted from the epoch; 0 before the first [5 min].
    /// @return priceTime When the source saw that price [s].
    /// @return closed Hours that are kept, 168 at most.
    function tapeOf(uint256 underlying) external view returns (uint256 step, uint256 priceTime, uint256 closed);

    /// @notice What the forest is shown of an underlying.
    /// @param underlying Its id, of which a week of hours is closed.
    /// @return vector 15 features; docs/volatility.md has their units.
    function featuresOf(uint256 underlying) external view returns (int256[15] memory vector);

    /// @notice Largest return of an underlying that counts as it is.
    /// @param underlying Its id.
    /// @return 0 where it is not observed [ppm].
    function breakerOf(uint256 underlying) external view returns (uint256);

    /// @notice What holds for all underlyings.
    /// @return In force.
    function rules() external view returns (ForecastRules memory);
}
