// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

/// @notice A proxy of Chainlink's with all rounds of all its phases, each of which may be told to be missing.
contract RoundsAggregator is AggregatorV3Interface {
    struct Round {
        int256 answer;
        uint256 time; // 0: missing
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

    mapping(uint80 id => Round) private _rounds;
    mapping(uint80 phase => uint80 number) private _last;
    mapping(uint80 phase => uint80 number) private _first; // what is below it is missing

    constructor(int256 answer) {
        setAnswer(answer);
    }

    /// @notice A new round, now.
    function setAnswer(int256 answer) public {
        setRound(answer, block.timestamp);
    }

    function setRound(int256 answer, uint256 time) public {
        _rounds[phase << 64 | ++_last[phase]] = Round(answer, time);
    }

    /// @notice Leaves out the numbers of so many rounds.
    function leaveOut(uint80 count) external {
        _last[phase] += count;
    }

    /// @notice Removes the round that is so many before the last.
    function lose(uint80 ago) external {
        delete _rounds[phase << 64 | (_last[phase] - ago)];
    }

    /// @notice Removes all rounds of a phase but so many.
    function prune(uint80 phase_, uint80 kept) external {
        _first[phase_] = _last[phase_] - kept + 1;
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

    /// @notice Number of the last round of a phase, 0 before its first.
    function lastOf(uint80 phase_) external view returns (uint80) {
        return _last[phase_];
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(phase << 64 | _last[phase]);
    }

    function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        require(!silent, "silent");
        Round memory round = _rounds[id];
        if (uint64(id) < _first[id >> 64]) (round.answer, round.time) = (0, 0);
        require(round.time != 0 || _zeros, "No data present");
        return (id, round.answer, round.time, round.time, id);
    }
}
