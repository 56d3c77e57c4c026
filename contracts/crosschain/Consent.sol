// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICollateralHub} from "../interfaces/ICollateralHub.sol";
import {AccountId} from "../types/AccountId.sol";

/// @title Consent: owns which routes each account takes collateral of.
abstract contract Consent is ICollateralHub {
    mapping(uint256 route => mapping(uint256 account => bool)) private _accepted;

    /// @inheritdoc ICollateralHub
    function accept(uint256 route, uint256 account, bool accepted) external {
        _requireOwner(account);
        _requireKnown(route);
        _accepted[route][account] = accepted;
        emit RouteAccepted(route, account, accepted);
    }

    /// @dev Reverts where there is no such route.
    function _requireKnown(uint256 route) internal view virtual;

    function _requireOwner(uint256 account) internal view {
        address owner = AccountId.ownerOf(account);
        if (msg.sender != owner) revert NotOwner(msg.sender, owner);
    }

    /// @inheritdoc ICollateralHub
    function accepts(uint256 route, uint256 account) public view returns (bool) {
        return _accepted[route][account];
    }
}
