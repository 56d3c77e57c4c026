// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CROWDING_START} from "../types/Constants.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {LegWords} from "../types/LegWords.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Account, Bucket} from "./AccountMemory.sol";
import {Legs} from "./Legs.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title Perpetuals, futures and legs without open contracts in a margin check: what one adds to its underlying.
library LinearLegs {
    /// @dev Adds one leg's notional to its underlying.
    /// @return value Of its open contracts at the price that counts: mid for maintenance, the worse edge for initial
    /// margin, down [wad USD].
    /// @return notional At mid, up [wad USD].
    function add(Account memory a, uint256 cursor, bool initial, uint256 time)
        internal
        pure
        returns (int256 value, uint256 notional)
    {
        (uint64 id, PositionWord position, MarketWord market,) = LegWords.at(cursor);
        int256 size = position.size();
        // safe because of the bounds stated in MarginMath, and because open legs have a slot, which counts from 1
        unchecked {
            value = -position.basis();
            if (size != 0) {
                Bucket memory bucket = a.first;
                uint256 offset = Legs.bucketOffset(a, InstrumentId.listedUnderlyingOf(id));
                // Equivalent to `bucket = buckets[i]`, where `i` is the place of the underlying.
                assembly ("memory-safe") {
                    bucket := add(bucket, offset)
                }
                uint256 mid = bucket.price.mid();

                // notionals are at mid in both sets: a low edge must not shrink what is charged on them
                uint256 price = mid;
                if (size > 0) {
                    if (initial) price = bucket.edges.low();
                    notional = MarginMath.mulUp(uint256(size), mid);
                    bucket.long += notional;
                } else {
                    if (initial) price = bucket.edges.high();
                    notional = MarginMath.mulUp(uint256(-size), mid);
                    bucket.short += notional;
                }
                if (InstrumentId.hourOf(id) != 0 && Legs.addTenor(a, bucket, id, time)) {
                    // it pays what an average says, and not the index: it hedges nothing, and has no place in the sums
                    if (size > 0) bucket.long -= notional;
                    else bucket.short -= notional;
                    bucket.alone += MarginMath.mulUp(notional, bucket.derivativeShock);
                    bucket.gross += notional;
                }
                if (initial && market.utilisation() > CROWDING_START) Legs.addCrowding(bucket, notional, market);

                value += MarginMath.signedMulDown(size, int256(price) - market.fundingAt(mid, time));
                if (!bucket.price.isValid()) Legs.noteStatus(a, bucket.price, notional);
            }
        }
    }
}
