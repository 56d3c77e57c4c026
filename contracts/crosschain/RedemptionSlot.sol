// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {RouteConfig} from "../interfaces/ICollateralHub.sol";

/// @title Where a hub keeps what was redeemed: the slot names chain, spoke, token and recipient, so that a word proved
/// there is about nothing else.
library RedemptionSlot {
    using StorageSlot for bytes32;

    bytes32 private constant PLACE = keccak256("crossmargin.hub.redeemed");

    /// @dev Slot of what was ever redeemed for a recipient [token units].
    function slotOf(uint32 domain, address spoke, address token, address recipient) internal pure returns (bytes32) {
        return keccak256(abi.encode(PLACE, domain, spoke, token, recipient));
    }

    /// @dev What was ever redeemed for a recipient on a route of the spoke [token units].
    function read(RouteConfig storage route, address spoke, address recipient) internal view returns (uint256) {
        return _find(route, spoke, recipient).value;
    }

    /// @dev Adds to it; gives the sum [token units].
    function add(RouteConfig storage route, address spoke, address recipient, uint256 amount)
        internal
        returns (uint256 sum)
    {
        StorageSlot.Uint256Slot storage redeemed = _find(route, spoke, recipient);
        sum = redeemed.value + amount;
        redeemed.value = sum;
    }

    function _find(RouteConfig storage route, address spoke, address recipient)
        private
        view
        returns (StorageSlot.Uint256Slot storage)
    {
        return slotOf(route.domain, spoke, route.token, recipient).getUint256Slot();
    }
}
