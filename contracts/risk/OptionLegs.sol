// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AGE_GRACE, ArrayMeta, ArrayMetaLib, INITIAL_LANES, TAIL_UP_LANE} from "../types/ArrayMeta.sol";
import {ArrayNodes} from "../types/ArrayNodes.sol";
import {CROWDING_START, PPM, PPM_TO_WAD} from "../types/Constants.sol";
import {GlobalsWord} from "../types/GlobalsWord.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {LegWords} from "../types/LegWords.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";
import {Account, Bucket, DOUBTED, OptionLeg} from "./AccountMemory.sol";
import {ExpiryBooks} from "./ExpiryBooks.sol";
import {Legs} from "./Legs.sol";
import {MarginMath} from "./MarginMath.sol";
import {RiskTable} from "./RiskTable.sol";
import {WordLists} from "./WordLists.sol";

/// @title Options in a margin check: what a leg adds to the scenarios of its underlying.
/// @notice The formula of docs/margin-model.md, "Options"; arrays as docs/options.md lays them out.
/// @dev `unchecked` is safe because of the bounds stated in Scenarios.
library OptionLegs {
    using WordLists for uint256[];
    using ExpiryBooks for uint256;

    /// @dev [s].
    uint256 private constant HOUR = 3600;

    /* A LEG */

    /// @dev Adds one open option leg to its underlying.
    /// @param place Of its array among those of the account's open options.
    /// @return value At the mark of the set, down [wad USD].
    /// @return worth Contracts times that mark, up [wad USD].
    function add(Account memory a, uint256 cursor, uint256 place, uint256 time)
        internal
        pure
        returns (int256 value, uint256 worth)
    {
        (uint64 id, PositionWord position, MarketWord market,) = LegWords.at(cursor);
        Bucket memory bucket = a.first;
        uint256 offset = Legs.bucketOffset(a, InstrumentId.listedUnderlyingOf(id));
        // Equivalent to `bucket = buckets[i]`, where `i` is the place of the underlying.
        assembly ("memory-safe") {
            bucket := add(bucket, offset)
        }
        int256 size = position.size();
        GlobalsWord globals = RiskTable.globalsOf(a.table);
        OptionLeg memory leg = _legOf(a, size, place, time);
        leg.isPut = !InstrumentId.isCall(id);
        leg.strike = InstrumentId.strikeOf(id);
        leg.mark = _markAt(leg, _priceOf(a.initial, bucket, leg));
        if (!_isFresh(leg, bucket.price.mid(), globals)) {
            a.doubts = a.doubts.with(DOUBTED);
        }
        unchecked {
            uint256 book = ExpiryBooks.bookOf(bucket, InstrumentId.hourOf(id));
            uint256 deltaNotional = _addCharges(bucket, book, leg, globals, a.initial);
            bucket.gross += deltaNotional;
            book.addStrike(size, leg.isPut, leg.strike);
            if (leg.long) bucket.hasLong = true;
            else if (!leg.isPut) book.noteSold(leg);
            (book + ExpiryBooks.VALUE).add(size * int256(leg.mark));
            if (!bucket.price.isValid()) Legs.noteStatus(a, bucket.price, deltaNotional);
            if (a.initial && size < 0 && market.utilisation() > CROWDING_START) {
                Legs.addCrowding(bucket, leg.notional, market);
            }
            if (Legs.addTenor(a, bucket, id, time)) (book + ExpiryBooks.OVER).put(1);
            value = MarginMath.signedMulDown(size, int256(leg.mark)) - position.basis();
            worth = MarginMath.mulUp(leg.units, leg.mark);
        }
    }

    /// @dev Adds the calls that an expiry has sold beyond those bought to a closed book of their own, as calls of the
    /// highest strike sold.
    /// @param spare The book they go to.
    /// @param units How many they are [wad base].
    function addSpare(
        Bucket memory bucket,
        uint256 spare,
        uint256 book,
        uint256 units,
        GlobalsWord globals,
        bool initial
    ) internal pure {
        OptionLeg memory leg = book.topOf();
        // nothing reads the leg any more but this
        leg.units = units;
        unchecked {
            (spare + ExpiryBooks.OVER).put((book + ExpiryBooks.OVER).at());
            (spare + ExpiryBooks.SHORT).put(int256(units));
        }
        _addCharges(bucket, spare, leg, globals, initial);
    }

    /// @dev What a leg's size and array say.
    function _legOf(Account memory a, int256 size, uint256 place, uint256 time)
        private
        pure
        returns (OptionLeg memory leg)
    {
        uint256[] memory arrays = a.options;
        leg.units = MarginMath.magnitude(size);
        leg.long = size > 0;
        // safe because places are those of arrays, and an array is not of the future
        unchecked {
            leg.meta = ArrayMeta.wrap(arrays.at(2 * place));
            leg.nodes = ArrayNodes.wrap(arrays.at(2 * place + 1));
            uint256 refreshed;
            (refreshed, leg.ref) = leg.meta.origin();
            leg.age = time - refreshed;
        }
        leg.shift = leg.meta.unitShift();
    }

    /// @dev Adds what the leg requires to a book.
    /// @return deltaNotional Its notional times its delta, up [wad USD].
    function _addCharges(Bucket memory bucket, uint256 book, OptionLeg memory leg, GlobalsWord globals, bool initial)
        private
        pure
        returns (uint256 deltaNotional)
    {
        uint256 mid = bucket.price.mid();
        leg.notional = MarginMath.mulUp(leg.units, mid);
        deltaNotional = _addDelta(book, leg);
        _addFloor(bucket, book, leg, deltaNotional, globals);
        _addNodes(book, leg, initial);
        // safe because charges are below 2^233
        unchecked {
            (book + ExpiryBooks.CHARGE).add(int256(_chargeOf(bucket, leg, initial, mid, globals)));
        }
    }

    /// @dev A size times the delta of its series, down: as much as it moves with the index.
    function deltaSize(uint256 size, ArrayMeta meta) internal pure returns (uint256) {
        // fixed point: safe because sizes are below 2^111 and deltas below 2^15
        unchecked {
            return size * MarginMath.magnitude(meta.delta()) >> ArrayMetaLib.DELTA_SHIFT;
        }
    }

    /// @dev The price of the index that counts: mid, and for initial margin the edge that is worse for the leg.
    function _priceOf(bool initial, Bucket memory bucket, OptionLeg memory leg) private pure returns (uint256) {
        if (!initial) return bucket.price.mid();
        bool gainsFromRise = leg.long != leg.isPut;
        return gainsFromRise ? bucket.edges.low() : bucket.edges.high();
    }

    /// @dev Mark at another index than that of the refresh, along its tangent: down for who is long, up for who is
    /// short.
    function _markAt(OptionLeg memory leg, uint256 price) private pure returns (uint256) {
        (uint256 mantissa, uint256 exponent) = leg.meta.mark();
        // fixed point
        unchecked {
            int256 moved = leg.meta.delta() * (int256(price) - int256(leg.ref));
            if (leg.long) {
                moved >>= ArrayMetaLib.DELTA_SHIFT;
            } else {
                ++mantissa;
                moved = -(-moved >> ArrayMetaLib.DELTA_SHIFT);
            }
            int256 mark = int256(mantissa << exponent) + moved;
            return mark > 0 ? uint256(mark) : 0;
        }
    }

    /// @dev Whether the array may back new risk.
    function _isFresh(OptionLeg memory leg, uint256 mid, GlobalsWord globals) private pure returns (bool) {
        if (!leg.meta.isValid() || leg.age > globals.arrayMaxAge()) return false;
        unchecked {
            return _distance(mid, leg.ref) * PPM <= leg.ref * globals.arrayMaxMove();
        }
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a > b ? a - b : b - a;
        }
    }

    /// @dev Adds the leg's delta to the net one of its expiry: options that settle at one price hedge each other.
    /// @return deltaNotional Its size, up [wad USD].
    function _addDelta(uint256 book, OptionLeg memory leg) private pure returns (uint256 deltaNotional) {
        int256 delta = leg.meta.delta();
        // fixed point
        unchecked {
            deltaNotional = (leg.notional * MarginMath.magnitude(delta) + ((1 << ArrayMetaLib.DELTA_SHIFT) - 1))
                >> ArrayMetaLib.DELTA_SHIFT;
            int256 net = leg.long == delta > 0 ? int256(deltaNotional) : -int256(deltaNotional);
            (book + ExpiryBooks.DELTA).add(net);
        }
    }

    /// @dev Adds the least charge on the leg's delta, of a long one at most its value; and what is sold.
    function _addFloor(
        Bucket memory bucket,
        uint256 book,
        OptionLeg memory leg,
        uint256 deltaNotional,
        GlobalsWord globals
    ) private pure {
        unchecked {
            uint256 rate = MarginMath.divUp(bucket.derivativeShock * globals.minDelta(), PPM);
            uint256 charge = MarginMath.mulUp(deltaNotional, rate);
            if (leg.long) {
                uint256 value = MarginMath.mulDown(leg.units, leg.mark);
                if (charge > value) charge = value;
            } else {
                (book + ExpiryBooks.SOLD + (leg.isPut ? 0x20 : 0)).add(int256(leg.notional));
            }
            (book + ExpiryBooks.DELTA_FLOOR).add(int256(charge));
        }
    }

    /// @dev What is taken off in every scenario, because the array is of another time, index or multiplier, and because
    /// the leg may be worth less between two nodes [1e-36 USD].
    function _chargeOf(Bucket memory bucket, OptionLeg memory leg, bool initial, uint256 mid, GlobalsWord globals)
        private
        pure
        returns (uint256 charge)
    {
        uint256 shock = bucket.sets.at(initial).derivativeShock() * PPM_TO_WAD;
        // fixed point
        unchecked {
            uint256 aged;
            if (leg.age > AGE_GRACE) {
                aged = globals.ageCharge() * (leg.age - AGE_GRACE) / HOUR;
            }
            if (aged > PPM) aged = PPM;
            uint256 reach = leg.meta.reach() + (1 << ArrayMetaLib.REACH_SHIFT);
            charge = (leg.notional * reach + ((1 << ArrayMetaLib.REACH_SHIFT) - 1)) >> ArrayMetaLib.REACH_SHIFT;
            charge *= bucket.derivativeShock - shock + MarginMath.divUp(shock * aged, PPM);
            charge += (leg.units * _distance(mid, leg.ref) * leg.meta.drift() + ((1 << ArrayMetaLib.DRIFT_SHIFT) - 1))
                    >> ArrayMetaLib.DRIFT_SHIFT;
            uint256 bent = leg.long ? leg.meta.gap(initial) : leg.meta.bow(initial);
            charge += (bent * leg.units * leg.ref + ((1 << leg.shift) - 1)) >> leg.shift;
            if (!leg.long) return charge;
            // more than a long leg is worth in its best scenario is never there to be lost
            uint256 most = leg.units * leg.mark;
            if (most < charge) most += _bestOf(leg, initial);
            if (most < charge) charge = most;
        }
    }

    /// @dev What a long leg wins in its best scenario: the furthest move either way, volatility up [1e-36 USD].
    function _bestOf(OptionLeg memory leg, bool initial) private pure returns (uint256) {
        int256 best = FixedPointMathLib.max(leg.nodes.at(2), leg.nodes.at(5));
        if (initial) best = FixedPointMathLib.max(best, FixedPointMathLib.max(leg.nodes.at(10), leg.nodes.at(13)));
        // fixed point
        unchecked {
            return best > 0 ? (uint256(best) * leg.units * leg.ref) >> leg.shift : 0;
        }
    }

    /// @dev Adds the leg's profit to every scenario of the set, as its nodes say.
    function _addNodes(uint256 book, OptionLeg memory leg, bool initial) private pure {
        uint256 nodes = ArrayNodes.unwrap(leg.nodes);
        uint256 tails = leg.meta.tailLanes();
        // a short loses what a long wins, and the part of a unit that the lane leaves out: -(lane + 1), its complement
        // hot loop: eighteen lanes at once, which an accessor would turn one by one
        if (!leg.long) (nodes, tails) = (~nodes, ~tails);
        // fixed point: safe because a unit is at least 2^-FINEST_UNIT of the index, so that factors are below 2^222
        unchecked {
            uint256 factor = leg.units * leg.ref << (ExpiryBooks.FINEST_UNIT - leg.shift);
            uint256 place = book + ExpiryBooks.NODES;
            uint256 count = initial ? TAIL_UP_LANE : INITIAL_LANES;
            for (uint256 i; i < 2; ++i) {
                _addLanes(place, nodes, count, factor);
                (place, nodes, count) = (book + ExpiryBooks.NODES + 32 * TAIL_UP_LANE, tails, 2);
            }
        }
    }

    /// @dev Adds an even number of lanes of a word, from its lowest bits, to as many sums from `place` on.
    function _addLanes(uint256 place, uint256 word, uint256 count, uint256 factor) private pure {
        // hot loop: up to eighteen lanes a leg, each of which an accessor would shift down from its place
        // Equivalent to `sum += lane * factor;` for each lane and its sum, from `place` on.
        assembly ("memory-safe") {
            for { let end := add(place, shl(5, count)) } lt(place, end) { place := add(place, 64) } {
                mstore(place, add(mload(place), mul(signextend(1, word), factor)))
                let next := add(place, 32)
                mstore(next, add(mload(next), mul(signextend(1, shr(16, word)), factor)))
                word := shr(32, word)
            }
        }
    }
}
