// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArrayMeta} from "../types/ArrayMeta.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {LEG_BYTES, LegWords} from "../types/LegWords.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Account} from "./AccountMemory.sol";
import {Legs} from "./Legs.sol";
import {MarginMath} from "./MarginMath.sol";
import {OptionLegs} from "./OptionLegs.sol";
import {RiskTable} from "./RiskTable.sol";
import {WordLists} from "./WordLists.sol";

/// @title What an account counts towards the exposure caps of auctions.
library Exposures {
    using WordLists for uint256[];

    /// @dev Units of auction exposure per underlying of open legs, each leg rounded down: dust counts nothing, options
    /// as much as they move with the index; and the caps.
    function count(Account memory a)
        internal
        pure
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        uint256[] memory sums = new uint256[](a.underlyings.length);
        (uint256 cursor, uint256 end) = LegWords.rangeOf(a.legs);
        uint256 option;
        // safe because sizes are below 2^111 and deltas below 2^15, units above 0, and open legs have a slot, which
        // counts from 1
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                uint256 underlying = Legs.openUnderlying(cursor);
                if (underlying == 0) continue;
                uint64 id = LegWords.idAt(cursor);
                PositionWord position = LegWords.positionAt(cursor);
                uint256 size = MarginMath.magnitude(position.size());
                if (InstrumentId.isOption(id)) {
                    size = OptionLegs.deltaSize(size, ArrayMeta.wrap(a.options.at(2 * option++)));
                }
                uint256 unit = RiskTable.traitsOf(a.table, underlying).exposureUnit();
                if (unit == 0) continue;
                uint256 place = Legs.slotOf(a.slots, underlying) - 1;
                sums.put(place, sums.at(place) + size / unit);
            }
        }
        return _withUnits(a.underlyings, sums, a.table);
    }

    /// @dev Leaves out underlyings of which not one unit counts: ids and sums become the answer where they lie.
    function _withUnits(uint256[] memory ids, uint256[] memory sums, bytes memory table)
        private
        pure
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        underlyings = ids;
        units = sums;
        caps = new uint256[](sums.length);
        uint256 kept;
        // safe because places are those of lists in memory
        unchecked {
            for (uint256 i; i < sums.length; ++i) {
                uint256 sum = sums.at(i);
                if (sum == 0) continue;
                uint256 id = ids.at(i);
                underlyings.put(kept, id);
                units.put(kept, sum);
                caps.put(kept, RiskTable.traitsOf(table, id).exposureCap());
                ++kept;
            }
        }
        underlyings.truncate(kept);
        units.truncate(kept);
        caps.truncate(kept);
    }
}
