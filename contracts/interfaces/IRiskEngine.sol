// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginReader} from "./IMarginReader.sol";

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
    uint32 exposureCap; // most units in auction at once; more than 65,535 count as that many
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
    uint24 shortFloor; // least charge on a short option [ppm of the derivative shock]
    uint24 minDelta; // least charge on the delta of an option [ppm of the derivative shock]
    uint24 ageCharge; // widening of a risk array past its grace [ppm of the derivative shock an hour]
    uint24 arrayMaxAge; // an older risk array counts as a price that is not Valid [s]
    uint24 arrayMaxMove; // so does one from whose index the index has moved further [ppm]
}

/// @notice Margin of an account in one set [wad USD].
struct Margin {
    int256 excess; // numerator - denominator
    uint256 numerator; // of the health factor, never below 0
    uint256 denominator; // of the health factor
    uint256 requirement; // R
    uint256 unhedgedHaircut; // U
    int256 equity; // mark value: spot at mid + cash + unrealised profit at mid
    bool pricesValid; // every price used is Valid, and every risk array fresh
    bool pricesHalted; // Halted prices value more than a hundredth of its gross value
    bool free; // neither debt nor legs: nothing can be required
}

/// @title Risk engine: an account in, its margin out.
/// @notice View only. Values are wad USD; assets are rounded down, requirements up. Margin never reverts for listed
/// assets and instruments. Formulas: docs/margin-model.md.
/// @dev Assumptions:
/// - Prices come from the oracle, legs from the clearinghouse, cash and collateral from the vault: contracts of the
/// venue.
/// - Who asks in the middle of an operation is the vault or a module of it; everybody else is refused then.
/// - The volatility source is not trusted: it is asked with bounded gas, and what it says is clamped.
/// - Whoever sets parameters may set bad ones, but none that break the limits below.
interface IRiskEngine is IMarginReader {
    /* ERRORS */

    /// @notice The underlying has no parameters.
    /// @param underlying Id that was named.
    error UnknownUnderlying(uint256 underlying);

    /// @notice A parameter breaks its limit.
    /// @param underlying Whose parameter it is; 0 for those of a group or of the venue.
    /// @param value What was given or follows, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error ParameterOutOfRange(uint256 underlying, uint256 value, uint256 limit);

    /// @notice A parameter of the initial set is below the same of the maintenance set.
    /// @param underlying Whose parameter it is.
    /// @param initial Of the initial set [ppm].
    /// @param maintenance Of the maintenance set [ppm].
    error InitialBelowMaintenance(uint256 underlying, uint256 initial, uint256 maintenance);

    /// @notice The unit in which auctions count exposure is fixed once set: running auctions have counted with it.
    /// @param underlying Whose unit it is.
    /// @param actual What was given [base wei].
    /// @param expected The unit in force [base wei].
    error ExposureUnitChanged(uint256 underlying, uint256 actual, uint256 expected);

    /// @notice Two arrays that belong together differ in length.
    /// @param actual Length of the records.
    /// @param expected Length of their ids.
    error LengthMismatch(uint256 actual, uint256 expected);

    /// @notice Valuations are not served in the middle of an operation.
    error OperationOpen();

    /// @notice Only the vault and its modules may ask.
    /// @param caller Who asked.
    error NotModule(address caller);

    /* EVENTS */

    /// @notice Risk parameters of an underlying were set.
    /// @param underlying Its id.
    /// @param params The parameters in force from now on.
    event UnderlyingSet(uint256 indexed underlying, UnderlyingParams params);

    /// @notice Offsets inside a correlation group were set.
    /// @param group Its number.
    /// @param params The offsets in force from now on.
    event GroupSet(uint256 indexed group, GroupParams params);

    /// @notice Parameters of the whole venue were set.
    /// @param params The parameters in force from now on.
    event GlobalSet(GlobalParams params);

    /// @notice The source of volatility multipliers was set.
    /// @param source An IVolatilityMultiplier.
    event VolatilitySourceSet(address indexed source);

    /* FOR THE VENUE'S OWN CONTRACTS, which ask in the middle of an operation */

    /// @notice Excess over initial margin, and what the gate needs beside it. The vault and its modules only.
    /// @dev For an account without debt and legs no price is read, and (0, true, true) returned.
    /// @param account Any account.
    /// @return excess Numerator less denominator of the initial set [wad USD].
    /// @return pricesValid Every price of an asset or open leg of the account is Valid, and every risk array fresh.
    /// @return free Neither debt nor legs: nothing can be required.
    function initialMargin(uint256 account) external view returns (int256 excess, bool pricesValid, bool free);

