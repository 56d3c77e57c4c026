// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {INITIAL_LANES, NOW_LANE, TAIL_DOWN_LANE, TAIL_UP_LANE, tailMoveOf} from "../types/ArrayMeta.sol";
import {PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {GlobalsWord} from "../types/GlobalsWord.sol";
import {Bucket} from "./AccountMemory.sol";
import {ExpiryBooks} from "./ExpiryBooks.sol";
import {MarginMath} from "./MarginMath.sol";
import {OptionLegs} from "./OptionLegs.sol";

/// @title Scenarios of an underlying with options: what each of them makes, and what they require.
/// @notice The formula of docs/margin-model.md, "Options". Profits by scenario are counted in units of 1e-36 USD, so
/// that only the total is rounded.
/// @dev `unchecked` is safe because of the bounds stated in MarginMath: sizes are below 2^111, prices and `ref` below
/// 2^96, lanes and gaps below 2^15 and drifts below 2^12, so a leg's profit in a scenario is below 2^233, times
/// 2^FINEST_UNIT below 2^237, and that of an account below 2^239; shocks count no more than MAX_SHOCK, so that of spot
/// and linear legs is below 2^233.
library Scenarios {
    using ExpiryBooks for uint256;

    /// @dev Behind what is now there are scenarios in which volatility moves for one expiry alone, or for two against
    /// each other: after no move, a rise and a fall by the shock of maintenance; then those of initial.
    uint256 internal constant APART = NOW_LANE + 1;
    uint256 internal constant INITIAL_APART = APART + 3;
    uint256 internal constant COUNT = APART + 6;
    /// @dev More than any configured shock with its multiplier [wad].
    uint256 private constant MAX_SHOCK = 4e18;
    /// @dev Most that a tail asks for, of the notional of the options sold that lose there [wad].
    uint256 private constant TAIL_CAP = 0.1e18;
    /// @dev Maintenance margin asks for one part in so many of what a tail loses.
    int256 private constant TAIL_PART = 4;
    /// @dev An underlying's results in memory, a word each: profits by scenario; what the nodes say in the lanes; and
    /// while they are made, of each scenario apart the least that volatility up, down, and any two expiries add. Bytes.
    uint256 private constant PROFITS_BYTES = 32 * COUNT;
    uint256 private constant NODES_BYTES = 32 * TAIL_UP_LANE;
    uint256 private constant LEAST = PROFITS_BYTES + NODES_BYTES;
    uint256 private constant RESULT_BYTES = LEAST + 6 * 96;

    /* WHAT THEY REQUIRE */

    /// @dev What the scenarios of an underlying with options require, and what it wins where others lose. Keeps the
    /// profits in the bucket.
    /// @param exposure Of spot and linear legs, net [wad USD].
    /// @return loss Requirement, up [wad USD].
    /// @return wins Signed: what it wins in its better direction, at most the loss; positive for a rise [wad USD].
    function requirement(Bucket memory bucket, GlobalsWord globals, bool initial, int256 exposure)
        internal
        pure
        returns (uint256 loss, int256 wins)
    {
        uint256 result = run(bucket, initial, exposure);
        bucket.scenarios = result;
        uint256 limit = _covered(bucket);
        uint256 floor = ExpiryBooks.floorOf(bucket, globals);
        uint256 most = _asked(result, initial, floor);
        // with nothing bought there is no limit; a high one says nothing whatever is added to it
        if (!bucket.hasLong) limit = most;
        else if (limit < most) limit += _uncovered(bucket, globals, initial, exposure);
        // with the shocks of maintenance, then with all of initial margin: what it offsets beyond them is at most what
        // it requires beyond them
        unchecked {
            for (uint256 i = initial ? 0 : 1; i < 2; ++i) {
                uint256 inner = loss;
                bool whole = initial && i != 0;
                loss = FixedPointMathLib.min(_asked(result, whole, floor), limit);
                wins = _wins(bucket, result, whole, MarginMath.magnitude(wins) + loss - inner);
            }
        }
    }

    /// @dev What the scenarios of a set ask for, or a floor if that is more [wad USD].
    function _asked(uint256 result, bool initial, uint256 floor) private pure returns (uint256) {
        return FixedPointMathLib.max(_lossOf(_worst(result, initial)), floor);
    }

    /// @dev Closes the books. What they can lose at most, without the calls sold beyond those bought: each expiry so
    /// much and no more, up [wad USD].
    function _covered(Bucket memory bucket) private pure returns (uint256) {
        int256 lost;
        unchecked {
            for (uint256 book = bucket.expiries; book != 0; book = (book + ExpiryBooks.NEXT).sizeAt()) {
                lost += book.close();
            }
        }
        return _lossOf(-lost);
    }

    /// @dev What scenarios say that the calls sold beyond those bought lose, with spot and linear legs: these have no
    /// end with options, since the forward moves beside the index.
    function _uncovered(Bucket memory bucket, GlobalsWord globals, bool initial, int256 exposure)
        private
        pure
        returns (uint256 loss)
    {
        (uint256 whole, uint256 spare) = (bucket.expiries, 0);
        unchecked {
            for (uint256 book = whole; book != 0; book = (book + ExpiryBooks.NEXT).sizeAt()) {
                uint256 units = book.spareOf();
                if (units == 0) continue;
                spare = ExpiryBooks.create(spare);
                OptionLegs.addSpare(bucket, spare, book, units, globals, initial);
            }
        }
        if (spare == 0) return MarginMath.mulUp(MarginMath.magnitude(exposure), bucket.derivativeShock);
        bucket.expiries = spare;
        loss = _asked(run(bucket, initial, exposure), initial, ExpiryBooks.floorOf(bucket, globals));
        bucket.expiries = whole;
    }

    /* WHAT EACH MAKES */

    /// @dev What every scenario makes of options, spot and linear legs; the place of the results.
    function run(Bucket memory bucket, bool initial, int256 exposure) internal pure returns (uint256 result) {
        result = ExpiryBooks.zeros(RESULT_BYTES);
        (int256 charge, int256 soldCalls, int256 soldPuts) = (0, 0, 0);
        unchecked {
            for (uint256 book = bucket.expiries; book != 0; book = (book + ExpiryBooks.NEXT).sizeAt()) {
                charge += (book + ExpiryBooks.CHARGE).at();
                soldCalls += (book + ExpiryBooks.SOLD).at();
                soldPuts += (book + ExpiryBooks.SOLD + 0x20).at();
                uint256 nodes = book + ExpiryBooks.NODES;
                if ((book + ExpiryBooks.OVER).at() == 0) _addBook(result, nodes, initial);
                else charge -= _worstNode(nodes, initial);
            }
            _finishApart(result, initial);
            _addExposure(result, bucket, initial, exposure);
            for (uint256 place = result; place < result + PROFITS_BYTES; place += 32) {
                place.add(-charge);
            }
            _finishTail(result + 32 * TAIL_UP_LANE, soldCalls, initial);
            _finishTail(result + 32 * TAIL_DOWN_LANE, soldPuts, initial);
        }
    }

    /// @dev The least that the arrays of an expiry say in a lane of the set, at most 0 [1e-36 USD].
    function _worstNode(uint256 nodes, bool initial) private pure returns (int256) {
        // safe because lanes are few; fixed point
        unchecked {
            int256 least = _least(nodes, nodes + 32 * (initial ? TAIL_UP_LANE : INITIAL_LANES));
            return _lower(least >> ExpiryBooks.FINEST_UNIT, 0);
        }
    }

    /// @dev Adds what the arrays of an expiry say, and sees how far it may leave the others.
    /// @param nodes Place of its profits.
    function _addBook(uint256 result, uint256 nodes, bool initial) private pure {
        unchecked {
            for (uint256 offset; offset < 32 * NOW_LANE; offset += 32) {
                (result + offset).add((nodes + offset).nodeAt());
            }
            uint256 least = result + LEAST;
            uint256 lanes = nodes;
            for (uint256 i; i < (initial ? 6 : 3); ++i) {
                bool moves = i % 3 != 0;
                _see(least, lanes, moves ? (lanes + 64).nodeAt() : int256(0));
                lanes += moves ? 96 : 64;
                least += 96;
            }
        }
    }

    /// @dev Takes the moves of one expiry's volatility in: of its lane up, of the one down, and of two expiries.
    /// @param least Place of the three.
    /// @param lanes Place of the lanes up and down.
    /// @param same Profit at unchanged volatility.
    function _see(uint256 least, uint256 lanes, int256 same) private pure {
        unchecked {
            int256 up = _lower(lanes.nodeAt() - same, 0);
            int256 down = _lower((lanes + 32).nodeAt() - same, 0);
            (int256 leastUp, int256 leastDown) = (least.at(), (least + 32).at());
            int256 both = _lower(up + leastDown, down + leastUp);
            if (both < (least + 64).at()) (least + 64).put(both);
            if (up < leastUp) least.put(up);
            if (down < leastDown) (least + 32).put(down);
        }
    }

    /// @dev Keeps what nodes say, and makes the scenarios apart from unchanged volatility and the worst that leaves it:
    /// of one expiry, and in initial margin by the shocks of maintenance of any two against each other.
    function _finishApart(uint256 result, bool initial) private pure {
        unchecked {
            uint256 apart = result + 32 * APART;
            uint256 least = result + LEAST;
            for (uint256 i; i < (initial ? 6 : 3); ++i) {
                int256 worst = _lower(least.at(), (least + 32).at());
                // two against each other are never better than one alone
                if (initial && i < 3) worst = (least + 64).at();
                uint256 lane = i < 3 ? 0 : INITIAL_LANES;
                if (i % 3 != 0) worst += (result + 32 * (lane + 1 + 3 * (i % 3))).at();
                apart.put(worst);
                (apart, least) = (apart + 32, least + 96);
            }
            (uint256 nodes, uint256 size) = (result + PROFITS_BYTES, NODES_BYTES);
            // Equivalent to `nodes[lane] = profits[lane]` for sixteen lanes.
            assembly ("memory-safe") {
                mcopy(nodes, result, size)
            }
        }
    }

    /// @dev Adds spot and linear legs: a loss counts with the multiplier, a gain without; to what nodes say both do.
    function _addExposure(uint256 result, Bucket memory bucket, bool initial, int256 exposure) private pure {
        unchecked {
            uint256 tail = tailMoveOf(bucket.sets.initial().derivativeShock());
            (int256 rise, int256 fall) = _profits(bucket, exposure, tail);
            _addPair(result + 32 * TAIL_UP_LANE, 32, rise, fall);
            for (uint256 i; i < (initial ? 2 : 1); ++i) {
                uint256 shock = bucket.sets.at(i != 0).derivativeShock();
                (rise, fall) = _profits(bucket, exposure, shock);
                _addPair(result + 32 * (APART + 1 + 3 * i), 32, rise, fall);
                int256 node = exposure * int256(shock * PPM_TO_WAD);
                // a rise at three volatilities, and a fall
                uint256 place = result + 32 * (2 + INITIAL_LANES * i);
                for (uint256 end = place + 96; place < end; place += 32) {
                    _addPair(place, 96, rise, fall);
                    _addPair(place + PROFITS_BYTES, 96, node, -node);
                }
            }
        }
    }

    /// @dev Profit of a rise and of a fall by a shock [ppm].
    function _profits(Bucket memory bucket, int256 exposure, uint256 shock)
        private
        pure
        returns (int256 rise, int256 fall)
    {
        unchecked {
            uint256 size = MarginMath.magnitude(exposure);
            (rise, fall) = (int256(size * (shock * PPM_TO_WAD)), -int256(size * _scaled(bucket, shock)));
            if (exposure < 0) (rise, fall) = (fall, rise);
        }
    }

    /// @dev Adds a rise to what is at a place, and a fall to what is `apart` behind it [bytes].
    function _addPair(uint256 place, uint256 apart, int256 rise, int256 fall) private pure {
        unchecked {
            place.add(rise);
            (place + apart).add(fall);
        }
    }

    /// @dev Limits what a tail loses by the options sold that lose there, and takes the set's part of a loss, down.
    function _finishTail(uint256 place, int256 sold, bool initial) private pure {
        unchecked {
            int256 profit = place.at();
            int256 most = -sold * int256(TAIL_CAP);
            if (profit < most) profit = most;
            if (!initial && profit < 0) profit = MarginMath.signedDivDown(profit, TAIL_PART);
            place.put(profit);
        }
    }

    /// @dev A shock [ppm] with the multiplier of the set, up [wad].
    function _scaled(Bucket memory bucket, uint256 shock) private pure returns (uint256 scaled) {
        scaled = MarginMath.shock(shock, bucket.multiplier);
        if (scaled > MAX_SHOCK) scaled = MAX_SHOCK;
    }

    /* READING THEM */

    /// @dev Profit of a scenario, down [wad USD].
    function profitAt(Bucket memory bucket, uint256 place) internal pure returns (int256) {
        // safe because scenarios are few
        unchecked {
            return _floorWad((bucket.scenarios + 32 * place).at());
        }
    }

    /// @dev Whether only initial margin reads a scenario.
    function isInitial(uint256 place) internal pure returns (bool) {
        return place >= INITIAL_APART || (place >= INITIAL_LANES && place < TAIL_UP_LANE);
    }

    /// @dev The least profit of a set [1e-36 USD].
    function _worst(uint256 result, bool initial) private pure returns (int256 worst) {
        unchecked {
            // initial margin reads them all
            if (initial) return _least(result, result + PROFITS_BYTES);
            worst = _least(result, result + 32 * INITIAL_LANES);
            worst = _lower(worst, _least(result + 32 * TAIL_UP_LANE, result + 32 * INITIAL_APART));
        }
    }

    /// @dev The least of the words from `place` to `end`, the last left out.
    function _least(uint256 place, uint256 end) private pure returns (int256 least) {
        least = type(int256).max;
        // Equivalent to `if (profit < least) least = profit` for each of them.
        assembly ("memory-safe") {
            for {} lt(place, end) { place := add(place, 32) } {
                let profit := mload(place)
                if slt(profit, least) { least := profit }
            }
        }
    }

    /// @dev What one direction wins, at most what the other loses and at most `limit`; positive for a rise. It loses
    /// what the nodes say of a move as large as the set's shock, and wins what is sure after every charge and in the
    /// tail [wad USD].
    function _wins(Bucket memory bucket, uint256 result, bool initial, uint256 limit) private pure returns (int256) {
        int256 inner = int256(bucket.sets.maintenance().derivativeShock());
        int256 outer = int256(bucket.sets.at(initial).derivativeShock());
        // a rise, then a fall
        int256[2] memory nodes;
        int256[2] memory gains;
        unchecked {
            for (uint256 i; i < 2; ++i) {
                uint256 place = result + 64 + 96 * i;
                uint256 apart = result + 32 * (APART + 1 + i);
                (int256 node, int256 gain) = _lowest(place, apart);
                node = MarginMath.signedDivDown(node * outer, inner);
                gain = MarginMath.signedDivDown(gain * outer, inner);
                if (initial) {
                    (int256 further, int256 left) = _lowest(place + 32 * INITIAL_LANES, apart + 96);
                    (node, gain) = (_lower(node, further), _lower(gain, left));
                }
                nodes[i] = _floorWad(node);
                gains[i] = _floorWad(_lower(gain, (result + 32 * (TAIL_UP_LANE + i)).at()));
            }
            for (uint256 i; i < 2; ++i) {
                if (nodes[1 - i] >= 0 || gains[i] <= 0) continue;
                int256 won = _lower(_lower(int256(limit), -nodes[1 - i]), gains[i]);
                return i == 0 ? won : -won;
            }
        }
        return 0;
    }

    /// @dev The least of three volatilities: what the nodes say, and what is left of it, also apart [1e-36 USD].
    function _lowest(uint256 place, uint256 apart) private pure returns (int256 node, int256 gain) {
        unchecked {
            node = _least(place + PROFITS_BYTES, place + PROFITS_BYTES + 96);
            gain = _lower(_lower(node, _least(place, place + 96)), apart.at());
        }
    }

    function _lower(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }

    /// @dev From 1e-36 USD to wad USD, down.
    function _floorWad(int256 profit) private pure returns (int256) {
        return MarginMath.signedDivDown(profit, int256(WAD));
    }

    /// @dev Loss of a profit [1e-36 USD], up; 0 where it wins [wad USD].
    function _lossOf(int256 profit) private pure returns (uint256) {
        // safe because profits are below 2^240
        unchecked {
            int256 lost = -_floorWad(profit);
            return lost > 0 ? uint256(lost) : 0;
        }
    }
}
