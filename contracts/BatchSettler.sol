// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "./interfaces/IClearinghouse.sol";

/// @title Batch settler: settles one market for many accounts, so that nobody has to come for an expired option.
/// @notice Owns nothing and may do no more than anybody. Losers first, then winners find their losses in the pool.
contract BatchSettler {
    /// @notice Most accounts of one batch.
    uint256 public constant MAX_BATCH = 64;

    /// @notice The clearinghouse whose markets it settles.
    IClearinghouse public immutable clearinghouse;

    /// @notice The batch is empty or too long.
    /// @param length Accounts in the batch.
    /// @param limit Most there may be.
    error BatchOutOfRange(uint256 length, uint256 limit);

    /// @notice An account of a batch was left out: its own settlement was refused.
    /// @param account Account that was left out.
    /// @param id Instrument of the market.
    /// @param reason What the refusal said, as it was returned: an error's selector and arguments.
    event NotSettled(uint256 indexed account, uint64 indexed id, bytes reason);

    constructor(IClearinghouse clearinghouse_) {
        clearinghouse = clearinghouse_;
    }

    /// @notice Settles one market for every account, in the order given. Anyone.
    /// @dev Accounts without a leg in it, and repeated ones, do nothing. A market whose average is known is finished
    /// first. One that may not pay (`IMarginVault.EquityTooLow`) stops no other.
    /// @param id Instrument of the market.
    /// @param accounts Losers first; from 1 to MAX_BATCH.
    function settle(uint64 id, uint256[] calldata accounts) external {
        if (accounts.length == 0 || accounts.length > MAX_BATCH) revert BatchOutOfRange(accounts.length, MAX_BATCH);
        (, uint256 average,, bool finished) = clearinghouse.settlementOf(id);
        if (average != 0 && !finished) clearinghouse.finishSettlement(id);
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        for (uint256 i; i < accounts.length; ++i) {
            // solhint-disable-next-line no-empty-blocks
            try clearinghouse.settle(accounts[i], ids) {}
            catch (bytes memory reason) {
                emit NotSettled(accounts[i], id, reason);
            }
        }
    }
}
