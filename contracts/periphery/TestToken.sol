// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title Test token: a faucet for venues on chains where tokens are worth nothing.
/// @notice Anyone may mint up to `mintCap` a call; nobody owns it. Never list it where money is real.
contract TestToken is ERC20Permit {
    /// @notice One call asked for more than the faucet gives.
    /// @param amount What was asked for [token units].
    /// @param cap Most that one call mints [token units].
    error MintCapExceeded(uint256 amount, uint256 cap);

    /// @notice Most that one call mints [token units].
    uint256 public immutable mintCap;

    uint8 private immutable _decimals;

    /// @param mintCap_ Most that one call mints [token units].
    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 mintCap_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
    {
        _decimals = decimals_;
        mintCap = mintCap_;
    }

    /// @notice Gives tokens to anybody. Anyone.
    /// @param to Who gets them.
    /// @param amount At most `mintCap` [token units].
    function mint(address to, uint256 amount) external {
        if (amount > mintCap) revert MintCapExceeded(amount, mintCap);
        _mint(to, amount);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }
}
