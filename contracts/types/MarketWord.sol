// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {FUNDING_WINDOW, PPM, WAD} from "./Constants.sol";

using MarketWordLib for MarketWord global;

/// @notice What margin must know of a market, in one storage slot; 0 for what was never listed.
/// @dev From the lowest bit: fundingIndex int88 [wad USD per base] | openInterest uint96 [wad base] | updatedAt uint32
/// [s] | fundingRate int24 [ppm of index per day] | utilisation uint8 [half-percent of the cap, up] | flags uint8.
type MarketWord is uint256;

/// @notice Reads and makes market words.
library MarketWordLib {
    uint256 internal constant FLAG_LISTED = 1;
    /// @dev Only reductions are traded.
    uint256 internal constant FLAG_REDUCE_ONLY = 2;
    /// @dev Some loss was shared: legs of older epochs may bear a part.
    uint256 internal constant FLAG_LOSSES = 4;
    /// @dev Expired and settled at a final price.
    uint256 internal constant FLAG_SETTLED = 8;
    /// @dev The contracts of both sides are kept as they were before prices were no longer calm.
    uint256 internal constant FLAG_UNITS_KEPT = 16;

    uint256 private constant FLAGS_SHIFT = 248;
    /// @dev Divides price, daily rate [ppm] and what has decayed [wad].
    int256 private constant PAID_SCALE = int256(PPM * WAD * (1 days / FUNDING_WINDOW));

    /// @dev Callers have checked that every field fits its width.
    function encode(
        int256 fundingIndex_,
        uint256 openInterest_,
        uint256 updatedAt_,
        int256 fundingRate_,
        uint256 utilisation_,
        uint256 flags_
    ) internal pure returns (MarketWord) {
        // safe because callers range-check every field to the width stated above
        return MarketWord.wrap(
            (uint256(fundingIndex_) & type(uint88).max) | (openInterest_ << 88) | (updatedAt_ << 184)
                | ((uint256(fundingRate_) & type(uint24).max) << 216) | (utilisation_ << 240) | (flags_ << FLAGS_SHIFT)
        );
    }

    /// @dev When last updated [wad USD per base].
    function fundingIndex(MarketWord self) internal pure returns (int256) {
        // safe because the low 88 bits are the signed index
        return int88(uint88(MarketWord.unwrap(self)));
    }

    /// @dev Size of all longs [wad base].
    function openInterest(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 88) & type(uint96).max;
    }

    /// @dev When funding was last brought to date [s].
    function updatedAt(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 184) & type(uint32).max;
    }

    /// @dev At that time; it decays from then on [ppm of the index per day].
    function fundingRate(MarketWord self) internal pure returns (int256) {
        // safe because bits 216-239 are the signed rate
        return int24(uint24(MarketWord.unwrap(self) >> 216));
    }

    /// @dev Funding index at `time`, not before its last update: what has decayed of the premium since then is paid.
    /// Toward zero, and held where the field ends, for margin code must not revert [wad USD per base].
    function fundingAt(MarketWord self, uint256 mid, uint256 time) internal pure returns (int256 index) {
        index = fundingIndex(self);
        int256 rate = fundingRate(self);
        if (rate == 0) return index;
        // safe because mid < 2^128, |rate| < 2^23 and at most WAD < 2^60 decays
        unchecked {
            index += int256(mid) * rate * (int256(WAD) - decay(time - updatedAt(self))) / PAID_SCALE;
        }
        if (index > type(int88).max) return type(int88).max;
        if (index < type(int88).min) return type(int88).min;
    }

    /// @dev What is left of a premium after `elapsed` seconds, e^(-elapsed / FUNDING_WINDOW), down [wad of it].
    function decay(uint256 elapsed) internal pure returns (int256) {
        // safe because times are far below 2^190; the exponential of a negative number does not revert
        unchecked {
            return FixedPointMathLib.expWad(-int256(elapsed * WAD / FUNDING_WINDOW));
        }
    }

    /// @dev Open interest over its cap, up [half-percent].
    function utilisation(MarketWord self) internal pure returns (uint256) {
        return (MarketWord.unwrap(self) >> 240) & 0xff;
    }

    /// @dev FLAG_*, a bit each.
    function flags(MarketWord self) internal pure returns (uint256) {
        return MarketWord.unwrap(self) >> FLAGS_SHIFT;
    }

    function isListed(MarketWord self) internal pure returns (bool) {
        return flags(self) & FLAG_LISTED != 0;
    }

    function isReduceOnly(MarketWord self) internal pure returns (bool) {
        return flags(self) & FLAG_REDUCE_ONLY != 0;
    }

    function hasLosses(MarketWord self) internal pure returns (bool) {
        return flags(self) & FLAG_LOSSES != 0;
    }

    function isSettled(MarketWord self) internal pure returns (bool) {
        return flags(self) & FLAG_SETTLED != 0;
    }

    function hasKeptUnits(MarketWord self) internal pure returns (bool) {
        return flags(self) & FLAG_UNITS_KEPT != 0;
    }

    /// @dev The same with a flag set.
    function with(MarketWord self, uint256 flag) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) | flag << FLAGS_SHIFT);
    }

    /// @dev The same with a flag cleared.
    function without(MarketWord self, uint256 flag) internal pure returns (MarketWord) {
        return MarketWord.wrap(MarketWord.unwrap(self) & ~(flag << FLAGS_SHIFT));
    }

    /// @dev The same with funding brought to a time.
    function withFunding(MarketWord self, int256 index, uint256 time, int256 rate) internal pure returns (MarketWord) {
        return encode(index, openInterest(self), time, rate, utilisation(self), flags(self));
    }

    /// @dev The same with another size of all longs.
    function withInterest(MarketWord self, uint256 interest, uint256 used) internal pure returns (MarketWord) {
        return encode(fundingIndex(self), interest, updatedAt(self), fundingRate(self), used, flags(self));
    }
}
