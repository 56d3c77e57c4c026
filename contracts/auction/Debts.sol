// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {Legs} from "../risk/Legs.sol";
import {WAD} from "../types/Constants.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {UnpaidWord} from "../types/UnpaidWord.sol";

using DebtsLib for Debts global;

/// @notice What an account owed before it was sold; nothing where that was not looked at.
struct Debts {
    uint256[] legs; // as the clearinghouse has them
    int256[] values; // of their open contracts [wad USD]
    uint256 owed; // to all markets [wad USD]
    uint256 lost; // in all markets, paid or not [wad USD]
    uint256 loan; // [wad USD]
}

/// @notice What one leg owes its market, and what it has lost there.
struct LegDebt {
    uint64 id;
    uint256 ofLongs; // owed by its longs [wad USD]
    uint256 ofShorts; // owed by its shorts [wad USD]
    bool isLong; // whether its open contracts are
    uint256 paid; // what these have lost beyond what they owe, and a wei where they are worth nothing [wad USD]
}

/// @title What an account owes: to its markets, what is unpaid of closed and open contracts, and its loan.
library DebtsLib {
    /// @dev Reads what an account owes now. Reserved cash is included: what was settled out of it was never lent.
    function read(IMarginVault vault, IClearinghouse clearinghouse, IRiskEngine engine, uint256 account)
        internal
        view
        returns (Debts memory self)
    {
        self.loan = _above(-vault.cashOf(account));
        self.legs = clearinghouse.legs(account);
        self.values = engine.legValues(account);
        for (uint256 i; i < self.values.length; ++i) {
            LegDebt memory leg = at(self, i);
            uint256 owed = leg.ofLongs + leg.ofShorts;
            self.owed += owed;
            self.lost += owed + leg.paid;
        }
    }

    /// @dev What the i-th leg owes and has lost.
    function at(Debts memory self, uint256 i) internal pure returns (LegDebt memory leg) {
        (uint256 cursor,) = Legs.rangeOf(self.legs);
        PositionWord position;
        MarketWord market;
        UnpaidWord unpaid;
        (leg.id, position, market, unpaid) = Legs.at(cursor + i * Legs.LEG_BYTES);
        (leg.ofLongs, leg.ofShorts) = (_above(-unpaid.ofLongs()), _above(-unpaid.ofShorts()));
        if (!position.isOpen()) return leg;
        int256 value = self.values[i];
        uint256 owed = _above(-value);
        // Since its entry, whatever of it was paid. A leg worth nothing has lost a wei at least, so that an account
        // worth nothing has somebody to bear its payout.
        uint256 lost = FixedPointMathLib.max(_above(_lostSinceEntry(position, market, value)), value > 0 ? 0 : 1);
        leg.paid = FixedPointMathLib.zeroFloorSub(lost, owed);
        leg.isLong = position.size() > 0;
        if (leg.isLong) leg.ofLongs += owed;
        else leg.ofShorts += owed;
    }

    /// @dev Value of open contracts at their entry less that at mid, both less what they have cost [wad USD].
    function _lostSinceEntry(PositionWord position, MarketWord market, int256 value) private pure returns (int256) {
        // safe because an entry is below 2^154, a size below 2^96, and what these three words hold is a market's
        int256 carry = int256(position.entry()) - market.fundingIndex();
        return position.size() * carry / int256(WAD) - position.basis() - value;
    }

    /// @dev What insurance and lenders may have to bear of an account of this value that has the fraction `left` of
    /// what it owed: its loan, as far as it is worth less than nothing, and its markets do not bear it, down [USD].
    function inSight(Debts memory self, uint256 left, int256 value) internal pure returns (uint40) {
        uint256 loss = FixedPointMathLib.zeroFloorSub(_above(-value), FixedPointMathLib.mulWad(self.owed, left));
        loss = FixedPointMathLib.min(FixedPointMathLib.mulWadUp(self.loan, left), loss) / WAD;
        // safe because it is cut to what fits
        return uint40(FixedPointMathLib.min(loss, type(uint40).max));
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }
}
