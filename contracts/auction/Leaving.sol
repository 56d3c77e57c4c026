// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {DebtsLib} from "./Debts.sol";
import {Sale} from "./Sale.sol";

/// @title What a sale takes out of lent cash: a bidder's cash that meets the account's loan, or the account's that
/// meets the bidder's, is lent no more.
/// @dev While losses are in sight it is charged as a transfer of the vault's that repays a loan is: whoever stays would
/// bear its part. Amounts are below 2^127.
library Leaving {
    /// @dev Notes what both accounts have lent before the sale, where losses beyond the insurance are in sight.
    function begin(Sale memory sale) internal view {
        (, sale.gap, sale.lent) = sale.vault.payableCash(sale.bidder);
        if (sale.gap != 0) sale.lentBefore = _lentNow(sale, 0);
    }

    /// @dev Charges the bidder, up; what it pays stays as surplus, and is a part of the price that it limits.
    /// @param due What the bidder is still to get of those who bear the loss, and what that will be lent as [wad USD].
    function charge(Sale memory sale, uint256 due) internal {
        uint256 gap = sale.gap;
        if (gap == 0) return;
        uint256 out = FixedPointMathLib.zeroFloorSub(sale.lentBefore, _lentNow(sale, due));
        // what stays because of it leaves too; at most the part of all that both have lent
        uint256 fee = FixedPointMathLib.min(
            FixedPointMathLib.fullMulDivUp(out, gap, sale.lent - gap + 1),
            FixedPointMathLib.fullMulDivUp(sale.lentBefore, gap, sale.lent)
        );
        if (fee == 0) return;
        sale.fee = fee;
        sale.vault.chargeFee(sale.bidder, fee);
        emit ILiquidationAuction.LeavingCharged(sale.bidder, sale.auction.id, fee);
    }

    /// @dev What both accounts have lent [wad USD].
    function _lentNow(Sale memory sale, uint256 due) private view returns (uint256) {
        // safe because amounts are below 2^127
        return DebtsLib.above(sale.vault.cashOf(sale.bidder) + int256(due)) + DebtsLib.above(sale.cashNow());
    }
}
