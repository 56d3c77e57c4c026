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
/// @notice The table is the code of a contract, so that an engine reads it with a single copy. It is replaced as a whole,
/// and takes effect at once.
interface IRiskParameters {
    /* ERRORS */

    /// @notice The underlying has no parameters.
    error UnknownUnderlying(uint256 underlying);
    /// @notice A parameter breaks its limit.
    /// @param underlying Whose parameter it is; 0 for those of a group or of the venue.
    error ParameterOutOfRange(uint256 underlying, uint256 value, uint256 limit);
    /// @notice A parameter of the initial set is below the same of the maintenance set [ppm].
    error InitialBelowMaintenance(uint256 underlying, uint256 initial, uint256 maintenance);
    /// @notice The unit in which auctions count exposure is fixed once set: running auctions have counted with it [base
    /// wei].
    error ExposureUnitChanged(uint256 underlying, uint256 actual, uint256 expected);
    /// @notice Two arrays that belong together differ in length.
    error LengthMismatch(uint256 actual, uint256 expected);

    /* EVENTS */

    event UnderlyingSet(uint256 indexed underlying, UnderlyingParams params);
    event GroupSet(uint256 indexed group, GroupParams params);
    event GlobalSet(GlobalParams params);
    event VolatilitySourceSet(address indexed source);

    /* GOVERNANCE */

    /// @notice Replaces the named records and the globals; the rest stays. The whole table is checked and takes effect
    /// at once.
    /// @dev Limits, for each underlying and set, with M = maxMultiplier * staleMultiplier: x_c >= x_d > 0; l + x_c M <=
    /// 1; rho x_d M <= 1 - l - x_c M; x_d + b0 >= x_c; b = b0 + b1 * maxTenor <= 2 x_d and <= x_c; initial >=
    /// maintenance term by term, and so is x_c - x_d; initial rho <= maintenance rho <= 1/2; multipliers >= 1; weights,
    /// floors, ageCharge and arrayMaxMove <= 1. Products are rounded up.
    /// @param underlyings Ids 1 to 255.
    /// @param groups Numbers 1 to 15.
    function setParameters(
        uint256[] calldata underlyings,
        UnderlyingParams[] calldata params,
        uint256[] calldata groups,
        GroupParams[] calldata groupParams,
        GlobalParams calldata globalParams
    ) external;
    /// @notice Replaces the source of volatility multipliers (an IVolatilityMultiplier).
    function setVolatilitySource(address source) external;

    /* VIEWS */

    /// @notice Parameters of an underlying; reverts where there are none.
    function underlyingParams(uint256 underlying) external view returns (UnderlyingParams memory);
    /// @notice Longest tenor of an underlying's expiries [s]; reverts where it has no parameters.
    function maxTenorOf(uint256 underlying) external view returns (uint256);
    /// @notice Price shocks of an underlying's derivatives, before multipliers; reverts where it has no parameters.
    /// @return maintenance x_d of the maintenance set [ppm].
    /// @return initial x_d of the initial set [ppm].
    function derivativeShocksOf(uint256 underlying) external view returns (uint256 maintenance, uint256 initial);
    /// @notice Offsets of a correlation group; zeros where never set.
    function groupParams(uint256 group) external view returns (GroupParams memory);
    /// @notice Parameters of the whole venue.
    function globalParams() external view returns (GlobalParams memory);
    /// @notice Where volatility multipliers come from.
    function volatilitySource() external view returns (address);
    /// @notice Contract whose code is the table of parameters, for who computes margins beside the engine.
    function table() external view returns (address);
}
