// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using GroupWordLib for GroupWord global;

/// @notice Offsets inside a correlation group [ppm].
struct GroupParams {
    uint24 rhoMaintenance;
    uint24 rhoInitial;
}

/// @notice Offsets of a correlation group, six bytes at the top of a word, as they lie in the risk table.
/// @dev From the highest bit: rhoMaintenance uint24 [ppm] | rhoInitial uint24 [ppm]. What lies below is not part of it.
type GroupWord is uint256;

/// @notice Reads and makes offsets.
library GroupWordLib {
    uint256 private constant REST = type(uint208).max;

    /// @dev The same with other offsets; what lies below them stays.
    function with(GroupWord self, GroupParams memory g) internal pure returns (GroupWord) {
        uint256 rest = GroupWord.unwrap(self) & REST;
        return GroupWord.wrap(uint256(g.rhoMaintenance) << 232 | uint256(g.rhoInitial) << 208 | rest);
    }

    /// @dev Offset of a margin set [ppm].
    function rho(GroupWord self, bool initial) internal pure returns (uint256) {
        uint256 word = GroupWord.unwrap(self);
        return initial ? (word >> 208) & type(uint24).max : word >> 232;
    }

    /// @dev Both offsets.
    function decode(GroupWord self) internal pure returns (GroupParams memory) {
        // casts are safe because `rho` masks its field
        return GroupParams(uint24(rho(self, false)), uint24(rho(self, true)));
    }
}
