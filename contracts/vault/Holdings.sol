// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {BitSet} from "../types/BitSet.sol";
import {CompactUint, CompactUintLib} from "../types/CompactUint.sol";
import {MAX_ASSETS} from "../types/Constants.sol";

/// @title What each account has in the vault, and what it may do with it.
/// @dev Cash is changed by `CashLedger` alone, which keeps its totals.
library Holdings {
    struct Holding {
        // slot 0: 13 + 1 + 8 + 4 + 1 + 5 bytes
        CompactUint scaledAmount; // of cash over the supply index, or of a loan over the borrow index
        bool owes; // a loan
        uint64 assetMask; // bit i: holds asset i
        uint32 nonce; // changes that took something
        bool inAuction;
        uint40 lossInSight; // that fund and lenders may have to bear of its auction, down [USD]
        // slot 1
        mapping(uint256 assetIndex => uint256 amount) balances; // [token units]
    }

    struct State {
        mapping(uint256 account => Holding) entries;
    }

    /// @dev Scaled cash of an account, as a negative number what it owes.
    function scaledCash(Holding storage holding) internal view returns (int256) {
        uint256 amount = holding.scaledAmount.value();
        // safe because an amount is about InterestMath.MAX_SCALED at most
        return holding.owes ? -int256(amount) : int256(amount);
    }

    /// @dev Sets the scaled cash of an account; `scaled` is a compact number, or its negative.
    function setScaledCash(Holding storage holding, int256 scaled) internal {
        // safe because the sign is looked at first
        holding.scaledAmount = CompactUintLib.down(uint256(scaled < 0 ? -scaled : scaled));
        holding.owes = scaled < 0;
    }

    /// @dev The places of the assets that an account holds.
    function assets(Holding storage holding) internal view returns (BitSet) {
        return BitSet.wrap(holding.assetMask);
    }

    /// @dev Adds collateral, of which an account may hold MAX_ASSETS kinds [token units].
    function add(State storage self, uint256 account, uint256 index, uint256 amount) internal {
        Holding storage holding = self.entries[account];
        BitSet held = assets(holding);
        if (!held.has(index)) {
            held = held.with(index);
            uint256 count = held.count();
            if (count > MAX_ASSETS) revert IMarginVault.TooManyAssets(count, MAX_ASSETS);
            _setAssets(holding, held);
        }
        holding.balances[index] += amount;
    }

    /// @dev Takes collateral off an account [token units]; the token is what an error names.
    function remove(State storage self, uint256 account, address token, uint256 index, uint256 amount) internal {
        Holding storage holding = self.entries[account];
        uint256 balance = holding.balances[index];
        if (amount > balance) revert IMarginVault.InsufficientBalance(account, token, amount, balance);
        holding.balances[index] = balance - amount;
        if (amount == balance) _setAssets(holding, assets(holding).without(index));
    }

    function _setAssets(Holding storage holding, BitSet held) private {
        // safe because an index is below 64
        holding.assetMask = uint64(BitSet.unwrap(held));
    }
}
