// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {WAD, YEAR} from "../types/Constants.sol";

/// @title Option mathematics: Black-76 without discounting.
/// @notice Prices, volatilities and logarithms are wad, times seconds. Never reverts: what is too large saturates, and
/// answers are within the no-arbitrage bounds.
/// @dev F. Black, The pricing of commodity contracts, 1976. With m(x) = exp(x^2 / 2) N(-x) and e = F exp(-d1^2 / 2) =
/// K exp(-d2^2 / 2), F N(-d1) is e m(d1) and K N(-d2) is e m(d2): one exponential serves both. Shifts scale fixed-point
/// numbers: what N is made of counts 2^-96.
library OptionMath {
    /// @dev Prices saturate here [wad USD].
    uint256 internal constant MAX_PRICE = type(uint96).max;
    /// @dev Beyond this exp(-d1^2 / 2) is 0 [2^-96].
    int256 private constant MAX_D1 = 20 << 96;

    /* PRICES */

    /// @dev Price of a call [wad USD], N(d1) and exp(-d1^2 / 2) [wad], by ln(F / K) and the standard deviation to
    /// expiry [wad].
    /// @param forward At most MAX_PRICE; so is the strike.
    /// @param log At most 2^68 either way.
    /// @param sd At most 2^120.
    function call(uint256 forward, uint256 strike, int256 log, uint256 sd)
        internal
        pure
        returns (uint256 value, uint256 nd1, uint256 density)
    {
        // safe because the log times 2^96 is below 2^165 and sd times 2^96 below 2^217; past the return |d1| <= 20, so
        // that sd < 54 and |d2| < 74, times 2^96; prices are below 2^96, exp at most 2^60 and m at most 2^95: no
        // product reaches 2^252, and the last difference is clamped to the bounds
        unchecked {
            uint256 least = FixedPointMathLib.zeroFloorSub(forward, strike);
            if (sd == 0) return (least, forward > strike ? WAD : 0, 0);

            int256 apart = int256((sd << 96) / WAD);
            int256 d1 = FixedPointMathLib.rawSDiv(log << 96, int256(sd)) + apart / 2;
            int256 d2 = d1 - apart;
            if (uint256(d1 + MAX_D1) > uint256(2 * MAX_D1)) {
                return d1 > 0 ? (d2 > 0 ? least : forward, WAD, 0) : (least, 0, 0);
            }

            density = uint256(FixedPointMathLib.expWad(-int256(((uint256(d1 * d1) >> 97) * WAD) >> 96)));
            nd1 = (density * _mills(FixedPointMathLib.abs(d1))) >> 96;
            if (d1 > 0) nd1 = WAD - nd1;
            uint256 paid = ((forward * density * _mills(FixedPointMathLib.abs(d2))) >> 96) / WAD;
            if (d2 > 0) paid = strike - paid;

            int256 worth = FixedPointMathLib.max(int256(forward * nd1 / WAD - paid), int256(least));
            value = FixedPointMathLib.min(uint256(worth), forward);
        }
    }

    /// @dev Price of so many puts, one or none, where the call of the same forward and strike is worth `value`; of none
    /// that of the call [wad USD].
    function ofKind(uint256 value, uint256 puts, uint256 forward, uint256 strike) internal pure returns (uint256) {
        // a factor costs less than a branch; safe because a call is worth at least forward - strike
        unchecked {
            return value + puts * (strike - forward);
        }
    }

    /* WHAT PRICES SHARE */

    /// @dev ln(F / K) [wad], at least ln(10^-18); both at most MAX_PRICE.
    function logMoneyness(uint256 forward, uint256 strike) internal pure returns (int256) {
        // safe because forward * WAD < 2^156; rawDiv answers 0 for a strike of 0
        unchecked {
            uint256 ratio = FixedPointMathLib.rawDiv(forward * WAD, strike);
            return FixedPointMathLib.lnWad(int256(ratio == 0 ? 1 : ratio));
        }
    }

    /// @dev Root of a time in years, down [wad]; `tau` below 2^64.
    function rootTime(uint256 tau) internal pure returns (uint256) {
        // safe because WAD^2 is below 2^120
        unchecked {
            return FixedPointMathLib.sqrt(tau * (WAD * WAD) / YEAR);
        }
    }

    /// @dev Standard deviation to expiry, down [wad].
    /// @param volatility Below 2^96 [wad].
    /// @param root Of the time to expiry, from `rootTime`.
    function deviation(uint256 volatility, uint256 root) internal pure returns (uint256) {
        // safe because a root is below 2^80
        unchecked {
            return volatility * root / WAD;
        }
    }

    /// @dev exp(x^2 / 2) N(-x) for x from 0 to 74, all [2^-96].
    /// Rational minimax approximation of degrees 5 and 6 on [0, 7.5], error weighted by exp(-x^2 / 2): 5.0e-15 of N.
    /// Fitted by Remez' exchange algorithm in arithmetic of 60 digits, begun at the least-squares solution on Chebyshev
    /// nodes; then divided by the leading coefficient of the denominator and rounded to multiples of 2^-96.
    function _mills(uint256 x) private pure returns (uint256 m) {
        // Equivalent to `m = 2^96 * P(x) / Q(x)`, both by Horner's rule: `p = (p * x >> 96) + coefficient`, and so `q`.
        assembly ("memory-safe") {
            let p := add(shr(96, mul(31604155084376238458656554650, x)), 498739264334433291700330906426)
            p := add(shr(96, mul(p, x)), 3529352728742038355447961483249)
            p := add(shr(96, mul(p, x)), 14059531076853692435959487651763)
            p := add(shr(96, mul(p, x)), 31783088514469798654759762983777)
            // left times 2^96, so that the quotient needs no scaling
            p := add(mul(p, x), shl(96, 36156655014188104081789906851235))
            let q := add(x, 1249879705180236778687225068418)
            q := add(shr(96, mul(q, x)), 8930440191234142568255308648948)
            q := add(shr(96, mul(q, x)), 36445231699977512676284395987707)
            q := add(shr(96, mul(q, x)), 88716961353865524817546415235343)
            q := add(shr(96, mul(q, x)), 121263850640992841662339495445154)
            q := add(shr(96, mul(q, x)), 72313310028376923276154639168476)
            m := div(p, q)
        }
    }
}
