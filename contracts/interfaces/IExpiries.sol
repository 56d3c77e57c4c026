// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleAdapter} from "./IOracleAdapter.sol";

/// @title Expiries: observations of the index, and the averages of them that all instruments of an expiry settle at.
/// @notice An expiry is one of an underlying, named by any of its instruments. In the half hour before it one
/// observation a minute counts, the first that somebody makes, at a Valid price that is asked for in the same call.
/// The average is of twenty at least: where there were fewer before expiry, minutes after it count until there are as
/// many. A day after expiry prices that are not Valid count too where a source said them within the hour, and three
/// days after it any price, so that a source that is dead keeps nothing from ending.
/// @dev Assumptions:
/// - The clearinghouse names the oracle that it uses; what was observed of another counts for nothing.
/// - One module of the vault has MODULE_CLEARINGHOUSE: who has it makes the averages of everybody.
/// - The clearinghouse has checked that the instrument is listed and expires.
/// - Somebody observes the index once a minute, by the clearinghouse, at the beginning of the minute: whoever is first
/// chooses the moment. Nobody needs a permission for it.
interface IExpiries {
    /* ERRORS */

    /// @notice Only the clearinghouse observes and finishes.
    /// @param caller Who called.
    error NotModule(address caller);

    /// @notice The index is not Valid, or the sequencer has not rested, and it is not observed.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice The index is not Valid, and what its sources said last is too old to be observed.
    /// @param feedId Feed of the underlying.
    /// @param time When a source said it [s].
    /// @param earliest From when it would count [s].
    error PriceTooOld(uint256 feedId, uint256 time, uint256 earliest);

    /// @notice The index was observed too few times for an average.
    /// @param id Instrument of the expiry.
    /// @param observations How many there are.
    /// @param least How many there have to be.
    error TooFewObservations(uint64 id, uint256 observations, uint256 least);

    /// @notice The index may not be observed, or the average not be fixed yet.
    /// @param id Instrument of the expiry.
    /// @param time Now [s].
    /// @param earliest From when it may [s].
    error SettlementTooEarly(uint64 id, uint256 time, uint256 earliest);

    /// @notice The average is known already: finish the settlement.
    /// @param id Instrument of the expiry.
    /// @param average Of the index [wad USD].
    error AverageKnown(uint64 id, uint256 average);

    /// @notice The index was observed in this minute.
    /// @param id Instrument of the expiry.
    /// @param time Now [s].
    /// @param earliest When the next observation counts [s].
    error ObservedAlready(uint64 id, uint256 time, uint256 earliest);

    /// @notice The window is over, and the index was observed often enough: finish the settlement.
    /// @param id Instrument of the expiry.
    /// @param observations How many there are.
    error ObservedEnough(uint64 id, uint256 observations);

    /* EVENTS */

    /// @notice The index was observed for the average of an expiry.
    /// @param id The instrument that named the expiry; all instruments of it share the average.
    /// @param time Of the block [s].
    /// @param index What was observed [wad USD].
    /// @param observations How many there are now.
    event IndexObserved(uint64 indexed id, uint256 time, uint256 index, uint256 observations);

    /* CLEARINGHOUSE */

    /// @notice Refreshes the index and observes it for the average of the instrument's expiry. Clearinghouse only.
    /// @param id An instrument that expires.
    /// @param oracle Whose index is observed.
    function observe(uint64 id, IOracleAdapter oracle) external;

    /// @notice Fixes the average of the instrument's expiry where it is not known yet. Clearinghouse only.
    /// @param id An instrument that expires.
    /// @param oracle Whose index was observed.
    /// @return average Of the index, down [wad USD].
    function finish(uint64 id, IOracleAdapter oracle) external returns (uint256 average);

    /* VIEWS */

    /// @notice Average of the index at the instrument's expiry.
    /// @param id An instrument that expires.
    /// @return 0 until it is known [wad USD].
    function averageOf(uint64 id) external view returns (uint256);

    /// @notice Whether the average of the instrument's expiry can be fixed now: `finish` would succeed.
    /// @param id An instrument that expires.
    /// @param oracle Whose index was observed.
    /// @return False also where the average is known.
    function isFinishable(uint64 id, IOracleAdapter oracle) external view returns (bool);

    /// @notice How far the averaging of the instrument's expiry is.
    /// @param id An instrument that expires.
    /// @param oracle Whose index is observed.
    /// @return observations How often that oracle's index was observed.
    /// @return next From when on the next observation counts; 0 where none does any more, or ever [s].
    /// @return average Of the index; 0 until it is known [wad USD].
    function windowOf(uint64 id, IOracleAdapter oracle)
        external
        view
        returns (uint256 observations, uint256 next, uint256 average);
}
