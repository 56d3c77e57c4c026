// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {ICollateralHub} from "../interfaces/ICollateralHub.sol";
import {WAD} from "../types/Constants.sol";
import {PriceStatus} from "../types/PriceStatus.sol";
import {Bucket} from "./Bucket.sol";
import {Claim, LockClaim} from "./LockClaim.sol";
import {Pause} from "./Pause.sol";
import {Queue} from "./Queue.sol";
import {Route} from "./Route.sol";

/// @title Life of a route: when it was heard of, whether it is open, how much it lets through, what its receipts are
/// worth.
library RouteLife {
    using Bucket for Bucket.State;
    using Pause for uint64;
    using Queue for Queue.State;

    /* WORDS OF THE SPOKE */

    /// @dev Times never go back, and are never those of tomorrow. What is dead stays so: meanwhile the spoke may have
    /// given back what it holds. Of a token with other decimals nothing is heard.
    function hear(Route storage self, uint64 time, uint64 heard) internal {
        if (_isDead(self) || self.decimalsThere != self.config.decimals) return;
        uint256 now_ = block.timestamp;
        // safe because each is at most a time, which fits 64 bits
        self.beatAt = uint64(FixedPointMathLib.max(self.beatAt, FixedPointMathLib.min(time, now_)));
        self.heard = uint64(FixedPointMathLib.max(self.heard, FixedPointMathLib.min(heard, now_)));
    }

    /// @dev Takes the decimals that a beat tells, unless one that is newer has told them. The time of a beat is its own
    /// as far as clocks may differ: one of tomorrow bars none for longer.
    function learn(Route storage self, uint8 decimals, uint64 time) internal {
        // safe because it is at most a time, which fits 64 bits
        time = uint64(FixedPointMathLib.min(time, block.timestamp + LockClaim.CLOCKS));
        if (time >= self.toldAt) (self.decimalsThere, self.toldAt) = (decimals, time);
    }

    /* STANDING */

    /// @dev Neither paused nor dead, and the newest beat told the decimals that receipts have.
    function requireOpen(Route storage self, uint256 number) internal view {
        (uint8 there, uint8 here) = (self.decimalsThere, self.config.decimals);
        if (there != here) revert ICollateralHub.DecimalsDiffer(number, there, here);
        if (self.pausedUntil.isOn()) revert ICollateralHub.RoutePaused(number, self.pausedUntil);
        if (_isDead(self)) revert ICollateralHub.RouteDead(number, heardAt(self));
    }

    function _isDead(Route storage self) private view returns (bool) {
        return block.timestamp - heardAt(self) > self.config.deadAfter;
    }

    /// @dev The older of the spoke's last word and of the last word that it has heard of the hub [s].
    function heardAt(Route storage self) internal view returns (uint256) {
        return FixedPointMathLib.min(self.beatAt, self.heard);
    }

    /// @dev Status of the receipts, and what part of the token's price they have [wad, down]. From silence on it falls
    /// evenly, to nothing when the route is dead.
    function standing(Route storage self) internal view returns (PriceStatus status, uint256 factor) {
        (status, factor) = (PriceStatus.Valid, WAD);
        if (self.pausedUntil.isOn()) status = PriceStatus.Uncertain;

        uint256 silence = block.timestamp - heardAt(self);
        (uint256 silentAfter, uint256 deadAfter) = (self.config.silentAfter, self.config.deadAfter);
        if (silence > silentAfter) {
            status = PriceStatus.Uncertain;
            factor = WAD * FixedPointMathLib.zeroFloorSub(deadAfter, silence) / (deadAfter - silentAfter);
        }
        uint256 missing = shortage(self);
        if (missing != 0) {
            status = PriceStatus.Uncertain;
            uint256 supply = self.receipt.totalSupply();
            factor = supply == 0 ? 0 : factor * FixedPointMathLib.zeroFloorSub(supply, missing) / supply;
        }
    }

    /// @dev Receipts that nothing locked stands behind [token units].
    function shortage(Route storage self) internal view returns (uint256) {
        int256 deficit = self.deficit;
        // safe because it is positive
        return deficit > 0 ? uint256(deficit) : 0;
    }

    /* LIMITS */

    /// @dev What the bucket lets through [token units, down].
    function available(Route storage self) internal view returns (uint256) {
        return self.bucket.available(self.config.capacity, self.config.window);
    }

    /// @dev What the cap leaves open [token units].
    function room(Route storage self) internal view returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(self.config.cap, self.receipt.totalSupply());
    }

    /// @dev What may be credited of a claim now, of which the queue counts `counted`, and whether it stands in a queue,
    /// where what is not final has no place; and what cap and bucket let through [token units, down].
    function claimable(Route storage self, Claim memory claim, uint256 counted)
        internal
        view
        returns (uint256 amount, bool queued, uint256 open)
    {
        uint256 left = room(self);
        open = FixedPointMathLib.min(left, available(self));
        uint256 settled = claim.settled();
        uint256 known = FixedPointMathLib.max(claim.locked, claim.credited);
        uint256 fast = FixedPointMathLib.min(
            FixedPointMathLib.zeroFloorSub(claim.countable(), known),
            FixedPointMathLib.zeroFloorSub(self.config.fastCap, self.fastCredited)
        );
        uint256 waiting = self.waiting - counted + settled;
        queued = waiting + fast > open;
        if (!queued) return (settled + fast, false, open);
        if (waiting == 0) return (0, true, open);
        uint256 refill = self.config.capacity * Queue.INTERVAL / self.config.window;
        amount = self.queue.partOf(settled, waiting, open, FixedPointMathLib.min(refill, left));
    }

    /// @dev What may be given up of a claim now, of which the queue counts `counted`: finally locked, and the bucket
    /// lets it through beside all that the cap lets through of the others. Of a short route nobody is credited: nothing
    /// is kept for the queue [token units, down].
    function reclaimable(Route storage self, Claim memory claim, uint256 counted) internal view returns (uint256) {
        uint256 others = shortage(self) == 0 ? FixedPointMathLib.min(self.waiting - counted, room(self)) : 0;
        return FixedPointMathLib.min(claim.settled(), FixedPointMathLib.zeroFloorSub(available(self), others));
    }
}
