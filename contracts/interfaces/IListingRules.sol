// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {IOptionOracle} from "./IOptionOracle.sol";
import {IOracleAdapter} from "./IOracleAdapter.sol";
import {IRiskParameters} from "./IRiskParameters.sol";

/// @title Listing rules: what may be listed as an instrument, and with which limits.
/// @notice Views only. They revert with the errors of the clearinghouse, which asks before it lists.
interface IListingRules {
    /// @notice Refuses what may not be listed now, and names the instrument.
    /// @dev The underlying needs a Valid price and risk parameters, an option also a Valid volatility slice at its
    /// expiry.
    /// @param kind KIND_PERPETUAL, KIND_FUTURE, KIND_CALL or KIND_PUT.
    /// @param underlying Number of its feed, 1 to 255.
    /// @param expiry 0 for a perpetual, else a whole hour, at most the underlying's `maxTenor` from now [s].
    /// @param strike 0 but for options: from a tenth of the index to ten times it [wad USD].
    /// @param oracle Source of index prices.
    /// @param options Source of options' marks.
    /// @return id Id of the instrument.
    function checkListing(
        uint256 kind,
        uint256 underlying,
        uint256 expiry,
        uint256 strike,
        IOracleAdapter oracle,
        IOptionOracle options
    ) external view returns (uint64 id);

    /// @notice Refuses limits and funding that no instrument may have.
    /// @param config What an instrument is to have.
    function checkConfig(InstrumentConfig calldata config) external pure;

    /// @notice Which underlyings may be listed, and for how long.
    /// @return Contract of the venue.
    function parameters() external view returns (IRiskParameters);
}
