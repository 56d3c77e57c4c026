// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Leg, LegLib} from "contracts/ledger/Leg.sol";
import {ClaimWord, ClaimWordLib} from "contracts/types/ClaimWord.sol";
import {LossRecordLib} from "contracts/types/LossRecord.sol";
import {PositionWord} from "contracts/types/PositionWord.sol";

/// @notice A leg as plain numbers.
struct LegNumbers {
    int256 size;
    int256 basis;
    uint256 entry;
    uint256 epoch;
    int256 longAmount;
    uint256 longUnits;
    int256 shortAmount;
    uint256 shortUnits;
}

/// @notice One case: a leg, another one of its market, and what happens to them.
struct LedgerCase {
    LegNumbers leg;
    LegNumbers other;
    int256 change;
    uint256 price;
    int256 funding;
    uint256 mid;
    uint256 paid;
    uint256 perUnit;
    uint256 recordPrice;
    bool longsPay;
    uint256 room;
    uint256 fraction;
}

/// @notice The leg after each of what happens, every time from the start.
struct LedgerAnswer {
    LegNumbers filled;
    LegNumbers claimsPaid;
    LegNumbers debtsPaid;
    LegNumbers met;
    LegNumbers borne;
    uint256 bornePart;
    LegNumbers left;
    LegNumbers part;
    LegNumbers absorbed;
    int256 value;
    uint256 claims;
    uint256 debts;
}

/// @notice The library of legs, many cases a call.
contract LedgerProbe {
    function answer(LedgerCase[] memory cases) external pure returns (LedgerAnswer[] memory answers) {
        answers = new LedgerAnswer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            _open(cases[i], answers[i]);
            _unpaid(cases[i], answers[i]);
            _moved(cases[i], answers[i]);
        }
    }

    /// @dev Fills as the clearinghouse does: what is met is closed, the rest opened.
    function _open(LedgerCase memory c, LedgerAnswer memory a) private pure {
        Leg memory leg = _legOf(c.leg);
        int256 carry = int256(c.price) - c.funding;
        a.value = leg.value(carry);
        int256 change = c.change;
        if (leg.size != 0 && leg.size > 0 != change > 0) {
            uint256 part = FixedPointMathLib.min(SignedMath.abs(leg.size), SignedMath.abs(change));
            leg.realise(part, carry);
            change += change > 0 ? -int256(part) : int256(part);
        }
        if (change != 0) leg.grow(change, carry, c.mid);
        a.filled = _stored(leg);
    }

    function _unpaid(LedgerCase memory c, LedgerAnswer memory a) private pure {
        Leg memory leg = _legOf(c.leg);
        (a.claims, a.debts) = (leg.unpaid().claims(), leg.unpaid().debts());
        leg.payClaims(FixedPointMathLib.min(c.paid, a.claims));
        a.claimsPaid = _stored(leg);
        leg = _legOf(c.leg);
        leg.payDebts(FixedPointMathLib.min(c.paid, a.debts));
        a.debtsPaid = _stored(leg);
        leg = _legOf(c.leg);
        leg.offset();
        a.met = _stored(leg);
        leg = _legOf(c.leg);
        a.bornePart = leg.bear(LossRecordLib.encode(c.perUnit, c.recordPrice, c.longsPay), c.room);
        a.borne = _stored(leg);
    }

    function _moved(LedgerCase memory c, LedgerAnswer memory a) private pure {
        Leg memory leg = _legOf(c.leg);
        a.part = _numbers(leg.cut(c.fraction, 1e18));
        a.left = _stored(leg);
        leg = _legOf(c.leg);
        leg.absorb(_legOf(c.other), int256(c.price) - c.funding);
        a.absorbed = _stored(leg);
    }

    function _legOf(LegNumbers memory n) private pure returns (Leg memory) {
        return Leg(
            n.size,
            n.basis,
            n.entry,
            n.epoch,
            ClaimWordLib.encode(n.longAmount, n.longUnits),
            ClaimWordLib.encode(n.shortAmount, n.shortUnits)
        );
    }

    function _numbers(Leg memory leg) private pure returns (LegNumbers memory) {
        return LegNumbers(
            leg.size,
            leg.basis,
            leg.entry,
            leg.epoch,
            leg.long.amount(),
            leg.long.units(),
            leg.short.amount(),
            leg.short.units()
        );
    }

    /// @dev The leg as it is read after it was written.
    function _stored(Leg memory leg) private pure returns (LegNumbers memory) {
        PositionWord word = leg.toWord();
        Leg memory read = LegLib.read(word);
        (ClaimWord long, ClaimWord short) = (leg.long, leg.short);
        if (word.hasLongClaim()) read.long = long;
        if (word.hasShortClaim()) read.short = short;
        return _numbers(read);
    }
}
