// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FUNDING_WINDOW, PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {MarketWordLib} from "../types/MarketWord.sol";

/// @title Funding and position arithmetic: pure, exact, in integers.
/// @notice Prices and indices are wad USD per base, sizes wad base, money wad USD, rates ppm of the index per day.
library FundingMath {
    /// @dev Times a day that a premium which stays is paid.
    int256 private constant PAYMENTS_PER_DAY = int256(1 days / FUNDING_WINDOW);
    int256 private constant SIGNED_WAD = int256(WAD);
    int256 private constant WAD_PER_PPM = int256(PPM_TO_WAD);

    /// @notice How far a fill may move the premium, down [wad]: what it moves is paid once on all open interest, and is
    /// at most half of the fill's fees. So trading with oneself costs twice what all others pay.
    /// @param fees Notional of the fill times what both sides pay of it [wad USD * ppm].
    /// @param interest Open interest before the fill plus its size: no less than there is of others after it.
    /// @param mid Index price [wad USD].
    /// @param least Open interest that the fill is weighed against at least [wad USD].
    function reachOf(uint256 fees, uint256 interest, uint256 mid, uint256 least) internal pure returns (uint256) {
        uint256 depth = FixedPointMathLib.max(least, FixedPointMathLib.fullMulDivUp(interest, mid, WAD));
        return FixedPointMathLib.min(WAD, fees * PPM_TO_WAD / (2 * depth));
    }

    /// @notice Premium after a fill at `price`: it moves toward the fill's own, by `reach` at most, and stays within
    /// what makes the highest rate.
    /// @param premium Premium before, in this moment [wad].
    /// @param mid Index price, not 0 where there is a reach [wad USD].
    /// @param reach How far the fill may move it, 0 without a fill [wad].
    /// @param maxRate Highest rate either way [ppm of index per day].
    function premiumAfter(int256 premium, uint256 price, uint256 mid, uint256 reach, uint256 maxRate)
        internal
        pure
        returns (int256)
    {
        if (reach != 0) {
            // safe because prices are below 2^128
            int256 shown = (int256(price) - int256(mid)) * SIGNED_WAD / int256(mid);
            // safe because a reach is at most WAD
            premium = clamp(shown, premium - int256(reach), premium + int256(reach));
        }
        // safe because the highest rate is below 2^24
        int256 limit = int256(FixedPointMathLib.divUp(maxRate * PPM_TO_WAD, uint256(PAYMENTS_PER_DAY)));
        return clamp(premium, -limit, limit);
    }

    /// @notice What is left of a premium after `elapsed` seconds, toward zero [wad].
    function decayed(int256 premium, uint256 elapsed) internal pure returns (int256) {
        return premium * MarketWordLib.decay(elapsed) / SIGNED_WAD;
    }

    /// @notice Funding rate that a premium makes, toward zero [ppm of index per day].
    function rateOf(int256 premium) internal pure returns (int256) {
        return PAYMENTS_PER_DAY * premium / WAD_PER_PPM;
    }

    /// @notice `size * priceLessFunding`, rounded down: what a position is worth before its basis.
    function valueDown(int256 size, int256 priceLessFunding) internal pure returns (int256 value) {
        // safe because sizes fit 96 bits and prices 129
        unchecked {
            int256 product = size * priceLessFunding;
            value = product / SIGNED_WAD;
            if (product < 0 && product % SIGNED_WAD != 0) --value;
        }
    }

    /// @notice `size * priceLessFunding`, rounded up: the basis of a fill, against the account.
    function basisUp(int256 size, int256 priceLessFunding) internal pure returns (int256 value) {
        // safe because sizes fit 96 bits and prices 129
        unchecked {
            int256 product = size * priceLessFunding;
            value = product / SIGNED_WAD;
            if (product > 0 && product % SIGNED_WAD != 0) ++value;
        }
    }

    /// @notice `value` inside [low, high].
    function clamp(int256 value, int256 low, int256 high) internal pure returns (int256) {
        if (value < low) return low;
        return value > high ? high : value;
    }
}
