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
    uint256 drift; // [wad]
    bool valid; // index and slice were Valid
}

/// @title Option oracle: marks and risk arrays of options.
/// @notice Prices are wad USD per contract on one base unit. Formulas and layouts: docs/options.md. Arrays are refreshed
/// by anyone.
interface IOptionOracle {
    /* ERRORS */

    /// @notice The id is not that of a call or a put.
    error NotAnOption(uint64 id);
    /// @notice The underlying has no option parameters.
    error UnknownUnderlying(uint256 underlying);
    /// @notice Index never priced.
    error PriceNotValid(uint256 feedId);
    /// @notice Arrays do not change in the middle of an operation.
    error OperationOpen();

    /* EVENTS */

    /// @param meta Packed as docs/options.md says; so are the nodes.
    event ArrayRefreshed(uint64 indexed id, uint256 meta, uint256 nodes);

    /* ANYONE */

    /// @notice Writes the risk arrays of the series anew. Reverts while an operation is open.
    function refresh(uint64[] calldata ids) external;
    /// @notice Refreshes those of the series whose arrays are not recent: older than 600 s, not younger than their
    /// slice, of before an expiry that is over, of an index more than a ten-thousandth away, or where index and slice
    /// were not Valid or are not, the latter but in its own second. None whose payoff is known. Fills and auctions
    /// begin with it. Reverts if there is one to refresh while an operation is open.
    function refreshStale(uint64[] calldata ids) external;

    /* VIEWS */

    /// @notice Mark of a series now, how far it may be trusted, and the index it was computed from.
    /// @dev Never reverts for an option on a priced index.
    /// @return price [wad USD].
    /// @return status The worse of index and slice.
    /// @return index Mid [wad USD].
    function mark(uint64 id) external view returns (uint256 price, PriceStatus status, uint256 index);
    /// @notice Two words per series, meta and nodes; one never refreshed is computed now.
    function words(uint256[] calldata ids) external view returns (uint256[] memory);
    /// @notice The words that a refresh would write if the index were another: for what-ifs.
    /// @param pairs Two words per series: id and index [wad USD].
    function wordsAt(uint256[] calldata pairs) external view returns (uint256[] memory);
    /// @notice The risk array of a series.
    function arrayOf(uint64 id) external view returns (RiskArrayView memory);
    /// @notice Volatility of a series, forward and status of its slice.
    /// @return volatility [wad a year].
    /// @return forward [wad USD].
    /// @return status Of the slice alone.
    function volatilityOf(uint64 id) external view returns (uint256 volatility, uint256 forward, PriceStatus status);
}
