// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Auction} from "../types/AuctionWord.sol";

/// @title The two clocks of an auction: each phase has its own, which goes on where it stood.
library AuctionClock {
    /// @dev An insolvent account whose prices are in doubt waits so many times as long: two hours are a week.
    uint32 private constant SLOWNESS = 84;

    /// @dev Counts the time since the last action for the phase found there, unless the clock stood. What lies before
    /// `floor`, the sequencer's return and its grace, does not count.
    /// @param doubted Whether prices are in doubt now, not Halted, and the account unhealthy.
    function count(Auction memory a, uint256 floor, bool doubted) internal view {
        uint256 from = FixedPointMathLib.max(a.seenAt, floor);
        // safe because times fit 32 bits until 2106, and a phase is no older than the auction
        unchecked {
            uint32 time = uint32(FixedPointMathLib.zeroFloorSub(block.timestamp, from));
            if (a.stopped) time = a.insolvent && doubted ? time / SLOWNESS : 0;
            if (a.insolvent) a.insolventTime += time;
            else a.solventTime += time;
            a.seenAt = uint32(block.timestamp);
        }
    }
}
