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
interface IOptionOracle {
    /* ERRORS */

    /// @notice The id is not that of a call or a put.
    error NotAnOption(uint64 id);
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
    /// @notice Index never priced.
    error PriceNotValid(uint256 feedId);
    /// @notice Arrays do not change in the middle of an operation.
    error OperationOpen();

    /* EVENTS */

    event SlicePosted(uint256 indexed underlying, uint256 indexed expiry, Slice slice);
    event SliceRemoved(uint256 indexed underlying, uint256 indexed expiry);
    event OptionParamsSet(uint256 indexed underlying, OptionParams params);
    event SurfaceForced(uint256 indexed underlying, uint256 until);
    /// @param meta Packed as docs/options.md says; so are the nodes.
    event ArrayRefreshed(uint64 indexed id, uint256 meta, uint256 nodes);

    /* ANYONE */

    /// @notice Writes the risk arrays of the series anew. Reverts while an operation is open.
    function refresh(uint64[] calldata ids) external;
    /// @notice Refreshes those of the series whose arrays are not recent: older than 600 s, not younger than their
    /// slice, of before an expiry that is over, of an index more than a ten-thousandth away, or where index and slice
    /// were not Valid or are not, the latter but in its own second. None whose payoff is known. Fills and auctions
    /// begin with it. Reverts if there is one to refresh while an operation is open.
    function refreshStale(uint64[] calldata ids) external;

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

    /// @notice Mark of a series now, how far it may be trusted, and the index it was computed from.
    /// @dev Never reverts for an option on a priced index.
    /// @return price [wad USD].
    /// @return status The worse of index and slice.
    /// @return index Mid [wad USD].
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index);
    /// @notice Two words per series, meta and nodes; one never refreshed is computed now.
    function words(uint256[] calldata ids) external view returns (uint256[] memory);
    /// @notice The words that a refresh would write if the index were another: for what-ifs.
    /// @param pairs Two words per series: id and index [wad USD].
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory);
    /// @notice The risk array of a series.
    function arrayOf(uint64 id) external view returns (RiskArrayView memory);
    /// @notice Volatility of a series, forward and status of its slice.
    /// @return volatility [wad a year].
    /// @return forward [wad USD].
    /// @return status Of the slice alone.
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status);
    /// @notice The slice of an expiry, and when it was posted; zero where there is none [s].
    function sliceOf(uint256 underlying, uint256 expiry) external view returns (Slice memory slice, uint256 postedAt);
    /// @notice Expiries with a slice that were not over at the last post, ascending [s].
    function expiriesOf(uint256 underlying) external view returns (uint256[] memory);
    function optionParams(uint256 underlying) external view returns (OptionParams memory);
    /// @notice End of the guardian's distrust of a surface [s]; in the past: not in force.
    function uncertainUntil(uint256 underlying) external view returns (uint256);
}
