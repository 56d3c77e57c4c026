// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PPM} from "./Constants.sol";
import {PriceStatus} from "./PriceStatus.sol";

using FeedWordLib for FeedWord global;

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

/// @notice The one slot a stored feed's price is read from; 0 for what is not listed.
/// @dev From the lowest bit: price uint96 [wad USD] | smoothed uint96 [wad USD] | time uint32 [s] | maxAge uint16 [4 s]
/// | confidence uint12 [100 ppm, up] | status uint3 | readThrough uint1.
type FeedWord is uint256;

/// @notice Reads and makes words of feeds.
library FeedWordLib {
    /// @dev Heartbeats are kept in steps of this, the confidence in steps of that.
    uint256 internal constant AGE_UNIT = 4;
    uint256 internal constant MAX_AGE = type(uint16).max * AGE_UNIT;
    uint256 internal constant CONFIDENCE_UNIT = 100;
    /// @dev 409,500 ppm: a wider interval is cut to it, and makes the price Uncertain.
    uint256 internal constant MAX_CONFIDENCE = 4095 * CONFIDENCE_UNIT;
    /// @dev The top four bits of a stored, Valid feed: the only case that needs no other slot.
    uint256 internal constant PLAIN = uint256(PriceStatus.Valid);

    /// @dev The age is cut to its unit, the confidence rounded up to its own.
    function encode(FeedState memory s) internal pure returns (FeedWord) {
        uint256 confidenceUp = (s.confidence + CONFIDENCE_UNIT - 1) / CONFIDENCE_UNIT;
        // safe because prices are clamped to a uint96 band, smoothed lies between prices, confidence is cut and maxAge
        // checked at listing
        return FeedWord.wrap(
            s.price | s.smoothed << 96 | s.time << 192 | (s.maxAge / AGE_UNIT) << 224 | confidenceUp << 240
                | uint256(s.status) << 252 | (s.readThrough ? uint256(1) : 0) << 255
        );
    }

    /// @dev All fields; age and confidence as they were rounded.
    function decode(FeedWord self) internal pure returns (FeedState memory s) {
        s.price = price(self);
        s.smoothed = smoothed(self);
        s.time = time(self);
        s.maxAge = ((FeedWord.unwrap(self) >> 224) & type(uint16).max) * AGE_UNIT;
        s.confidence = confidence(self);
        s.status = status(self);
        s.readThrough = readThrough(self);
    }

    /// @dev Whether the sources are read at every question.
    function readThrough(FeedWord self) internal pure returns (bool) {
        return FeedWord.unwrap(self) >> 255 == 1;
    }

    /// @dev Whether no feed is listed.
    function isNone(FeedWord self) internal pure returns (bool) {
        return FeedWord.unwrap(self) == 0;
    }

    /// @dev [wad USD].
    function price(FeedWord self) internal pure returns (uint256) {
        return FeedWord.unwrap(self) & type(uint96).max;
    }

    /// @dev [wad USD].
    function smoothed(FeedWord self) internal pure returns (uint256) {
        return (FeedWord.unwrap(self) >> 96) & type(uint96).max;
    }

    /// @dev When the source observed the price [s].
    function time(FeedWord self) internal pure returns (uint256) {
        return (FeedWord.unwrap(self) >> 192) & type(uint32).max;
    }

    /// @dev Half width of the interval [ppm].
    function confidence(FeedWord self) internal pure returns (uint256) {
        // safe because twelve bits times the unit are few
        unchecked {
            return ((FeedWord.unwrap(self) >> 240) & 0xfff) * CONFIDENCE_UNIT;
        }
    }

    /// @dev A PriceStatus as a number.
    function statusCode(FeedWord self) internal pure returns (uint256) {
        return FeedWord.unwrap(self) >> 252 & 7;
    }

    /// @dev How far the price may be trusted, as it was stored: its age is not looked at.
    function status(FeedWord self) internal pure returns (PriceStatus) {
        // safe because only statuses are ever packed into these bits
        return PriceStatus(statusCode(self));
    }

    /// @dev Whether the word alone is the answer: stored, Valid, and young enough.
    function isPlain(FeedWord self) internal view returns (bool) {
        uint256 word = FeedWord.unwrap(self);
        // safe because both summands are below 2^33
        unchecked {
            return
                word >> 252 == PLAIN && block.timestamp <= time(self) + ((word >> 224) & type(uint16).max) * AGE_UNIT;
        }
    }

    /// @dev Edges of a price: low = min(price - confidence, smoothed), high = max(price + confidence, smoothed). The
    /// least price of a band keeps low above 0.
    function edges(FeedWord self) internal pure returns (uint256 low, uint256 high) {
        // safe because prices are below 2^96 and the confidence is below one half
        unchecked {
            uint256 mid = price(self);
            uint256 marginUp = (mid * confidence(self) + PPM - 1) / PPM;
            low = mid - marginUp;
            high = mid + marginUp;
            uint256 average = smoothed(self);
            if (average < low) low = average;
            if (average > high) high = average;
        }
    }

    /// @dev Edges moved out by `widening`, at most one half [ppm].
    function widen(uint256 low, uint256 high, uint256 widening) internal pure returns (uint256, uint256) {
        return (low * (PPM - widening) / PPM, (high * (PPM + widening) + PPM - 1) / PPM);
    }
}
