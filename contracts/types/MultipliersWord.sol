// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using MultipliersWordLib for MultipliersWord global;

/// @notice What shocks and impact of an underlying are multiplied by, as the volatility source says it.
/// @dev From the lowest bit: maintenance uint128 [wad] | initial uint128 [wad]; 1e18 leaves a shock as it is.
type MultipliersWord is uint256;

/// @dev Multipliers of 1 for both sets.
MultipliersWord constant UNCHANGED = MultipliersWord.wrap(1e18 | 1e18 << 128);

/// @notice Reads and makes multipliers.
library MultipliersWordLib {
    /// @dev Both fit 128 bits [wad].
    function encode(uint256 maintenance_, uint256 initial_) internal pure returns (MultipliersWord) {
        return MultipliersWord.wrap(maintenance_ | initial_ << 128);
    }

    /// @dev [wad].
    function maintenance(MultipliersWord self) internal pure returns (uint256) {
        return MultipliersWord.unwrap(self) & type(uint128).max;
    }

    /// @dev [wad].
    function initial(MultipliersWord self) internal pure returns (uint256) {
        return MultipliersWord.unwrap(self) >> 128;
    }

    /// @dev Whether both leave shocks as they are.
    function areUnchanged(MultipliersWord self) internal pure returns (bool) {
        return MultipliersWord.unwrap(self) == MultipliersWord.unwrap(UNCHANGED);
    }
}
