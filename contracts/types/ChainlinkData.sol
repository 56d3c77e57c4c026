// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using ChainlinkDataLib for ChainlinkData global;

/// @notice Parameters of a feed whose source is one of Chainlink's aggregators.
/// @dev From the lowest bit: aggregator address | decimals uint8.
type ChainlinkData is bytes32;

/// @notice Reads and makes parameters.
library ChainlinkDataLib {
    uint256 private constant DECIMALS_SHIFT = 160;

    /// @dev Both fields at their full width.
    function encode(address aggregator_, uint8 decimals_) internal pure returns (ChainlinkData) {
        return ChainlinkData.wrap(bytes32(uint256(uint160(aggregator_)) | uint256(decimals_) << DECIMALS_SHIFT));
    }

    /// @dev The contract that answers.
    function aggregator(ChainlinkData self) internal pure returns (address) {
        // safe because the low 160 bits are the address
        return address(uint160(uint256(ChainlinkData.unwrap(self))));
    }

    /// @dev Decimals that it answers in; more than 8 bits of them in no word that was made here.
    function decimals(ChainlinkData self) internal pure returns (uint256) {
        return uint256(ChainlinkData.unwrap(self)) >> DECIMALS_SHIFT;
    }
}
