// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";

/// @title Batch settler: settles one market for many accounts, so that nobody has to come for an expired option.
/// @notice Owns nothing and may do no more than anybody. Losers first, then winners find their losses in the pool.
contract BatchSettler {
    /// @notice The batch is empty or too long.
    /// @param length Accounts named.
    /// @param limit Most that may be.
    error BatchOutOfRange(uint256 length, uint256 limit);

    /// @notice Most accounts of one batch.
    uint256 public constant MAX_BATCH = 64;

    /// @notice Where positions are settled.
    IClearinghouse public immutable clearinghouse;

    constructor(IClearinghouse clearinghouse_) {
        clearinghouse = clearinghouse_;
    }

    /// @notice Settles market `id` for every account, in the order given. Accounts without a leg in it, and repeated
    /// ones, do nothing. A market whose average is known is finished first.
    /// @param id Market.
    /// @param accounts 1 to `MAX_BATCH` accounts.
    function settle(uint64 id, uint256[] calldata accounts) external {
        if (accounts.length == 0 || accounts.length > MAX_BATCH) revert BatchOutOfRange(accounts.length, MAX_BATCH);
        (, uint256 average,, bool finished) = clearinghouse.settlementOf(id);
        if (average != 0 && !finished) clearinghouse.finishSettlement(id);
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        for (uint256 i; i < accounts.length; ++i) {
            clearinghouse.settle(accounts[i], ids);
        }
    }
}
