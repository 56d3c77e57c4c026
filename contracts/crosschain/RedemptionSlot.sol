// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Where a hub keeps what was redeemed: the slot names chain, spoke, token and recipient, so that a word proved
/// there is about nothing else.
library RedemptionSlot {
    bytes32 private constant PLACE = keccak256("crossmargin.hub.redeemed");

    /// @dev Slot of what was ever redeemed for a recipient [token units].
    function slotOf(uint32 domain, address spoke, address token, address recipient) internal pure returns (bytes32) {
        return keccak256(abi.encode(PLACE, domain, spoke, token, recipient));
    }
}
