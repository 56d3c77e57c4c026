// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {includes} from "./Permissions.sol";

using OperatorWordLib for OperatorWord global;

/// @notice What an operator may do for an owner, until when, and how often the owner has named it.
/// @dev From the lowest bit: permissions uint8 | expiry uint48 [s] | epoch uint64.
type OperatorWord is uint256;

/// @notice Reads and makes words of operators.
library OperatorWordLib {
    uint256 private constant EXPIRY_SHIFT = 8;
    uint256 private constant EPOCH_SHIFT = 56;

    /// @dev All fields.
    function encode(uint8 permissions, uint48 expiry_, uint64 epoch_) internal pure returns (OperatorWord) {
        return OperatorWord.wrap(permissions | uint256(expiry_) << EXPIRY_SHIFT | uint256(epoch_) << EPOCH_SHIFT);
    }

    /// @dev Last second of the permissions [s].
    function expiry(OperatorWord self) internal pure returns (uint256) {
        // safe because bits 8-55 are the expiry
        return uint48(OperatorWord.unwrap(self) >> EXPIRY_SHIFT);
    }

    /// @dev How often the owner has named the operator.
    function epoch(OperatorWord self) internal pure returns (uint64) {
        // safe because bits 56-119 are the epoch
        return uint64(OperatorWord.unwrap(self) >> EPOCH_SHIFT);
    }

    /// @dev Whether the operator has all of `permissions` at a time [s].
    function allows(OperatorWord self, uint8 permissions, uint256 time) internal pure returns (bool) {
        // safe because the lowest eight bits are the permissions
        return includes(uint8(OperatorWord.unwrap(self)), permissions) && expiry(self) >= time;
    }
}
