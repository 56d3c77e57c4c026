// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Reader of a source that keeps what it said: it proves what the price was at a moment.
/// @notice Beside `IPriceSource`, for readers whose sources allow it.
/// @dev Assumptions:
/// - What is said of a moment does not depend on when it is asked, nor on who asks.
/// - Readers may revert: they are called with bounded gas, and a revert proves nothing.
interface IPastSource {
    /// @notice Whether the source keeps what it said; one that does not answer may.
    /// @param data Parameters of the feed.
    /// @return False where `readPast` would say of no moment but the latest what the price was.
    function keepsPast(bytes32 data) external view returns (bool);

    /// @notice What the source said at some moments: of what it had said by then the last.
    /// @param data Parameters of the feed.
    /// @param times Moments that have passed, from the earliest to the last [s].
    /// @param maxAge What was older at its moment does not count [s].
    /// @return prices One a moment; 0 where the source proves none [wad USD].
    function readPast(bytes32 data, uint256[] calldata times, uint256 maxAge)
        external
        view
        returns (uint256[] memory prices);
}
