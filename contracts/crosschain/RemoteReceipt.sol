// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ICollateralHub} from "../interfaces/ICollateralHub.sol";

/// @title Receipt for a token that is locked on another chain: an asset of the vault, and nowhere else.
/// @notice Whoever takes it out of the vault redeems it: it is burnt, and the receiver is paid on the other chain.
contract RemoteReceipt is ERC20 {
    /// @notice Receipts move from the hub into the vault and out of it, and nowhere else.
    /// @param from Who would give.
    /// @param to Who would get.
    error ReceiptsStay(address from, address to);

    /// @notice The hub, whose deposits make them, and which has them paid on the other chain.
    ICollateralHub public immutable hub;
    /// @notice The only place that holds receipts.
    address public immutable vault;
    /// @notice Number of its route at the hub.
    uint256 public immutable route;

    uint8 private immutable _decimals;

    /// @param hub_ The hub.
    /// @param vault_ The vault that it is an asset of.
    /// @param route_ Number of its route at the hub.
    /// @param decimals_ Those of the token on the other chain.
    constructor(
        address hub_,
        address vault_,
        uint256 route_,
        uint8 decimals_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) {
        hub = ICollateralHub(hub_);
        vault = vault_;
        route = route_;
        _decimals = decimals_;
        _approve(hub_, vault_, type(uint256).max);
    }

    /// @dev What the vault takes from the hub is made just then, and what leaves the vault is burnt: only the vault may
    /// take from the hub, and does so only as the hub deposits.
    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(hub) && to == vault) return super._update(address(0), to, amount);
        if (from != vault || to == vault || to == address(hub)) revert ReceiptsStay(from, to);
        super._update(from, address(0), amount);
        hub.redeem(route, to, amount);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }
}
