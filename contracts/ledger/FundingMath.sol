// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PPM, WAD} from "../types/Constants.sol";
import {MarketWord} from "../types/MarketWord.sol";

/// @title Funding and position arithmetic: pure, exact, in integers.
/// @notice Prices and indices are wad USD per base, sizes wad base, money wad USD, rates ppm of the index per day.
library FundingMath {
    /// @dev A single fill teaches a premium of at most 5 % either way [wad].
    int256 internal constant PREMIUM_CLAMP = 0.05e18;
    /// @dev Most time that a fill counts for [s].
    uint256 internal constant FILL_TIME = 60;
    /// @dev Payments per day of the full premium: an eight-hour rate as is customary.
    int256 internal constant PAYMENTS_PER_DAY = 3;

    int256 private constant SIGNED_WAD = int256(WAD);
    int256 private constant PPM_DAYS = int256(PPM * 1 days);
    int256 private constant WAD_PER_PPM = int256(WAD / PPM);

    /// @notice Funding index of a market at `time`, truncated
    /// toward zero; it saturates, for margin code must not revert.
    /// @param word Market word.
    /// @param mid Index price [wad USD].
    function indexAt(MarketWord word, uint256 mid, uint256 time) internal pure returns (int256 index) {
        index = word.fundingIndex();
        int256 rate = word.fundingRate();
        if (rate == 0) return index;
        // safe because mid < 2^128, |rate| < 2^23 and time < 2^64 keep the product below 2^215
        index += int256(mid) * rate * int256(time - word.updatedAt()) / PPM_DAYS;
        return clamp(index, type(int88).min, type(int88).max);
    }

    /// @notice Smoothed premium after a fill of `notional` at `price` (0: no fill, decay only), truncated toward zero.
    /// @dev A fill counts for the time since the last update, but no more than FILL_TIME: after a quiet hour one trade
    /// with oneself must not set the premium. For the rest of the time it decays.
    /// @param old Smoothed premium before [wad].
    /// @param index Index price [wad USD].
    /// @param impactNotional Fill that counts fully [wad USD].
    /// @param window Smoothing window [s].
    /// @param elapsed Time since the last update [s].
    function premiumAfter(
        int256 old,
        uint256 price,
        uint256 index,
        uint256 notional,
        uint256 impactNotional,
        uint256 window,
        uint256 elapsed
    ) internal pure returns (int256) {
        // safe because window and times are seconds and premiums at most PREMIUM_CLAMP
        if (notional == 0 || index == 0) return old * int256(window) / int256(window + elapsed);
        // safe because price and index are below 2^128
        int256 seen =
            clamp((int256(price) - int256(index)) * SIGNED_WAD / int256(index), -PREMIUM_CLAMP, PREMIUM_CLAMP);
        // safe because the weight is at most WAD
        if (notional < impactNotional) seen = seen * int256(notional * WAD / impactNotional) / SIGNED_WAD;

        uint256 counted = elapsed < FILL_TIME ? elapsed : FILL_TIME;
        old = old * int256(window) / int256(window + elapsed - counted);
        return (old * int256(window) + seen * int256(counted)) / int256(window + counted);
    }

    /// @notice Funding rate of a perpetual with this smoothed premium [ppm of index per day].
    function rateOf(int256 premium, uint256 maxRate) internal pure returns (int256) {
        // safe because maxRate is below 2^24
        return clamp(PAYMENTS_PER_DAY * premium / WAD_PER_PPM, -int256(maxRate), int256(maxRate));
    }

    /// @notice `size * priceLessFunding`, rounded down: what a position is worth before its basis.
    function valueDown(int256 size, int256 priceLessFunding) internal pure returns (int256 value) {
        // safe because sizes fit 112 bits and prices 129
        unchecked {
            int256 product = size * priceLessFunding;
            value = product / SIGNED_WAD;
            if (product < 0 && product % SIGNED_WAD != 0) --value;
        }
    }

    /// @notice `size * priceLessFunding`, rounded up: the basis of a fill, against the account.
    function basisUp(int256 size, int256 priceLessFunding) internal pure returns (int256 value) {
        // safe because sizes fit 112 bits and prices 129
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
