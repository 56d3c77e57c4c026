// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "./PriceStatus.sol";

using PriceMidLib for PriceMid global;

/// @notice The best estimate of a price, and how far it may be trusted.
/// @dev From the lowest bit: mid uint128 [wad USD] | status uint8.
type PriceMid is uint256;

/// @notice Reads and makes words of mid prices.
library PriceMidLib {
    uint256 private constant STATUS_SHIFT = 128;
    /// @dev Bits that are set in a price of more than 96.
    uint256 private constant OVER_96_BITS = uint256(type(uint32).max) << 96;

    /// @param status_ A PriceStatus as a number.
    function encode(uint256 mid_, uint256 status_) internal pure returns (PriceMid) {
        return PriceMid.wrap(mid_ | status_ << STATUS_SHIFT);
    }

    /// @dev [wad USD].
    function mid(PriceMid self) internal pure returns (uint256) {
        return PriceMid.unwrap(self) & type(uint128).max;
    }

    /// @dev A PriceStatus as a number.
    function statusCode(PriceMid self) internal pure returns (uint256) {
        return PriceMid.unwrap(self) >> STATUS_SHIFT;
    }

    /// @dev Whether the status is Valid.
    function isValid(PriceMid self) internal pure returns (bool) {
        return statusCode(self) == uint256(PriceStatus.Valid);
    }

    /// @dev Whether the status is Halted.
    function isHalted(PriceMid self) internal pure returns (bool) {
        return statusCode(self) == uint256(PriceStatus.Halted);
    }

    /// @dev The same at another price.
    function withMid(PriceMid self, uint256 price) internal pure returns (PriceMid) {
        return encode(price, statusCode(self));
    }

    /// @dev Whether the price fits 96 bits.
    function fits96Bits(PriceMid self) internal pure returns (bool) {
        return PriceMid.unwrap(self) & OVER_96_BITS == 0;
    }
}
