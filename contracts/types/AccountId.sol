// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Account ids need no registration: `uint160(owner) << 96 | subId`.
library AccountId {
    /// @notice Account `subId` of `owner`.
    function encode(address owner, uint96 subId) internal pure returns (uint256) {
        return uint256(uint160(owner)) << 96 | subId;
    }

    /// @notice Owner of an account.
    function ownerOf(uint256 account) internal pure returns (address) {
        // safe because the shift leaves 160 bits
        return address(uint160(account >> 96));
    }
}
