// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ILiquidationAuction} from "../interfaces/ILiquidationAuction.sol";
import {BitSet} from "../types/BitSet.sol";
import {FULL_LANES, LANES, MAX_LANE, UnitLanes} from "../types/UnitLanes.sol";

/// @title How much is in auction: the units of every underlying, the requirement of all accounts, the number of
/// auctions.
/// @dev Underlyings count from 1; sixteen of them make a page.
library ExposureCounter {
    /// @dev Slot 0: 8 + 4 bytes.
    struct Totals {
        uint64 requirement; // maintenance requirement in auction [1e-9 USD]
        uint32 nextId; // number of the next auction
    }

    struct State {
        Totals totals;
        // MAX_LANE less the units in auction, so that a page is never written from 0. Of every lane exactly what the
        // accounts' pages count is missing: no lane borrows from the next or overflows.
        mapping(uint256 page => UnitLanes) room;
        mapping(uint256 account => mapping(uint256 page => UnitLanes)) counted;
    }

    /// @dev One step of what is counted: 1e-9 USD [wad USD].
    uint256 private constant SCALE = 1e9;

    /// @dev Makes room, and numbers auctions from 1; before anything is counted.
    function initialise(State storage self) internal {
        self.totals.nextId = 1;
        for (uint256 page; page < LANES; ++page) {
            self.room[page] = FULL_LANES;
        }
    }

    /* REQUIREMENT */

    /// @dev Counts an account's requirement [wad USD, up] towards the global cap [wad USD], and its auction.
    /// @return id Number of the auction.
    /// @return counted_ What was counted [1e-9 USD].
    function addRequirement(State storage self, uint256 requirement, uint256 cap)
        internal
        returns (uint32 id, uint64 counted_)
    {
        Totals memory totals = self.totals;
        uint256 running = totals.requirement;
        cap /= SCALE;
        if (running >= cap) revert ILiquidationAuction.ExposureCapReached(0, running, cap);
        // safe because it is at most what is left of 64 bits
        counted_ = uint64(FixedPointMathLib.min(_scaledUp(requirement), type(uint64).max - running));
        id = totals.nextId;
        self.totals = Totals(totals.requirement + counted_, id + 1);
    }

    /// @dev Lowers what an account counts [1e-9 USD] to its requirement now [wad USD, up]; a higher one counts as
    /// before.
    /// @return What it counts then [1e-9 USD].
    function lowerRequirement(State storage self, uint64 counted_, uint256 requirement) internal returns (uint64) {
        uint256 now_ = _scaledUp(requirement);
        if (now_ >= counted_) return counted_;
        // safe because it is less than a number of 64 bits
        uint64 kept = uint64(now_);
        self.totals.requirement -= counted_ - kept;
        return kept;
    }

    /// @dev From wad to 1e-9 USD, up.
    function _scaledUp(uint256 requirement) private pure returns (uint256) {
        return FixedPointMathLib.divUp(requirement, SCALE);
    }

    /* UNITS */

    /// @dev Counts an account's units of every underlying towards its cap.
    /// @return pages Bit p: it counts in page p.
    function addUnits(
        State storage self,
        uint256 account,
        uint256[] memory underlyings,
        uint256[] memory units,
        uint256[] memory caps
    ) internal returns (uint16 pages) {
        UnitLanes[LANES] memory added;
        BitSet used;
        for (uint256 i; i < underlyings.length; ++i) {
            (uint256 page, uint256 lane) = _laneOf(underlyings[i]);
            uint256 running = MAX_LANE - self.room[page].at(lane);
            // While there is room an account of any size is sold: the last one in may pass the cap, none is too large,
            // and where nothing runs there is room whatever the cap.
            if (running != 0 && running >= FixedPointMathLib.min(caps[i], MAX_LANE)) {
                revert ILiquidationAuction.ExposureCapReached(underlyings[i], running, caps[i]);
            }
            // A lane holds at most its width.
            added[page] = added[page].with(lane, FixedPointMathLib.min(units[i], MAX_LANE - running));
            used = used.with(page);
        }
        // safe because a page is below 16: ids of underlyings are at most 255
        pages = uint16(BitSet.unwrap(used));
        for (uint256 page; page < LANES; ++page) {
            if (!used.has(page)) continue;
            self.room[page] = self.room[page].minus(added[page]);
            self.counted[account][page] = added[page];
        }
    }

    /// @dev Keeps the fraction `left` [wad] of the units an account counts, rounded up: exactly what was counted is
    /// given back, whatever happened to legs.
    function keepUnits(State storage self, uint256 account, uint256 pages, uint256 left) internal {
        for (uint256 page; page < LANES; ++page) {
            if (!BitSet.wrap(pages).has(page)) continue;
            UnitLanes before = self.counted[account][page];
            UnitLanes kept;
            if (left != 0) kept = before.scaledUp(left);
            if (kept.equals(before)) continue;
            self.room[page] = self.room[page].plus(before.minus(kept));
            self.counted[account][page] = kept;
        }
    }

    /// @dev Units of an underlying in auction.
    function unitsOf(State storage self, uint256 underlying) internal view returns (uint256) {
        (uint256 page, uint256 lane) = _laneOf(underlying);
        return MAX_LANE - self.room[page].at(lane);
    }

    /// @dev Where an underlying is counted.
    function _laneOf(uint256 underlying) private pure returns (uint256 page, uint256 lane) {
        return ((underlying - 1) / LANES, (underlying - 1) % LANES);
    }
}
