// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionParams, OptionParamsWord} from "../types/OptionParamsWord.sol";
import {Slice, SliceWord} from "../types/SliceWord.sol";

/// @title Volatility surface: slices posted by a role inside bounds, and the option parameters of each underlying.
/// @notice Volatilities are wad a year, in parameters and slices ppm. Formulas: docs/options.md.
interface IVolatilitySurface {
    /* ERRORS */

    /// @notice The underlying has no option parameters.
    error UnknownUnderlying(uint256 underlying);
    /// @notice A parameter is outside of its limit.
    error ParameterOutOfRange(uint256 value, uint256 limit);
    /// @notice A parameter of a slice is outside of its limit.
    error SliceOutOfRange(int256 value, int256 limit);
    /// @notice The expiry is over, not a whole hour, or further away than the underlying's longest tenor.
    error ExpiryOutOfRange(uint256 expiry, uint256 limit);
    /// @notice The slice would allow a butterfly that costs less than nothing.
    /// @param k Log-moneyness of the grid point [wad].
    /// @param g Durrleman's function there [wad].
    /// @param limit Least allowed [wad].
    error ButterflyArbitrage(int256 k, int256 g, int256 limit);
    /// @notice Total variance would fall with expiry.
    /// @param k Log-moneyness of the grid point [wad].
    /// @param nearer Total variance of the nearer expiry there [wad].
    /// @param further Total variance of the further expiry [wad].
    error CalendarArbitrage(int256 k, uint256 nearer, uint256 further);
    /// @notice The volatility would move further than one post may move it.
    /// @param k Log-moneyness of the grid point [wad].
    /// @param from Volatility now [wad].
    /// @param to Volatility after [wad].
    error StepTooLarge(int256 k, uint256 from, uint256 to);
    /// @notice The forward would move further than one post may move it, as a part of the index [ppm].
    error ForwardStepTooLarge(uint256 moved, uint256 limit);
    /// @notice There is no slice of that expiry.
    error NoSlice(uint256 underlying, uint256 expiry);
    /// @notice The slice was posted less than its interval ago.
    error TooSoon(uint256 time, uint256 earliest);
    /// @notice The guardian distrusts the underlying's surface: no slice is posted before [s].
    error SurfaceUncertain(uint256 underlying, uint256 until);
    /// @notice A guardian's measure lasts at most so long [s].
    error DurationTooLong(uint256 duration, uint256 limit);
    /// @notice More unexpired slices than an underlying may have.
    error TooManySlices(uint256 count, uint256 limit);

    /* EVENTS */

    event SlicePosted(uint256 indexed underlying, uint256 indexed expiry, Slice slice);
    event SliceRemoved(uint256 indexed underlying, uint256 indexed expiry);
    event OptionParamsSet(uint256 indexed underlying, OptionParams params);
    event SurfaceForced(uint256 indexed underlying, uint256 until);

    /* POSTER */

    /// @notice Posts a slice; refused unless it is free of arbitrage within the tolerances and moves within the limits,
    /// and while the guardian distrusts the surface.
    function post(uint256 underlying, uint256 expiry, Slice calldata slice) external;

    /* GOVERNANCE */

    function setOptionParams(uint256 underlying, OptionParams calldata params) external;
    /// @notice Takes a slice away: its series are at the default volatility and Uncertain until another is posted.
    function removeSlice(uint256 underlying, uint256 expiry) external;

    /* GUARDIAN: immediate, may only tighten */

    /// @notice Keeps the slices of an underlying Uncertain, and refuses posts, for `duration`, at most 7 days from now.
    /// Never shortens an earlier call. Stored arrays learn of it when somebody refreshes them, marks at once.
    function forceUncertain(uint256 underlying, uint256 duration) external;

    /* VIEWS */

    /// @notice Parameters of an underlying, and its slice of an expiry, as they are stored; 0 where there are none.
    function wordsOf(uint256 underlying, uint256 expiry)
        external
        view
        returns (OptionParamsWord params, SliceWord slice);
    /// @notice The slice of an expiry, and when it was posted; zero where there is none [s].
    function sliceOf(uint256 underlying, uint256 expiry) external view returns (Slice memory slice, uint256 postedAt);
    /// @notice Expiries with a slice that were not over at the last post, ascending [s].
    function expiriesOf(uint256 underlying) external view returns (uint256[] memory);
    function optionParams(uint256 underlying) external view returns (OptionParams memory);
    /// @notice End of the guardian's distrust of a surface [s]; in the past: not in force.
    function uncertainUntil(uint256 underlying) external view returns (uint256);
}
