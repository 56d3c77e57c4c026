// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault} from "../interfaces/IMarginVault.sol";
import {Limits} from "./Limits.sol";

/// @title How much of one token may leave the vault within a window.
/// @dev A bucket that refills evenly over the window, and by what comes in: only net outflow counts, or a deposit and a
/// withdrawal of borrowed tokens would use up everyone's limit.
library Outflow {
    using SafeCast for uint256;

    struct State {
        uint96 capacity; // most that leaves within a window, 0 = no limit [token units]
        int96 used; // of it, at updatedAt; negative where more came in than left [token units]
        uint32 window; // time for the capacity to refill [s]
        uint32 updatedAt; // [s]
    }

    /// @dev So that what is used and its negative fit their slot [token units].
    uint256 private constant MAX_CAPACITY = 2 ** 95 - 1;

    /// @dev Sets the limit of `token`; what is used already stays used.
    function configure(State storage self, address token, uint96 capacity, uint32 window) internal {
        if (capacity != 0 && window == 0) revert IMarginVault.ParameterOutOfRange(window, 1);
        Limits.requireAtMost(capacity, MAX_CAPACITY);
        State memory bucket = self;
        _setUsed(self, bucket.capacity == 0 ? int256(0) : _usedNow(bucket));
        self.capacity = capacity;
        self.window = window;
        emit IMarginVault.OutflowLimitSet(token, capacity, window);
    }

    /// @dev Lets `amount` of `token` out [token units].
    function spend(State storage self, address token, uint256 amount) internal {
        State memory bucket = self;
        if (bucket.capacity == 0) return;
        int256 used = _usedNow(bucket);
        uint256 left = _left(bucket, used);
        if (amount > left) revert IMarginVault.OutflowLimitExceeded(token, amount, left);
        _setUsed(self, used + amount.toInt256());
    }

    /// @dev Counts what came in [token units].
    function refill(State storage self, uint256 amount) internal {
        State memory bucket = self;
        if (bucket.capacity != 0) _setUsed(self, _usedNow(bucket) - amount.toInt256());
    }

    /// @dev What may leave now [token units]; type(uint256).max without a limit.
    function available(State storage self) internal view returns (uint256) {
        State memory bucket = self;
        if (bucket.capacity == 0) return type(uint256).max;
        return _left(bucket, _usedNow(bucket));
    }

    function _setUsed(State storage self, int256 used) private {
        int256 least = type(int96).min;
        // safe because what is used is at most the capacity, checked to fit int96, and the time fits 32 bits until 2106
        self.used = int96(used < least ? least : used);
        self.updatedAt = uint32(block.timestamp);
    }

    /// @dev What is used now: it falls by the capacity, and what came in loses its effect, within a window.
    function _usedNow(State memory bucket) private view returns (int256) {
        uint256 elapsed = FixedPointMathLib.min(block.timestamp - bucket.updatedAt, bucket.window);
        int256 used = bucket.used;
        // safe because every number is below 2^96 and elapsed at most the window, below 2^32
        if (used <= 0) return used - used * int256(elapsed) / int256(uint256(bucket.window));
        int256 refilled = int256(uint256(bucket.capacity) * elapsed / bucket.window);
        return used > refilled ? used - refilled : int256(0);
    }

    function _left(State memory bucket, int256 used) private pure returns (uint256) {
        int256 left = int256(uint256(bucket.capacity)) - used;
        // safe because a positive number is converted
        return left > 0 ? uint256(left) : 0;
    }
}
