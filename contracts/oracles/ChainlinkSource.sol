// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {ChainlinkData, ChainlinkDataLib} from "../types/ChainlinkData.sol";
import {PriceStatus} from "../types/PriceStatus.sol";

/// @title Chainlink-style aggregators in US dollars.
contract ChainlinkSource is IPriceSource {
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

        // safe because the answer is positive
        price = decimals > 18 ? uint256(answer) / 10 ** (decimals - 18) : uint256(answer) * 10 ** (18 - decimals);
        return (price, 0, updatedAt, PriceStatus.Valid);
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
