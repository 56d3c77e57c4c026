// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScenarioView} from "../interfaces/IRiskEngine.sol";
import {TAIL_UP_LANE} from "../types/ArrayMeta.sol";
import {Account, BUCKET_BYTES, Bucket} from "./AccountMemory.sol";
import {Portfolio} from "./Portfolio.sol";
import {Scenarios} from "./Scenarios.sol";

/// @title What the scenarios of an account say, for who wants to see them.
library ScenarioViews {
    /// @dev One view an underlying, once the legs of a set are added. Uses the account up.
    function list(Account memory a) internal pure returns (ScenarioView[] memory views) {
        views = new ScenarioView[](a.underlyings.length);
        Bucket memory bucket = a.first;
        uint256 step = BUCKET_BYTES;
        for (uint256 i; i < views.length; ++i) {
            views[i] = _viewOf(bucket, a.initial);
            views[i].underlying = a.underlyings[i];
            // Equivalent to `bucket = buckets[i + 1]`.
            assembly ("memory-safe") {
                bucket := add(bucket, step)
            }
        }
    }

    /// @dev An underlying without options goes through the same scenarios, where its options win nothing.
    function _viewOf(Bucket memory bucket, bool initial) private pure returns (ScenarioView memory v) {
        uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
        v.addOns = Portfolio.addOns(bucket, initial, spot);
        v.addOns += Portfolio.unhedgedCharge(bucket, Portfolio.unhedgedSpot(bucket, spot));
        v.floor = Scenarios.floorOf(bucket);
        (v.scenario, v.offset) = Portfolio.scenarioLoss(bucket, initial, spot);
        if (bucket.scenarios == 0) {
            Scenarios.allocate(bucket);
            Scenarios.addExposure(bucket, initial, int256(spot + bucket.long) - int256(bucket.short));
        }
        v.binding = v.profits.length;
        int256 worst = -int256(v.floor);
        for (uint256 lane; lane < v.profits.length; ++lane) {
            if (!initial && lane >= Scenarios.INITIAL_LANES && lane < TAIL_UP_LANE) continue;
            v.profits[lane] = Scenarios.profitAt(bucket, lane);
            if (v.profits[lane] < worst) (worst, v.binding) = (v.profits[lane], lane);
        }
    }
}
