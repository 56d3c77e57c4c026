// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using ArrayNodesLib for ArrayNodes global;

/// @notice Profits of one long contract in sixteen scenarios.
/// @dev From the lowest bit: sixteen times int16 [units of the array's meta].
type ArrayNodes is uint256;

/// @notice Reads nodes.
library ArrayNodesLib {
    uint256 private constant LANE_BITS = 16;

    /// @dev Profit in a lane from 0 to 15 [units].
    function at(ArrayNodes self, uint256 lane) internal pure returns (int256) {
        // safe because the cast keeps exactly the bits of the lane
        return int16(uint16(ArrayNodes.unwrap(self) >> (LANE_BITS * lane)));
    }
}
