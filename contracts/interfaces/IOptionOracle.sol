// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "./IOracleAdapter.sol";

/// @notice One slice of a volatility surface: annual variance v(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)) at
/// k = ln(K / F), and the carry of the forward F = S (1 + carry * tau).
struct Slice {
    int32 a; // [1e-6 of variance a year]
    uint32 b; // [1e-6]
    int24 rho; // [ppm]
    int32 m; // [1e-6]
    uint32 sigma; // [1e-6]
    int24 carry; // [ppm a year]
}

/// @notice Shocks of volatility and limits of posts, for one underlying.
struct OptionParams {
    uint24 volShockMaintenance; // relative shock of a 30-day volatility [ppm]
    uint24 volShockInitial; // not below the one for maintenance [ppm]
    uint24 tailMultiple; // of the maintenance shock; what happens there counts divided by it [ppm]
    uint24 defaultVolatility; // where no slice can be trusted [ppm]
    uint24 maxAge; // a slice is Valid this long [s]
    uint24 expiryAge; // and Stale until this age; afterwards Uncertain [s]
    uint24 minInterval; // between posts of a slice [s]
    uint24 maxStep; // relative move of volatility in a post [ppm]
    uint24 maxCarry; // |carry| of a slice [ppm a year]
}

/// @notice A risk array, unpacked.
struct RiskArrayView {
    uint256 time; // of the refresh, 0: never [s]
    uint256 ref; // index at the refresh [wad USD]
    uint256 mark; // [wad USD]
    int256 delta; // [wad]
    int256[18] lanes; // profit of a long contract in each scenario, down; tails last [wad USD]
    uint256 gapMaintenance; // [wad USD]
    uint256 gapInitial; // [wad USD]
    uint256 drift; // [wad]
    bool valid; // index and slice were Valid
}

/// @title Option oracle: volatility surfaces, marks and risk arrays of options.
/// @notice Prices are wad USD per contract on one base unit; volatilities wad a year, in parameters and slices ppm.
/// Formulas and layouts: docs/options.md. Surfaces are posted by a role inside bounds; arrays are refreshed by anyone.
/// @dev Assumptions:
/// - The index of an underlying is the price of the oracle's feed of the same number.
/// - The poster is honest within the bounds of a post: arbitrage, step, carry and interval. The guardian can distrust
/// it at once.
/// - Somebody refreshes arrays of held series. Fills and auctions refresh what is not recent themselves.
/// - The vault, the oracle and the engine are contracts of the venue.
interface IOptionOracle {
    /* ERRORS */

    /// @notice The id is not that of a call or a put.
    /// @param id What was named, cut to 64 bits.
    error NotAnOption(uint64 id);

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

    /// @notice The index was never priced.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice Arrays do not change in the middle of an operation.
    error OperationOpen();

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

    /// @notice The risk array of a series was written anew.
    /// @param id Instrument of the series.
    /// @param meta Packed as docs/options.md says.
    /// @param nodes Packed as docs/options.md says.
    event ArrayRefreshed(uint64 indexed id, uint256 meta, uint256 nodes);

    /* ANYONE */

    /// @notice Writes the risk arrays of series anew. Anyone.
    /// @dev Reverts while an operation is open.
    /// @param ids Instruments of the series; all must be options.
    function refresh(uint64[] calldata ids) external;

    /// @notice Refreshes those of the series whose arrays are not recent. Anyone; fills and auctions begin with it.
    /// @dev An array is recent unless one of these holds:
    /// - It is older than 600 s, or not younger than its slice.
    /// - It is of before an expiry that is over.
    /// - Its index is more than a ten-thousandth away.
    /// - Index and slice were Valid and are not, or the other way round.
    /// - They are not Valid, and it is not of this very second.
    /// A series whose payoff is known is left alone. Reverts if there is one to refresh while an operation is open.
    /// @param ids Instruments of the series; all must be options.
    function refreshStale(uint64[] calldata ids) external;

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

    /// @notice Mark of a series now, how far it may be trusted, and the index it was computed from.
    /// @dev Never reverts for an option on a priced index whose underlying has option parameters.
    /// @param id Instrument of the series.
    /// @return price Of a contract [wad USD].
    /// @return status The worse of index and slice.
    /// @return index Mid [wad USD].
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index);

    /// @notice Risk arrays of many series, packed; one never refreshed is computed now.
    /// @param ids Instruments of the series.
    /// @return Two words per series, meta and nodes.
    function words(uint256[] calldata ids) external view returns (uint256[] memory);

    /// @notice The words that a refresh would write if the index were another: for what-ifs.
    /// @param pairs Two words per series: id and index [wad USD].
    /// @return Two words per series, meta and nodes.
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory);

    /// @notice The risk array of a series; one never refreshed is computed now.
    /// @param id Instrument of the series.
    /// @return The array, unpacked; time 0 if never refreshed.
    function arrayOf(uint64 id) external view returns (RiskArrayView memory);

    /// @notice Volatility of a series, forward and status of its slice.
    /// @param id Instrument of the series.
    /// @return volatility At the strike [wad a year].
    /// @return forward Of the index at expiry [wad USD].
    /// @return status Of the slice alone.
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status);

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
