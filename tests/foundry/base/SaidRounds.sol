// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundsAggregator} from "../../helpers/contracts/RoundsAggregator.sol";

/// @notice Reads all rounds that an aggregator has, one after the other: what a search in them has to find.
library SaidRounds {
    /// @dev What it had said last by some moments, from the earliest to the last; 0 where nothing, nothing above 0 or
    /// what was too old [wad USD]. Numbers that were left out are not among `ids`.
    function pricesAt(RoundsAggregator aggregator, uint80[] memory ids, uint256[] memory times, uint256 maxAge)
        internal
        view
        returns (uint256[] memory prices)
    {
        prices = new uint256[](times.length);
        uint256 left = ids.length;
        for (uint256 i = times.length; i > 0; --i) {
            for (; left > 0; --left) {
                (int256 answer, uint256 time) = _roundAt(aggregator, ids[left - 1]);
                if (time == 0 || time > times[i - 1]) continue;
                // safe because the answer is above 0
                if (answer > 0 && times[i - 1] - time <= maxAge) prices[i - 1] = uint256(answer) * 1e10;
                break;
            }
        }
    }

    function _roundAt(RoundsAggregator aggregator, uint80 id) private view returns (int256, uint256) {
        try aggregator.getRoundData(id) returns (uint80, int256 answer, uint256, uint256 time, uint80) {
            return (answer, time);
        } catch {
            return (0, 0);
        }
    }
}
