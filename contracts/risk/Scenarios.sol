// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NOW_LANE, TAIL_DOWN_LANE, TAIL_UP_LANE} from "../types/ArrayMeta.sol";
import {PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {Bucket} from "./AccountMemory.sol";
import {MarginMath} from "./MarginMath.sol";

/// @title Scenarios of an underlying with options: their sums in memory, and what they require.
/// @notice The formula of docs/margin-model.md, "Options". Profits by scenario are counted in units of 1e-36 USD, so
/// that only the total is rounded.
/// @dev `unchecked` is safe because of the bounds stated in MarginMath: sizes are below 2^111, prices and `ref` below
/// 2^96, lanes and gaps below 2^15 and drifts below 2^12, so a leg's profit in a scenario is below 2^233 and that of an
/// account below 2^239; shocks count no more than MAX_SHOCK, so that of spot and linear legs is below 2^233.
library Scenarios {
    /// @dev Lanes that only initial margin reads begin here.
    uint256 internal constant INITIAL_LANES = 8;
    /// @dev More than any configured shock with its multiplier [wad].
    uint256 private constant MAX_SHOCK = 4e18;
    /// @dev An underlying's sums in memory, a word per scenario each, and one more in which nothing moves and only
    /// charges are lost: what the nodes say, then what limits of long legs give back; then the charges that every
    /// scenario has. Bytes from the start.
    uint256 internal constant LIMITS = 32 * (NOW_LANE + 1);
    uint256 internal constant CHARGES = 2 * LIMITS;
    uint256 private constant SUMS_BYTES = CHARGES + 32;

    /// @dev An underlying by direction: least profit as if the move were as large as the set's shock [wad USD].
    struct Directions {
        int256 up; // of a rise, as the nodes say
        int256 down; // of a fall, as the nodes say
        int256 upGain; // of a rise, after every add-on and with the tail
        int256 downGain; // of a fall, likewise
    }

    /* THE SUMS */

    /// @dev Gives an underlying scenarios in which its options win nothing.
    function allocate(Bucket memory bucket) internal pure {
        uint256 start;
        uint256 size = SUMS_BYTES;
        // Equivalent to `start` being the place of `new int256[](SUMS_BYTES / 32)[0]`.
        assembly ("memory-safe") {
            start := mload(0x40)
            // beyond the calldata there are zeros
            calldatacopy(start, calldatasize(), size)
            mstore(0x40, add(start, size))
        }
        bucket.scenarios = start;
    }

    /// @dev Adds to the sum at a place [bytes].
    function bump(Bucket memory bucket, uint256 place, int256 profit) internal pure {
        uint256 start = bucket.scenarios;
        // Equivalent to `sums[place / 32] += profit`, unchecked.
        assembly ("memory-safe") {
            place := add(start, place)
            mstore(place, add(mload(place), profit))
        }
    }

    /* WHAT THEY REQUIRE */

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
        int256 worst = _lower(_leastOf(bucket, 0, INITIAL_LANES), _leastOf(bucket, TAIL_UP_LANE, NOW_LANE + 1));
        loss = _loss(bucket, worst);
        Directions memory d = _directions(bucket, false);
        wins = _limited(loss, d);
        if (!initial) return (loss, wins);

        // what initial margin offsets beyond maintenance margin is at most what it requires beyond it
        uint256 inner = loss;
        loss = _loss(bucket, _lower(worst, _leastOf(bucket, INITIAL_LANES, TAIL_UP_LANE)));
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

    /// @dev Net deltas of an underlying's options by expiry: the sum of those that gain from a rise, and of the others,
    /// up [wad USD].
    function deltas(Bucket memory bucket) internal pure returns (uint256 long, uint256 short) {
        uint256 entry = bucket.expiries;
        // Equivalent to `if (delta < 0) short += uint256(-delta); else long += uint256(delta);` for each entry.
        assembly ("memory-safe") {
            for {} entry { entry := mload(add(entry, 0x40)) } {
                let delta := mload(add(entry, 0x20))
                switch slt(delta, 0)
                case 0 { long := add(long, delta) }
                default { short := sub(short, delta) }
            }
        }
    }

    /// @dev Brings the sums to what each scenario makes, behind them, of options, spot and linear legs, and to what the
    /// nodes say of them. A loss of spot and linear legs counts with the multiplier, a gain without; what nodes say has
    /// both without.
    function addExposure(Bucket memory bucket, bool initial, int256 exposure) internal pure {
        _addNodes(bucket);
        uint256 shock = bucket.sets.maintenance().derivativeShock();
        uint256 scaled = _scaled(bucket, shock);
        unchecked {
            _addMove(bucket, exposure, shock * PPM_TO_WAD, scaled, 2);
            (int256 rise, int256 fall) = _profits(exposure, shock * PPM_TO_WAD, scaled);
            bump(bucket, LIMITS + 32 * TAIL_UP_LANE, rise);
            bump(bucket, LIMITS + 32 * TAIL_DOWN_LANE, fall);
            if (!initial) return;
            shock = bucket.sets.initial().derivativeShock();
            _addMove(bucket, exposure, shock * PPM_TO_WAD, _scaled(bucket, shock), 10);
        }
    }

    /// @dev Turns what limits give back into what the options make: with what nodes say, less the charges.
    function _addNodes(Bucket memory bucket) private pure {
        uint256 start = bucket.scenarios;
        uint256 limits = LIMITS;
        uint256 charges = CHARGES;
        // Equivalent to `sums[LIMITS / 32 + lane] += sums[lane] - charge` for every lane up to NOW_LANE.
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
            // Equivalent to `sum += profit` for each of the three.
            assembly ("memory-safe") {
                for { let end := add(place, 96) } lt(place, end) { place := add(place, 32) } {
                    mstore(place, add(mload(place), profit))
                }
            }
        }
    }

    /// @dev Profit of a scenario, down [wad USD].
    function profitAt(Bucket memory bucket, uint256 lane) internal pure returns (int256) {
        return _floorWad(_at(bucket, lane));
    }

    /// @dev Profit of a scenario [1e-36 USD].
    function _at(Bucket memory bucket, uint256 lane) private pure returns (int256 profit) {
        uint256 start = bucket.scenarios + LIMITS;
        // Equivalent to `profit = sums[LIMITS / 32 + lane]`.
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
        // Equivalent to `if (profit < least) least = profit` for each of them.
        assembly ("memory-safe") {
            for { let end := add(place, shl(5, count)) } lt(place, end) { place := add(place, 32) } {
                let profit := mload(place)
                if slt(profit, least) { least := profit }
            }
        }
    }

    /// @dev What the nodes say of a rise and of a fall as large as the set's shock, and what is sure to be won.
    function _directions(Bucket memory bucket, bool initial) private pure returns (Directions memory d) {
        int256 inner = int256(bucket.sets.maintenance().derivativeShock());
        int256 outer = initial ? int256(bucket.sets.initial().derivativeShock()) : inner;
        unchecked {
            d.upGain = MarginMath.signedDivDown(_at(bucket, TAIL_UP_LANE) * outer, inner);
            d.downGain = MarginMath.signedDivDown(_at(bucket, TAIL_DOWN_LANE) * outer, inner);
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
