// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

/// @notice An aggregator that answers whatever it is told: any answer, any time, or nothing.
contract MockAggregator is AggregatorV3Interface {
    enum Mode {
        Answer,
        Revert,
        Burn,
        Short,
        Bomb
    }

    // solhint-disable-next-line const-name-snakecase
    uint256 public constant version = 1;
    uint8 public decimals;
    string public description;
    Mode public mode;

    uint80 private _roundId;
    int256 private _answer;
    uint256 private _startedAt;
    uint256 private _updatedAt;

    constructor(uint8 decimals_, string memory description_, int256 answer) {
        decimals = decimals_;
        description = description_;
        setAnswer(answer);
    }

    /// @notice A new round, now.
    function setAnswer(int256 answer) public {
        setRound(answer, block.timestamp, block.timestamp);
    }

    function setRound(int256 answer, uint256 startedAt, uint256 updatedAt) public {
        ++_roundId;
        (_answer, _startedAt, _updatedAt) = (answer, startedAt, updatedAt);
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    /// @notice How it fails: reverts, burns all gas, returns a word too few, or returns 100 kB.
    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (mode != Mode.Answer) _misbehave();
        return (_roundId, _answer, _startedAt, _updatedAt, _roundId);
    }

    function getRoundData(uint80) external view returns (uint80, int256, uint256, uint256, uint80) {
        return (_roundId, _answer, _startedAt, _updatedAt, _roundId);
    }

    function _misbehave() private view {
        if (mode == Mode.Revert) revert("silent");
        if (mode == Mode.Burn) {
            assembly {
                invalid()
            }
        }
        uint256 size = mode == Mode.Short ? 128 : 100_000;
        assembly {
            return(0, size)
        }
    }
}
