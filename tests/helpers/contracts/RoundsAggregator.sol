// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

/// @notice A proxy of Chainlink's with all rounds of all its phases, each of which may be told to be missing.
contract RoundsAggregator is AggregatorV3Interface {
    struct Round {
        int256 answer;
        uint256 time;
    }

    // The names of AggregatorV3Interface.
    // solhint-disable const-name-snakecase
    uint256 public constant version = 4;
    uint8 public constant decimals = 8;
    string public constant description = "TEST / USD";
    // solhint-enable const-name-snakecase
    uint80 public phase = 1;
    bool public silent;
    bool private _zeros; // how it says that a round is missing

    mapping(uint80 phase => Round[]) private _rounds; // round i + 1

    constructor(int256 answer) {
        setAnswer(answer);
    }

    /// @notice A new round, now.
    function setAnswer(int256 answer) public {
        setRound(answer, block.timestamp);
    }

    function setRound(int256 answer, uint256 time) public {
        _rounds[phase].push(Round(answer, time));
    }

    /// @notice Removes the round that is so many before the last.
    function lose(uint256 ago) external {
        Round[] storage rounds = _rounds[phase];
        delete rounds[rounds.length - 1 - ago];
    }

    /// @notice The proxy has a new aggregator, without a round yet.
    function beginPhase() external {
        ++phase;
    }

    function setSilent(bool silent_) external {
        silent = silent_;
    }

    /// @notice Whether rounds that are missing are zeros, as of OCR; else they revert, as of FluxAggregator.
    function setZeros(bool zeros) external {
        _zeros = zeros;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(phase << 64 | uint80(_rounds[phase].length));
    }

    function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        require(!silent, "silent");
        Round[] storage rounds = _rounds[id >> 64];
        uint256 number = uint64(id);
        bool exists = number != 0 && number <= rounds.length && rounds[number - 1].time != 0;
        require(exists || _zeros, "No data present");
        if (!exists) return (id, 0, 0, 0, id);
        Round memory round = rounds[number - 1];
        return (id, round.answer, round.time, round.time, id);
    }
}
