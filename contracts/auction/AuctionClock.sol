// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {Auction} from "../types/AuctionWord.sol";
import {Doubt} from "../types/Doubt.sol";

/// @title The two clocks of an auction: each phase has its own, which goes on where it stood.
library AuctionClock {
    /// @dev An insolvent account with much in doubt waits so many times as long: two hours are a week. What is left of
    /// a division waits for the next action.
    uint256 private constant SLOWNESS = 84;
    /// @dev The first time of an insolvent account counts whatever is found: its payout rises by a twentieth of the
    /// requirement, which whoever buys a solvent account earns at once [s].
    uint256 private constant FIRST = 6 minutes;
    /// @dev Of time that ends in such doubt or a halt, and began without, so much at most counts in full: nobody looked
    /// when it began [s].
    uint256 private constant UNSEEN = 2 minutes;

    /// @dev Counts the time since the last action for the phase found there, unless the clock stood. What lies before
    /// `floor`, the sequencer's return and its grace, does not count.
    /// @param doubt What is in doubt now.
    function count(Auction memory a, uint256 floor, Doubt doubt) internal view {
        uint256 from = FixedPointMathLib.max(a.seenAt, floor);
        // safe because times fit 32 bits until 2106, and a phase is no older than the auction
        unchecked {
            uint256 time = FixedPointMathLib.zeroFloorSub(block.timestamp, from);
            uint256 counted = a.stopped ? 0 : time;
            uint256 left;
            if (a.insolvent) {
                if (!doubt.isSmall()) counted = FixedPointMathLib.min(counted, UNSEEN);
                uint256 first = FixedPointMathLib.zeroFloorSub(FIRST, a.insolventTime);
                counted = FixedPointMathLib.max(counted, FixedPointMathLib.min(time, first));
                if (doubt.isLarge()) {
                    left = time - counted;
                    counted += left / SLOWNESS;
                    left %= SLOWNESS;
                }
                a.insolventTime += uint32(counted);
            } else {
                a.solventTime += uint32(counted);
            }
            a.seenAt = uint32(block.timestamp - left);
        }
    }

    /// @dev Whether a clock stands: in a halt, and of an insolvent account where much is in doubt.
    function stands(Doubt doubt, bool insolvent) internal pure returns (bool) {
        return insolvent ? !doubt.isSmall() : doubt.isHalted();
    }
}
