// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {Sale} from "./Sale.sol";

/// @notice What the sold account owed and to whom: weights of the loss nobody else bears.
struct Debts {
    uint64[] ids; // its markets
    uint256[] losses; // legs that have not won, else 0 [wad USD]
    bool[] longsPay; // who won what the losing leg lost
    uint256 loan; // [wad USD]
    uint256 total; // sum of the losses and the loan [wad USD]
}

/// @title Who pays a bidder of an insolvent account: its reserved cash, the insurance fund, then its markets and
/// lenders.
library Losses {
    /* DEBTS */

    /// @dev What the account owes before it is sold; left out when the fund can pay everything.
    function debtsOf(Sale memory sale, uint256 payout) internal view returns (Debts memory debts) {
        if (payout <= sale.vault.insuranceCash()) return debts;
        // Reserved cash included: what was settled out of it was never lent.
        debts.loan = _loanOf(sale.vault, sale.account);
        debts.total = debts.loan;
        _addLosingLegs(debts, sale);
    }

    /// @dev Adds what each leg has lost, and who won it.
    function _addLosingLegs(Debts memory debts, Sale memory sale) private view {
        debts.ids = sale.clearinghouse.legIds(sale.account);
        uint256 n = debts.ids.length;
        (debts.losses, debts.longsPay) = (new uint256[](n), new bool[](n));
        int256[] memory values = sale.engine.legValues(sale.account);
        for (uint256 i; i < n; ++i) {
            int256 value = values[i];
            if (value > 0) continue;
            // A leg worth nothing weighs a wei, so that an account worth nothing has somebody to bear its payout.
            // safe because a value that is not positive is converted
            debts.losses[i] = FixedPointMathLib.max(uint256(-value), 1);
            debts.total += debts.losses[i];
            // Asked for before the leg moves: in the bidder's hands it may have met a leg of the other side.
            debts.longsPay[i] = sale.clearinghouse.longsPayFor(sale.account, debts.ids[i]);
        }
    }

    /* PAYMENT */

    /// @dev Reserved cash that is there: settling a losing leg may have used some, against what the leg owed.
    function reservedCash(Sale memory sale) internal view returns (uint256) {
        if (sale.auction.reserved == 0) return 0;
        return FixedPointMathLib.min(sale.auction.reserved, _moneyOf(sale.vault, sale.account));
    }

    /// @dev Pays `loss` to the bidder: the fund with the vault's surplus, then markets and lenders in proportion to what the account owed. What
    /// lenders cannot bear of their part goes to the deficit ledger.
    function pay(Sale memory sale, Debts memory debts, uint256 loss) internal {
        if (loss == 0) return;
        (uint256 bidder, uint256 rest) = (sale.bidder, loss);
        uint256 fund = sale.vault.drawInsurance(bidder, loss);
        rest -= fund;
        uint256 markets = _shareLoss(sale, debts, rest);
        rest -= markets;
        uint256 lenders = rest == 0 || debts.loan == 0 ? 0 : sale.vault.socialiseLoan(bidder, rest);
        rest -= lenders;
        if (rest != 0) sale.vault.recordDeficit(bidder, rest);
        emit ILiquidationAuction.LossAllocated({
            account: sale.account, id: sale.auction.id, fund: fund, markets: markets, lenders: lenders, deficit: rest
        });
    }

    /// @dev Credits the markets' parts inside the markets, whoever bears them there: a market's loss is never cash.
    /// Parts are rounded up, so that nothing is left for the lenders of an account without a loan.
    function _shareLoss(Sale memory sale, Debts memory debts, uint256 rest) private returns (uint256 markets) {
        for (uint256 i; i < debts.ids.length; ++i) {
            uint256 part = FixedPointMathLib.fullMulDivUp(rest, debts.losses[i], debts.total);
            part = FixedPointMathLib.min(part, rest - markets);
            if (part == 0) continue;
            sale.clearinghouse.shareLoss(sale.bidder, debts.ids[i], debts.longsPay[i], part);
            markets += part;
        }
    }

    /// @dev No loss stays unrecorded: a closed account owes nothing.
    function recordDust(Sale memory sale) internal {
        uint256 loan = _loanOf(sale.vault, sale.account);
        if (loan != 0) sale.vault.recordDeficit(sale.account, loan);
    }

    /* CASH */

    /// @dev Positive cash of an account, else 0 [wad USD].
    function _moneyOf(IMarginVault vault, uint256 account) private view returns (uint256) {
        int256 cash = vault.cashOf(account);
        // safe because positive cash is converted
        return cash > 0 ? uint256(cash) : 0;
    }

    /// @dev Negative cash of an account, else 0 [wad USD].
    function _loanOf(IMarginVault vault, uint256 account) private view returns (uint256) {
        int256 cash = vault.cashOf(account);
        // safe because negative cash is converted
        return cash < 0 ? uint256(-cash) : 0;
    }
}
