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

    /// @notice The hub that mints, and pays out on the other chain.
    ICollateralHub public immutable hub;
    /// @notice The only place that holds receipts.
    address public immutable vault;
    /// @notice Number of its route at the hub.
    uint256 public immutable route;

    uint8 private immutable _decimals;

    /// @param hub_ The hub that mints.
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

    /// @notice Makes receipts for the hub, which puts them into the vault. The hub only.
    /// @param amount How many [token units].
    function mint(uint256 amount) external {
        if (msg.sender != address(hub)) revert ReceiptsStay(msg.sender, msg.sender);
        _mint(msg.sender, amount);
    }

    /// @dev What leaves the vault is burnt.
    function _update(address from, address to, uint256 amount) internal override {
        if (from != vault) {
            bool inward = from == address(0) ? to == address(hub) : from == address(hub) && to == vault;
            if (!inward) revert ReceiptsStay(from, to);
            return super._update(from, to, amount);
        }
        if (to == vault || to == address(hub)) revert ReceiptsStay(from, to);
        super._update(from, address(0), amount);
        hub.redeem(to, amount);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }
}
