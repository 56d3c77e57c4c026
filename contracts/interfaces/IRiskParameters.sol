// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {GlobalParams} from "../types/GlobalsWord.sol";
import {GroupParams} from "../types/GroupWord.sol";
import {MarginSet} from "../types/MarginSetWord.sol";

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

/// @title Risk parameters: the table that margins are computed with, and its check.
/// @notice The table is the code of a contract, so that an engine reads it with a single copy. It is replaced as a
/// whole, and takes effect at once.
/// @dev Assumptions:
/// - Whoever sets parameters may set bad ones, but none that break the limits of `setParameters`.
/// - The volatility source is not trusted: engines ask it with bounded gas, and clamp what it says.
interface IRiskParameters {
    /* ERRORS */

    /// @notice The underlying has no parameters, or its id is not from 1 to 255.
    /// @param underlying Id that was named.
    error UnknownUnderlying(uint256 underlying);

    /// @notice A parameter breaks its limit.
    /// @param underlying Whose parameter it is; 0 for those of a group or of the venue.
    /// @param value What was given or follows, in the parameter's unit.
    /// @param limit The bound it passes, in the same unit.
    error RiskParameterOutOfRange(uint256 underlying, uint256 value, uint256 limit);

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
    /// - k M < 2^64, for M is on the impact coefficient k too.
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

    /// @notice Longest tenor of an underlying's expiries; reverts where it has no parameters.
    /// @param underlying Its id.
    /// @return Time from now to the furthest expiry [s].
    function maxTenorOf(uint256 underlying) external view returns (uint256);

    /// @notice Price shocks of an underlying's derivatives, before multipliers; reverts where it has no parameters.
    /// @param underlying Its id.
    /// @return maintenance x_d of the maintenance set [ppm].
    /// @return initial x_d of the initial set [ppm].
    function derivativeShocksOf(uint256 underlying) external view returns (uint256 maintenance, uint256 initial);

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
