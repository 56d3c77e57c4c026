// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Price source that is built on another feed's price.
/// @notice It says which, so that no price is made to stand on itself.
interface IBuiltSource {
    /// @notice The feed that a price is built on.
    /// @param data Parameters of the feed that is built.
    /// @return feedId Feed of the oracle; 0: not set up.
    function baseOf(bytes32 data) external view returns (uint256 feedId);
}
