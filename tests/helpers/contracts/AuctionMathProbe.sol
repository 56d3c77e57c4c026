// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AuctionMath, Rest} from "contracts/auction/AuctionMath.sol";
import {AuctionParams} from "contracts/interfaces/ILiquidationAuction.sol";

/// @notice What the auction's library answers in one case.
struct AuctionAnswer {
    uint256 reward;
    uint256 payment;
    uint256 largest;
    uint256 giveUp;
    uint256 least;
    uint256 payout;
    uint256 reserved;
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
        a.reward = AuctionMath.rewardDown(p, c.rest, c.elapsed);
        uint256 price = c.rest.value - a.reward;
        a.payment = AuctionMath.paymentUp(c.fraction, price);
        a.largest = AuctionMath.largestFractionUp(p, c.rest, price);
        a.giveUp = AuctionMath.bundleGiveUpDown(p, c.rest, c.benefit, a.reward);
        a.least = AuctionMath.bundleLeastUp(p, c.rest);
        a.reserved = AuctionMath.reservedOf(c.rest.reserved, c.cash);
        a.payout = AuctionMath.payoutDown(p, c.shortfall, c.rest.requirement, c.elapsed);
        a.cashSlice = AuctionMath.cashSliceDown(c.fraction, c.cash);
        a.starterPay = AuctionMath.starterPayDown(p, c.shortfall, int256(c.rest.value));
        a.restored = AuctionMath.isRestored(p.targetBuffer, c.rest.requirement, c.benefit);
    }
}
