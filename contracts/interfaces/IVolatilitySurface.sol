// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionParams, OptionParamsWord} from "../types/OptionParamsWord.sol";
import {Slice, SliceWord} from "../types/SliceWord.sol";

/// @title Volatility surface: slices posted by a role inside bounds, and the option parameters of each underlying.
/// @notice Volatilities are wad a year, in parameters and slices ppm. Formulas: docs/options.md.
/// @dev Assumptions:
/// - The poster is honest within the bounds of a post: arbitrage, step, carry and interval.
/// - The guardian can distrust an underlying's surface at once, and only for a while.
/// - Longest tenors and shocks of prices come from the venue's risk parameters.
interface IVolatilitySurface {
    /* ERRORS */

    /// @notice The underlying has no option parameters, or its id is not from 1 to 255.
    /// @param underlying Id that was named.
    error UnknownUnderlying(uint256 underlying);

    /// @notice A parameter is above its highest or below its lowest value.
    /// @param value What was given, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice A parameter of a slice, or its least variance, is outside of its limit.
    /// @param value What was given or follows, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error SliceOutOfRange(int256 value, int256 limit);

    /// @notice The expiry is over, not a whole hour, or further away than the underlying's longest tenor.
    /// @param expiry What was given [s].
    /// @param limit Now, the hour below, or the latest expiry [s].
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

    /// @notice The forward would move further than one post may move it.
    /// @param moved Move as a part of the index, up [ppm].
    /// @param limit Largest [ppm].
    error ForwardStepTooLarge(uint256 moved, uint256 limit);

    /// @notice There is no slice of that expiry.
    /// @param underlying Its id.
    /// @param expiry Expiry that was named [s].
    error NoSlice(uint256 underlying, uint256 expiry);

    /// @notice The slice was posted less than its interval ago.
    /// @param time Now [s].
    /// @param earliest From when it may be posted again [s].
    error TooSoon(uint256 time, uint256 earliest);

    /// @notice The guardian distrusts the underlying's surface: no slice is posted meanwhile.
    /// @param underlying Its id.
    /// @param until End of the distrust [s].
    error SurfaceUncertain(uint256 underlying, uint256 until);

    /// @notice A guardian's measure would last longer than it may.
    /// @param duration What was given [s].
    /// @param limit Longest [s].
    error DurationTooLong(uint256 duration, uint256 limit);

    /// @notice The underlying would have more unexpired slices than it may.
    /// @param count Slices there would be.
    /// @param limit Most there may be.
    error TooManySlices(uint256 count, uint256 limit);

    /* EVENTS */

    /// @notice A slice was posted.
    /// @param underlying Its id.
    /// @param expiry Expiry of the slice [s].
    /// @param slice The slice in force from now on.
    event SlicePosted(uint256 indexed underlying, uint256 indexed expiry, Slice slice);

    /// @notice A slice was taken away.
    /// @param underlying Its id.
    /// @param expiry Expiry of the slice [s].
    event SliceRemoved(uint256 indexed underlying, uint256 indexed expiry);

    /// @notice Shocks of volatility and limits of posts were set.
    /// @param underlying Its id.
    /// @param params The parameters in force from now on.
    event OptionParamsSet(uint256 indexed underlying, OptionParams params);

    /// @notice The guardian distrusts the surface of an underlying.
    /// @param underlying Its id.
    /// @param until End of the distrust [s].
    event SurfaceForced(uint256 indexed underlying, uint256 until);

    /* POSTER */

    /// @notice Posts a slice. Poster only.
    /// @dev Refused unless it is free of arbitrage within the tolerances and moves within the limits, and while the
    /// guardian distrusts the surface.
    /// @param underlying Its id.
    /// @param expiry A whole hour, not over, at most the underlying's `maxTenor` from now [s].
    /// @param slice The slice.
    function post(uint256 underlying, uint256 expiry, Slice calldata slice) external;

    /* GOVERNANCE */

    /// @notice Sets shocks of volatility and limits of posts. Governance only.
    /// @param underlying Its id, 1 to 255.
    /// @param params The parameters.
    function setOptionParams(uint256 underlying, OptionParams calldata params) external;

    /// @notice Takes a slice away: its series are at the default volatility and Uncertain until another is posted.
    /// Governance only.
    /// @param underlying Its id.
    /// @param expiry Expiry of the slice [s].
    function removeSlice(uint256 underlying, uint256 expiry) external;

    /* GUARDIAN: immediate, may only tighten */

    /// @notice Keeps the slices of an underlying Uncertain, and refuses posts. Guardian only.
    /// @dev Never shortens an earlier call. Stored arrays learn of it when somebody refreshes them, marks at once.
    /// @param underlying Its id.
    /// @param duration How long from now, at most 7 days [s].
    function forceUncertain(uint256 underlying, uint256 duration) external;

    /* VIEWS */

    /// @notice Parameters of an underlying, and its slice of an expiry, as they are stored.
    /// @param underlying Its id.
    /// @param expiry Expiry of the slice [s].
    /// @return params 0 where there are none.
    /// @return slice 0 where there is none.
    function wordsOf(uint256 underlying, uint256 expiry)
        external
        view
        returns (OptionParamsWord params, SliceWord slice);

    /// @notice The slice of an expiry.
    /// @param underlying Its id.
    /// @param expiry Expiry of the slice [s].
    /// @return slice Zeros where there is none.
    /// @return postedAt When it was posted; 0 where there is none [s].
    function sliceOf(uint256 underlying, uint256 expiry) external view returns (Slice memory slice, uint256 postedAt);

    /// @notice Expiries with a slice that were not over at the last post.
    /// @param underlying Its id.
    /// @return Ascending [s].
    function expiriesOf(uint256 underlying) external view returns (uint256[] memory);

    /// @notice Shocks of volatility and limits of posts.
    /// @param underlying Its id.
    /// @return Zeros where never set.
    function optionParams(uint256 underlying) external view returns (OptionParams memory);

    /// @notice End of the guardian's distrust of a surface.
    /// @param underlying Its id.
    /// @return In the past: not in force [s].
    function uncertainUntil(uint256 underlying) external view returns (uint256);
}
