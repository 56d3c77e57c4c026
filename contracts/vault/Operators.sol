// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {AccountId} from "../types/AccountId.sol";
import {OperatorWord, OperatorWordLib} from "../types/OperatorWord.sol";

/// @title Who may act for the accounts of an owner, in what, and until when.
library Operators {
    struct State {
        mapping(address owner => mapping(address operator => OperatorWord)) entries;
    }

    /// @dev Replaces what the caller lets an operator do, and begins an epoch: what the operator signed before is void.
    function set(State storage self, address operator, uint8 permissions, uint48 expiry) internal {
        uint64 epoch = self.entries[msg.sender][operator].epoch() + 1;
        self.entries[msg.sender][operator] = OperatorWordLib.encode(permissions, expiry, epoch);
        emit IMarginVault.OperatorSet({
            owner: msg.sender, operator: operator, permissions: permissions, expiry: expiry, epoch: epoch
        });
    }

    /// @dev Whether `actor` is the owner of the account or has all of `permissions` from it, not expired.
    function isAuthorised(State storage self, uint256 account, address actor, uint8 permissions)
        internal
        view
        returns (bool)
    {
        address owner = AccountId.ownerOf(account);
        return actor == owner || self.entries[owner][actor].allows(permissions, block.timestamp);
    }

    /// @dev The caller has the permission.
    function requireAuthorised(State storage self, uint256 account, uint8 permission) internal view {
        if (!isAuthorised(self, account, msg.sender, permission)) {
            revert IMarginVault.NotAuthorised(msg.sender, account, permission);
        }
    }
}