    /// @notice Both sets at once. The vault and its modules only.
    /// @param account Any account.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function bothMargins(uint256 account) external view returns (Margin memory initial, Margin memory maintenance);

    /// @notice The maintenance set. The vault and its modules only.
    /// @param account Any account.
    /// @return The maintenance set.
    function maintenanceMargin(uint256 account) external view returns (Margin memory);

    /// @notice Maintenance margin and what the account counts towards the exposure caps of auctions, in one pass. The
    /// vault and its modules only.
    /// @param account Any account.
    /// @return As `maintenanceMargin`.
    /// @return underlyings Every underlying with an open leg, once each.
    /// @return units Sum over its legs of floor(|size| / exposureUnit), per underlying: dust counts nothing. Options
    /// count with their delta.
    /// @return caps Its exposureCap [units].
    function maintenanceWithExposures(uint256 account)
        external
        view
        returns (Margin memory, uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps);

    /// @notice What each leg of an account is worth at mid, in the order of the clearinghouse. The vault and its
    /// modules only.
    /// @param account Any account.
    /// @return One value a leg [wad USD].
    function legValues(uint256 account) external view returns (int256[] memory);

    /* FOR EVERYONE: revert while an operation is open */

    /// @notice Health factor of an account. Anyone; reverts while an operation is open.
    /// @param account Any account.
    /// @return Of the maintenance set; type(uint256).max without anything required [wad].
    function health(uint256 account) external view returns (uint256);

    /// @notice Health factors of many accounts; one that cannot be evaluated fails the call. Anyone; reverts while an
    /// operation is open.
    /// @param accounts Any accounts.
    /// @return One factor an account, in their order [wad].
    function healthMany(uint256[] calldata accounts) external view returns (uint256[] memory);

    /// @notice Both sets at once. Anyone; reverts while an operation is open.
    /// @param account Any account.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function margin(uint256 account) external view returns (Margin memory initial, Margin memory maintenance);

    /* GOVERNANCE */

    /// @notice Replaces the named records and the globals; the rest stays. Governance only.
    /// @dev The whole table is checked and takes effect at once. Limits, for each underlying and set, with M =
    /// maxMultiplier * staleMultiplier; products are rounded up:
    /// - x_c >= x_d > 0.
    /// - l + x_c M <= 1.
    /// - rho x_d M <= 1 - l - x_c M.
    /// - x_d + b0 >= x_c.
    /// - b = b0 + b1 * maxTenor <= 2 x_d and <= x_c.
    /// - initial >= maintenance term by term, and so is x_c - x_d.
    /// - initial rho <= maintenance rho <= 1/2.
    /// - multipliers >= 1; weights, floors, ageCharge and arrayMaxMove <= 1.
    /// @param underlyings Ids 1 to 255.
    /// @param params Their parameters, in the same order.
    /// @param groups Numbers 1 to 15.
    /// @param groupParams Their offsets, in the same order.
    /// @param globalParams Parameters of the whole venue.
    function setParameters(
        uint256[] calldata underlyings,
        UnderlyingParams[] calldata params,
        uint256[] calldata groups,
        GroupParams[] calldata groupParams,
        GlobalParams calldata globalParams
    ) external;

    /// @notice Replaces the source of volatility multipliers. Governance only.
    /// @param source An IVolatilityMultiplier.
    function setVolatilitySource(address source) external;

    /* VIEWS */

    /// @notice Parameters of an underlying; reverts where there are none.
    /// @param underlying Its id.
    /// @return The parameters in force.
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory);

    /// @notice Offsets of a correlation group.
    /// @param group Its number.
    /// @return Zeros where never set.
    function groupParams(uint256 group) external view returns (GroupParams memory);

    /// @notice Parameters of the whole venue.
    /// @return The parameters in force.
    function globalParams() external view returns (GlobalParams memory);

    /// @notice Where volatility multipliers come from.
    /// @return An IVolatilityMultiplier.
    function volatilitySource() external view returns (address);

    /// @notice Contract whose code is the table of parameters, for who computes margins beside the engine.
    /// @return Another one after each change.
    function table() external view returns (address);
}
