// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../interfaces/IOracleAdapter.sol";
import {PPM} from "../types/Constants.sol";

/// @notice A feed's stored state, unpacked.
struct FeedState {
    uint256 price; // [wad USD]
    uint256 smoothed; // [wad USD]
    uint256 time; // when the source observed the price [s]
    uint256 maxAge; // the price is Stale beyond it [s]
    uint256 confidence; // half width of the interval [ppm]
    PriceStatus status;
    bool readThrough;
}

/// @notice The one slot a stored feed's price is read from.
/// @dev price uint96 [wad USD] | smoothed uint96 [wad USD] | time uint32 [s] | maxAge uint16 [4 s] | confidence uint12
/// [100 ppm, up] | status uint3 | readThrough uint1
library FeedWord {
    /// @dev Heartbeats are kept in steps of this, the confidence in steps of that.
    uint256 internal constant AGE_UNIT = 4;
    uint256 internal constant MAX_AGE = type(uint16).max * AGE_UNIT;
    uint256 internal constant CONFIDENCE_UNIT = 100;
    /// @dev 409,500 ppm: a wider interval is cut to it, and Uncertain by the limit that is never above it.
    uint256 internal constant MAX_CONFIDENCE = 4095 * CONFIDENCE_UNIT;
    /// @dev The top four bits of a stored, Valid feed: the only case that needs no other slot.
    uint256 internal constant PLAIN = uint256(PriceStatus.Valid);

    function pack(FeedState memory s) internal pure returns (uint256) {
        uint256 confidenceUp = (s.confidence + CONFIDENCE_UNIT - 1) / CONFIDENCE_UNIT;
        // safe because prices are clamped to a uint96 band, smoothed lies between prices, confidence is cut and maxAge
        // checked at listing
        return s.price | s.smoothed << 96 | s.time << 192 | (s.maxAge / AGE_UNIT) << 224 | confidenceUp << 240
            | uint256(s.status) << 252 | (s.readThrough ? uint256(1) : 0) << 255;
    }

    function unpack(uint256 word) internal pure returns (FeedState memory s) {
        s.price = priceOf(word);
        s.smoothed = smoothedOf(word);
        s.time = timeOf(word);
        s.maxAge = ((word >> 224) & type(uint16).max) * AGE_UNIT;
        s.confidence = confidenceOf(word);
        s.status = statusOf(word);
        s.readThrough = word >> 255 == 1;
    }

    function priceOf(uint256 word) internal pure returns (uint256) {
        return word & type(uint96).max;
    }

    function smoothedOf(uint256 word) internal pure returns (uint256) {
        return (word >> 96) & type(uint96).max;
    }

    function timeOf(uint256 word) internal pure returns (uint256) {
        return (word >> 192) & type(uint32).max;
    }

    function confidenceOf(uint256 word) internal pure returns (uint256) {
        // safe because twelve bits times the unit are few
        unchecked {
            return ((word >> 240) & 0xfff) * CONFIDENCE_UNIT;
        }
    }

    function statusOf(uint256 word) internal pure returns (PriceStatus) {
        // safe because only statuses are ever packed into these bits
        return PriceStatus((word >> 252) & 7);
    }

    /// @dev Whether the word alone is the answer: stored, Valid, and young enough.
    function isPlain(uint256 word) internal view returns (bool) {
        // safe because both summands are below 2^33
        unchecked {
            return
                word >> 252 == PLAIN && block.timestamp <= timeOf(word) + ((word >> 224) & type(uint16).max) * AGE_UNIT;
        }
    }

    /// @dev Edges of a price: low = min(price - confidence, smoothed), high = max(price + confidence, smoothed). The
    /// least price of a band keeps low above 0.
    function edges(uint256 word) internal pure returns (uint256 low, uint256 high) {
        // safe because prices are below 2^96 and the confidence is below one half
        unchecked {
            uint256 mid = word & type(uint96).max;
            uint256 marginUp = (mid * ((word >> 240 & 0xfff) * CONFIDENCE_UNIT) + PPM - 1) / PPM;
            low = mid - marginUp;
            high = mid + marginUp;
            uint256 average = word >> 96 & type(uint96).max;
            if (average < low) low = average;
            if (average > high) high = average;
        }
    }

    /// @dev Edges moved out by `widening`, at most one half [ppm].
    function widen(uint256 low, uint256 high, uint256 widening) internal pure returns (uint256, uint256) {
        return (low * (PPM - widening) / PPM, (high * (PPM + widening) + PPM - 1) / PPM);
    }
}
