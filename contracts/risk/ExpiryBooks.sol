// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PPM, PPM_TO_WAD} from "../types/Constants.sol";
import {GlobalsWord} from "../types/GlobalsWord.sol";
import {Bucket, OptionLeg} from "./AccountMemory.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title Options of an underlying by expiry, in memory: those of one expiry settle at one price.
/// @notice The formula of docs/margin-model.md, "Options". Amounts are in units of 1e-36 USD where not said.
/// @dev A book is a place in memory, and its fields are so many bytes behind it. `unchecked` is safe because of the
/// bounds stated in Scenarios: a strike is below 2^96, so that what a leg pays at one is below 2^207.
library ExpiryBooks {
    /// @dev Hours since 1970: less than any strike, so that a book is where the list of its strikes begins.
    uint256 internal constant EXPIRY = 0x00;
    /// @dev Place of the next book; 0: there is none.
    uint256 internal constant NEXT = 0x20;
    /// @dev Net notional that moves with the index, positive where a rise gains [wad USD].
    uint256 internal constant DELTA = 0x40;
    /// @dev Place of the lowest strike; four words each: strike [wad USD], net contracts of calls and of puts [wad
    /// base], and in the same place as here that of the next one.
    uint256 internal constant STRIKES = 0x60;
    /// @dev Notional of the calls sold, up [wad USD]; that of puts follows.
    uint256 internal constant SOLD = 0x80;
    /// @dev Contracts of calls, net [wad base]; those of puts follow.
    uint256 internal constant NET = 0xc0;
    /// @dev What is taken off in every scenario.
    uint256 internal constant CHARGE = 0x100;
    /// @dev Contracts times marks, net.
    uint256 internal constant VALUE = 0x120;
    /// @dev What is paid at a price of 0.
    uint256 internal constant AT_ZERO = 0x140;
    /// @dev Place of the strike that a leg was added to last; at first the book itself.
    uint256 internal constant LAST = 0x160;
    /// @dev Place of the call sold that has the highest strike, an OptionLeg; 0: no call is sold.
    uint256 internal constant TOP = 0x180;
    /// @dev 1: it has expired. Then it pays what an average says, and not the index: no scenario may count on it.
    uint256 internal constant OVER = 0x1a0;
    /// @dev Least charge on deltas, up [wad USD].
    uint256 internal constant DELTA_FLOOR = 0x1c0;
    /// @dev Contracts that the least charge on short options counts, once the book is closed [wad base].
    uint256 internal constant SHORT = 0x1e0;
    /// @dev Profits by scenario, as arrays say them: sixteen lanes and two tails [1e-36 USD / 2^FINEST_UNIT].
    uint256 internal constant NODES = 0x200;
    /// @dev No unit of a lane is less than the index over 2 to this.
    uint256 internal constant FINEST_UNIT = 29;
    uint256 private constant BYTES = NODES + 18 * 32;

    /* WORDS */

    /// @dev What is at a place.
    function at(uint256 place) internal pure returns (int256 word) {
        // Equivalent to reading a field of a struct.
        assembly ("memory-safe") {
            word := mload(place)
        }
    }

    /// @dev A profit by scenario, down [1e-36 USD].
    function nodeAt(uint256 place) internal pure returns (int256) {
        // fixed point
        return at(place) >> FINEST_UNIT;
    }

    /// @dev The same, of what is never negative.
    function sizeAt(uint256 place) internal pure returns (uint256) {
        return uint256(at(place));
    }

    /// @dev Puts a word at a place.
    function put(uint256 place, int256 word) internal pure {
        // Equivalent to writing a field of a struct.
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }

    /// @dev Adds to what is at a place.
    function add(uint256 place, int256 amount) internal pure {
        unchecked {
            put(place, at(place) + amount);
        }
    }

    /// @dev Room for `size` bytes of zeros.
    function zeros(uint256 size) internal pure returns (uint256 start) {
        // Equivalent to the place of `new uint256[](size / 32)[0]`.
        assembly ("memory-safe") {
            start := mload(0x40)
            // beyond the calldata there are zeros
            calldatacopy(start, calldatasize(), size)
            mstore(0x40, add(start, size))
        }
    }

    /* ADDING */

    /// @dev The book of an expiry [hours]; one not yet there becomes the first.
    function bookOf(Bucket memory bucket, uint256 expiry) internal pure returns (uint256 book) {
        unchecked {
            for (book = bucket.expiries; book != 0; book = sizeAt(book + NEXT)) {
                if (sizeAt(book + EXPIRY) == expiry) return book;
            }
            book = create(bucket.expiries);
            put(book + EXPIRY, int256(expiry));
        }
        bucket.expiries = book;
    }

    /// @dev An empty book before another.
    function create(uint256 next) internal pure returns (uint256 book) {
        book = zeros(BYTES);
        unchecked {
            put(book + NEXT, int256(next));
            put(book + LAST, int256(book));
        }
    }

    /// @dev Keeps a call that was sold if no other has a higher strike.
    function noteSold(uint256 book, OptionLeg memory leg) internal pure {
        unchecked {
            if (topOf(book).strike > leg.strike) return;
            uint256 place;
            // Equivalent to the place of the leg.
            assembly ("memory-safe") {
                place := leg
            }
            put(book + TOP, int256(place));
        }
    }

    /// @dev Adds contracts with a strike: each bends the payoff there. Legs in the order of their strikes are found at
    /// once.
    /// @param size Signed [wad base].
    /// @param strike [wad USD].
    function addStrike(uint256 book, int256 size, bool isPut, uint256 strike) internal pure {
        unchecked {
            uint256 side = isPut ? 0x20 : 0;
            add(book + NET + side, size);
            if (isPut) add(book + AT_ZERO, size * int256(strike));

            uint256 entry = sizeAt(book + LAST);
            if (sizeAt(entry) > strike) entry = book;
            uint256 next = sizeAt(entry + STRIKES);
            while (next != 0 && sizeAt(next) <= strike) {
                entry = next;
                next = sizeAt(entry + STRIKES);
            }
            if (sizeAt(entry) != strike) {
                uint256 made = zeros(0x80);
                put(made, int256(strike));
                put(made + STRIKES, int256(next));
                put(entry + STRIKES, int256(made));
                entry = made;
            }
            add(entry + 0x20 + side, size);
            put(book + LAST, int256(entry));
        }
    }

    /* READING */

    /// @dev The call sold that has the highest strike. Where none is, what lies at 0 in memory: its strike is 0, which
    /// is always in that place, and the rest is not to be read.
    function topOf(uint256 book) internal pure returns (OptionLeg memory leg) {
        unchecked {
            uint256 place = sizeAt(book + TOP);
            // Equivalent to the leg at the place.
            assembly ("memory-safe") {
                leg := place
            }
        }
    }

    /// @dev Contracts of calls sold beyond those bought [wad base].
    function spareOf(uint256 book) internal pure returns (uint256) {
        unchecked {
            int256 net = at(book + NET);
            return net < 0 ? uint256(-net) : 0;
        }
    }

    /// @dev Walks the strikes of a book, and keeps as many contracts as the money ever has sold beyond those bought: of
    /// calls with strikes up to any one, of puts with strikes from it on.
    /// @return lost The most that marks can lose until expiry, whatever the price then, without the calls sold beyond
    /// those bought: as many of the highest strike sold are left out. The payoff bends at strikes alone, and then has
    /// an end, so that it is least at a price of 0 or at a strike.
    function close(uint256 book) internal pure returns (int256 lost) {
        unchecked {
            // with no call sold none is left out, whatever its mark
            int256 spare = int256(spareOf(book));
            OptionLeg memory top = topOf(book);
            lost = at(book + VALUE) + spare * int256(top.mark);

            int256 paid = at(book + AT_ZERO);
            int256 least = paid;
            (int256 calls, int256 puts) = (0, at(book + NET + 0x20));
            (int256 leastCalls, int256 leastPuts) = (int256(0), int256(0));
            uint256 from;
            for (uint256 entry = sizeAt(book + STRIKES); entry != 0; entry = sizeAt(entry + STRIKES)) {
                uint256 strike = sizeAt(entry);
                paid += (calls - puts) * int256(strike - from);
                if (paid < least) least = paid;
                if (puts < leastPuts) leastPuts = puts;
                puts -= at(entry + 0x40);
                calls += at(entry + 0x20);
                if (calls < leastCalls) leastCalls = calls;
                // calls of higher strikes are bought
                if (strike == top.strike) calls += spare;
                from = strike;
            }
            put(book + SHORT, -leastCalls - leastPuts);
            lost -= least;
            if (lost < 0) lost = 0;
        }
    }

    /// @dev Least charge on options of closed books, up: on what is sold, or on deltas [wad USD].
    function floorOf(Bucket memory bucket, GlobalsWord globals) internal pure returns (uint256) {
        uint256 rate = MarginMath.divUp(bucket.derivativeShock * globals.shortFloor(), PPM);
        (uint256 short, uint256 delta) = (0, 0);
        unchecked {
            for (uint256 book = bucket.expiries; book != 0; book = sizeAt(book + NEXT)) {
                short += sizeAt(book + SHORT);
                delta += sizeAt(book + DELTA_FLOOR);
            }
        }
        short = MarginMath.mulUp(MarginMath.mulUp(short, bucket.price.mid()), rate);
        return short > delta ? short : delta;
    }

    /// @dev What options leave open, up [wad USD].
    /// @return long Sum of the net deltas by expiry that gain from a rise.
    /// @return short The same of the others.
    /// @return vega Twice the notional that a shock of maintenance moves as far as volatility and bend move the
    /// options: of each expiry what lies between volatility up and down, and between a rise, a fall and their mean.
    function open(Bucket memory bucket) internal pure returns (uint256 long, uint256 short, uint256 vega) {
        unchecked {
            for (uint256 book = bucket.expiries; book != 0; book = sizeAt(book + NEXT)) {
                int256 delta = at(book + DELTA);
                if (delta < 0) short += uint256(-delta);
                else long += uint256(delta);
                uint256 nodes = book + NODES;
                vega += MarginMath.magnitude(nodeAt(nodes) - nodeAt(nodes + 0x20));
                vega += MarginMath.magnitude(nodeAt(nodes + 0x80) + nodeAt(nodes + 0xe0));
            }
            vega = MarginMath.divUp(vega, bucket.sets.maintenance().derivativeShock() * PPM_TO_WAD);
        }
    }
}
