// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarketLosses} from "../interfaces/IMarketLosses.sol";
import {ClaimWord, ClaimWordLib} from "../types/ClaimWord.sol";
import {RAY, WAD} from "../types/Constants.sol";
import {LossRecord} from "../types/LossRecord.sol";
import {PositionWordLib} from "../types/PositionWord.sol";
import {Leg} from "./Leg.sol";

using ClaimsLib for Claims global;

/// @notice What closed contracts of one account in one market are owed and owe, in memory.
struct Claims {
    ClaimWord long; // of closed longs
    ClaimWord short; // of closed shorts
}

/// @title Claims and debts of closed contracts, and shares of losses. Pure arithmetic.
/// @dev Amounts are below 2^127, units below 2^96.
library ClaimsLib {
    /// @dev A claim is of as many contracts as have won one part in so many of the index; of an option, which may be
    /// worth little of it, a smaller part. What an option is marked at may be next to nothing, and measures nothing.
    uint256 private constant LEAST_WON_PART = 50;
    uint256 private constant LEAST_WON_PART_OF_OPTIONS = 2500;

    /* AMOUNTS */

    /// @dev The claim or debt of closed contracts of a side.
    function claimOf(Claims memory self, bool isLong) internal pure returns (ClaimWord) {
        return isLong ? self.long : self.short;
    }

    function _set(Claims memory self, bool isLong, int256 amount, uint256 units) private pure {
        int256 limit = type(int128).max;
        if (amount > limit || amount < -limit) revert IMarketLosses.ClaimOutOfRange(amount, limit);
        ClaimWord claim = ClaimWordLib.encode(amount, units);
        if (isLong) self.long = claim;
        else self.short = claim;
    }

    /// @dev All that closed contracts are owed.
    function owed(Claims memory self) internal pure returns (uint256) {
        return _above(self.long.amount()) + _above(self.short.amount());
    }

    /// @dev All that closed contracts owe.
    function debts(Claims memory self) internal pure returns (uint256) {
        return _above(-self.long.amount()) + _above(-self.short.amount());
    }

    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    /// @dev Which sides are owed something, or owe it: 1 longs, 2 shorts, 3 both.
    function left(Claims memory self) internal pure returns (uint256 sides) {
        if (!self.long.isNone()) sides = 1;
        if (!self.short.isNone()) sides += 2;
    }

    /* CHANGES */

    /// @dev Adds to what closed contracts of a side are owed; a negative amount is owed by them. What meets the other
    /// sign is paid with it, and a claim that is paid gives up units in proportion.
    /// @param units Contracts that a positive amount is of [wad base].
    function credit(Claims memory self, bool isLong, int256 amount, uint256 units) internal pure {
        ClaimWord old = claimOf(self, isLong);
        int256 before = old.amount();
        int256 net = before + amount;
        uint256 kept;
        if (net > 0 && amount > 0) kept = before < 0 ? _part(units, net, amount) : old.units() + units;
        else if (net > 0) kept = _part(old.units(), net, before);
        _set(self, isLong, net, kept);
    }

    /// @dev Contracts that the profit of closed ones counts for in the sharing of losses, down: all of them, or as many
    /// as have won the least part of the index each. More could not bear a part and would only make those of others
    /// smaller.
    /// @param made Negative: a loss, of no contracts [wad USD].
    /// @param part That were closed [wad base].
    /// @param index Now [wad USD].
    function unitsOf(int256 made, uint256 part, uint256 index, bool isOption) internal pure returns (uint256) {
        if (made <= 0) return 0;
        // safe because the profit is positive and below 2^127, contracts are below 2^96 and prices below 2^128
        unchecked {
            uint256 won = uint256(made) * (isOption ? LEAST_WON_PART_OF_OPTIONS : LEAST_WON_PART) * WAD;
            return won < part * index ? won / index : part;
        }
    }

    /// @dev The part of units that belongs to what is left of a claim, up: units must not vanish before the claim.
    function _part(uint256 units, int256 rest, int256 whole) private pure returns (uint256) {
        // safe because both are positive
        return FixedPointMathLib.fullMulDivUp(units, uint256(rest), uint256(whole));
    }

    /// @dev Pays claims (sign 1) or debts (sign -1), those of longs first.
    /// @param paid At most all of them [wad USD].
    function settle(Claims memory self, uint256 paid, int256 sign) internal pure {
        uint256 first = FixedPointMathLib.min(paid, _above(sign * self.long.amount()));
        // safe because amounts are below 2^127
        if (first != 0) credit(self, true, -sign * int256(first), 0);
        if (paid != first) credit(self, false, -sign * int256(paid - first), 0);
    }

    /// @dev Pays debts out of cash and then with claims, claims out of the pool; returns what went out and in.
    function pay(Claims memory self, uint256 cash, uint256 pool) internal pure returns (uint256 out, uint256 in_) {
        out = FixedPointMathLib.min(debts(self), cash);
        settle(self, out, -1);
        uint256 both = FixedPointMathLib.min(owed(self), debts(self));
        settle(self, both, 1);
        settle(self, both, -1);
        in_ = FixedPointMathLib.min(owed(self), pool);
        settle(self, in_, 1);
    }

    /// @dev Takes a fraction [wad] of everything off, toward zero.
    function cut(Claims memory self, uint256 fraction) internal pure returns (Claims memory part) {
        (self.long, part.long) = _cut(self.long, fraction);
        (self.short, part.short) = _cut(self.short, fraction);
    }

    function _cut(ClaimWord claim, uint256 fraction) private pure returns (ClaimWord rest, ClaimWord part) {
        (int256 amount, uint256 units) = (claim.amount(), claim.units());
        // safe because a fraction is at most WAD
        int256 moved = amount * int256(fraction) / int256(WAD);
        uint256 movedUnits = units * fraction / WAD;
        return (ClaimWordLib.encode(amount - moved, units - movedUnits), ClaimWordLib.encode(moved, movedUnits));
    }

    /// @dev Takes over other claims and debts.
    function absorb(Claims memory self, Claims memory other) internal pure {
        credit(self, true, other.long.amount(), other.long.units());
        credit(self, false, other.short.amount(), other.short.units());
    }

    /* SHARES OF LOSSES */

    /// @dev Takes the share of a recorded loss off: open contracts of the paying side, and a claim, which bears at most
    /// itself. At most `room` in all.
    /// @return taken From both: the basis of open contracts is raised, a claim is lowered by it [wad USD].
    function bear(Claims memory self, Leg memory open, LossRecord record, uint256 room)
        internal
        pure
        returns (uint256 taken)
    {
        bool longsPay = record.longsPay();
        if (open.size != 0 && open.size > 0 == longsPay) taken = _bearOpen(open, record, room);
        ClaimWord claim = claimOf(self, longsPay);
        if (claim.units() == 0) return taken;
        uint256 paid = FixedPointMathLib.fullMulDiv(claim.units(), record.perUnit(), RAY);
        paid = FixedPointMathLib.min(paid, FixedPointMathLib.min(_above(claim.amount()), room - taken));
        // The units stay what they were while anything of the claim is left: each of them has borne its part.
        // safe because what is paid is at most the amount
        int256 rest = claim.amount() - int256(paid);
        _set(self, longsPay, rest, rest == 0 ? 0 : claim.units());
        taken += paid;
    }

    /// @dev Open contracts bear at most what they won between their entry and the price of the record, paid or not, or
    /// what they are owed at it, won since their entry or not. Their entry moves towards that price by what they bore,
    /// rounded to their favour: what was won is borne once, in however many records the loss comes.
    function _bearOpen(Leg memory open, LossRecord record, uint256 room) private pure returns (uint256 taken) {
        bool isLong = open.size > 0;
        uint256 units = SignedMath.abs(open.size);
        (uint256 price, uint256 entry) = (record.price(), open.entry);
        uint256 apart =
            isLong ? FixedPointMathLib.zeroFloorSub(price, entry) : FixedPointMathLib.zeroFloorSub(entry, price);
        uint256 most =
            FixedPointMathLib.max(FixedPointMathLib.mulWad(units, apart), _above(open.value(record.carry())));
        taken = FixedPointMathLib.fullMulDiv(units, record.perUnit(), RAY);
        taken = FixedPointMathLib.min(taken, FixedPointMathLib.min(most, room));
        // safe because it is at most what was won
        open.basis += int256(taken);
        uint256 moved = FixedPointMathLib.min(FixedPointMathLib.fullMulDivUp(taken, WAD, units), apart);
        open.entry = PositionWordLib.kept(isLong ? entry + moved : entry - moved, isLong);
    }
}
