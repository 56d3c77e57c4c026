// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Margin, ScenarioView, Shock} from "./IRiskEngine.sol";

/// @notice A change to try: legs and collateral added to an account, and cash.
struct Change {
    uint64[] instruments;
    int256[] sizes; // added to the position [wad base]
    uint256[] prices; // at which they trade [wad USD]
    uint256[] assetIndices;
    int256[] amounts; // added to the balance [token units]
    int256 cash; // added to cash [wad USD]
}

/// @title Risk simulator: what-ifs with the formulas and parameters of the venue's risk engine.
/// @notice View only, for traders and pages: nothing in the venue asks it. Arrays of options are computed for the time
/// and the prices of the what-if, as if they had just been refreshed.
interface IRiskSimulator {
    /// @notice A change names an instrument that is not listed or is already settled.
    /// @param id Instrument that was named.
    error UnknownInstrument(uint64 id);

    /// @notice A change names an asset that is not listed.
    /// @param index Number that was named.
    /// @param count How many assets are listed.
    error UnknownAssetIndex(uint256 index, uint256 count);

    /// @notice A change leads to a balance, size, price or basis that cannot be stored.
    /// @param amount What there would be, in its own unit.
    /// @param limit The bound it passes, in the same unit.
    error AmountOutOfRange(int256 amount, int256 limit);

    /// @notice An id appears twice in one list.
    /// @param id Instrument, asset or feed that was named twice.
    error DuplicateId(uint256 id);

    /// @notice Two arrays that belong together differ in length.
    /// @param actual Length of the amounts, sizes or prices.
    /// @param expected Length of their ids.
    error LengthMismatch(uint256 actual, uint256 expected);

    /// @notice Valuations are not served in the middle of an operation.
    error OperationOpen();

    /// @notice Margin after a change and under shocked prices; nothing is written, and the account need not exist yet.
    /// @dev Reverts while an operation is open. Shocked prices replace the oracle's everywhere, in pending funding
    /// too. Trades of the change are added at funding now.
    /// @param account Any account.
    /// @param change Legs and collateral must be listed and named once; balances may not become negative, cash may.
    /// @param shocks Each feed at most once; feeds that the account does not use are ignored.
    /// @param announced Whether maintenance counts the multipliers that initial margin counts now: the most that it can
    /// be told within six hours. While that excess is not negative, margins alone sell nobody for as long.
    /// @return initial The initial set.
    /// @return maintenance The maintenance set.
    function simulate(uint256 account, Change calldata change, Shock[] calldata shocks, bool announced)
        external
        view
        returns (Margin memory initial, Margin memory maintenance);

    /// @notice The scenarios behind the same what-if, underlying by underlying: which one binds, and by how much.
    /// @dev Reverts while an operation is open.
    /// @param account Any account.
    /// @param change As in `simulate`.
    /// @param shocks As in `simulate`.
    /// @param announced As in `simulate`.
    /// @param initial Of the initial set; else of the maintenance set.
    /// @return One view an underlying.
    function scenarios(uint256 account, Change calldata change, Shock[] calldata shocks, bool announced, bool initial)
        external
        view
        returns (ScenarioView[] memory);
}
