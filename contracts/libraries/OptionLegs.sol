// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Account, Bucket} from "../types/AccountMemory.sol";
import {PPM, PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {KIND_CALL} from "../types/InstrumentId.sol";
import {Packed} from "../types/Packed.sol";
import {MarginMath} from "./MarginMath.sol";
import {RiskArray} from "./RiskArray.sol";
import {RiskTable} from "./RiskTable.sol";

/// @title Options in a margin check: what a leg adds to the scenarios of its underlying, and what those require.
/// @notice The formula of docs/margin-model.md, "Options"; arrays as docs/options.md lays them out. Profits by scenario
/// are counted in units of 1e-36 USD, so that only the total is rounded.
/// @dev `unchecked` is safe because of the bounds stated in MarginMath: sizes are below 2^111, prices and `ref` below
/// 2^96, lanes and gaps below 2^15 and drifts below 2^12, so a leg's profit in a scenario is below 2^233 and that of an
/// account below 2^239; shocks count no more than MAX_SHOCK, so that of spot and linear legs is below 2^233.
library OptionLegs {
    /// @dev Scenarios of an array: sixteen lanes and two tails.
    uint256 internal constant SCENARIOS = RiskArray.SCENARIOS;
    uint256 internal constant TAIL_UP = RiskArray.TAIL_UP;
    uint256 private constant TAIL_DOWN = RiskArray.TAIL_DOWN;
    /// @dev Lanes that only initial margin reads begin here.
    uint256 internal constant INITIAL_LANES = 8;
    uint256 private constant HOUR = 3600;
    /// @dev More than any configured shock with its multiplier [wad].
    uint256 private constant MAX_SHOCK = 4e18;
    /// @dev One more scenario than arrays have: nothing moves, and only charges are lost.
    uint256 internal constant NOW = RiskArray.NOW;
    /// @dev An underlying's sums in memory, a word per scenario each: what the nodes say, then what limits of long legs
    /// give back; then the charges that every scenario has. Bytes from the start.
    uint256 private constant LIMITS = 32 * (NOW + 1);
    uint256 private constant CHARGES = 2 * LIMITS;
    uint256 private constant SUMS_BYTES = CHARGES + 32;

    /// @dev What a leg is made of.
    struct Leg {
        uint256 units; // |size| [wad base]
        bool long;
        uint256 notional; // at mid, up [wad USD]
        uint256 exposed; // the notional, or what of it moves with the index where that is more [wad USD]
        uint256 mark; // [wad USD]
        uint256 ref; // index at the refresh of the array [wad USD]
        uint256 shift; // a lane counts ref / 2^shift
        uint256 meta;
        uint256 nodes;
    }

    /// @dev An underlying by direction: least profit as if the move were as large as the set's shock [wad USD].
    struct Directions {
        int256 up; // of a rise, as the nodes say
        int256 down; // of a fall, as the nodes say
        int256 upGain; // of a rise, after every add-on and with the tail
        int256 downGain; // of a fall, likewise
    }

    /* A LEG */

    /// @dev Adds an open option leg to its underlying.
    /// @return mark At which the set values it [wad USD].
    /// @return deltaNotional Its notional times its delta, up [wad USD].
    function add(
        Account memory a,
        Bucket memory bucket,
        uint256 id,
        int256 size,
        uint256 meta,
        uint256 nodes,
        uint256 time
    ) internal pure returns (uint256 mark, uint256 deltaNotional) {
        Leg memory leg;
        uint256 mid = Packed.midOf(bucket.price);
        leg.units = MarginMath.magnitude(size);
        leg.long = size > 0;
        (leg.meta, leg.nodes) = (meta, nodes);
        (uint256 refreshed, uint256 ref) = RiskArray.originOf(meta);
        leg.ref = ref;
        unchecked {
            leg.shift = 14 + (meta >> 248 & 0xf);
            leg.notional = (leg.units * mid + (WAD - 1)) / WAD;
        }
        mark = _markOf(meta, ref, leg.long, _priceOf(a.initial, bucket, id, leg.long));
        leg.mark = mark;

        uint256 globals = RiskTable.globalsOf(a.table);
        uint256 age;
        // safe because an array is not of the future
        unchecked {
            age = time - refreshed;
        }
        if (!_isFresh(leg, mid, age, globals)) a.pricesValid = false;
        deltaNotional = _addDelta(bucket, leg, id);
        _addFloors(bucket, leg, deltaNotional, globals);
        leg.exposed = deltaNotional > leg.notional ? deltaNotional : leg.notional;
        _addScenarios(bucket, leg, a.initial, _charge(bucket, leg, a.initial, mid, age, globals));
    }

    /// @dev Of the mark to the index [2^-14].
    function deltaOf(uint256 meta) internal pure returns (int256) {
        return _lane(meta >> 160);
    }

    /// @dev The low 16 bits as a signed number.
    function _lane(uint256 word) private pure returns (int256 lane) {
        assembly ("memory-safe") {
            lane := signextend(1, word)
        }
    }

    /// @dev The price of the index that counts: mid, and for initial margin the edge that is worse for the leg.
    function _priceOf(bool initial, Bucket memory bucket, uint256 id, bool long) private pure returns (uint256) {
        if (!initial) return Packed.midOf(bucket.price);
        bool gainsFromRise = long == (id >> 60 == KIND_CALL);
        return gainsFromRise ? Packed.lowOf(bucket.edges) : Packed.highOf(bucket.edges);
    }

    /// @dev Mark at another index than that of the refresh, along its tangent: down for who is long, up for who is
    /// short.
    function _markOf(uint256 meta, uint256 ref, bool long, uint256 price) private pure returns (uint256) {
        unchecked {
            uint256 mantissa = meta >> 134 & 0x3ffffff;
            int256 moved = deltaOf(meta) * (int256(price) - int256(ref));
            if (long) {
                moved >>= 14;
            } else {
                ++mantissa;
                moved = -(-moved >> 14);
            }
            int256 mark = int256(mantissa << (meta >> 128 & 0x3f)) + moved;
            return mark > 0 ? uint256(mark) : 0;
        }
    }

    /// @dev Whether the array may back new risk.
    function _isFresh(Leg memory leg, uint256 mid, uint256 age, uint256 globals) private pure returns (bool) {
        if (!RiskArray.isValid(leg.meta) || age > RiskTable.arrayMaxAgeOf(globals)) return false;
        unchecked {
            return _distance(mid, leg.ref) * PPM <= leg.ref * RiskTable.arrayMaxMoveOf(globals);
        }
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a > b ? a - b : b - a;
        }
    }

    /// @dev Adds the leg's delta to the net one of its expiry: options that settle at one price hedge each other.
    function _addDelta(Bucket memory bucket, Leg memory leg, uint256 id) private pure returns (uint256 deltaNotional) {
        int256 delta = deltaOf(leg.meta);
        uint256 head = bucket.expiries;
        unchecked {
            deltaNotional = (leg.notional * MarginMath.magnitude(delta) + 0x3fff) >> 14;
            bucket.deltaGross += deltaNotional;
            delta = leg.long == delta > 0 ? int256(deltaNotional) : -int256(deltaNotional);
        }
        assembly ("memory-safe") {
            // three words an expiry: hours, net delta, the next one
            let expiry := and(shr(24, id), 0xffffff)
            let entry := head
            for {} entry { entry := mload(add(entry, 0x40)) } {
                if eq(mload(entry), expiry) { break }
            }
            if iszero(entry) {
                entry := mload(0x40)
                mstore(0x40, add(entry, 0x60))
                mstore(entry, expiry)
                mstore(add(entry, 0x20), 0)
                mstore(add(entry, 0x40), head)
                head := entry
            }
            entry := add(entry, 0x20)
            mstore(entry, add(mload(entry), delta))
        }
        bucket.expiries = head;
    }

    /// @dev Net deltas of an underlying's options by expiry: the sum of those that gain from a rise, and of the others,
    /// up [wad USD].
    function deltas(Bucket memory bucket) internal pure returns (uint256 long, uint256 short) {
        uint256 entry = bucket.expiries;
        assembly ("memory-safe") {
            for {} entry { entry := mload(add(entry, 0x40)) } {
                let delta := mload(add(entry, 0x20))
                switch slt(delta, 0)
                case 0 { long := add(long, delta) }
                default { short := sub(short, delta) }
            }
        }
    }

    /// @dev Least charges: on shorts by notional, on all by delta; no long pays more than its value.
    function _addFloors(Bucket memory bucket, Leg memory leg, uint256 deltaNotional, uint256 globals) private pure {
        uint256 shock = bucket.derivativeShock;
        unchecked {
            uint256 charge =
                MarginMath.mulUp(deltaNotional, MarginMath.divUp(shock * RiskTable.minDeltaOf(globals), PPM));
            if (leg.long) {
                uint256 value = MarginMath.mulDown(leg.units, leg.mark);
                if (charge > value) charge = value;
            } else {
                uint256 rate = MarginMath.divUp(shock * RiskTable.shortFloorOf(globals), PPM);
                bucket.shortFloor += MarginMath.mulUp(leg.notional, rate);
            }
            bucket.deltaFloor += charge;
        }
    }

    /// @dev What is taken off in every scenario, because the array is of another time, index or multiplier, and because
    /// a long may be worth less between two nodes [1e-36 USD].
    function _charge(Bucket memory bucket, Leg memory leg, bool initial, uint256 mid, uint256 age, uint256 globals)
        private
        pure
        returns (uint256 charge)
    {
        uint256 shock = RiskTable.derivativeShockOf(RiskTable.setOf(bucket.sets, initial)) * PPM_TO_WAD;
        unchecked {
            uint256 aged;
            if (age > RiskArray.AGE_GRACE) {
                aged = RiskTable.ageChargeOf(globals) * (age - RiskArray.AGE_GRACE) / HOUR;
            }
            if (aged > PPM) aged = PPM;
            charge = leg.exposed * (bucket.derivativeShock - shock + MarginMath.divUp(shock * aged, PPM));
            charge += (leg.units * _distance(mid, leg.ref) * (leg.meta >> 236 & 0xfff) + 0x3ff) >> 10;
            if (leg.long) {
                uint256 gap = leg.meta >> (initial ? 222 : 208) & 0x3fff;
                charge += (gap * leg.units * leg.ref + ((1 << leg.shift) - 1)) >> leg.shift;
            }
        }
    }

    /// @dev Adds the leg's profit to every scenario of the set: what its nodes say, less the charge, and no less than
    /// what a long leg is worth.
    function _addScenarios(Bucket memory bucket, Leg memory leg, bool initial, uint256 charge) private pure {
        if (bucket.scenarios == 0) allocate(bucket);
        uint256 start = bucket.scenarios;
        // a short loses what a long wins, and the part of a unit that the lane leaves out
        int256 factor;
        int256 extra;
        int256 limit = type(int256).min;
        unchecked {
            factor = int256(leg.units * leg.ref);
            if (leg.long) limit = int256(charge) - int256(leg.units * leg.mark);
            else (factor, extra) = (-factor, -factor);
            _bump(bucket, CHARGES, int256(charge));
            _addLanes(start, leg.nodes, initial ? TAIL_UP : INITIAL_LANES, factor, extra, leg.shift, limit);
            _addLanes(start + 32 * TAIL_UP, leg.meta >> 176, 2, factor, extra, leg.shift, limit);
            if (limit > 0) _bump(bucket, LIMITS + 32 * NOW, limit);
        }
    }

    /// @dev Gives an underlying scenarios in which its options win nothing.
    function allocate(Bucket memory bucket) internal pure {
        uint256 start;
        uint256 size = SUMS_BYTES;
        assembly ("memory-safe") {
            start := mload(0x40)
            // beyond the calldata there are zeros
            calldatacopy(start, calldatasize(), size)
            mstore(0x40, add(start, size))
        }
        bucket.scenarios = start;
    }

    /// @dev Adds lanes of a word, from its lowest bits, to as many sums from `place` on.
    /// @param limit What a lane says below it is given back behind the sums.
    function _addLanes(
        uint256 place,
        uint256 word,
        uint256 count,
        int256 factor,
        int256 extra,
        uint256 shift,
        int256 limit
    ) private pure {
        uint256 limits = LIMITS;
        assembly ("memory-safe") {
            for { let end := add(place, shl(5, count)) } lt(place, end) { place := add(place, 32) } {
                let node := sar(shift, add(mul(signextend(1, word), factor), extra))
                mstore(place, add(mload(place), node))
                if slt(node, limit) {
                    let back := add(place, limits)
                    mstore(back, add(mload(back), sub(limit, node)))
                }
                word := shr(16, word)
            }
        }
    }

    /* AN UNDERLYING */

    /// @dev What the scenarios of an underlying with options require, and what it wins where others lose.
    /// @param exposure Of spot and linear legs [wad USD].
    /// @return loss Requirement, up [wad USD].
    /// @return wins Signed: what it wins in its better direction, at most the loss; positive for a rise [wad USD].
    function requirement(Bucket memory bucket, bool initial, int256 exposure)
        internal
        pure
        returns (uint256 loss, int256 wins)
    {
        addExposure(bucket, initial, exposure);
        int256 worst = _lower(_leastOf(bucket, 0, INITIAL_LANES), _leastOf(bucket, TAIL_UP, NOW + 1));
        loss = _loss(bucket, worst);
        Directions memory d = _directions(bucket, false);
        wins = _limited(loss, d);
        if (!initial) return (loss, wins);

        // what initial margin offsets beyond maintenance margin is at most what it requires beyond it
        uint256 inner = loss;
        loss = _loss(bucket, _lower(worst, _leastOf(bucket, INITIAL_LANES, TAIL_UP)));
        d = _directions(bucket, true);
        unchecked {
            wins = _limited(MarginMath.magnitude(wins) + loss - inner, d);
        }
    }

    /// @dev Requirement where the worst scenario has this profit, up [wad USD].
    function _loss(Bucket memory bucket, int256 worst) private pure returns (uint256 loss) {
        loss = floorOf(bucket);
        unchecked {
            int256 least = -_floorWad(worst);
            if (least > int256(loss)) loss = uint256(least);
        }
    }

    /// @dev What one direction wins, at most what the other loses and at most `limit`; positive for a rise.
    function _limited(uint256 limit, Directions memory d) private pure returns (int256) {
        unchecked {
            if (d.down < 0 && d.upGain > 0) return _lower(_lower(int256(limit), -d.down), d.upGain);
            if (d.up < 0 && d.downGain > 0) return -_lower(_lower(int256(limit), -d.up), d.downGain);
        }
        return 0;
    }

    /// @dev Least charge on the options of an underlying, up [wad USD].
    function floorOf(Bucket memory bucket) internal pure returns (uint256) {
        return bucket.shortFloor > bucket.deltaFloor ? bucket.shortFloor : bucket.deltaFloor;
    }

    /// @dev Brings the sums to what each scenario makes, behind them, of options, spot and linear legs, and to what the
    /// nodes say of them. A loss of spot and linear legs counts with the multiplier, a gain without; what nodes say has
    /// both without.
    function addExposure(Bucket memory bucket, bool initial, int256 exposure) internal pure {
        _addNodes(bucket);
        uint256 shock = RiskTable.derivativeShockOf(bucket.sets);
        uint256 scaled = _scaled(bucket, shock);
        unchecked {
            _addMove(bucket, exposure, shock * PPM_TO_WAD, scaled, 2);
            (int256 rise, int256 fall) = _profits(exposure, shock * PPM_TO_WAD, scaled);
            _bump(bucket, LIMITS + 32 * TAIL_UP, rise);
            _bump(bucket, LIMITS + 32 * TAIL_DOWN, fall);
            if (!initial) return;
            shock = RiskTable.derivativeShockOf(RiskTable.setOf(bucket.sets, true));
            _addMove(bucket, exposure, shock * PPM_TO_WAD, _scaled(bucket, shock), 10);
        }
    }

    /// @dev Turns what limits give back into what the options make: with what nodes say, less the charges.
    function _addNodes(Bucket memory bucket) private pure {
        uint256 start = bucket.scenarios;
        uint256 limits = LIMITS;
        uint256 charges = CHARGES;
        assembly ("memory-safe") {
            let end := add(start, limits)
            let charge := mload(add(start, charges))
            for { let place := start } lt(place, end) { place := add(place, 32) } {
                let scenario := add(place, limits)
                mstore(scenario, sub(add(mload(scenario), mload(place)), charge))
            }
        }
    }

    /// @dev A shock [ppm] with the multiplier of the set, up [wad].
    function _scaled(Bucket memory bucket, uint256 shock) private pure returns (uint256 scaled) {
        scaled = MarginMath.shock(shock, bucket.multiplier);
        if (scaled > MAX_SHOCK) scaled = MAX_SHOCK;
    }

    /// @dev Profit of a rise and of a fall: a gain of `gain`, or a loss of `loss` [wad] of the exposure.
    function _profits(int256 exposure, uint256 gain, uint256 loss) private pure returns (int256 rise, int256 fall) {
        unchecked {
            uint256 size = MarginMath.magnitude(exposure);
            (rise, fall) = (int256(size * gain), -int256(size * loss));
            if (exposure < 0) (rise, fall) = (fall, rise);
        }
    }

    /// @dev Six lanes from `lane` on: a rise at three volatilities, then a fall.
    function _addMove(Bucket memory bucket, int256 exposure, uint256 gain, uint256 loss, uint256 lane) private pure {
        (int256 rise, int256 fall) = _profits(exposure, gain, loss);
        unchecked {
            int256 node = exposure * int256(gain);
            uint256 place = 32 * lane;
            _bumpThree(bucket, place, node);
            _bumpThree(bucket, place + 96, -node);
            _bumpThree(bucket, place + LIMITS, rise);
            _bumpThree(bucket, place + LIMITS + 96, fall);
        }
    }

    /// @dev Adds to three sums from a place on [bytes].
    function _bumpThree(Bucket memory bucket, uint256 place, int256 profit) private pure {
        unchecked {
            place += bucket.scenarios;
            assembly ("memory-safe") {
                for { let end := add(place, 96) } lt(place, end) { place := add(place, 32) } {
                    mstore(place, add(mload(place), profit))
                }
            }
        }
    }

    /// @dev Adds to the sum at a place [bytes].
    function _bump(Bucket memory bucket, uint256 place, int256 profit) private pure {
        uint256 start = bucket.scenarios;
        assembly ("memory-safe") {
            place := add(start, place)
            mstore(place, add(mload(place), profit))
        }
    }

    /// @dev Profit of a scenario, down [wad USD].
    function profitAt(Bucket memory bucket, uint256 lane) internal pure returns (int256) {
        return _floorWad(_at(bucket, lane));
    }

    /// @dev Profit of a scenario [1e-36 USD].
    function _at(Bucket memory bucket, uint256 lane) private pure returns (int256 profit) {
        uint256 start = bucket.scenarios + LIMITS;
        assembly ("memory-safe") {
            profit := mload(add(start, shl(5, lane)))
        }
    }

    /// @dev Least profit of lanes `from` to `to`, the last left out [1e-36 USD].
    function _leastOf(Bucket memory bucket, uint256 from, uint256 to) private pure returns (int256) {
        // safe because `from` is below `to`, and both are lanes
        unchecked {
            return _least(bucket.scenarios + LIMITS + 32 * from, to - from);
        }
    }

    /// @dev The least of `count` sums from `place` on.
    function _least(uint256 place, uint256 count) private pure returns (int256 least) {
        least = type(int256).max;
        assembly ("memory-safe") {
            for { let end := add(place, shl(5, count)) } lt(place, end) { place := add(place, 32) } {
                let profit := mload(place)
                if slt(profit, least) { least := profit }
            }
        }
    }

    /// @dev What the nodes say of a rise and of a fall as large as the set's shock, and what is sure to be won.
    function _directions(Bucket memory bucket, bool initial) private pure returns (Directions memory d) {
        int256 inner = int256(RiskTable.derivativeShockOf(bucket.sets));
        int256 outer = initial ? int256(RiskTable.derivativeShockOf(RiskTable.setOf(bucket.sets, true))) : inner;
        unchecked {
            d.upGain = MarginMath.signedDivDown(_at(bucket, TAIL_UP) * outer, inner);
            d.downGain = MarginMath.signedDivDown(_at(bucket, TAIL_DOWN) * outer, inner);
            (d.up, d.down) = (type(int256).max, type(int256).max);
            _see(d, bucket, 2, outer, inner);
            if (initial) _see(d, bucket, 10, 1, 1);
        }
        (d.up, d.down) = (_floorWad(d.up), _floorWad(d.down));
        (d.upGain, d.downGain) = (_floorWad(d.upGain), _floorWad(d.downGain));
    }

    /// @dev Takes six lanes of one move in, times `numerator / denominator`, down [1e-36 USD].
    function _see(Directions memory d, Bucket memory bucket, uint256 lane, int256 numerator, int256 denominator)
        private
        pure
    {
        (int256 node, int256 gain) = _lowest(bucket, lane);
        unchecked {
            d.up = _lower(d.up, MarginMath.signedDivDown(node * numerator, denominator));
            d.upGain = _lower(d.upGain, MarginMath.signedDivDown(gain * numerator, denominator));
            (node, gain) = _lowest(bucket, lane + 3);
            d.down = _lower(d.down, MarginMath.signedDivDown(node * numerator, denominator));
            d.downGain = _lower(d.downGain, MarginMath.signedDivDown(gain * numerator, denominator));
        }
    }

    /// @dev The least of three volatilities: what the nodes say, and what is left of it in the scenario [1e-36 USD].
    function _lowest(Bucket memory bucket, uint256 lane) private pure returns (int256 node, int256 gain) {
        node = _least(bucket.scenarios + 32 * lane, 3);
        gain = _lower(node, _leastOf(bucket, lane, lane + 3));
    }

    function _lower(int256 a, int256 b) private pure returns (int256) {
        return a < b ? a : b;
    }

    /// @dev From 1e-36 USD to wad USD, down.
    function _floorWad(int256 profit) private pure returns (int256) {
        return MarginMath.signedDivDown(profit, int256(WAD));
    }
}
