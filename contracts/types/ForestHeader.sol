// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BitSet} from "./BitSet.sol";

using ForestHeaderLib for ForestHeader global;

/// @notice First 32 bytes of a forest; docs/volatility.md has the layout.
/// @dev From the highest bit: version uint8 | trees uint8 | horizon uint8 [h] | quantile uint24 [ppm] | four weights
/// uint16 [2^-16] | least uint24 [ppm] | base int32 [2^-20] | mask uint16 | first, end uint24 [h] | number uint24.
type ForestHeader is uint256;

/// @notice Reads headers.
library ForestHeaderLib {
    /// @dev Of the layout.
    function version(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) >> 248;
    }

    /// @dev Number of trees.
    function trees(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) >> 240 & 0xff;
    }

    /// @dev Hours ahead that are forecast.
    function horizon(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) >> 232 & 0xff;
    }

    /// @dev [ppm].
    function quantile(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) >> 208 & type(uint24).max;
    }

    /// @dev Part of a window in the scale, by its place below 4 [2^-16].
    function weight(ForestHeader self, uint256 place) internal pure returns (uint256) {
        // safe because places are below 4
        unchecked {
            return ForestHeader.unwrap(self) >> (192 - 16 * place) & type(uint16).max;
        }
    }

    /// @dev Least scale [ppm].
    function least(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) >> 120 & type(uint24).max;
    }

    /// @dev What is added to the leaves [2^-20 of the scale].
    function base(ForestHeader self) internal pure returns (int256) {
        // safe because the casts cut exactly the bits of the field
        return int32(uint32(ForestHeader.unwrap(self) >> 88));
    }

    /// @dev Features that nodes ask for, a bit each.
    function mask(ForestHeader self) internal pure returns (BitSet) {
        return BitSet.wrap(ForestHeader.unwrap(self) >> 72 & type(uint16).max);
    }

    /// @dev Hours of the window it was trained on, the end not included, counted from the epoch [h].
    function window(ForestHeader self) internal pure returns (uint256 first, uint256 end) {
        first = ForestHeader.unwrap(self) >> 48 & type(uint24).max;
        end = ForestHeader.unwrap(self) >> 24 & type(uint24).max;
    }

    /// @dev Which forest this is.
    function number(ForestHeader self) internal pure returns (uint256) {
        return ForestHeader.unwrap(self) & type(uint24).max;
    }
}
