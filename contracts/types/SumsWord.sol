// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using SumsWordLib for SumsWord global;

/// @notice Sums of an underlying's hourly variances over its last 1, 6, 24 and 168 hours.
/// @dev Four times uint48 from the lowest bit, the shortest window first [ppm^2].
type SumsWord is uint256;

/// @notice Reads and makes words of sums.
library SumsWordLib {
    /// @dev Windows.
    uint256 internal constant COUNT = 4;

    /// @dev Each is below 168 * 2^40.
    function encode(uint256[4] memory sums) internal pure returns (SumsWord) {
        return SumsWord.wrap(sums[0] | sums[1] << 48 | sums[2] << 96 | sums[3] << 144);
    }

    /// @dev Sum of a window by its place [ppm^2].
    function at(SumsWord self, uint256 place) internal pure returns (uint256) {
        // safe because places are below 4
        unchecked {
            return SumsWord.unwrap(self) >> (48 * place) & type(uint48).max;
        }
    }

    /// @dev Hours of a window by its place.
    function hoursAt(uint256 place) internal pure returns (uint256) {
        // Equivalent to `[1, 6, 24, 168][place]`.
        return uint256(0xa8180601) >> (8 * place) & 0xff;
    }
}
