// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token as hostile as it gets: it takes a fee, calls out on every transfer, or refuses.
contract HookToken is ERC20 {
    uint256 public fee; // of each transfer [token units]
    bool public refusing;
    address public target;
    bytes public data;
    bool public hookSucceeded;
    bytes public hookResult;

    error Refused();

    constructor() ERC20("Hook", "HOOK") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function configure(uint256 fee_, bool refusing_, address target_, bytes calldata data_) external {
        (fee, refusing, target, data) = (fee_, refusing_, target_, data_);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        if (refusing) revert Refused();
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0xfee), fee);
        if (target != address(0)) (hookSucceeded, hookResult) = target.call(data);
    }
}
