// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title A feed that a poster role posts to, read like a Chainlink aggregator; for networks where an asset has none.
/// @notice As trustworthy as its poster: give it a band, and a second source where there is one.
contract PostedFeed is AggregatorV3Interface, AccessManaged {
    /// @notice Answers must be above zero and fit 192 bits.
    /// @param answer What was posted [10^-decimals USD].
    /// @param limit Most an answer may be.
    error AnswerOutOfRange(int256 answer, int256 limit);
    /// @notice One answer a second: time must increase.
    /// @param time Now [s].
    /// @param last When the last answer was posted [s].
    error TimeNotIncreasing(uint256 time, uint256 last);
    /// @notice No such round.
    /// @param roundId Round asked for.
    /// @param count Rounds until now; they count from 1.
    error NoRound(uint256 roundId, uint256 count);

    /// @notice A round began and ended with this answer.
    /// @param current The answer [10^-decimals USD].
    /// @param roundId Number of the round.
    /// @param updatedAt When it was posted [s].
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    /// @dev One slot.
    struct Round {
        int192 answer; // [10^-decimals USD]
        uint64 time; // [s]
    }

    /// @inheritdoc AggregatorV3Interface
    // solhint-disable-next-line const-name-snakecase
    uint256 public constant version = 1;
    /// @inheritdoc AggregatorV3Interface
    uint8 public immutable decimals;
    /// @inheritdoc AggregatorV3Interface
    string public description;

    Round[] private _rounds; // round i + 1

    /// @param authority Access manager.
    /// @param decimals_ Decimals of the answers.
    /// @param description_ "ASSET / USD".
    /// @param answer First answer [10^-decimals USD].
    constructor(address authority, uint8 decimals_, string memory description_, int256 answer)
        AccessManaged(authority)
    {
        decimals = decimals_;
        description = description_;
        _append(answer);
    }

    /// @notice Posts the price as of now. Poster only; once a second at most.
    /// @param answer Price [10^-decimals USD].
    function post(int256 answer) external restricted {
        uint256 last = _rounds[_rounds.length - 1].time;
        if (block.timestamp <= last) revert TimeNotIncreasing(block.timestamp, last);
        _append(answer);
    }

    /// @dev Stores an answer as the round of now.
    function _append(int256 answer) private {
        if (answer <= 0 || answer > type(int192).max) revert AnswerOutOfRange(answer, type(int192).max);
        // safe because the answer was checked, and times fit 64 bits
        _rounds.push(Round(int192(answer), uint64(block.timestamp)));
        emit AnswerUpdated(answer, _rounds.length, block.timestamp);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        return _round(_rounds.length);
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 id)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        return _round(id);
    }

    /// @dev A round as the interface has it; it began, ended and was answered at once.
    function _round(uint256 id) private view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 count = _rounds.length;
        if (id == 0 || id > count) revert NoRound(id, count);
        Round memory round = _rounds[id - 1];
        // safe because ids count posts
        return (uint80(id), round.answer, round.time, round.time, uint80(id));
    }
}
