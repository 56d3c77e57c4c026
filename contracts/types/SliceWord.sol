// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using SliceWordLib for SliceWord global;

/// @notice One slice of a volatility surface: annual variance v(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)) at
/// k = ln(K / F), and the carry of the forward F = S (1 + carry * tau).
struct Slice {
    int32 a; // [1e-6 of variance a year]
    uint32 b; // [1e-6]
    int24 rho; // [ppm]
    int32 m; // [1e-6]
    uint32 sigma; // [1e-6]
    int24 carry; // [ppm a year]
}

/// @notice A slice and the time of its post, in one storage slot; 0 where there is none.
/// @dev From the lowest bit: a int32 | b uint32 | rho int24 | m int32 | sigma uint32 | carry int24 | time uint32 [s].
type SliceWord is uint256;

/// @notice Reads and makes slices.
library SliceWordLib {
    /// @dev A slice posted at `time` [s], which fits 32 bits.
    function encode(Slice memory s, uint256 time) internal pure returns (SliceWord) {
        // safe because the casts of signed fields keep their bits, and a time fits 32
        return SliceWord.wrap(
            uint256(uint32(s.a)) | uint256(s.b) << 32 | uint256(uint24(s.rho)) << 64 | uint256(uint32(s.m)) << 88
                | uint256(s.sigma) << 120 | uint256(uint24(s.carry)) << 152 | time << 176
        );
    }

    /// @dev Writes the fields into `s`.
    function decode(SliceWord self, Slice memory s) internal pure {
        uint256 word = SliceWord.unwrap(self);
        // safe because each cast keeps exactly the bits of its field
        s.a = int32(uint32(word));
        s.b = uint32(word >> 32);
        s.rho = int24(uint24(word >> 64));
        s.m = int32(uint32(word >> 88));
        s.sigma = uint32(word >> 120);
        s.carry = int24(uint24(word >> 152));
    }

    /// @dev When the slice was posted; 0 where there is none [s].
    function postedAt(SliceWord self) internal pure returns (uint256) {
        return SliceWord.unwrap(self) >> 176;
    }

    /// @dev Whether there is no slice.
    function isNone(SliceWord self) internal pure returns (bool) {
        return SliceWord.unwrap(self) == 0;
    }
}
