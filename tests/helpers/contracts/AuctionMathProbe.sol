// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath, Rest} from "contracts/auction/AuctionMath.sol";
import {AuctionParams} from "contracts/interfaces/ILiquidationAuction.sol";

/// @notice What the auction's library answers in one case.
struct AuctionAnswer {
    uint256 price;
    uint256 payment;
    uint256 largest;
    uint256 giveUp;
    uint256 payout;
    int256 cashSlice;
    uint256 starterPay;
    bool restored;
}

/// @notice One case: an account, a time and a bid.
struct AuctionCase {
    Rest rest;
    uint256 elapsed;
    uint256 fraction;
    int256 benefit;
    uint256 shortfall;
    int256 cash;
}

/// @notice The auction's library, many cases a call.
contract AuctionMathProbe {
    function answer(AuctionParams memory p, AuctionCase[] memory cases)
        external
        pure
        returns (AuctionAnswer[] memory answers)
    {
        answers = new AuctionAnswer[](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) {
            answers[i] = _answer(p, cases[i]);
        }
    }

    function _answer(AuctionParams memory p, AuctionCase memory c) private pure returns (AuctionAnswer memory a) {
        a.price = AuctionMath.discount(p, c.elapsed);
        a.payment = AuctionMath.paymentUp(c.fraction, c.rest.value, a.price);
        a.largest = AuctionMath.largestFractionUp(p, c.rest, a.price);
        a.giveUp = AuctionMath.bundleGiveUpDown(p, c.rest, c.benefit, a.price);
        a.payout = AuctionMath.payoutDown(p, c.shortfall, c.rest.requirement, c.elapsed);
        a.cashSlice = AuctionMath.cashSliceDown(c.fraction, c.cash);
        a.starterPay = AuctionMath.starterPayDown(p, c.shortfall, int256(c.rest.value));
        a.restored = AuctionMath.isRestored(p.targetBuffer, c.rest.requirement, c.rest.excess);
    }
}
