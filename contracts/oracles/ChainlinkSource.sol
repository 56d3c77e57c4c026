// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/interfaces/AggregatorV3Interface.sol";

/// @title Chainlink-style aggregators in US dollars.
contract ChainlinkSource is IPriceSource {
    /// @dev No aggregator has more; declared ones beyond it are a mistake.
    uint256 private constant MAX_DECIMALS = 36;

    /// @notice Parameters of a feed: aggregator (or its proxy) and the decimals it answers in.
    /// @dev aggregator address | decimals uint8 << 160
    /// @param aggregator Aggregator or its proxy.
    /// @param decimals What it answers in.
    /// @return The feed's parameter.
    function encode(address aggregator, uint8 decimals) external pure returns (bytes32) {
        return bytes32(uint256(uint160(aggregator)) | uint256(decimals) << 160);
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        (AggregatorV3Interface aggregator, uint256 decimals) = _decode(data);
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
        uint256 actual = aggregator.decimals();
        if (actual != decimals || actual > MAX_DECIMALS) revert DecimalsMismatch(actual, decimals);

        string memory description = aggregator.description();
        bytes memory text = bytes(description);
        uint256 end = text.length;
        if (end < 3 || text[end - 3] != "U" || text[end - 2] != "S" || text[end - 1] != "D") {
            revert QuoteNotUsd(description);
        }
    }

    /// @dev What `encode` was given.
    function _decode(bytes32 data) private pure returns (AggregatorV3Interface aggregator, uint256 decimals) {
        // safe because the low 160 bits are the address
        aggregator = AggregatorV3Interface(address(uint160(uint256(data))));
        decimals = uint256(data) >> 160;
    }
}
