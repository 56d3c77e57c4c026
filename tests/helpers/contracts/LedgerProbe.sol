// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Claims, ClaimsLib} from "contracts/ledger/Claims.sol";
import {FundingMath} from "contracts/ledger/FundingMath.sol";
import {Leg, LegLib} from "contracts/ledger/Leg.sol";
import {ClaimWordLib} from "contracts/types/ClaimWord.sol";
import {LossRecordLib} from "contracts/types/LossRecord.sol";

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
    int256 recordCarry;
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
    LegNumbers taken;
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
        (Leg memory leg, Claims memory claims) = _read(c.leg);
        int256 carry = int256(c.price) - c.funding;
        a.value = leg.value(carry);
        int256 change = c.change;
        if (leg.size != 0 && leg.size > 0 != change > 0) {
            uint256 part = FixedPointMathLib.min(SignedMath.abs(leg.size), SignedMath.abs(change));
            _realise(leg, claims, part, carry, c.mid);
            change += change > 0 ? -int256(part) : int256(part);
        }
        if (change != 0) leg.grow(change, carry, change > 0 == c.price < c.mid ? c.price : c.mid);
        a.filled = _stored(leg, claims);
    }

    function _realise(Leg memory leg, Claims memory claims, uint256 part, int256 carry, uint256 mid) private pure {
        (int256 size, int256 basis) = leg.split(part);
        int256 made = FundingMath.valueDown(size, carry) - basis;
        claims.credit(size > 0, made, ClaimsLib.unitsOf(made, part, mid, false));
    }

    function _unpaid(LedgerCase memory c, LedgerAnswer memory a) private pure {
        (Leg memory leg, Claims memory claims) = _read(c.leg);
        (a.claims, a.debts) = (claims.owed(), claims.debts());
        claims.settle(FixedPointMathLib.min(c.paid, a.claims), 1);
        a.claimsPaid = _stored(leg, claims);
        (leg, claims) = _read(c.leg);
        claims.settle(FixedPointMathLib.min(c.paid, a.debts), -1);
        a.debtsPaid = _stored(leg, claims);
        (leg, claims) = _read(c.leg);
        claims.pay(0, 0);
        a.met = _stored(leg, claims);
        (leg, claims) = _read(c.leg);
        a.bornePart =
            claims.bear(leg, LossRecordLib.encode(c.perUnit, c.recordPrice, c.recordCarry, c.longsPay), c.room);
        a.borne = _stored(leg, claims);
    }

    /// @dev Moves as the clearinghouse does: what meets the other side is closed, the rest comes with its basis.
    function _moved(LedgerCase memory c, LedgerAnswer memory a) private pure {
        (Leg memory taker, Claims memory taken) = _read(c.leg);
        (Leg memory giver, Claims memory given) = _read(c.other);
        int256 carry = int256(c.price) - c.funding;
        uint256 part = SignedMath.abs(giver.size) * c.fraction / 1e18;
        if (part != 0 && taker.size != 0 && taker.size > 0 != giver.size > 0) {
            uint256 matched = FixedPointMathLib.min(SignedMath.abs(taker.size), part);
            _realise(taker, taken, matched, carry, c.mid);
            _realise(giver, taken, matched, carry, c.mid);
            part -= matched;
        }
        if (part != 0) {
            uint256 entry = giver.entry;
            (int256 size, int256 basis) = giver.split(part);
            taker.add(size, basis, entry);
        }
        taken.absorb(given.cut(c.fraction));
        a.left = _stored(giver, given);
        a.taken = _stored(taker, taken);
    }

    function _read(LegNumbers memory n) private pure returns (Leg memory leg, Claims memory claims) {
        claims =
            Claims(ClaimWordLib.encode(n.longAmount, n.longUnits), ClaimWordLib.encode(n.shortAmount, n.shortUnits));
        leg = Leg(n.size, n.basis, n.entry, n.epoch, claims.left());
    }

    /// @dev The leg as it is read after it was written.
    function _stored(Leg memory leg, Claims memory claims) private pure returns (LegNumbers memory) {
        leg.claims = claims.left();
        Leg memory read = LegLib.read(leg.toWord());
        if (read.claims != leg.claims) return LegNumbers(0, 0, 0, 0, 0, 0, 0, 0);
        return LegNumbers(
            read.size,
            read.basis,
            read.entry,
            read.epoch,
            claims.long.amount(),
            claims.long.units(),
            claims.short.amount(),
            claims.short.units()
        );
    }
}
