// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {BookHeader} from "../types/BookHeader.sol";
import {MAX_LEGS} from "../types/Constants.sol";
import {IDS_PER_WORD, LegIdsWord} from "../types/LegIdsWord.sol";
import {PositionWord} from "../types/PositionWord.sol";

/// @title The legs of one account: which markets it is in, and with what.
library Book {
    struct State {
        BookHeader header;
        LegIdsWord[MAX_LEGS / IDS_PER_WORD] ids;
        mapping(uint64 id => PositionWord) positions;
    }

    /// @dev Number of legs.
    function count(State storage self) internal view returns (uint256) {
        return self.header.count();
    }

    /// @dev Id of the leg at a place below the count.
    function idAt(State storage self, uint256 place) internal view returns (uint64) {
        return self.ids[place / IDS_PER_WORD].at(place % IDS_PER_WORD);
    }

    /// @dev Ids of all legs.
    function list(State storage self) internal view returns (uint64[] memory ids) {
        ids = new uint64[](count(self));
        LegIdsWord word;
        for (uint256 i; i < ids.length; ++i) {
            if (i % IDS_PER_WORD == 0) word = self.ids[i / IDS_PER_WORD];
            (ids[i], word) = word.shifted();
        }
    }

    /// @dev Counts a change of sizes.
    function noteChange(State storage self) internal {
        self.header = self.header.changed();
    }

    /// @dev Writes a position, none included, and adds or removes its leg.
    function put(State storage self, uint64 id, PositionWord before, PositionWord next) internal {
        if (before.isNone()) _add(self, id);
        else if (next.isNone()) _remove(self, id);
        self.positions[id] = next;
    }

    function _add(State storage self, uint64 id) private {
        uint256 last = count(self);
        if (last >= MAX_LEGS) revert IClearinghouse.TooManyLegs(last + 1, MAX_LEGS);
        _setIdAt(self, last, id);
        self.header = self.header.grown();
    }

    /// @dev Puts the last leg in the place of the removed one; what lies beyond the count is not read.
    function _remove(State storage self, uint64 id) private {
        uint256 last = count(self) - 1;
        uint64 lastId = idAt(self, last);
        if (lastId != id) {
            uint256 place;
            while (idAt(self, place) != id) ++place;
            _setIdAt(self, place, lastId);
        }
        self.header = self.header.shrunk();
    }

    function _setIdAt(State storage self, uint256 place, uint64 id) private {
        LegIdsWord[MAX_LEGS / IDS_PER_WORD] storage ids = self.ids;
        ids[place / IDS_PER_WORD] = ids[place / IDS_PER_WORD].with(place % IDS_PER_WORD, id);
    }
}
