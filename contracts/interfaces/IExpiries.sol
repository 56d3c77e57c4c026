// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracleAdapter} from "./IOracleAdapter.sol";

/// @title Expiries: observations of the index, and the averages of them that all instruments of an expiry settle at.
/// @notice An expiry is one of an underlying, named by any of its instruments. It settles at the average of the index
/// at the ends of the 30 minutes before it, of twenty at least.
///
/// Where a source of the index keeps what it said, as rounds of an aggregator, one call after expiry observes all of
/// them: the sources prove what the price was, so that neither who calls nor when makes a difference. The index has to
/// be Valid then. A minute counts unless two sources disagreed on it. What one source says alone does not count where
/// somebody found the index in doubt just before or after, nor anything while the sequencer was down or had not rested.
/// Where fewer than twenty are proven, a day after expiry minutes of then count as they would without proofs.
///
/// Without such a source one observation a minute counts, the first that somebody makes, at a Valid price that is asked
/// for in the same call; where there were fewer before expiry, minutes after it count until there are twenty. A day
/// after expiry prices that are not Valid count too where a source said them within the hour, and three days after it
/// any price, so that a source that is dead keeps nothing from ending.
/// @dev Assumptions:
/// - The clearinghouse names the oracle that it uses; what was observed of another counts for nothing.
/// - One module of the vault has MODULE_CLEARINGHOUSE: who has it makes the averages of everybody.
/// - The clearinghouse has checked that the instrument is listed and expires.
/// - While the index is in doubt in the half hour before expiry, somebody observes that, by the clearinghouse. Without
/// a source that keeps what it said somebody observes the index at the beginning of each minute: whoever is first
/// chooses the moment. Nobody needs a permission for either.
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

    /// @notice The index was observed, or is proven, too few times for an average.
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
    /// @param time When the index was so: of the block, or before it where sources prove it [s].
    /// @param index What was observed [wad USD].
    /// @param observations How many there are now.
    event IndexObserved(uint64 indexed id, uint256 time, uint256 index, uint256 observations);

    /// @notice The index was in doubt: what one source says alone of the minute's beginning and end does not count.
    /// @param id The instrument that named the expiry.
    /// @param time Of the block [s].
    event IndexDoubted(uint64 indexed id, uint256 time);

    /* CLEARINGHOUSE */

    /// @notice Refreshes the index and observes it for the average of the instrument's expiry: after it, all that its
    /// sources prove of the half hour before, or now. Before expiry, where they will, only that it is in doubt.
    /// Clearinghouse only.
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

    /// @notice Whether the average of the instrument's expiry is to be fixed now, before anything is sold at the index:
    /// there are enough observations, or sources may prove them, for ten minutes from the expiry on.
    /// @param id An instrument that expires.
    /// @param oracle Whose index was observed.
    /// @return False also where the average is known.
    function isFinishable(uint64 id, IOracleAdapter oracle) external view returns (bool);

    /// @notice How far the averaging of the instrument's expiry is.
    /// @param id An instrument that expires.
    /// @param oracle Whose index is observed.
    /// @return observations How often that oracle's index was observed.
    /// @return next From when on the next observation counts, but for one of a doubt; 0 where none does any more, or
    /// ever [s].
    /// @return average Of the index; 0 until it is known [wad USD].
    function windowOf(uint64 id, IOracleAdapter oracle)
        external
        view
        returns (uint256 observations, uint256 next, uint256 average);
}
