// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleAdapter} from "./IOracleAdapter.sol";

/// @title Expiries: averaging windows, and the averages of the index that all instruments of an expiry settle at.
/// @notice An expiry is one of an underlying, named by any of its instruments.
/// @dev Assumptions:
/// - The clearinghouse names the oracle that it uses; a window of another oracle counts for nothing.
/// - One module of the vault has MODULE_CLEARINGHOUSE: who has it makes the averages of everybody.
/// - The clearinghouse has checked that the instrument is listed and expires.
/// - Somebody starts and finishes the window of each expiry, by the clearinghouse. Nobody needs a permission for it.
interface IExpiries {
    /* ERRORS */

    /// @notice Only the clearinghouse starts and finishes windows.
    /// @param caller Who called.
    error NotModule(address caller);

    /// @notice The index is not Valid, so that no window begins or ends on it.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice No window of this oracle was started.
    /// @param id Instrument of the expiry.
    error SettlementNotStarted(uint64 id);

    /// @notice The window may not be started or finished yet.
    /// @param id Instrument of the expiry.
    /// @param time Now [s].
    /// @param earliest From when it may [s].
    error SettlementTooEarly(uint64 id, uint256 time, uint256 earliest);

    /// @notice The average is known already: finish the settlement.
    /// @param id Instrument of the expiry.
    /// @param average Of the index [wad USD].
    error AverageKnown(uint64 id, uint256 average);

    /// @notice The averaging window is running and may still be finished.
    /// @param id Instrument of the expiry.
    /// @param time Now [s].
    /// @param latest Until when it may be finished [s].
    error SettlementRunning(uint64 id, uint256 time, uint256 latest);

    /// @notice Nobody finished the window in time: start a new one.
    /// @param id Instrument of the expiry.
    /// @param time Now [s].
    /// @param latest Until when it could be finished [s].
    error SettlementWindowPassed(uint64 id, uint256 time, uint256 latest);

    /* CLEARINGHOUSE */

    /// @notice Starts the window of the instrument's expiry, at a Valid price. Clearinghouse only.
    /// @param id An instrument that expires.
    /// @param oracle Whose integral of the index the window is made of.
    function start(uint64 id, IOracleAdapter oracle) external;

    /// @notice Fixes the average of the instrument's expiry, at a Valid price, where it is not known yet.
    /// Clearinghouse only.
    /// @param id An instrument that expires.
    /// @param oracle Whose integral of the index the window is made of.
    /// @return average Of the index, down [wad USD].
    function finish(uint64 id, IOracleAdapter oracle) external returns (uint256 average);

    /* VIEWS */

    /// @notice Average of the index at the instrument's expiry.
    /// @param id An instrument that expires.
    /// @return 0 until it is known [wad USD].
    function averageOf(uint64 id) external view returns (uint256);

    /// @notice Whether the average of the instrument's expiry can be fixed now: `finish` would succeed.
    /// @param id An instrument that expires.
    /// @param oracle Whose integral of the index counts.
    /// @return False also where the average is known.
    function isFinishable(uint64 id, IOracleAdapter oracle) external view returns (bool);

    /// @notice How far the averaging of the instrument's expiry is.
    /// @param id An instrument that expires.
    /// @param oracle Whose integral of the index counts.
    /// @return startedAt When the window of that oracle began; 0 if none did [s].
    /// @return average Of the index; 0 until it is known [wad USD].
    function windowOf(uint64 id, IOracleAdapter oracle) external view returns (uint256 startedAt, uint256 average);
}
