// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RateModel} from "contracts/interfaces/IMarginVault.sol";
import {CompactUintLib} from "contracts/types/CompactUint.sol";
import {CashState, InterestMath} from "contracts/vault/InterestMath.sol";

/// @notice One case: totals, rates and a time, and a balance.
struct InterestCase {
    CashState state;
    RateModel model;
    uint256 elapsed;
    int256 cash;
    int256 scaled;
    uint256 number;
}

/// @notice What the library of interest answers in one case.
struct InterestAnswer {
    uint256 used;
    uint256 rate;
    uint256 supplyIndex;
    uint256 borrowIndex;
    uint256 supply;
    uint256 debt;
    int256 cash;
    int256 scaled;
    uint256 down;
    uint256 up;
}

/// @notice The library of interest, many cases a call.
contract InterestProbe {
    function answer(InterestCase[] memory cases) external pure returns (InterestAnswer[] memory answers) {
        answers = new InterestAnswer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            answers[i] = _answer(cases[i]);
        }
    }

    function _answer(InterestCase memory c) private pure returns (InterestAnswer memory a) {
        a.used = InterestMath.utilisation(c.state);
        a.rate = InterestMath.borrowRate(c.model, a.used);
        a.supply = InterestMath.supplyDown(c.state);
        a.debt = InterestMath.debtUp(c.state);
        a.cash = InterestMath.cashOf(c.scaled, c.state.supplyIndex, c.state.borrowIndex);
        a.scaled = InterestMath.scaledOf(c.cash, c.state.supplyIndex, c.state.borrowIndex);
        a.down = CompactUintLib.down(c.number).value();
        a.up = CompactUintLib.up(c.number).value();
        InterestMath.accrue(c.state, c.model, c.elapsed);
        (a.supplyIndex, a.borrowIndex) = (c.state.supplyIndex, c.state.borrowIndex);
    }
}
