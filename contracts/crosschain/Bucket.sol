// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @title How much may pass within a window: a bucket that refills evenly over it.
library Bucket {
    struct State {
        uint128 used; // of the capacity, at updatedAt [token units]
        uint64 updatedAt; // [s]
    }

    /// @dev What may pass now [token units, down].
    function available(State storage self, uint256 capacity, uint256 window) internal view returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(capacity, _used(self, capacity, window));
    }

    /// @dev Counts what passes, at most what is available [token units].
    function spend(State storage self, uint256 capacity, uint256 window, uint256 amount) internal {
        // safe because what is used is at most the capacity, of 128 bits, or what was before; times fit 64 bits
        self.used = uint128(_used(self, capacity, window) + amount);
        self.updatedAt = uint64(block.timestamp);
    }

    /// @dev What is used now [token units, up].
    function _used(State storage self, uint256 capacity, uint256 window) private view returns (uint256) {
        uint256 elapsed = FixedPointMathLib.min(block.timestamp - self.updatedAt, window);
        return FixedPointMathLib.zeroFloorSub(self.used, capacity * elapsed / window);
    }
}
