// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Margin} from "contracts/interfaces/IRiskEngine.sol";

/// @title Stands for vault, engine and auction of a MarginLens: account 2 cannot be evaluated.
contract LensStub {
    error Unanswerable(uint256 account);

    function riskEngine() external view returns (address) {
        return address(this);
    }

    function stateNonce(uint256 account) external pure returns (uint256) {
        return account * 10;
    }

    function margin(uint256 account) external pure returns (Margin memory initial, Margin memory maintenance) {
        if (account == 2) revert Unanswerable(account);
        maintenance.excess = int256(account) - 2;
        maintenance.numerator = account * 1e18;
        maintenance.denominator = account == 4 ? 0 : 2e18;
        initial.excess = -1;
    }
}
