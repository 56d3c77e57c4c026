// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {CROWDING_START, PPM, PPM_TO_WAD, WAD, YEAR} from "../types/Constants.sol";

/// @title Margin formulas: pure functions of plain numbers, each with its rounding in its comment.
/// @notice Values are wad USD, sizes wad base, ratios wad unless named ppm. Assets round down, charges up.
/// @dev Arithmetic is `unchecked` so that no health check can revert. It is safe because of these bounds, which packed
/// words, the engine's clamps and its configuration check guarantee: |size| < 2^95, |basis| < 2^99, |funding| <
/// 2^116, price <= MAX_PRICE < 2^96, open interest < 2^96, spot amount <= MAX_AMOUNT < 2^128, a shock with its
/// multiplier <= WAD (< 2^85 where an underlying is not configured). So what an account holds is worth less than 2^169,
/// its unrealised profit less than 2^175, and no product reaches 2^254.
library MarginMath {
    /// @dev Prices saturate here, at 79 billion USD a unit [wad USD].
    uint256 internal constant MAX_PRICE = type(uint96).max;
    /// @dev Spot amounts saturate here [wad tokens].
    uint256 internal constant MAX_AMOUNT = type(uint128).max;
    /// @dev In the impact charge notionals saturate here, at 1.4e24 USD [wad USD].
    uint256 internal constant MAX_IMPACT_NOTIONAL = 2 ** 140;

    /* ROUNDING */

    /// @dev a * b / WAD, down.
    function mulDown(uint256 a, uint256 b) internal pure returns (uint256) {
        // safe because every use is inside the bounds above
        unchecked {
            return a * b / WAD;
        }
    }

    /// @dev a * b / WAD, up.
    function mulUp(uint256 a, uint256 b) internal pure returns (uint256) {
        // safe because every use is inside the bounds above
        unchecked {
            return (a * b + (WAD - 1)) / WAD;
        }
    }

    /// @dev a / b, up; b is not 0.
    function divUp(uint256 a, uint256 b) internal pure returns (uint256) {
        // safe because every use is inside the bounds above
        unchecked {
            return (a + b - 1) / b;
        }
    }

    /// @dev a / b of signed numbers, toward minus infinity; b is positive.
    function signedDivDown(int256 a, int256 b) internal pure returns (int256 value) {
        // Equivalent to `value = a / b - (a % b < 0 ? int256(1) : int256(0))`.
        assembly ("memory-safe") {
            // the remainder has the dividend's sign
            value := sub(sdiv(a, b), slt(smod(a, b), 0))
        }
    }

    /// @dev a * b / WAD of signed numbers, toward minus infinity.
    function signedMulDown(int256 a, int256 b) internal pure returns (int256) {
        // safe because every use is inside the bounds above
        unchecked {
            return signedDivDown(a * b, int256(WAD));
        }
    }

    /// @dev |x|.
    function magnitude(int256 x) internal pure returns (uint256) {
        // safe because two's complement negation is exact for every value inside the bounds
        unchecked {
            return x < 0 ? uint256(-x) : uint256(x);
        }
    }

    /* POSITIONS */

    /// @dev Unrealised profit of a leg at `price`, down.
    function legValue(int256 size, int256 basis, int256 funding, uint256 price) internal pure returns (int256) {
        // safe because |size * (price - funding)| < 2^95 * 2^117; casts of values below 2^169
        unchecked {
            return signedMulDown(size, int256(price) - funding) - basis;
        }
    }

    /// @dev Basis that a trade of `size` at `price` adds, up.
    function tradeBasis(int256 size, uint256 price, int256 funding) internal pure returns (int256) {
        // safe because |size * (price - funding)| < 2^95 * 2^117; a ceiling is minus the floor of the negative
        unchecked {
            return -signedMulDown(-size, int256(price) - funding);
        }
    }

    /* SHOCKS AND CHARGES */

    /// @dev A shock [ppm] times a multiplier [wad], up [wad].
    function shock(uint256 ppm, uint256 multiplier) internal pure returns (uint256) {
        // safe because ppm < 2^32 and multiplier < 2^86
        unchecked {
            return divUp(ppm * multiplier, PPM);
        }
    }

    /// @dev Cost of moving `notional` through the market, up: coefficient * X * sqrt(X).
    function impact(uint256 notional, uint256 coefficient) internal pure returns (uint256) {
        if (coefficient == 0) return 0;
        uint256 x = notional < MAX_IMPACT_NOTIONAL ? notional : MAX_IMPACT_NOTIONAL;
        // safe because x <= 2^140 and coefficient < 2^64: the root is below 2^101, the product below 2^246
        unchecked {
            uint256 square = x * WAD;
            uint256 root = FixedPointMathLib.sqrt(square);
            // Equivalent to `if (root * root < square) ++root`.
            assembly ("memory-safe") {
                root := add(root, lt(mul(root, root), square))
            }
            return ((coefficient * x + (WAD - 1)) / WAD * root + (WAD - 1)) / WAD;
        }
    }

    /// @dev Impact charge on spot worth `value`, up. Past the peak, where the charge on one more unit reaches `weight`
    /// (the least a unit ever counts before impact), it grows by `weight` a unit: more spot never lowers health.
    function spotImpact(uint256 value, uint256 coefficient, uint256 weight) internal pure returns (uint256) {
        if (value == 0 || coefficient == 0) return 0;
        // safe because weight <= WAD: root < 2^120, peak < 2^181, and past it the peak is below value < 2^173
        unchecked {
            uint256 root = 2 * weight * WAD / (3 * coefficient);
            uint256 peak = root * root / WAD;
            if (value <= peak) return impact(value, coefficient);
            return divUp(2 * weight * peak, 3 * WAD) + mulUp(weight, value - peak);
        }
    }

    /// @dev Rate charged on matched legs, up [wad]: base [ppm] plus yearly rate [ppm] for `tenor` seconds.
    function basisCharge(uint256 base, uint256 perYear, uint256 tenor) internal pure returns (uint256) {
        // safe because ppm values are below 2^24 and tenors below 2^36
        unchecked {
            return base * PPM_TO_WAD + divUp(perYear * PPM_TO_WAD * tenor, YEAR);
        }
    }

    /// @dev Extra initial margin of a leg in a market beyond half of its cap, up. `slope` [ppm], `utilisation`
    /// [half-percent steps].
    function crowding(uint256 notional, uint256 derivativeShock, uint256 slope, uint256 utilisation)
        internal
        pure
        returns (uint256)
    {
        if (utilisation <= CROWDING_START) return 0;
        // safe because slope * PPM_TO_WAD < 2^64 and notional * derivativeShock / WAD < 2^172
        unchecked {
            uint256 rate = slope * PPM_TO_WAD * (utilisation - CROWDING_START) / CROWDING_START;
            return mulUp(mulUp(notional, derivativeShock), rate);
        }
    }

    /// @dev Scenario loss of a correlation group, up: the sum of losses less `rho` [ppm] of what its members win where
    /// others lose.
    /// @param losses Sum of the members' losses.
    /// @param wins Sum of what each of them wins in its better direction, at most its loss.
    /// @param together The same with the sign of the direction.
    function groupLoss(uint256 losses, uint256 wins, int256 together, uint256 rho) internal pure returns (uint256) {
        // safe because |together| <= wins <= losses < 2^207 and rho <= PPM
        unchecked {
            return divUp(PPM * losses - rho * (wins - magnitude(together)), PPM);
        }
    }

    /* HEALTH */

    /// @dev Health factor, down [wad]; infinite where nothing is required.
    function healthFactor(uint256 numerator, uint256 denominator) internal pure returns (uint256) {
        if (denominator == 0) return type(uint256).max;
        // safe because the numerator is below 2^176
        unchecked {
            return numerator * WAD / denominator;
        }
    }
}
