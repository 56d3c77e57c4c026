// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice One set of margin parameters [all ppm].
struct MarginSet {
    uint24 liquidityHaircut; // l
    uint24 collateralShock; // x_c
    uint24 derivativeShock; // x_d
    uint24 basisCharge; // b0
    uint24 basisChargePerYear; // b1
}

/// @notice Risk parameters of an underlying.
struct UnderlyingParams {
    MarginSet maintenance;
    MarginSet initial;
    uint64 impactCoefficient; // k: impact(X) = k * X * sqrt(X) [wad per sqrt USD]
    uint8 group; // correlation group, 0 = none
    uint24 crowdingSlope; // extra initial margin at full open interest [ppm of the derivative shock]
    uint32 maxTenor; // longest listed expiry [s]
    uint96 exposureUnit; // size of one unit of auction exposure [base wei]
    uint32 exposureCap; // most units in auction at once
}

/// @notice Offsets inside a correlation group [ppm].
struct GroupParams {
    uint24 rhoMaintenance;
    uint24 rhoInitial;
}

/// @notice Parameters of the whole venue.
struct GlobalParams {
    uint24 profitWeight; // w0: weight of net unrealised profit in initial margin [ppm]
    uint24 profitCover; // kappa: uncollected profit that counts as covered [ppm of open interest]
    uint32 staleMultiplier; // shocks are multiplied by it while the index is not Valid [ppm]
    uint32 maxMultiplier; // bound on the volatility multiplier [ppm]
}

/// @notice Margin of an account in one set [wad USD].
struct Margin {
    int256 excess; // numerator - denominator
    uint256 numerator; // of the health factor, never below 0
    uint256 denominator; // of the health factor
    uint256 requirement; // R
    uint256 unhedgedHaircut; // U
    int256 equity; // mark value: spot at mid + cash + unrealised profit at mid
    bool pricesValid; // every price used is Valid
    bool pricesHalted; // some price used is Halted
    bool free; // neither debt nor legs: nothing can be required
}

/// @notice A change to try: legs and collateral added to an account, and cash.
struct Change {
    uint64[] instruments;
    int256[] sizes; // added to the position [wad base]
    uint256[] prices; // at which they trade [wad USD]
    uint256[] assetIndices;
    int256[] amounts; // added to the balance [token units]
    int256 cash; // added to cash [wad USD]
}

/// @notice A relative move of a feed.
struct Shock {
    uint256 feedId;
    int256 move; // [wad: -0.2e18 = falls by 20 %]
}

/// @title Risk engine: an account in, its margin out.
/// @notice View only. Values are wad USD; assets are rounded down, requirements up. Margin never reverts for listed assets and instruments.
/// Formulas: docs/margin-model.md.
interface IRiskEngine {
    error UnknownUnderlying(uint256 underlying);
    error ParameterOutOfRange(uint256 underlying, uint256 value, uint256 limit);
    error InitialBelowMaintenance(uint256 underlying, uint256 initial, uint256 maintenance);
    error LengthMismatch(uint256 actual, uint256 expected);
    error ShockOutOfRange(int256 move, int256 limit);
    error OperationOpen();
    error NotModule(address caller);
    error DuplicateId(uint256 id);

    event UnderlyingSet(uint256 indexed underlying, UnderlyingParams params);
    event GroupSet(uint256 indexed group, GroupParams params);
    event GlobalSet(GlobalParams params);
    event VolatilitySourceSet(address indexed source);

    /* FOR THE VENUE'S OWN CONTRACTS, which ask in the middle of an operation */

    /// @notice Excess over initial margin, and what the gate needs beside it. Modules only.
    function initialMargin(uint256 account) external view returns (int256 excess, bool pricesValid, bool free);
    /// @notice Both sets at once. Modules only.
    function bothMargins(uint256 account) external view returns (Margin memory initial, Margin memory maintenance);
    function maintenanceMargin(uint256 account) external view returns (Margin memory);
    /// @notice Maintenance margin and what the account counts towards the exposure caps of auctions, in one pass. Modules only.
    /// @return maintenance As `maintenanceMargin`.
    /// @return underlyings Every underlying with an open leg, once each.
    /// @return units Sum over its legs of ceil(|size| / exposureUnit), per underlying.
    /// @return caps Its exposureCap [units].
    function maintenanceWithExposures(uint256 account)
        external
        view
        returns (Margin memory maintenance, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps);

    /* FOR EVERYONE: revert while an operation is open */

    /// @notice Health factor [wad]; type(uint256).max without anything required.
    function health(uint256 account) external view returns (uint256);
    function healthMany(uint256[] calldata accounts) external view returns (uint256[] memory);
    function margin(uint256 account) external view returns (Margin memory initial, Margin memory maintenance);
    /// @notice Margin after a change and under shocked prices; nothing is written.
    function simulate(uint256 account, Change calldata change, Shock[] calldata shocks)
        external
        view
        returns (Margin memory initial, Margin memory maintenance);

    /* VIEWS THAT NEED NO PRICE */

    /// @notice The exposures of `maintenanceWithExposures` without the margin.
    function exposures(uint256 account)
        external
        view
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps);

    /* GOVERNANCE */

    /// @notice Replaces parameters; the whole table is checked and takes effect at once.
    function setParameters(
        uint256[] calldata underlyings,
        UnderlyingParams[] calldata params,
        uint256[] calldata groups,
        GroupParams[] calldata groupParams,
        GlobalParams calldata globalParams
    ) external;
    function setVolatilitySource(address source) external;

    /* VIEWS */
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory);
    function groupParams(uint256 group) external view returns (GroupParams memory);
    function globalParams() external view returns (GlobalParams memory);
    function volatilitySource() external view returns (address);
}
