// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ForestHeader} from "../types/ForestHeader.sol";
import {HoursWord, HoursWordLib} from "../types/HoursWord.sol";
import {SumsWord, SumsWordLib} from "../types/SumsWord.sol";
import {History, HistoryLib} from "./History.sol";

/// @title What a forest looks at: a week of hours of one underlying and of the majors, as 15 small integers.
/// @notice docs/volatility.md has the table. Ratios are in 1 / 1024; quotients and roots round down, that of a negative
/// number toward zero.
/// @dev `unchecked` is safe because variances are below 2^48, returns below 2^23, weights below 2^16 and ratios below
/// 2^11, so that no product passes 2^84.
library Features {
    /// @dev Features of a vector. Those from PREMIUM on no contract computes: they say what is said where nothing is known.
    uint256 internal constant COUNT = 15;
    /* Places that are read */
    uint256 internal constant HOUR_OF_WEEK = 8;
    uint256 internal constant SCALE = 12;
    uint256 internal constant PREMIUM = 13;
    uint256 private constant INTEREST = 14;
    /// @dev Features saturate here, to both sides.
    int256 private constant MOST = 2 ** 23 - 1;
    uint256 private constant RATIO = 1024;
    uint256 private constant WEIGHT_UNIT = 2 ** 16;

    /// @dev The vector for the hour after the last of a history that is ready.
    /// @param last That hour [h].
    /// @param majors Sums of the majors, added up by window [ppm^2].
    function vectorOf(History storage self, uint256 last, uint256[4] memory majors, ForestHeader header)
        internal
        view
        returns (int256[COUNT] memory vector)
    {
        unchecked {
            uint256 variance = _putDeviations(vector, self.sums, header);
            uint256 scale = FixedPointMathLib.sqrt(variance);
            _putDay(self, last, vector, scale);
            vector[HOUR_OF_WEEK] = int256((last + 1) % HistoryLib.WEEK);
            vector[9] = int256((last + 1) % HistoryLib.DAY);
            vector[10] = int256(_deviation(majors[0] * HistoryLib.DAY, majors[2]));
            vector[11] = int256(_deviation(majors[2] * (HistoryLib.WEEK / HistoryLib.DAY), majors[3]));
            vector[SCALE] = int256(scale);
            vector[INTEREST] = int256(RATIO);
            for (uint256 i; i < COUNT; ++i) {
                vector[i] = FixedPointMathLib.clamp(vector[i], -MOST, MOST);
            }
        }
    }

    /// @dev Puts the deviations of the windows over the scale.
    /// @return variance The scale, squared: weighted mean variances, an hour [ppm^2].
    function _putDeviations(int256[COUNT] memory vector, SumsWord sums, ForestHeader header)
        private
        pure
        returns (uint256 variance)
    {
        unchecked {
            uint256[4] memory means;
            for (uint256 place; place < SumsWordLib.COUNT; ++place) {
                means[place] = sums.at(place) / SumsWordLib.hoursAt(place);
                variance += header.weight(place) * means[place];
            }
            variance = FixedPointMathLib.max(variance / WEIGHT_UNIT, header.least() * header.least());
            for (uint256 place; place < SumsWordLib.COUNT; ++place) {
                vector[place] = int256(_deviation(means[place], variance));
            }
        }
    }

    /// @dev The root of a ratio of variances; of anything over nothing 1.
    function _deviation(uint256 variance, uint256 over) private pure returns (uint256) {
        unchecked {
            return over == 0 ? RATIO : FixedPointMathLib.sqrt(variance * RATIO ** 2 / over);
        }
    }

    /// @dev Puts what the returns of the last day say: their range and the last of them over the scale; what is
    /// continuous and what is downside of their squares, 1 and a half where there are none.
    function _putDay(History storage self, uint256 last, int256[COUNT] memory vector, uint256 scale) private view {
        unchecked {
            (int256 path, int256 low, int256 high) = (0, 0, 0);
            (uint256 squares, uint256 products, uint256 falling, uint256 before) = (0, 0, 0, 0);
            uint256 hour = last + 1 - HistoryLib.DAY;
            HoursWord word = self.wordOf(hour);
            for (; hour <= last; ++hour) {
                if (hour % HoursWordLib.COUNT == 0) word = self.wordOf(hour);
                int256 net = word.net(hour);
                path += net;
                low = FixedPointMathLib.min(low, path);
                high = FixedPointMathLib.max(high, path);
                uint256 size = FixedPointMathLib.abs(net);
                products += size * before;
                before = size * size;
                squares += before;
                if (net < 0) falling += before;
                before = size;
            }
            vector[4] = int256(uint256(high - low) * RATIO / scale);
            vector[7] = word.net(last) * int256(RATIO) / int256(scale);
            (vector[5], vector[6]) = (int256(RATIO), int256(RATIO / 2));
            if (squares == 0) return;
            (vector[5], vector[6]) = (int256(products * RATIO / squares), int256(falling * RATIO / squares));
        }
    }
}
