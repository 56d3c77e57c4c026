// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Limits and funding of an instrument.
struct InstrumentConfig {
    uint96 openInterestCap; // most contracts on each side [wad base]
    uint96 fundingDepth; // open interest that fills are weighed against at least in the premium [wad USD]
    uint24 maxFundingRate; // limit of |funding| [ppm of index per day]
}
