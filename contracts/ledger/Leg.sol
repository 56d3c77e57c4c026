// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ClaimWord, ClaimWordLib} from "../types/ClaimWord.sol";
import {RAY} from "../types/Constants.sol";
import {LossRecord} from "../types/LossRecord.sol";
import {PositionWord, PositionWordLib} from "../types/PositionWord.sol";
import {UnpaidWord, UnpaidWordLib} from "../types/UnpaidWord.sol";
import {FundingMath} from "./FundingMath.sol";

using LegLib for Leg global;

/// @notice A leg in memory: open contracts, and what is left to be paid of closed ones.
struct Leg {
    int256 size; // [wad base]
    int256 basis; // [wad USD]
    uint256 entry; // index at the fills of what is open [wad USD per base]
    uint256 epoch; // losses of the market taken off
    ClaimWord long; // of closed longs
    ClaimWord short; // of closed shorts
}

/// @title What happens to one leg: fills, realised profit, claims, shares of losses. Pure arithmetic.
/// @dev The profit of a part that is closed becomes a claim that keeps its contracts as units: a market's loss is
/// borne by contracts, open or closed, until they are paid. Amounts are below 2^127, sizes below 2^96, prices 2^128.
library LegLib {
    /// @dev Most contracts of a leg [wad base].
    uint256 private constant MAX_SIZE = uint256(uint96(type(int96).max));

    /* OPEN CONTRACTS */

    /// @dev Adds contracts of the leg's side; the basis is rounded up.
    /// @param change Of the leg's sign [wad base].
    /// @param carry Price of the fill less funding index [wad USD].
    /// @param index Mid price now, which the entry averages [wad USD].
    function grow(Leg memory self, int256 change, int256 carry, uint256 index) internal pure {
        add(self, change, FundingMath.basisUp(change, carry), index);
    }

    /// @dev Adds contracts that come with a basis and an entry; the entry of the sum is rounded to the holder's
    /// favour.
    function add(Leg memory self, int256 size, int256 basis, uint256 entry) internal pure {
        uint256 held = SignedMath.abs(self.size);
        uint256 added = SignedMath.abs(size);
        // safe because sizes are below 2^96 and entries below 2^128
        unchecked {
            uint256 total = held + added;
            if (total != 0) {
                uint256 sum = held * self.entry + added * entry;
                bool up = self.size > 0 || size > 0;
                self.entry = up ? FixedPointMathLib.divUp(sum, total) : sum / total;
            }
            self.size += size;
            self.basis += basis;
        }
    }

    /// @dev Closes a part of the open contracts at a price, and keeps what it made as a claim or debt of its side.
    /// @param part At most |size| [wad base].
    /// @param carry Price less funding index [wad USD].
    function realise(Leg memory self, uint256 part, int256 carry) internal pure {
        if (part == 0) return;
        bool isLong = self.size > 0;
        (int256 size, int256 basis) = split(self, part);
        credit(self, isLong, FundingMath.valueDown(size, carry) - basis, part);
    }

    /// @dev Takes a part off, with its part of the basis, truncated toward zero.
    /// @param part At most |size|, which is not 0 [wad base].
    function split(Leg memory self, uint256 part) internal pure returns (int256 size, int256 basis) {
        uint256 held = SignedMath.abs(self.size);
        // safe because a basis is below 2^100 and sizes are below 2^96
        unchecked {
            size = self.size > 0 ? int256(part) : -int256(part);
            basis = self.basis * int256(part) / int256(held);
            self.size -= size;
            self.basis -= basis;
        }
        if (self.size == 0) self.entry = 0;
    }

    /// @dev Value of the open contracts, down.
    /// @param carry Price less funding index [wad USD].
    function value(Leg memory self, int256 carry) internal pure returns (int256) {
        return FundingMath.valueDown(self.size, carry) - self.basis;
    }

    /* CLAIMS AND DEBTS */

    /// @dev The claim or debt of closed contracts of a side.
    function claimOf(Leg memory self, bool isLong) internal pure returns (ClaimWord) {
        return isLong ? self.long : self.short;
    }

    function _setClaim(Leg memory self, bool isLong, ClaimWord claim) private pure {
        if (isLong) self.long = claim;
        else self.short = claim;
    }

    /// @dev Adds to what closed contracts of a side are owed; a negative amount is owed by them. What meets the other
    /// sign is paid with it, and a claim that is paid gives up units in proportion.
    /// @param units Contracts that a positive amount is of [wad base].
    function credit(Leg memory self, bool isLong, int256 amount, uint256 units) internal pure {
        ClaimWord old = claimOf(self, isLong);
        int256 net = old.amount() + amount;
        uint256 left;
        if (net > 0) {
            if (amount > 0) left = old.amount() < 0 ? _part(units, net, amount) : old.units() + units;
            else left = _part(old.units(), net, old.amount());
        }
        _setClaim(self, isLong, ClaimWordLib.encode(net, left));
    }

    /// @dev The part of units that belongs to what is left of a claim, up: units must not vanish before the claim.
    function _part(uint256 units, int256 left, int256 whole) private pure returns (uint256) {
        // safe because both are positive
        return FixedPointMathLib.fullMulDivUp(units, uint256(left), uint256(whole));
    }

    /// @dev What the leg is owed for closed contracts.
    function claims(Leg memory self) internal pure returns (uint256) {
        return _positive(self.long.amount()) + _positive(self.short.amount());
    }

    /// @dev What the leg owes for closed contracts.
    function debts(Leg memory self) internal pure returns (uint256) {
        return _positive(-self.long.amount()) + _positive(-self.short.amount());
    }

    function _positive(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    /// @dev Takes a payment off the claims, those of longs first.
    /// @param paid At most all claims [wad USD].
    function payClaims(Leg memory self, uint256 paid) internal pure {
        uint256 first = FixedPointMathLib.min(paid, _positive(self.long.amount()));
        // safe because amounts are below 2^127
        if (first != 0) credit(self, true, -int256(first), 0);
        if (paid != first) credit(self, false, -int256(paid - first), 0);
    }

    /// @dev Takes a payment off the debts, those of longs first.
    /// @param paid At most all debts [wad USD].
    function payDebts(Leg memory self, uint256 paid) internal pure {
        uint256 first = FixedPointMathLib.min(paid, _positive(-self.long.amount()));
        // safe because amounts are below 2^127
        if (first != 0) credit(self, true, int256(first), 0);
        if (paid != first) credit(self, false, int256(paid - first), 0);
    }

    /// @dev Pays debts with claims of the other side.
    function offset(Leg memory self) internal pure {
        uint256 both = FixedPointMathLib.min(claims(self), debts(self));
        if (both == 0) return;
        payClaims(self, both);
        payDebts(self, both);
    }

    /* SHARES OF LOSSES */

    /// @dev Takes the share of a recorded loss off: open contracts of the paying side pay at most what they won between
    /// their entry and the price of the record, claims at most what they are.
    /// @param room Most that may be taken [wad USD].
    /// @return paid What was taken [wad USD].
    function bear(Leg memory self, LossRecord record, uint256 room) internal pure returns (uint256 paid) {
        bool longsPay = record.longsPay();
        if (self.size != 0 && self.size > 0 == longsPay) {
            uint256 units = SignedMath.abs(self.size);
            uint256 won = longsPay
                ? FixedPointMathLib.zeroFloorSub(record.price(), self.entry)
                : FixedPointMathLib.zeroFloorSub(self.entry, record.price());
            paid = FixedPointMathLib.fullMulDiv(units, record.perUnit(), RAY);
            paid = FixedPointMathLib.min(paid, FixedPointMathLib.mulWad(units, won));
            paid = FixedPointMathLib.min(paid, room);
            // safe because what was won is below 2^193
            self.basis += int256(paid);
        }
        ClaimWord claim = claimOf(self, longsPay);
        if (claim.units() == 0) return paid;
        uint256 part = FixedPointMathLib.fullMulDiv(claim.units(), record.perUnit(), RAY);
        part = FixedPointMathLib.min(part, FixedPointMathLib.min(_positive(claim.amount()), room - paid));
        // The units stay what they were while anything of the claim is left: each of them has borne its part.
        // safe because the part is at most the amount
        int256 left = claim.amount() - int256(part);
        _setClaim(self, longsPay, ClaimWordLib.encode(left, left == 0 ? 0 : claim.units()));
        paid += part;
    }

    /* MOVES */

    /// @dev Takes a fraction of everything off, toward zero; whole at WAD.
    /// @param fraction At most `whole` [of whole].
    function cut(Leg memory self, uint256 fraction, uint256 whole) internal pure returns (Leg memory part) {
        (part.entry, part.epoch) = (self.entry, self.epoch);
        if (self.size != 0) {
            (part.size, part.basis) = (_fraction(self.size, fraction, whole), _fraction(self.basis, fraction, whole));
            self.size -= part.size;
            self.basis -= part.basis;
            // no basis without contracts
            if (part.size == 0) (self.basis, part.basis, part.entry) = (self.basis + part.basis, 0, 0);
            if (self.size == 0) self.entry = 0;
        }
        (self.long, part.long) = _cutClaim(self.long, fraction, whole);
        (self.short, part.short) = _cutClaim(self.short, fraction, whole);
    }

    function _cutClaim(ClaimWord claim, uint256 fraction, uint256 whole)
        private
        pure
        returns (ClaimWord left, ClaimWord part)
    {
        if (claim.isNone()) return (claim, claim);
        int256 amount = _fraction(claim.amount(), fraction, whole);
        uint256 units = claim.units() * fraction / whole;
        // a claim that is left keeps a unit at least
        if (fraction == whole) units = claim.units();
        return (ClaimWordLib.encode(claim.amount() - amount, claim.units() - units), ClaimWordLib.encode(amount, units));
    }

    function _fraction(int256 number, uint256 fraction, uint256 whole) private pure returns (int256) {
        // safe because numbers are below 2^128 and fractions below 2^60
        unchecked {
            return number * int256(fraction) / int256(whole);
        }
    }

    /// @dev Takes over another leg of the market. Contracts of opposite sides close each other at a price.
    /// @param carry Price less funding index; not used where the sides are the same [wad USD].
    function absorb(Leg memory self, Leg memory other, int256 carry) internal pure {
        if (self.size != 0 && other.size != 0 && self.size > 0 != other.size > 0) {
            uint256 matched = FixedPointMathLib.min(SignedMath.abs(self.size), SignedMath.abs(other.size));
            realise(self, matched, carry);
            realise(other, matched, carry);
        }
        if (other.size != 0) add(self, other.size, other.basis, other.entry);
        credit(self, true, other.long.amount(), other.long.units());
        credit(self, false, other.short.amount(), other.short.units());
    }

    /* WORDS */

    /// @dev The leg as stored, without its claims.
    function read(PositionWord word) internal pure returns (Leg memory self) {
        (self.size, self.basis, self.entry, self.epoch) = (word.size(), word.basis(), word.entry(), word.lossEpoch());
    }

    /// @dev The same in memory of its own.
    function copy(Leg memory self) internal pure returns (Leg memory) {
        return Leg(self.size, self.basis, self.entry, self.epoch, self.long, self.short);
    }

    /// @dev The word to store, none where nothing is left of the leg.
    function toWord(Leg memory self) internal pure returns (PositionWord word) {
        (bool long, bool short) = (!self.long.isNone(), !self.short.isNone());
        if (self.size == 0 && !long && !short) return word;
        if (SignedMath.abs(self.size) > MAX_SIZE) revert IClearinghouse.SizeOutOfRange(self.size, int256(MAX_SIZE));
        if (SignedMath.abs(self.basis) > uint256(PositionWordLib.MAX_BASIS)) {
            revert IClearinghouse.BasisOutOfRange(self.basis, PositionWordLib.MAX_BASIS);
        }
        return PositionWordLib.encode(self.size, self.basis, self.entry, self.epoch, long, short);
    }

    /// @dev What margin reads beside the open contracts.
    function unpaid(Leg memory self) internal pure returns (UnpaidWord) {
        return UnpaidWordLib.encode(claims(self), debts(self));
    }
}
