// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarginSet, MarginSetWord, MarginSetWordLib} from "./MarginSetWord.sol";

using MarginSetsWordLib for MarginSetsWord global;

/// @notice Both margin sets of an underlying, in one word of the risk table; 0 for one without parameters.
/// @dev From the lowest bit: maintenance MarginSetWord, 120 bits | initial MarginSetWord, 120 bits.
type MarginSetsWord is uint256;

/// @dev What counts for an underlying without parameters: both shocks and the basis charge 100 %, in both sets.
MarginSetsWord constant UNKNOWN_SETS =
    MarginSetsWord.wrap(1e6 << 24 | 1e6 << 48 | 1e6 << 72 | 1e6 << 144 | 1e6 << 168 | 1e6 << 192);

/// @notice Reads and makes both sets.
library MarginSetsWordLib {
    /// @dev Both sets.
    function encode(MarginSet memory maintenance_, MarginSet memory initial_) internal pure returns (MarginSetsWord) {
        uint256 low = MarginSetWord.unwrap(MarginSetWordLib.encode(maintenance_));
        uint256 high = MarginSetWord.unwrap(MarginSetWordLib.encode(initial_));
        return MarginSetsWord.wrap(low | high << MarginSetWordLib.SET_BITS);
    }

    /// @dev The set of maintenance margin; what lies above it is the other.
    function maintenance(MarginSetsWord self) internal pure returns (MarginSetWord) {
        return MarginSetWord.wrap(MarginSetsWord.unwrap(self));
    }

    /// @dev The set of initial margin.
    function initial(MarginSetsWord self) internal pure returns (MarginSetWord) {
        return MarginSetWord.wrap(MarginSetsWord.unwrap(self) >> MarginSetWordLib.SET_BITS);
    }

    /// @dev One of the two.
    function at(MarginSetsWord self, bool isInitial) internal pure returns (MarginSetWord) {
        return isInitial ? initial(self) : maintenance(self);
    }

    /// @dev Whether the underlying has no parameters.
    function isNone(MarginSetsWord self) internal pure returns (bool) {
        return MarginSetsWord.unwrap(self) == 0;
    }

    /// @dev Whether these are those that stand for an underlying without parameters.
    function isUnknown(MarginSetsWord self) internal pure returns (bool) {
        return MarginSetsWord.unwrap(self) == MarginSetsWord.unwrap(UNKNOWN_SETS);
    }
}
