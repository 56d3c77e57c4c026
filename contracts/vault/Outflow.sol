// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault} from "../interfaces/IMarginVault.sol";

/// @title How much of each token may leave the vault within a window.
/// @dev A bucket that refills evenly over the window, and by what comes in: only net outflow counts, or a deposit and a
/// withdrawal of borrowed tokens would use up everyone's limit.
library Outflow {
    using SafeCast for uint256;

    struct Bucket {
        uint96 capacity; // most that leaves within a window, 0 = no limit [token units]
        int96 used; // of it, at updatedAt; negative where more came in than left [token units]
        uint32 window; // time for the capacity to refill [s]
        uint32 updatedAt; // [s]
    }

    struct State {
        mapping(address token => Bucket) buckets;
    }

    /// @dev So that what is used and its negative fit their slot [token units].
    uint256 private constant MAX_CAPACITY = 2 ** 95 - 1;

    /// @dev Sets the limit of `token`; what is used already stays used.
    function configure(State storage self, address token, uint96 capacity, uint32 window) internal {
        if (capacity != 0 && window == 0) revert IMarginVault.ParameterOutOfRange(window, 1);
        if (capacity > MAX_CAPACITY) revert IMarginVault.ParameterOutOfRange(capacity, MAX_CAPACITY);
        Bucket memory bucket = self.buckets[token];
        int256 used = bucket.capacity == 0 ? int256(0) : _usedNow(bucket);
        (bucket.capacity, bucket.window) = (capacity, window);
        _store(self, token, bucket, used);
        emit IMarginVault.OutflowLimitSet(token, capacity, window);
    }

    /// @dev Lets `amount` of `token` out [token units].
    function spend(State storage self, address token, uint256 amount) internal {
        Bucket memory bucket = self.buckets[token];
        if (bucket.capacity == 0) return;
        int256 used = _usedNow(bucket);
        uint256 left = _left(bucket, used);
        if (amount > left) revert IMarginVault.OutflowLimitExceeded(token, amount, left);
        _store(self, token, bucket, used + amount.toInt256());
    }

    /// @dev Counts what came in of `token` [token units].
    function refill(State storage self, address token, uint256 amount) internal {
        Bucket memory bucket = self.buckets[token];
        if (bucket.capacity != 0) _store(self, token, bucket, _usedNow(bucket) - amount.toInt256());
    }

    /// @dev What of `token` may leave now [token units]; type(uint256).max without a limit.
    function available(State storage self, address token) internal view returns (uint256) {
        Bucket memory bucket = self.buckets[token];
        if (bucket.capacity == 0) return type(uint256).max;
        return _left(bucket, _usedNow(bucket));
    }

    function _store(State storage self, address token, Bucket memory bucket, int256 used) private {
        int256 least = type(int96).min;
        // safe because what is used is at most the capacity, checked to fit int96, and the time fits 32 bits until 2106
        bucket.used = int96(used < least ? least : used);
        bucket.updatedAt = uint32(block.timestamp);
        self.buckets[token] = bucket;
    }

    /// @dev What is used now: it falls by the capacity, and what came in loses its effect, within a window.
    function _usedNow(Bucket memory bucket) private view returns (int256) {
        uint256 elapsed = FixedPointMathLib.min(block.timestamp - bucket.updatedAt, bucket.window);
        int256 used = bucket.used;
        // safe because every number is below 2^96 and elapsed at most the window, below 2^32
        if (used <= 0) return used - used * int256(elapsed) / int256(uint256(bucket.window));
        int256 refilled = int256(uint256(bucket.capacity) * elapsed / bucket.window);
        return used > refilled ? used - refilled : int256(0);
    }

    function _left(Bucket memory bucket, int256 used) private pure returns (uint256) {
        int256 left = int256(uint256(bucket.capacity)) - used;
        // safe because a positive number is converted
        return left > 0 ? uint256(left) : 0;
    }
}
