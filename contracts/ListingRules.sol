// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";
import {IListingRules} from "./interfaces/IListingRules.sol";
import {IOptionOracle} from "./interfaces/IOptionOracle.sol";
import {IOracleAdapter} from "./interfaces/IOracleAdapter.sol";
import {IRiskParameters} from "./interfaces/IRiskParameters.sol";
import {MAX_FEED_ID} from "./types/Constants.sol";
import {InstrumentConfig} from "./types/InstrumentConfig.sol";
import {InstrumentId} from "./types/InstrumentId.sol";
import {PriceStatus} from "./types/PriceStatus.sol";

/// @title Listing rules: checks what governance lists. Owns nothing.
contract ListingRules is IListingRules {
    /// @dev Highest configurable limit of the funding rate: three payments a day of a premium of 5 % [ppm per day].
    uint256 private constant MAX_FUNDING_RATE = 150_000;
    /// @dev Strikes at listing lie between the index divided and multiplied by it.
    uint256 private constant STRIKE_RANGE = 10;

    /// @inheritdoc IListingRules
    IRiskParameters public immutable parameters;

    constructor(IRiskParameters parameters_) {
        parameters = parameters_;
    }

    /// @inheritdoc IListingRules
    function checkListing(
        uint256 kind,
        uint256 underlying,
        uint256 expiry,
        uint256 strike,
        IOracleAdapter oracle,
        IOptionOracle options
    ) external view returns (uint64 id) {
        if (underlying == 0 || underlying > MAX_FEED_ID) {
            revert IClearinghouse.ParameterOutOfRange(underlying, MAX_FEED_ID);
        }
        // reverts where the underlying has no parameters
        uint256 maxTenor = parameters.maxTenorOf(underlying);
        if (oracle.price(underlying).status != PriceStatus.Valid) revert IClearinghouse.PriceNotValid(underlying);

        id = InstrumentId.encode(kind, underlying, expiry, strike);
        if (expiry != 0) _requireTenor(id, expiry, maxTenor);
        if (strike != 0) _requireStrike(id, underlying, strike, options);
    }

    function _requireTenor(uint64 id, uint256 expiry, uint256 maxTenor) private view {
        if (expiry <= block.timestamp) revert IClearinghouse.InstrumentExpired(id, expiry);
        uint256 tenor = expiry - block.timestamp;
        if (tenor > maxTenor) revert IClearinghouse.TenorTooLong(tenor, maxTenor);
    }

    function _requireStrike(uint64 id, uint256 underlying, uint256 strike, IOptionOracle options) private view {
        (, PriceStatus status, uint256 index) = options.mark(id);
        if (status != PriceStatus.Valid) revert IClearinghouse.PriceNotValid(underlying);
        if (strike > index * STRIKE_RANGE) revert IClearinghouse.ParameterOutOfRange(strike, index * STRIKE_RANGE);
        if (strike * STRIKE_RANGE < index) revert IClearinghouse.ParameterOutOfRange(strike, index / STRIKE_RANGE);
    }

    /// @inheritdoc IListingRules
    function checkConfig(InstrumentConfig calldata config) external pure {
        if (config.openInterestCap == 0) revert IClearinghouse.ParameterOutOfRange(0, type(uint96).max);
        if (config.maxFundingRate > MAX_FUNDING_RATE) {
            revert IClearinghouse.ParameterOutOfRange(config.maxFundingRate, MAX_FUNDING_RATE);
        }
    }
}
