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
        return FundingMath.indexAt(MarketWordLib.encode(index, 0, updatedAt, rate, 0, 1), mid, time);
    }

    function premiumAfter(
        int256 old,
        uint256 price,
        uint256 index,
        uint256 notional,
        uint256 impactNotional,
        uint256 window,
        uint256 elapsed
    ) external pure returns (int256) {
        return FundingMath.premiumAfter(old, price, index, notional, impactNotional, window, elapsed);
    }

    function rateOf(int256 premium, uint256 maxRate) external pure returns (int256) {
        return FundingMath.rateOf(premium, maxRate);
    }

    function valueDown(int256 size, int256 priceLessFunding) external pure returns (int256) {
        return FundingMath.valueDown(size, priceLessFunding);
    }

    function basisUp(int256 size, int256 priceLessFunding) external pure returns (int256) {
        return FundingMath.basisUp(size, priceLessFunding);
    }
}
