// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Slice} from "../interfaces/IOptionOracle.sol";

/// @notice A slice of a volatility surface and the time of its post, in one storage slot.
/// @dev a int32 | b uint32 | rho int24 | m int32 | sigma uint32 | carry int24 | time uint32 [s], from the lowest bit up.
library SliceWord {
    function encode(Slice memory s, uint256 time) internal pure returns (uint256) {
        // safe because the casts of signed fields keep their bits, and a time fits 32
        return uint256(uint32(s.a)) | uint256(s.b) << 32 | uint256(uint24(s.rho)) << 64 | uint256(uint32(s.m)) << 88
            | uint256(s.sigma) << 120 | uint256(uint24(s.carry)) << 152 | time << 176;
    }

    /// @dev Writes the fields into `s`.
    function decode(uint256 word, Slice memory s) internal pure {
        // safe because each cast keeps exactly the bits of its field
        s.a = int32(uint32(word));
        s.b = uint32(word >> 32);
        s.rho = int24(uint24(word >> 64));
        s.m = int32(uint32(word >> 88));
        s.sigma = uint32(word >> 120);
        s.carry = int24(uint24(word >> 152));
    }

    /// @dev When the slice was posted; 0 where there is none [s].
    function timeOf(uint256 word) internal pure returns (uint256) {
        return word >> 176;
    }
}
