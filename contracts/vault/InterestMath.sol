// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {RateModel} from "../interfaces/IMarginVault.sol";
import {RAY, WAD, YEAR} from "../types/Constants.sol";

/// @notice Interest indices of the cash pool at a time, and the scaled totals they apply to.
struct CashState {
    uint256 supplyIndex; // [ray]
    uint256 borrowIndex; // [ray]
    uint256 supplyScaled; // sum of positive scaled cash
    uint256 borrowScaled; // sum of negative scaled cash, as a positive number
}

/// @title Interest on cash: kinked rate, simple within a period, compounding from one accrual to the next.
library InterestMath {
    /// @dev All loans now [wad], up.
    function debtUp(CashState memory state) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(state.borrowScaled, state.borrowIndex, RAY);
    }

    /// @dev All positive cash now [wad], down.
    function supplyDown(CashState memory state) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(state.supplyScaled, state.supplyIndex, RAY);
    }

    /// @dev Loan rate at a utilisation [wad per year], down.
    function borrowRate(RateModel memory model, uint256 utilisation) internal pure returns (uint256) {
        if (utilisation <= model.kink) {
            uint256 part = model.kink == 0 ? 0 : uint256(model.slope1) * utilisation / model.kink;
            return model.baseRate + part;
        }
        uint256 beyond = uint256(model.slope2) * (utilisation - model.kink) / (WAD - model.kink);
        return uint256(model.baseRate) + model.slope1 + beyond;
    }

    /// @dev Brings the indices forward by `elapsed` seconds: loans grow
    /// rounded up, lenders get the rest after the reserve rounded down.
    /// @return interest What the loans grew by [wad].
    function accrue(CashState memory state, RateModel memory model, uint256 elapsed)
        internal
        pure
        returns (uint256 interest)
    {
        if (elapsed == 0 || state.borrowScaled == 0) return 0;
        uint256 debt = debtUp(state);
        uint256 supply = supplyDown(state);
        uint256 utilisation =
            supply == 0 ? 0 : FixedPointMathLib.min(WAD, FixedPointMathLib.fullMulDiv(debt, WAD, supply));
        uint256 rate = borrowRate(model, utilisation);

        state.borrowIndex += FixedPointMathLib.fullMulDivUp(state.borrowIndex, rate * elapsed, WAD * YEAR);
        interest = debtUp(state) - debt;
        uint256 toSuppliers = interest - FixedPointMathLib.fullMulDivUp(interest, model.reserveFactor, WAD);
        if (state.supplyScaled != 0) {
            state.supplyIndex += FixedPointMathLib.fullMulDiv(toSuppliers, RAY, state.supplyScaled);
        }
    }

    /// @dev Cash of a scaled balance [wad]: assets down, debts up.
    function cashOf(int256 scaled, uint256 supplyIndex, uint256 borrowIndex) internal pure returns (int256) {
        // safe because scaled fits int128 and indices fit uint112: the results stay far below 2^255
        if (scaled >= 0) return int256(uint256(scaled) * supplyIndex / RAY);
        return -int256(FixedPointMathLib.fullMulDivUp(uint256(-scaled), borrowIndex, RAY));
    }

    /// @dev Scaled balance of an amount of cash: assets down, debts up.
    function scaledOf(int256 cash, uint256 supplyIndex, uint256 borrowIndex) internal pure returns (int256) {
        // safe because cash is below 2^150 and an index is at least 1e24: the results stay far below 2^255
        if (cash >= 0) return int256(FixedPointMathLib.fullMulDiv(uint256(cash), RAY, supplyIndex));
        return -int256(FixedPointMathLib.fullMulDivUp(uint256(-cash), RAY, borrowIndex));
    }
}
