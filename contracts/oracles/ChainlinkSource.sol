// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

import {IPastSource} from "../interfaces/IPastSource.sol";
import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {ChainlinkData, ChainlinkDataLib} from "../types/ChainlinkData.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Round, Rounds} from "./Rounds.sol";

/// @title Chainlink-style aggregators in US dollars.
contract ChainlinkSource is IPriceSource, IPastSource {
    using Rounds for AggregatorV3Interface;

    /// @dev More would make the scale overflow nothing but sense.
    uint256 private constant MAX_DECIMALS = 36;

    /// @notice Parameters of a feed.
    /// @param aggregator Chainlink's aggregator, or its proxy.
    /// @param decimals Decimals that it answers in.
    /// @return Word that `read` takes.
    function encode(address aggregator, uint8 decimals) external pure returns (bytes32) {
        return ChainlinkData.unwrap(ChainlinkDataLib.encode(aggregator, decimals));
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        (AggregatorV3Interface aggregator, uint256 decimals) = _decode(data);
        _requireDecimals(aggregator, decimals);
        (, int256 answer,, uint256 updatedAt,) = aggregator.latestRoundData();
        if (answer <= 0 || updatedAt == 0) revert NoPrice(answer);
        return (_toWad(answer, decimals), 0, updatedAt, PriceStatus.Valid);
    }

    /// @inheritdoc IPastSource
    /// @dev Some answer every number with their latest round, or none but its own: what they said before is lost.
    function keepsPast(bytes32 data) external view returns (bool) {
        (AggregatorV3Interface aggregator,) = _decode(data);
        try aggregator.latestRoundData() returns (uint80 id, int256 answer, uint256, uint256 updatedAt, uint80) {
            return aggregator.hasBefore(Round(id, answer, updatedAt));
        } catch {
            // silent now; it may prove when it speaks again
            return true;
        }
    }

    /// @inheritdoc IPastSource
    /// @dev From the last moment back, so that each search begins where the one before has ended, and looks as far back
    /// as that one had to.
    function readPast(bytes32 data, uint256[] calldata times, uint256 maxAge)
        external
        view
        returns (uint256[] memory prices)
    {
        (AggregatorV3Interface aggregator, uint256 decimals) = _decode(data);
        _requireDecimals(aggregator, decimals);
        (uint80 id, int256 answer,, uint256 updatedAt,) = aggregator.latestRoundData();
        // a phase that has no round yet is later than any moment
        Round memory round = Round(id, answer, updatedAt == 0 ? type(uint256).max : updatedAt);

        prices = new uint256[](times.length);
        uint256 step = 1;
        for (uint256 i = times.length; i > 0; --i) {
            uint256 time = times[i - 1];
            if (round.time > time) {
                uint256 top = round.id;
                round = aggregator.lastUntil(top, time, step);
                step = Rounds.between(round.id, top);
            }
            if (round.id == 0) break;
            if (round.answer > 0 && time - round.time <= maxAge) prices[i - 1] = _toWad(round.answer, decimals);
        }
    }

    /// @inheritdoc IPriceSource
    function voteOnly() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IPriceSource
    /// @dev The description must end in "USD": an exchange rate is no price.
    function check(bytes32 data) external view {
        (AggregatorV3Interface aggregator, uint256 decimals) = _decode(data);
        _requireDecimals(aggregator, decimals);
        string memory description = aggregator.description();
        bytes memory text = bytes(description);
        uint256 end = text.length;
        if (end < 3 || text[end - 3] != "U" || text[end - 2] != "S" || text[end - 1] != "D") {
            revert QuoteNotUsd(description);
        }
    }

    /// @dev A positive answer, rounded down [wad USD].
    function _toWad(int256 answer, uint256 decimals) private pure returns (uint256) {
        // safe because the answer is positive
        return decimals > 18 ? uint256(answer) / 10 ** (decimals - 18) : uint256(answer) * 10 ** (18 - decimals);
    }

    /// @dev Behind a proxy an aggregator may be exchanged for one that answers in others.
    function _requireDecimals(AggregatorV3Interface aggregator, uint256 decimals) private view {
        uint256 actual = aggregator.decimals();
        if (actual != decimals || actual > MAX_DECIMALS) revert SourceDecimalsMismatch(actual, decimals);
    }

    function _decode(bytes32 data) private pure returns (AggregatorV3Interface aggregator, uint256 decimals) {
        ChainlinkData parameters = ChainlinkData.wrap(data);
        return (AggregatorV3Interface(parameters.aggregator()), parameters.decimals());
    }
}
