// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SETTLEMENT_WINDOW} from "../types/Constants.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {LegWords} from "../types/LegWords.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PriceMid} from "../types/PriceMid.sol";
import {AVERAGED, Account, BUCKET_BYTES, Bucket, DOUBTED} from "./AccountMemory.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title What linear legs and options share.
library Legs {
    /// @dev Underlying of the leg at `cursor`; 0 where its size is 0.
    function openUnderlying(uint256 cursor) internal pure returns (uint256) {
        if (!LegWords.positionAt(cursor).isOpen()) return 0;
        return InstrumentId.listedUnderlyingOf(LegWords.idAt(cursor));
    }

    /// @dev Whether the leg at `cursor` is an option with size.
    function isOpenOption(uint256 cursor) internal pure returns (bool) {
        if (!InstrumentId.isOption(LegWords.idAt(cursor))) return false;
        return LegWords.positionAt(cursor).isOpen();
    }

    /// @dev Place of a feed among the prices, from 1; 0 where it is not needed. Safe because ids are at most 255.
    function slotOf(bytes memory slots, uint256 id) internal pure returns (uint256 slot) {
        // hot loop: it runs for every asset and leg of a check, and the bounds check costs more than the rest
        // Equivalent to `slot = uint8(slots[id])` without that check.
        assembly ("memory-safe") {
            slot := byte(0, mload(add(add(slots, 0x20), id)))
        }
    }

    /// @dev How far behind the first one the bucket of an underlying that is needed lies in memory [bytes].
    function bucketOffset(Account memory a, uint256 underlying) internal pure returns (uint256) {
        // safe because such an underlying has a slot, which counts from 1
        unchecked {
            return BUCKET_BYTES * (slotOf(a.slots, underlying) - 1);
        }
    }

    /* WHAT LINEAR LEGS AND OPTIONS SHARE */

    /// @dev Adds what a leg of this notional is charged in a market beyond half of its cap.
    function addCrowding(Bucket memory bucket, uint256 notional, MarketWord market) internal pure {
        uint256 slope = bucket.traits.crowdingSlope();
        // safe because charges are below 2^172 and legs few
        unchecked {
            bucket.alone += MarginMath.crowding(notional, bucket.derivativeShock, slope, market.utilisation());
        }
    }

    /// @dev Time to expiry. While the final price is being made, the mark at the index is not what the leg will pay:
    /// it backs no new risk.
    /// @return over Whether it has expired.
    function addTenor(Account memory a, Bucket memory bucket, uint64 id, uint256 time)
        internal
        pure
        returns (bool over)
    {
        uint256 expiry = InstrumentId.expiryOf(id);
        // safe because the later time comes first
        unchecked {
            uint256 left = expiry > time ? expiry - time : 0;
            if (left > bucket.tenor) bucket.tenor = left;
            if (left <= SETTLEMENT_WINDOW) a.doubts = a.doubts.with(AVERAGED);
            return left == 0;
        }
    }

    /// @dev Remembers that the price of a leg is not Valid.
    function noteStatus(Account memory a, PriceMid price, uint256 notional) internal pure {
        a.doubts = a.doubts.with(DOUBTED);
        // safe because notionals are below 2^208 and legs few
        unchecked {
            if (price.isHalted()) a.haltedLegs += notional;
        }
    }
}
