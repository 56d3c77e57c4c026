// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../types/PriceStatus.sol";

/// @notice A risk array, unpacked.
struct RiskArrayView {
    uint256 time; // of the refresh, 0: never [s]
    uint256 ref; // index at the refresh [wad USD]
    uint256 mark; // [wad USD]
    int256 delta; // [wad]
    int256[18] lanes; // profit of a long contract in each scenario, down; tails last [wad USD]
    uint256 gapMaintenance; // [wad USD]
    uint256 gapInitial; // [wad USD]
    uint256 bowMaintenance; // [wad USD]
    uint256 bowInitial; // [wad USD]
    uint256 drift; // [wad]
    uint256 reach; // [wad]
    bool valid; // index and slice were Valid
}

/// @title Option oracle: marks and risk arrays of options.
/// @notice Prices are wad USD per contract on one base unit; volatilities wad a year. Formulas and layouts:
/// docs/options.md. Arrays are refreshed by anyone.
/// @dev Assumptions:
/// - The index of an underlying is the price of the oracle's feed of the same number.
/// - Volatilities are those of the surface; what its poster may do is bounded there.
/// - Somebody refreshes arrays of held series. Fills and auctions refresh what is not recent themselves.
/// - The vault, the oracle, the surface and the tables it reads are contracts of the venue.
interface IOptionOracle {
    /* ERRORS */

    /// @notice The id is not that of a call or a put.
    /// @param id What was named, cut to 64 bits.
    error NotAnOption(uint64 id);

    /// @notice The underlying has no option parameters.
    /// @param underlying Its id.
    error UnknownUnderlying(uint256 underlying);

    /// @notice The index was never priced.
    /// @param feedId Feed of the underlying.
    error PriceNotValid(uint256 feedId);

    /// @notice Arrays do not change in the middle of an operation.
    error OperationOpen();

    /* EVENTS */

    /// @notice The risk array of a series was written anew.
    /// @param id Instrument of the series.
    /// @param meta Packed as docs/options.md says.
    /// @param nodes Packed as docs/options.md says.
    event ArrayRefreshed(uint64 indexed id, uint256 meta, uint256 nodes);

    /* ANYONE */

    /// @notice Writes the risk arrays of series anew. Anyone.
    /// @dev Reverts while an operation is open.
    /// @param ids Instruments of the series; all must be options.
    function refresh(uint64[] calldata ids) external;

    /// @notice Refreshes those of the series whose arrays are not recent. Anyone; fills and auctions begin with it.
    /// @dev An array is recent unless one of these holds:
    /// - It is older than 600 s, or not younger than its slice.
    /// - It is of before an expiry that is over.
    /// - Its index is more than a ten-thousandth away.
    /// - Index and slice were Valid and are not, or the other way round.
    /// - They are not Valid, and it is not of this very second.
    /// A series whose payoff is known is left alone. Reverts if there is one to refresh while an operation is open.
    /// @param ids Instruments of the series; all must be options.
    function refreshStale(uint64[] calldata ids) external;

    /// @notice Refreshes those of the series whose arrays are known to be wrong: that are not younger than their
    /// slices, or Valid where the guardian distrusts the surface. Then it gives what `words` gives. Anyone; every check
    /// of initial margin reads arrays so.
    /// @dev Also while an operation is open. Nobody gains by the choice of when: an array that is not of its slice
    /// backs nothing that leaves an account, and no post of a slice is part of an operation but the poster's own.
    /// @param ids Instruments of the series; all must be options.
    /// @return Two words per series, meta and nodes.
    function refreshOutdated(uint256[] calldata ids) external returns (uint256[] memory);

    /* VIEWS */

    /// @notice Mark of a series now, how far it may be trusted, and the index it was computed from.
    /// @dev Never reverts for an option on a priced index whose underlying has option parameters.
    /// @param id Instrument of the series.
    /// @return price Of a contract [wad USD].
    /// @return status The worse of index and slice.
    /// @return index Mid [wad USD].
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index);

    /// @notice Risk arrays of many series, packed; one never refreshed is computed now.
    /// @param ids Instruments of the series.
    /// @return Two words per series, meta and nodes.
    function words(uint256[] calldata ids) external view returns (uint256[] memory);

    /// @notice The words that a refresh would write if the index were another: for what-ifs.
    /// @param pairs Two words per series: id and index [wad USD].
    /// @return Two words per series, meta and nodes.
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory);

    /// @notice The risk array of a series; one never refreshed is computed now.
    /// @param id Instrument of the series.
    /// @return The array, unpacked; time 0 if never refreshed.
    function arrayOf(uint64 id) external view returns (RiskArrayView memory);

    /// @notice Volatility of a series, forward and status of its slice.
    /// @param id Instrument of the series.
    /// @return volatility At the strike [wad a year].
    /// @return forward Of the index at expiry [wad USD].
    /// @return status Of the slice alone.
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status);
}
