// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {BitSet} from "../types/BitSet.sol";
import {MAX_ASSETS} from "../types/Constants.sol";

/// @title What the vault keeps of one account.
/// @dev Cash is changed by `CashLedger` alone, which keeps its totals.
library Holdings {
    struct State {
        // slot 0: 16 + 8 + 4 + 1 bytes
        int128 scaledCash; // over the supply index if positive, over the borrow index if negative [wad]
        uint64 assetMask; // bit i: holds asset i
        uint32 nonce; // changes that took something
        bool inAuction;
        // slot 1
        mapping(uint256 assetIndex => uint256 amount) balances; // [token units]
    }

    /// @dev The places of the assets it holds.
    function assets(State storage self) internal view returns (BitSet) {
        return BitSet.wrap(self.assetMask);
    }

    /// @dev Adds collateral, of which an account may hold MAX_ASSETS kinds [token units].
    function add(State storage self, uint256 index, uint256 amount) internal {
        BitSet held = assets(self);
        if (!held.has(index)) {
            held = held.with(index);
            uint256 count = held.count();
            if (count > MAX_ASSETS) revert IMarginVault.TooManyAssets(count, MAX_ASSETS);
            _setAssets(self, held);
        }
        self.balances[index] += amount;
    }

    /// @dev Takes collateral off the account [token units]; the account and the token are what an error names.
    function remove(State storage self, uint256 account, address token, uint256 index, uint256 amount) internal {
        uint256 balance = self.balances[index];
        if (amount > balance) revert IMarginVault.InsufficientBalance(account, token, amount, balance);
        self.balances[index] = balance - amount;
        if (amount == balance) _setAssets(self, assets(self).without(index));
    }

    function _setAssets(State storage self, BitSet held) private {
        // safe because an index is below 64
        self.assetMask = uint64(BitSet.unwrap(held));
    }
}
