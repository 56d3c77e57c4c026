// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Legs} from "../risk/Legs.sol";
import {WAD} from "../types/Constants.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {UnpaidWord} from "../types/UnpaidWord.sol";
import {Sale} from "./Sale.sol";

/// @notice What the sold account owed and to whom.
struct Debts {
    uint64[] ids; // its markets
    uint256[] ofLongs; // what its longs have lost in each, and a wei for one that is worth nothing [wad USD]
    uint256[] ofShorts; // the same of its shorts [wad USD]
    uint256 total; // sum over the markets [wad USD]
    uint256 loan; // [wad USD]
}

/// @title Who pays a bidder of an insolvent account: its reserved cash, the winners of its markets, then for its loan
/// the insurance fund and the lenders.
/// @dev Winners come first: what they won of the account was never paid, and is not cash. The fund pays for loans only,
/// or a pair of one owner, one side of which goes bankrupt, would live on it.
library Losses {
    /* DEBTS */

    /// @dev What an account owes before it is sold.
    function debtsOf(IMarginVault vault, IClearinghouse clearinghouse, IRiskEngine engine, uint256 account)
        internal
        view
        returns (Debts memory debts)
    {
        // Reserved cash included: what was settled out of it was never lent.
        debts.loan = _above(-vault.cashOf(account));
        uint256[] memory legs = clearinghouse.legs(account);
        int256[] memory values = engine.legValues(account);
        (uint256 cursor,) = Legs.rangeOf(legs);
        uint256 n = values.length;
        (debts.ids, debts.ofLongs, debts.ofShorts) = (new uint64[](n), new uint256[](n), new uint256[](n));
        for (uint256 i; i < n; ++i) {
            (debts.ids[i], debts.ofLongs[i], debts.ofShorts[i]) = _lostBy(cursor, values[i]);
            debts.total += debts.ofLongs[i] + debts.ofShorts[i];
            cursor += Legs.LEG_BYTES;
        }
    }

    /// @dev What a leg's longs and shorts have lost, open at `value` and closed.
    function _lostBy(uint256 cursor, int256 value)
        private
        pure
        returns (uint64 id, uint256 ofLongs, uint256 ofShorts)
    {
        PositionWord position;
        UnpaidWord unpaid;
        (id, position,, unpaid) = Legs.at(cursor);
        (ofLongs, ofShorts) = (_above(-unpaid.ofLongs()), _above(-unpaid.ofShorts()));
        if (!position.isOpen() || value > 0) return (id, ofLongs, ofShorts);
        // A leg worth nothing weighs a wei, so that an account worth nothing has somebody to bear its payout.
        uint256 lost = FixedPointMathLib.max(_above(-value), 1);
        if (position.size() > 0) ofLongs += lost;
        else ofShorts += lost;
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    /* PAYMENT */

    /// @dev Reserved cash that is there after the slice: moving it may have rounded some away.
    function reservedCash(Sale memory sale) internal view returns (uint256) {
        if (sale.auction.reserved == 0) return 0;
        return FixedPointMathLib.min(sale.auction.reserved, _above(sale.vault.cashOf(sale.account)));
    }

    /// @dev Pays `loss` to the bidder of a fraction: markets that part of what the account owed them, fund and lenders
    /// up to that part of its loan. What is beyond both, the bidder's reward, falls on the markets, or without any on
    /// fund and deficit ledger.
    function pay(Sale memory sale, Debts memory debts, uint256 loss) internal {
        if (loss == 0) return;
        uint256 loan = FixedPointMathLib.mulWadUp(debts.loan, sale.taken);
        uint256 rest = FixedPointMathLib.zeroFloorSub(loss, FixedPointMathLib.mulWadUp(debts.total, sale.taken));
        if (debts.total != 0) rest = FixedPointMathLib.min(rest, loan);
        uint256 markets = loss - rest;
        _shareLoss(sale, debts, markets);
        uint256 fund;
        uint256 lenders;
        if (rest != 0) (fund, lenders, rest) = sale.vault.bearLoss(sale.bidder, rest, loan);
        emit ILiquidationAuction.LossAllocated({
            account: sale.account, id: sale.auction.id, fund: fund, markets: markets, lenders: lenders, deficit: rest
        });
    }

    /// @dev Credits the markets' parts inside the markets, whoever bears them there: a market's loss is never cash.
    /// Parts are rounded up, the last one down to what is left.
    function _shareLoss(Sale memory sale, Debts memory debts, uint256 amount) private {
        uint256 left = amount;
        for (uint256 i; i < debts.ids.length; ++i) {
            left -= _sharePart(sale, debts, i, false, debts.ofLongs[i], amount, left);
            left -= _sharePart(sale, debts, i, true, debts.ofShorts[i], amount, left);
        }
    }

    /// @dev Shares the part of one side's loss in a market among the other side; at most `left`.
    function _sharePart(
        Sale memory sale,
        Debts memory debts,
        uint256 i,
        bool longsPay,
        uint256 lost,
        uint256 amount,
        uint256 left
    ) private returns (uint256 part) {
        if (lost == 0) return 0;
        part = FixedPointMathLib.min(FixedPointMathLib.fullMulDivUp(amount, lost, debts.total), left);
        if (part != 0) sale.clearinghouse.shareLoss(sale.bidder, debts.ids[i], longsPay, part);
    }

    /// @dev No loss stays unrecorded: a closed account owes nothing.
    function bearDust(Sale memory sale) internal {
        uint256 loan = _above(-sale.vault.cashOf(sale.account));
        if (loan != 0) sale.vault.bearLoss(sale.account, loan, loan);
    }

    /* IN SIGHT */

    /// @dev What insurance and lenders may have to bear of an account: its loan, as far as it is worth less than
    /// nothing, and its markets do not bear it, down [USD].
    function inSight(
        IMarginVault vault,
        IClearinghouse clearinghouse,
        IRiskEngine engine,
        uint256 account,
        int256 value
    ) internal view returns (uint40) {
        if (value >= 0) return 0;
        Debts memory debts = debtsOf(vault, clearinghouse, engine, account);
        uint256 loss = FixedPointMathLib.min(debts.loan, FixedPointMathLib.zeroFloorSub(_above(-value), debts.total));
        // safe because it is cut to what fits
        return uint40(FixedPointMathLib.min(loss / WAD, type(uint40).max));
    }
}
