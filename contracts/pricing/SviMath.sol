// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {PPM, PPM_TO_WAD, WAD, YEAR} from "../types/Constants.sol";
import {Slice} from "../types/SliceWord.sol";
import {OptionMath} from "./OptionMath.sol";

/// @title SVI mathematics: annual variance of a slice, its derivatives, what makes it free of butterflies, its forward.
/// @notice v(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)); variances, log-moneyness and total variances are
/// wad.
/// @dev J. Gatheral, The Volatility Surface, 2006; the condition on butterflies: J. Gatheral, A. Jacquier,
/// Arbitrage-free SVI volatility surfaces, 2014, after V. Durrleman. Divisions go toward zero.
/// `unchecked` is safe because parameters have at most 32 bits, so that |m|, sigma and b are below 2^72, and |rho|
/// below 2^64; because |k| is below 2^70, so that a root is below 2^74 and a variance below 2^107; and because times
/// are below 2^36.
library SviMath {
    /// @dev Volatilities are within these [wad a year].
    uint256 internal constant MIN_VOLATILITY = 0.01e18;
    uint256 internal constant MAX_VOLATILITY = 10e18;
    /// @dev Square of the least volatility [wad].
    int256 internal constant MIN_VARIANCE = 1e14;
    /// @dev Square of the greatest volatility [wad].
    int256 private constant MAX_VARIANCE = 100e18;

    /* FORWARD */

    /// @dev Forward of an index at most OptionMath.MAX_PRICE, with the carry toward zero: from half to one and a half
    /// of the index, at least 1 wei, at most MAX_PRICE [wad USD].
    function forward(uint256 index, int256 carry, uint256 tau) internal pure returns (uint256) {
        unchecked {
            int256 drifted = int256(index) + int256(index) * carry * int256(tau) / int256(PPM * YEAR);
            int256 least = int256(index - index / 2);
            int256 most = int256(FixedPointMathLib.min(index + index / 2, OptionMath.MAX_PRICE));
            return uint256(FixedPointMathLib.clamp(drifted, least, most));
        }
    }

    /* VARIANCE */

    /// @dev Annual variance at log-moneyness `k`.
    function variance(Slice memory s, int256 k) internal pure returns (int256) {
        unchecked {
            (int256 distance, int256 root) = _distance(s, k);
            return _variance(s, distance, root);
        }
    }

    /// @dev Volatility of an annual variance, down, within its limits [wad a year].
    function volatility(int256 annual) internal pure returns (uint256) {
        if (annual <= MIN_VARIANCE) return MIN_VOLATILITY;
        if (annual >= MAX_VARIANCE) return MAX_VOLATILITY;
        unchecked {
            return FixedPointMathLib.sqrt(uint256(annual) * WAD);
        }
    }

    /// @dev Reads the smile at log-moneyness `k`; for less where it was read near before.
    /// @param near Level, and in `nearApart` the distance, that were read before; 0: none.
    /// @return level Volatility [wad a year].
    /// @return slope By how much it grows with log-moneyness: at a limit not at all [wad a year].
    /// @return apart Distance from where the slice bends most, sqrt((k - m)^2 + sigma^2), at least 1 [wad].
    function smile(Slice memory s, int256 k, uint256 near, uint256 nearApart)
        internal
        pure
        returns (uint256 level, int256 slope, uint256 apart)
    {
        unchecked {
            (int256 distance, uint256 square) = _squared(s, k);
            apart = FixedPointMathLib.max(_rootNear(square, nearApart), 1);
            int256 root = int256(apart);
            int256 annual = _variance(s, distance, root);
            if (annual <= MIN_VARIANCE || annual >= MAX_VARIANCE) return (volatility(annual), 0, apart);
            level = _rootNear(uint256(annual) * WAD, near);
            if (level == MIN_VOLATILITY) return (level, 0, apart);
            // safe because b is below 2^32 and the bracket below 2^62
            int256 lean = int256(s.rho) * int256(PPM_TO_WAD) + FixedPointMathLib.rawSDiv(distance * int256(WAD), root);
            slope =
                FixedPointMathLib.rawSDiv(int256(uint256(s.b)) * lean / int256(PPM) * int256(WAD), int256(2 * level));
        }
    }

    /// @dev Root of a number below 2^216, down; for less where it is within a tenth of `near`.
    function _rootNear(uint256 x, uint256 near) private pure returns (uint256 root) {
        bool found;
        // hot loop: it runs ten times for every series
        // four of Newton's steps, then whether root^2 <= x < (root + 1)^2
        // Equivalent to `root = FixedPointMathLib.sqrt(x)`, where that is found.
        assembly ("memory-safe") {
            root := shr(1, add(near, div(x, near)))
            root := shr(1, add(root, div(x, root)))
            root := shr(1, add(root, div(x, root)))
            root := shr(1, add(root, div(x, root)))
            root := sub(root, lt(div(x, root), root))
            // safe because no square of a root that fits 108 bits overflows
            found := iszero(or(gt(sub(x, mul(root, root)), shl(1, root)), shr(108, root)))
        }
        if (!found) root = FixedPointMathLib.sqrt(x);
    }

    /// @dev Total variance to expiry, of an annual one.
    function total(int256 annual, uint256 tau) internal pure returns (int256) {
        unchecked {
            return annual * int256(tau) / int256(YEAR);
        }
    }

    /// @dev Least annual variance of any strike: a + b sigma sqrt(1 - rho^2); |rho| is below 1.
    function leastVariance(Slice memory s) internal pure returns (int256) {
        unchecked {
            // safe because |rho| < 10^6 and the product of roots is below 10^18
            uint256 sine =
                FixedPointMathLib.sqrt(uint256(int256(PPM * PPM) - int256(s.rho) * s.rho) * (PPM_TO_WAD * PPM_TO_WAD));
            return int256(s.a) * int256(PPM_TO_WAD) + int256(uint256(s.b) * s.sigma * sine / PPM_TO_WAD);
        }
    }

    /* ARBITRAGE */

    /// @dev Durrleman's g at `k` [wad], for `tau` seconds to expiry: a density is negative where it is. With w = v tau,
    /// w' / w is v' / v, so that small variances to expiry lose no digits. The least variance is MIN_VARIANCE, sigma
    /// above 0: then no term reaches 2^193.
    function durrleman(Slice memory s, int256 k, uint256 tau) internal pure returns (int256) {
        unchecked {
            int256 one = int256(WAD);
            (int256 distance, int256 root) = _distance(s, k);
            int256 v = FixedPointMathLib.max(_variance(s, distance, root), MIN_VARIANCE);
            int256 inYears = int256(tau * WAD / YEAR);

            int256 b = int256(uint256(s.b) * PPM_TO_WAD);
            int256 slope = b * (int256(s.rho) * int256(PPM_TO_WAD) + distance * one / root) / one;
            int256 sigma = int256(uint256(s.sigma) * PPM_TO_WAD);
            int256 curvature = b * (sigma * sigma / root) / root * one / root;

            int256 lean = one - k * slope / (2 * v);
            int256 square = slope * slope / one;
            return lean * lean / one - square * inYears / (4 * v) - square * inYears / one * inYears / (16 * one)
                + curvature * inYears / (2 * one);
        }
    }

    /// @dev k - m and sqrt((k - m)^2 + sigma^2), down, at least 1 [wad].
    function _distance(Slice memory s, int256 k) private pure returns (int256 distance, int256 root) {
        uint256 square;
        (distance, square) = _squared(s, k);
        root = int256(FixedPointMathLib.sqrt(square));
        if (root == 0) root = 1;
    }

    /// @dev k - m [wad] and (k - m)^2 + sigma^2 [wad^2].
    function _squared(Slice memory s, int256 k) private pure returns (int256 distance, uint256 square) {
        unchecked {
            distance = k - int256(s.m) * int256(PPM_TO_WAD);
            int256 sigma = int256(uint256(s.sigma) * PPM_TO_WAD);
            square = uint256(distance * distance + sigma * sigma);
        }
    }

    function _variance(Slice memory s, int256 distance, int256 root) private pure returns (int256) {
        unchecked {
            int256 wing = int256(s.rho) * distance + int256(PPM) * root;
            return int256(s.a) * int256(PPM_TO_WAD) + int256(uint256(s.b)) * wing / int256(PPM_TO_WAD);
        }
    }
}
