// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using RemoteFeedLib for RemoteFeed global;

/// @notice Which receipts a feed prices, and by what.
/// @dev From the lowest bit: base feed uint8 | number of the route.
type RemoteFeed is bytes32;

/// @notice Reads and makes parameters of feeds of receipts.
library RemoteFeedLib {
    uint256 private constant ROUTE_SHIFT = 8;

    /// @dev Both fields; a number of a route is a count.
    function encode(uint256 route_, uint8 base_) internal pure returns (RemoteFeed) {
        return RemoteFeed.wrap(bytes32(route_ << ROUTE_SHIFT | base_));
    }

    /// @dev Feed of the token.
    function base(RemoteFeed self) internal pure returns (uint256) {
        return uint256(RemoteFeed.unwrap(self)) & type(uint8).max;
    }

    /// @dev Number of the route at the hub.
    function route(RemoteFeed self) internal pure returns (uint256) {
        return uint256(RemoteFeed.unwrap(self)) >> ROUTE_SHIFT;
    }
}
