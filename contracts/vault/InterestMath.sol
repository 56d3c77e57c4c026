// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault, RateModel} from "../interfaces/IMarginVault.sol";
import {CompactUintLib} from "../types/CompactUint.sol";
import {PPM, PPM_TO_WAD, RAY, WAD, YEAR} from "../types/Constants.sol";

/// @notice Interest indices of the cash pool at a time, and the totals they apply to.
struct CashState {
    uint256 supplyIndex; // [ray]
    uint256 borrowIndex; // [ray]
    uint256 supplyScaled; // sum of positive scaled cash
    uint256 borrowScaled; // sum of negative scaled cash, as a positive number
    uint256 pools; // collected from losers, not yet paid to winners [wad]
}

/// @title Interest on cash: kinked rate, simple within a period, compounding from one accrual to the next.
/// @dev Lenders earn on what was lent of theirs. What markets collected and did not pay yet counts as lent like cash of
/// lenders, so that no rate changes when cash moves between the two; what borrowers pay for it is the vault's.
/// Indices and scaled balances are kept to 96 leading bits (`CompactUint`).
library InterestMath {
    /// @dev Most that an account has or owes at an index of 1 [wad], and scaled.
    int256 private constant MAX_CASH = 2 ** 109;
    uint256 private constant MAX_SCALED = 2 ** 237;
    /// @dev Scaled units of a wei at an index of 1, times that index [ray]: a century at the highest rate later a unit
    /// is still below a millionth of a millionth of a dollar.
    uint256 private constant BASE = 2 ** 128 * RAY;
    /// @dev Beyond it nothing accrues, for lenders and borrowers alike; more than e^100 times the first [ray].
    uint256 private constant LAST_INDEX = 2 ** 145 * RAY;

    /// @dev All loans now [wad], up.
    function debtUp(CashState memory state) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(state.borrowScaled, state.borrowIndex, BASE);
    }

    /// @dev All positive cash now [wad], down.
    function supplyDown(CashState memory state) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(state.supplyScaled, state.supplyIndex, BASE);
    }

    /// @dev Part of lenders' and collected cash that is lent [wad], down; all of it where there is none.
    function utilisation(CashState memory state) internal pure returns (uint256) {
        uint256 debt = FixedPointMathLib.fullMulDiv(state.borrowScaled, state.borrowIndex, BASE);
        uint256 lent = FixedPointMathLib.fullMulDivUp(state.supplyScaled, state.supplyIndex, BASE) + state.pools;
        return debt >= lent ? WAD : FixedPointMathLib.fullMulDiv(debt, WAD, lent);
    }

    /// @dev Loan rate at a utilisation [wad per year], down.
    function borrowRate(RateModel memory model, uint256 used) internal pure returns (uint256) {
        uint256 kink = model.kink * PPM_TO_WAD;
        if (used <= kink) return model.baseRate * PPM_TO_WAD + (kink == 0 ? 0 : model.slope1 * used / model.kink);
        uint256 beyond = model.slope2 * (used - kink) / (PPM - model.kink);
        return (uint256(model.baseRate) + model.slope1) * PPM_TO_WAD + beyond;
    }

    /// @dev Brings the indices forward by `elapsed` seconds: that of loans by the rate, rounded up; that of lenders by
    /// the rate on the part that is lent, after the reserve, rounded down: never by more than the rate.
    function accrue(CashState memory state, RateModel memory model, uint256 elapsed) internal pure {
        uint256 used = utilisation(state);
        uint256 growth = borrowRate(model, used) * elapsed;
        uint256 index = state.borrowIndex + FixedPointMathLib.fullMulDivUp(state.borrowIndex, growth, WAD * YEAR);
        index = CompactUintLib.up(index).value();
        if (index > LAST_INDEX) return;

        state.borrowIndex = index;
        uint256 earned = growth * used * (PPM - model.reserveFactor);
        index = state.supplyIndex + FixedPointMathLib.fullMulDiv(state.supplyIndex, earned, WAD * YEAR * WAD * PPM);
        state.supplyIndex = CompactUintLib.down(index).value();
    }

    /// @dev Cash of a scaled balance [wad]: assets down, debts up.
    function cashOf(int256 scaled, uint256 supplyIndex, uint256 borrowIndex) internal pure returns (int256) {
        // safe because scaled is at most MAX_SCALED and an index at most LAST_INDEX: the results are at most 2^254
        if (scaled >= 0) return int256(FixedPointMathLib.fullMulDiv(uint256(scaled), supplyIndex, BASE));
        return -int256(FixedPointMathLib.fullMulDivUp(uint256(-scaled), borrowIndex, BASE));
    }

    /// @dev Scaled balance of an amount of cash: assets down, debts up.
    function scaledOf(int256 cash, uint256 supplyIndex, uint256 borrowIndex) internal pure returns (int256) {
        bool owes = cash < 0;
        // safe because the sign is looked at first
        uint256 scaled = owes
            ? FixedPointMathLib.fullMulDivUp(uint256(-cash), BASE, borrowIndex)
            : FixedPointMathLib.fullMulDiv(uint256(cash), BASE, supplyIndex);
        if (scaled > MAX_SCALED) revert IMarginVault.AmountOutOfRange(cash, owes ? -MAX_CASH : MAX_CASH);
        // safe because of the bound
        return owes ? -int256(CompactUintLib.up(scaled).value()) : int256(CompactUintLib.down(scaled).value());
    }
}
