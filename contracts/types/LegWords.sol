// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MarketWord} from "./MarketWord.sol";
import {PositionWord} from "./PositionWord.sol";
import {UnpaidWord} from "./UnpaidWord.sol";

/// @dev Words per leg, and their bytes.
uint256 constant LEG_WORDS = 4;
uint256 constant LEG_BYTES = 128;

/// @title Words of legs in memory, as `IClearinghouse.legs` gives them: of each its id, position, market, and what
/// closed contracts are owed and owe.
/// @dev A cursor is the place in memory of a leg's first word. Loops run on cursors, because the bounds check of an
/// index costs more than what is done with most words.
library LegWords {
    /// @dev First word of an array, and the end behind its last.
    function rangeOf(uint256[] memory words) internal pure returns (uint256 cursor, uint256 end) {
        // Equivalent to the places in memory of `words[0]` and of what follows the last word.
        assembly ("memory-safe") {
            cursor := add(words, 0x20)
            end := add(cursor, shl(5, mload(words)))
        }
    }

    /// @dev The leg at `cursor`; safe because cursors stay in the range of the legs.
    function at(uint256 cursor)
        internal
        pure
        returns (uint64 id, PositionWord position, MarketWord market, UnpaidWord unpaid)
    {
        // Equivalent to `(words[i], words[i + 1], words[i + 2], words[i + 3])`, `cursor` being the place of the first.
        assembly ("memory-safe") {
            id := mload(cursor)
            position := mload(add(cursor, 0x20))
            market := mload(add(cursor, 0x40))
            unpaid := mload(add(cursor, 0x60))
        }
    }

    /// @dev Instrument of the leg at `cursor`.
    function idAt(uint256 cursor) internal pure returns (uint64 id) {
        // Equivalent to `id = uint64(words[i])`, where `cursor` is the place of word `i`, which holds an id.
        assembly ("memory-safe") {
            id := mload(cursor)
        }
    }

    /// @dev Position of the leg at `cursor`.
    function positionAt(uint256 cursor) internal pure returns (PositionWord position) {
        // Equivalent to `position = PositionWord.wrap(words[i + 1])`, where `cursor` is the place of word `i`.
        assembly ("memory-safe") {
            position := mload(add(cursor, 0x20))
        }
    }

    /// @dev Writes the leg at `cursor`; safe because cursors stay in the range of the legs.
    function put(uint256 cursor, uint64 id, PositionWord position, MarketWord market, UnpaidWord unpaid)
        internal
        pure
    {
        uint256 first = id;
        // Equivalent to `(words[i], words[i + 1], words[i + 2], words[i + 3]) = (id, position, market, unpaid)`, where
        // `cursor` is the place of word `i`.
        assembly ("memory-safe") {
            mstore(cursor, first)
            mstore(add(cursor, 0x20), position)
            mstore(add(cursor, 0x40), market)
            mstore(add(cursor, 0x60), unpaid)
        }
    }
}
