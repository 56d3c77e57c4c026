// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {Debts, LegDebt} from "./Debts.sol";
import {Sale} from "./Sale.sol";

/// @title Who pays a bidder of an insolvent account: its reserved cash, the winners of its markets, then for its loan
/// the insurance fund and the lenders.
/// @dev Winners come first: what they won of the account was never paid, and is not cash. The fund pays for loans only,
/// or a pair of one owner, one side of which goes bankrupt, would live on it.
library Losses {
    /// @dev Reserved cash that is there after the slice: moving it may have rounded some away.
    function reservedCash(Sale memory sale) internal view returns (uint256) {
        if (sale.auction.reserved == 0) return 0;
        return FixedPointMathLib.min(sale.auction.reserved, _above(sale.vault.cashOf(sale.account)));
    }

    /// @dev Pays `loss` to the bidder of a fraction: markets that part of what the account owed them, fund and lenders
    /// up to that part of its loan. What is beyond both, the bidder's reward, falls on the markets where the account
    /// lost, or without any on fund and deficit ledger.
    function pay(Sale memory sale, uint256 loss) internal {
        if (loss == 0) return;
        Debts memory debts = sale.debts;
        uint256 loan = FixedPointMathLib.mulWadUp(debts.loan, sale.taken);
        uint256 owed = FixedPointMathLib.min(loss, FixedPointMathLib.mulWadUp(debts.owed, sale.taken));
        uint256 rest = loss - owed;
        if (debts.lost != 0) rest = FixedPointMathLib.min(rest, loan);
        uint256 markets = loss - rest;
        if (markets != 0) _shareLoss(sale, owed, markets - owed);
        uint256 fund;
        uint256 lenders;
        if (rest != 0) (fund, lenders, rest) = sale.vault.bearLoss(sale.bidder, rest, loan);
        emit ILiquidationAuction.LossAllocated({
            account: sale.account, id: sale.auction.id, fund: fund, markets: markets, lenders: lenders, deficit: rest
        });
    }

    /// @dev Credits the markets' parts inside the markets, whoever bears them there: a market's loss is never cash.
    /// What is missing is missing where it was owed; the reward is paid where the account lost, paid or not. Parts are
    /// rounded up, the last one down to what is left.
    function _shareLoss(Sale memory sale, uint256 owed, uint256 reward) private {
        Debts memory debts = sale.debts;
        uint256 left = owed + reward;
        for (uint256 i; i < debts.values.length; ++i) {
            LegDebt memory leg = debts.at(i);
            left -= _sharePart(sale, leg, false, owed, reward, left);
            left -= _sharePart(sale, leg, true, owed, reward, left);
        }
    }

    /// @dev Shares the part of one side's loss in a market among the other side; at most `left`.
    function _sharePart(Sale memory sale, LegDebt memory leg, bool longsPay, uint256 owed, uint256 reward, uint256 left)
        private
        returns (uint256 part)
    {
        uint256 debt = longsPay ? leg.ofShorts : leg.ofLongs;
        uint256 lost = leg.isLong == longsPay ? debt : debt + leg.paid;
        if (debt != 0) part = FixedPointMathLib.fullMulDivUp(owed, debt, sale.debts.owed);
        if (lost != 0) part += FixedPointMathLib.fullMulDivUp(reward, lost, sale.debts.lost);
        part = FixedPointMathLib.min(part, left);
        if (part != 0) sale.clearinghouse.shareLoss(sale.bidder, leg.id, longsPay, part);
    }

    /// @dev No loss stays unrecorded: a closed account owes nothing.
    function bearDust(Sale memory sale) internal {
        uint256 loan = _above(-sale.vault.cashOf(sale.account));
        if (loan != 0) sale.vault.bearLoss(sale.account, loan, loan);
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }
}
