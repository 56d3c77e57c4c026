// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FundingMath} from "contracts/ledger/FundingMath.sol";
import {MarketWordLib} from "contracts/types/MarketWord.sol";

/// @dev Opens the pure library to tests.
contract FundingProbe {
    function indexAt(int256 index, int256 rate, uint256 updatedAt, uint256 mid, uint256 time)
        external
        pure
        returns (int256)
    {
        return MarketWordLib.encode(index, 0, updatedAt, rate, 0, 1).fundingAt(mid, time);
    }

    function reachOf(uint256 fees, uint256 interest, uint256 mid, uint256 least) external pure returns (uint256) {
        return FundingMath.reachOf(fees, interest, mid, least);
    }

    function premiumAfter(int256 premium, uint256 price, uint256 mid, uint256 reach, uint256 maxRate)
        external
        pure
        returns (int256)
    {
        return FundingMath.premiumAfter(premium, price, mid, reach, maxRate);
    }

    function decayed(int256 premium, uint256 elapsed) external pure returns (int256) {
        return FundingMath.decayed(premium, elapsed);
    }

    function rateOf(int256 premium) external pure returns (int256) {
        return FundingMath.rateOf(premium);
    }

    function valueDown(int256 size, int256 priceLessFunding) external pure returns (int256) {
        return FundingMath.valueDown(size, priceLessFunding);
    }

    function basisUp(int256 size, int256 priceLessFunding) external pure returns (int256) {
        return FundingMath.basisUp(size, priceLessFunding);
    }
}
