// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./IClearinghouse.sol";
import {IOptionOracle} from "./IOptionOracle.sol";
import {IOracleAdapter} from "./IOracleAdapter.sol";

/// @title What whoever computes margins says of where its numbers come from.
/// @notice The three contracts are fixed at deployment: another source needs another engine.
interface IMarginReader {
    /// @notice The clearinghouse whose legs margins are computed of.
    /// @return Contract of the venue.
    function clearinghouse() external view returns (IClearinghouse);

    /// @notice The oracle whose prices margins are computed from.
    /// @return Contract of the venue.
    function oracle() external view returns (IOracleAdapter);

    /// @notice The oracle whose risk arrays margins of options are computed from.
    /// @return Contract of the venue.
    function options() external view returns (IOptionOracle);
}
