// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Posted feed: a price feed for chains without one, read like a Chainlink aggregator.
/// @notice One poster, fixed for good, posts each price with its time. Whoever holds the poster's key sets the price, so this is for local chains
/// and testnets.
contract PostedFeed {
    /// @notice Somebody else than the poster posted.
    error NotPoster(address caller, address poster);
    /// @notice The price was observed before the last one, or in the future.
    error TimeOutOfRange(uint256 time, uint256 earliest, uint256 latest);
    /// @notice No round with this number was posted.
    error UnknownRound(uint256 round, uint256 latest);

    /// @notice A price was posted; the name is Chainlink's, so that its tools read it.
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    struct Round {
        int192 answer; // price [10^-decimals USD]
        uint64 time; // when it was observed [s]
    }

    /// @notice Who may post.
    address public immutable poster;
    /// @notice Decimals of the answers.
    uint8 public immutable decimals;
    /// @notice What is priced.
    string public description;
    /// @notice Number of the last round; 0 before the first.
    uint80 public latestRound;

    mapping(uint256 round => Round) private _rounds;

    constructor(address poster_, uint8 decimals_, string memory description_) {
        poster = poster_;
        decimals = decimals_;
        description = description_;
    }

    /// @notice Posts a price as observed now.
    function post(int192 answer) external {
        postAt(answer, block.timestamp);
    }

    /// @notice Posts a price observed at `time`, which is not before the last one's [s].
    function postAt(int192 answer, uint256 time) public {
        if (msg.sender != poster) revert NotPoster(msg.sender, poster);
        uint256 earliest = _rounds[latestRound].time;
        if (time < earliest || time > block.timestamp) revert TimeOutOfRange(time, earliest, block.timestamp);

        uint80 round = ++latestRound;
        // safe because time is not in the future
        _rounds[round] = Round(answer, uint64(time));
        emit AnswerUpdated(answer, round, time);
    }

    /// @notice Always 3: answers are posted, not aggregated on chain.
    function version() external pure returns (uint256) {
        return 3;
    }

    /// @notice The last price, as Chainlink's aggregators return it; all zeros before the first.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        return _roundData(latestRound);
    }

    /// @notice One of the prices, as Chainlink's aggregators return it.
    function getRoundData(uint80 round)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        if (round == 0 || round > latestRound) revert UnknownRound(round, latestRound);
        return _roundData(round);
    }

    function _roundData(uint80 round) private view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory data = _rounds[round];
        return (round, data.answer, data.time, data.time, round);
    }
}
