// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

import {BitSet} from "../types/BitSet.sol";
import {SourceReader} from "./SourceReader.sol";

/// @title At which moments the sequencer was down, or had not rested since.
library SequencerPast {
    /// @dev So many changes are looked back.
    uint256 private constant MOST_CHANGES = 8;

    /// @dev Which of the moments do not count: none where the feed does not answer, and all before a change
    /// that it does not tell the one before of.
    /// @param feed Feed like Chainlink's, whose rounds begin when its answer changes; zero: none.
    /// @param grace How long the sequencer rests after its return [s].
    /// @param times Moments, from the earliest to the last [s].
    function restlessAt(address feed, uint256 grace, uint256[] memory times) internal view returns (BitSet restless) {
        if (feed == address(0)) return restless;
        (bool answered, uint256 down, uint256 since) = SourceReader.askSequencer(feed);
        if (!answered) return restless;
        (uint80 id,,,,) = AggregatorV3Interface(feed).latestRoundData();

        uint256 end = type(uint256).max;
        for (uint256 i; i < MOST_CHANGES; ++i) {
            restless = restless.plus(_between(times, since, down == 0 ? since + grace : end));
            if (since <= times[0]) return restless;
            end = since;
            if (id == 0) break;
            (answered, down, since) = _changeAt(feed, --id);
            if (!answered || since >= end) break;
        }
        return restless.plus(_between(times, 0, end));
    }

    /// @dev One change of the sequencer: an answer counts if it is a whole round.
    function _changeAt(address feed, uint80 id) private view returns (bool answered, uint256 down, uint256 since) {
        try AggregatorV3Interface(feed).getRoundData(id) returns (
            uint80, int256 answer, uint256 startedAt, uint256, uint80
        ) {
            // any answer but 0 is no answer that it was up
            return (startedAt != 0, answer == 0 ? 0 : 1, startedAt);
        } catch {
            return (false, 0, 0);
        }
    }

    /// @dev Which of the moments are from one time to before another.
    function _between(uint256[] memory times, uint256 from, uint256 end) private pure returns (BitSet found) {
        for (uint256 i; i < times.length; ++i) {
            if (times[i] >= from && times[i] < end) found = found.with(i);
        }
    }
}
