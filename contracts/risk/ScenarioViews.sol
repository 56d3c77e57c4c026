// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScenarioView} from "../interfaces/IRiskEngine.sol";
import {Account, BUCKET_BYTES, Bucket} from "./AccountMemory.sol";
import {ExpiryBooks} from "./ExpiryBooks.sol";
import {Portfolio} from "./Portfolio.sol";
import {RiskTable} from "./RiskTable.sol";
import {Scenarios} from "./Scenarios.sol";
import {WordLists} from "./WordLists.sol";

/// @title What the scenarios of an account say, for who wants to see them.
library ScenarioViews {
    using WordLists for uint256[];

    /// @dev One view an underlying, once the legs of a set are added. Uses the account up.
    function list(Account memory a) internal pure returns (ScenarioView[] memory views) {
        views = new ScenarioView[](a.underlyings.length);
        Bucket memory bucket = a.first;
        uint256 step = BUCKET_BYTES;
        for (uint256 i; i < views.length; ++i) {
            ScenarioView memory v = _viewOf(a, bucket);
            v.underlying = a.underlyings.at(i);
            views[i] = v;
            // Equivalent to `bucket = buckets[i + 1]`.
            assembly ("memory-safe") {
                bucket := add(bucket, step)
            }
        }
    }

    /// @dev An underlying without options goes through the same scenarios, where its options win nothing.
    function _viewOf(Account memory a, Bucket memory bucket) private pure returns (ScenarioView memory v) {
        bool initial = a.initial;
        uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
        uint256 charge = Portfolio.unhedgedCharge(bucket, Portfolio.unhedgedSpot(bucket, spot));
        // safe because charges are below 2^240
        unchecked {
            v.addOns = Portfolio.addOns(bucket, initial, spot) + charge;
        }
        (v.scenario, v.offset) = Portfolio.scenarioLoss(a, bucket, spot);
        v.floor = ExpiryBooks.floorOf(bucket, RiskTable.globalsOf(a.table));
        if (bucket.expiries == 0) {
            bucket.scenarios = Scenarios.run(bucket, initial, Portfolio.exposureOf(bucket, spot));
        }
        v.binding = Scenarios.COUNT;
        // safe because profits and requirements are below 2^240
        unchecked {
            int256 worst = -int256(v.floor);
            for (uint256 place; place < Scenarios.COUNT; ++place) {
                if (!initial && Scenarios.isInitial(place)) continue;
                int256 profit = Scenarios.profitAt(bucket, place);
                v.profits[place] = profit;
                if (profit < worst) (worst, v.binding) = (profit, place);
            }
            // less than any scenario says can be lost
            if (int256(v.scenario) < -worst) v.binding = Scenarios.COUNT;
        }
    }
}
