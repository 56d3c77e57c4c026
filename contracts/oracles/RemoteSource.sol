// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IBuiltSource} from "../interfaces/IBuiltSource.sol";
import {ICollateralHub} from "../interfaces/ICollateralHub.sol";
import {IOracleAdapter} from "../interfaces/IOracleAdapter.sol";
import {IPriceSource} from "../interfaces/IPriceSource.sol";
import {WAD} from "../types/Constants.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {RemoteFeed, RemoteFeedLib} from "../types/RemoteFeed.sol";
import {BaseFeed} from "./BaseFeed.sol";

/// @title Prices of receipts for tokens on other chains: the token's price times what the hub says they are worth.
/// @notice While a route is paused, unheard of, or short of what it owes, its receipts are Uncertain.
contract RemoteSource is IPriceSource, IBuiltSource {
    using BaseFeed for IOracleAdapter;

    /// @notice The oracle that prices the tokens.
    IOracleAdapter public immutable oracle;
    /// @notice The hub that knows how routes stand.
    ICollateralHub public immutable hub;

    constructor(IOracleAdapter oracle_, ICollateralHub hub_) {
        (oracle, hub) = (oracle_, hub_);
    }

    /// @notice Parameters of a feed of receipts.
    /// @param route Number of the route at the hub.
    /// @param baseFeedId Feed of the token.
    /// @return Of the feed's source.
    function encode(uint256 route, uint8 baseFeedId) external pure returns (bytes32) {
        return RemoteFeed.unwrap(RemoteFeedLib.encode(route, baseFeedId));
    }

    /// @inheritdoc IPriceSource
    function read(bytes32 data)
        external
        view
        returns (uint256 price, uint256 confidence, uint256 time, PriceStatus status)
    {
        RemoteFeed feed = RemoteFeed.wrap(data);
        (price, confidence, time, status) = oracle.latest(feed.base());
        (PriceStatus standing, uint256 factor) = hub.standingOf(feed.route());
        if (standing > status) status = standing;
        // a price of 0 would count as none
        price = FixedPointMathLib.max(price * factor / WAD, 1);
        confidence = (confidence * factor + WAD - 1) / WAD;
    }

    /// @inheritdoc IPriceSource
    function voteOnly() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IPriceSource
    function check(bytes32 data) external view {
        RemoteFeed feed = RemoteFeed.wrap(data);
        hub.standingOf(feed.route());
        oracle.requireUsable(feed.base());
    }

    /// @inheritdoc IBuiltSource
    function baseOf(bytes32 data) external pure returns (uint256) {
        return RemoteFeed.wrap(data).base();
    }
}
