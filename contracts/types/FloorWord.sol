// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

using FloorWordLib for FloorWord global;

/// @notice Floor of the forecast: two exponentially weighted variances of an underlying's returns.
/// @dev From the lowest bit: fast uint128 | slow uint128, variances of a step [2^-32 ppm^2].
type FloorWord is uint256;

/// @notice Reads and keeps floors.
/// @dev Returns are below 2^24 ppm, so variances are below 2^80, and `unchecked` is safe because no product passes
/// 2^113.
library FloorWordLib {
    uint256 private constant ONE = 2 ** 32;
    /// @dev What a step leaves of each variance [2^-32]: 2^(-1 / 144) and 2^(-1 / 864), half-lives of 12 and 72 hours.
    uint256 private constant FAST = 4_274_343_054;
    uint256 private constant SLOW = 4_291_523_024;
    /// @dev Steps of an hour, and the unit of factors.
    uint256 private constant STEPS = 12;
    uint256 private constant FACTOR_UNIT = 2 ** 20;

    /// @dev Takes in a return over so many steps, which counts once for each of them.
    /// @param square Squared return [ppm^2].
    function add(FloorWord self, uint256 square, uint256 steps) internal pure returns (FloorWord) {
        unchecked {
            uint256 variance = square * ONE / steps;
            uint256 fast_ = _mixed(self.fast(), variance, _power(FAST, steps));
            uint256 slow_ = _mixed(self.slow(), variance, _power(SLOW, steps));
            return FloorWord.wrap(fast_ | slow_ << 128);
        }
    }

    function _mixed(uint256 old, uint256 latest, uint256 kept) private pure returns (uint256) {
        unchecked {
            return (old * kept + latest * (ONE - kept)) / ONE;
        }
    }

    /// @dev A weight to a power, by squaring, every product down.
    function _power(uint256 kept, uint256 steps) private pure returns (uint256 result) {
        if (steps == 1) return kept;
        result = ONE;
        unchecked {
            for (; steps != 0; steps >>= 1) {
                if (steps & 1 != 0) result = result * kept / ONE;
                kept = kept * kept / ONE;
            }
        }
    }

    /// @dev [2^-32 ppm^2].
    function fast(FloorWord self) internal pure returns (uint256) {
        return FloorWord.unwrap(self) & type(uint128).max;
    }

    /// @dev [2^-32 ppm^2].
    function slow(FloorWord self) internal pure returns (uint256) {
        return FloorWord.unwrap(self) >> 128;
    }

    /// @dev Deviation over an hour of the mean of both variances, times a factor, down [ppm].
    /// @param factor [2^-20].
    function forecast(FloorWord self, uint256 factor) internal pure returns (uint256) {
        unchecked {
            uint256 variance = (self.fast() + self.slow()) * STEPS / (2 * ONE);
            return FixedPointMathLib.sqrt(variance) * factor / FACTOR_UNIT;
        }
    }
}
