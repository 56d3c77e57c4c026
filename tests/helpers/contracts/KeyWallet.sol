// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract that signs by a key which is not its address, as long as it does not say otherwise.
contract KeyWallet is IERC1271 {
    /// @notice Whose signature counts; zero: nobody's.
    address public key;

    /// @param key_ Whose signature counts.
    constructor(address key_) {
        key = key_;
    }

    /// @notice Replaces the key.
    /// @param key_ Whose signature counts from now on.
    function setKey(address key_) external {
        key = key_;
    }

    /// @notice Sends a call as this account.
    /// @param target Contract to call.
    /// @param data The call.
    function send(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == key ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
