// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {WAD} from "../types/Constants.sol";
import {LEG_BYTES, LegWords} from "../types/LegWords.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {UnpaidWord} from "../types/UnpaidWord.sol";

using DebtsLib for Debts global;

/// @notice What an account owes before it is sold, and to whom.
struct Debts {
    uint256[] legs; // as the clearinghouse has them
    int256[] values; // of their open contracts [wad USD]
    uint256 owed; // to all markets [wad USD]
    uint256 due; // of it what markets do not owe the account [wad USD]
    uint256 lost; // in all markets, paid or not [wad USD]
    uint256 loan; // [wad USD]
}

/// @title What an account owes to its markets: what is unpaid of closed and open contracts.
/// @dev Amounts are below 2^127, and legs few: no sum overflows.
library DebtsLib {
    /// @dev Reads what an account of this cash owes now. Reserved cash is included: what was settled out of it was
    /// never lent.
    function read(IClearinghouse clearinghouse, IRiskEngine engine, uint256 account, int256 cash)
        internal
        view
        returns (Debts memory self)
    {
        self.loan = above(-cash);
        self.legs = clearinghouse.legs(account);
        self.values = engine.legValues(account);
        uint256 n = self.values.length;
        int256 net;
        // safe because amounts are small and legs few
        unchecked {
            for (uint256 i; i < n; ++i) {
                (, uint256 ofLongs, uint256 ofShorts,, uint256 paid, int256 worth) = at(self, i);
                self.owed += ofLongs + ofShorts;
                self.lost += ofLongs + ofShorts + paid;
                net += worth;
            }
        }
        self.due = above(-net);
    }

    /// @dev What the i-th leg's longs and shorts owe its market, what its open contracts have lost beyond what they
    /// owe, and what the leg is worth.
    function at(Debts memory self, uint256 i)
        internal
        pure
        returns (uint64 id, uint256 ofLongs, uint256 ofShorts, bool isLong, uint256 paid, int256 worth)
    {
        PositionWord position;
        MarketWord market;
        UnpaidWord unpaid;
        // safe because sizes are below 2^96, entries and funding indices of a market below 2^97, amounts below 2^127
        unchecked {
            (uint256 cursor,) = LegWords.rangeOf(self.legs);
            (id, position, market, unpaid) = LegWords.at(cursor + i * LEG_BYTES);
            (ofLongs, ofShorts) = (above(-unpaid.ofLongs()), above(-unpaid.ofShorts()));
            int256 size = position.size();
            int256 value = self.values[i];
            worth = unpaid.net() + value;
            if (size == 0) return (id, ofLongs, ofShorts, isLong, paid, worth);
            uint256 owed = above(-value);
            // since its entry, whatever of it was paid
            int256 entry = int256(position.entry()) - market.fundingIndex();
            paid = above(size * entry / int256(WAD) - position.basis() - value);
            // A leg worth nothing has lost a wei at least, so that an account worth nothing has somebody to bear its
            // payout.
            if (value <= 0 && paid == 0) paid = 1;
            paid = FixedPointMathLib.zeroFloorSub(paid, owed);
            isLong = size > 0;
            if (isLong) ofLongs += owed;
            else ofShorts += owed;
        }
    }

    /// @dev What insurance and lenders may have to bear of an account of this value: its loan, as far as it is worth
    /// less than nothing, and its markets do not bear it, down [USD].
    /// @param due What it owes its markets beyond what they owe it [wad USD].
    function inSight(uint256 loan, uint256 due, int256 value) internal pure returns (uint40) {
        uint256 loss = FixedPointMathLib.min(loan, FixedPointMathLib.zeroFloorSub(above(-value), due)) / WAD;
        // safe because it is cut to what fits
        return uint40(FixedPointMathLib.min(loss, type(uint40).max));
    }

    /// @dev A positive amount, else 0.
    function above(int256 amount) internal pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }
}
