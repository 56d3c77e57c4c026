// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {Debts, DebtsLib} from "./Debts.sol";
import {Leaving} from "./Leaving.sol";
import {Sale} from "./Sale.sol";

/// @title Who pays a bidder of an insolvent account: its reserved cash, the winners of its markets, then for its loan
/// the insurance fund and the lenders.
/// @dev Winners come first: what they won of the account was never paid, and is not cash. The fund pays for loans only,
/// or a pair of one owner, one side of which goes bankrupt, would live on it.
library Losses {
    /// @dev Pays `loss` to the bidder of a fraction, who is charged for lent cash that leaves first. Of what is missing
    /// markets bear that part of what the account owes them beyond what they owe it, fund and lenders what is missing
    /// of its loan: what it has won pays for what it has lost, and for no loan, so that nobody bears a stranger's loan
    /// because he is on both sides of a spread. The bidder's reward falls on markets until they have borne that part of
    /// all that is owed to them, then on fund and lenders up to that part of the loan, then on the markets where the
    /// account lost, or without any on fund and deficit ledger.
    function pay(Sale memory sale, Debts memory debts, uint256 loss) internal {
        if (loss == 0) return Leaving.charge(sale, 0);
        uint256 loan = FixedPointMathLib.mulWadUp(debts.loan, sale.taken);
        uint256 missing =
            FixedPointMathLib.min(loss, FixedPointMathLib.mulWadUp(DebtsLib.above(-sale.value), sale.taken));
        uint256 owed = FixedPointMathLib.min(missing, FixedPointMathLib.mulWadUp(debts.due, sale.taken));
        uint256 rest = FixedPointMathLib.max(
            missing - owed, FixedPointMathLib.zeroFloorSub(loss, FixedPointMathLib.mulWadUp(debts.owed, sale.taken))
        );
        if (debts.lost != 0) rest = FixedPointMathLib.min(rest, loan);
        // a market's part is no cash
        Leaving.charge(sale, rest);
        uint256 markets = loss - rest;
        if (markets != 0) _shareLoss(sale, debts, owed, markets - owed);
        uint256 fund;
        uint256 lenders;
        if (rest != 0) (fund, lenders, rest) = _bear(sale, sale.bidder, rest, loan);
        emit ILiquidationAuction.LossAllocated({
            account: sale.account, id: sale.auction.id, fund: fund, markets: markets, lenders: lenders, deficit: rest
        });
    }

    /// @dev Credits the markets' parts inside the markets, whoever bears them there: a market's loss is never cash.
    /// What is missing is missing where it was owed; the reward is paid where the account lost, paid or not. Parts are
    /// rounded up, the last one down to what is left.
    function _shareLoss(Sale memory sale, Debts memory debts, uint256 owed, uint256 reward) private {
        uint256 left = owed + reward;
        uint256 n = debts.values.length;
        for (uint256 i; i < n; ++i) {
            (uint64 id, uint256 ofLongs, uint256 ofShorts, bool isLong, uint256 paid,) = debts.at(i);
            uint256 part = _partOf(debts, ofLongs, isLong ? paid : 0, owed, reward);
            left -= _sharePart(sale, id, false, part, left);
            part = _partOf(debts, ofShorts, isLong ? 0 : paid, owed, reward);
            left -= _sharePart(sale, id, true, part, left);
        }
    }

    /// @dev The part of one side of a market, up: of what is missing by its debt, of the reward by what it has lost.
    function _partOf(Debts memory debts, uint256 debt, uint256 paid, uint256 owed, uint256 reward)
        private
        pure
        returns (uint256 part)
    {
        // safe because a part is at most what is shared, and a wei
        unchecked {
            if (debt != 0) part = FixedPointMathLib.fullMulDivUp(owed, debt, debts.owed);
            part += FixedPointMathLib.fullMulDivUp(reward, debt + paid, debts.lost);
        }
    }

    /// @dev Shares the part of one side's loss in a market among the other side; at most `left`.
    function _sharePart(Sale memory sale, uint64 id, bool longsPay, uint256 part, uint256 left)
        private
        returns (uint256)
    {
        part = FixedPointMathLib.min(part, left);
        if (part != 0) sale.clearinghouse.shareLoss(sale.bidder, id, longsPay, part);
        return part;
    }

    /// @dev No loss stays unrecorded: a closed account owes nothing.
    function bearDust(Sale memory sale) internal {
        uint256 loan = DebtsLib.above(-sale.cashNow());
        if (loan != 0) _bear(sale, sale.account, loan, loan);
    }

    function _bear(Sale memory sale, uint256 account, uint256 amount, uint256 loan)
        private
        returns (uint256 fund, uint256 lenders, uint256 deficit)
    {
        return sale.vault.bearLoss(account, amount, loan);
    }
}
