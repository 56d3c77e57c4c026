// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ArrayMeta, ArrayMetaLib} from "contracts/types/ArrayMeta.sol";
import {BitSet} from "contracts/types/BitSet.sol";
import {BookHeader} from "contracts/types/BookHeader.sol";
import {FeedState, FeedWordLib} from "contracts/types/FeedWord.sol";
import {GlobalParams, GlobalsWordLib} from "contracts/types/GlobalsWord.sol";
import {GroupParams, GroupWord} from "contracts/types/GroupWord.sol";
import {LegIdsWord} from "contracts/types/LegIdsWord.sol";
import {MarginSet, MarginSetWord} from "contracts/types/MarginSetWord.sol";
import {MarginSetsWord, MarginSetsWordLib} from "contracts/types/MarginSetsWord.sol";
import {MultipliersWord, MultipliersWordLib} from "contracts/types/MultipliersWord.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {TraitsWord, TraitsWordLib} from "contracts/types/TraitsWord.sol";
import {UnitLanes} from "contracts/types/UnitLanes.sol";

/// @notice Words of parameters, feeds, arrays, books and counters: what is packed is read again, for every input, and
/// a change of one field leaves the others. Proved by Halmos (`make prove`).
contract WordProofs {
    function check_marginSets(uint24[10] calldata f) public pure {
        MarginSetsWord word =
            MarginSetsWordLib.encode(MarginSet(f[0], f[1], f[2], f[3], f[4]), MarginSet(f[5], f[6], f[7], f[8], f[9]));
        (MarginSetWord low, MarginSetWord high) = (word.maintenance(), word.initial());
        assert(low.haircut() == f[0] && low.collateralShock() == f[1] && low.derivativeShock() == f[2]);
        assert(low.basisCharge() == f[3] && low.basisPerYear() == f[4]);
        assert(high.haircut() == f[5] && high.collateralShock() == f[6] && high.derivativeShock() == f[7]);
        assert(high.basisCharge() == f[8] && high.basisPerYear() == f[9]);
        for (uint256 i; i < 5; ++i) {
            assert(low.field(i) == f[i] && high.field(i) == f[5 + i]);
        }
    }

    function check_traits(uint64 impact, uint8 group, uint24 slope, uint32 tenor, uint96 unit, uint32 cap)
        public
        pure
    {
        TraitsWord word = TraitsWordLib.encode(impact, group, slope, tenor, unit, cap);
        assert(word.impact() == impact && word.group() == group && word.crowdingSlope() == slope);
        assert(word.maxTenor() == tenor && word.exposureUnit() == unit && word.exposureCap() == cap);
    }

    function check_globals(uint24[7] calldata f, uint32 stale, uint32 most) public pure {
        GlobalParams memory g = GlobalParams(f[0], f[1], stale, most, f[2], f[3], f[4], f[5], f[6]);
        GlobalParams memory q = GlobalsWordLib.encode(g).decode();
        assert(q.profitWeight == f[0] && q.profitCover == f[1] && q.staleMultiplier == stale);
        assert(q.maxMultiplier == most && q.shortFloor == f[2] && q.minDelta == f[3]);
        assert(q.ageCharge == f[4] && q.arrayMaxAge == f[5] && q.arrayMaxMove == f[6]);
    }

    function check_group(uint256 last, uint24 maintenance, uint24 initial) public pure {
        GroupWord word = GroupWord.wrap(last).with(GroupParams(maintenance, initial));
        assert(word.rho(false) == maintenance && word.rho(true) == initial);
        assert(uint208(GroupWord.unwrap(word)) == uint208(last));
    }

    function check_multipliers(uint128 maintenance, uint128 initial) public pure {
        MultipliersWord word = MultipliersWordLib.encode(maintenance, initial);
        assert(word.maintenance() == maintenance && word.initial() == initial);
        assert(word.areUnchanged() == (maintenance == 1e18 && initial == 1e18));
    }

    /// @dev The age is kept in fours of seconds.
    function check_feed(uint96 price, uint96 smoothed, uint32 time, uint16 age, uint8 status, bool own) public pure {
        if (status > uint8(type(PriceStatus).max)) return;
        FeedState memory q = FeedWordLib.encode(
                FeedState(price, smoothed, time, uint256(age) * 4, 300, PriceStatus(status), own)
            ).decode();
        assert(q.price == price && q.smoothed == smoothed && q.time == time && q.maxAge == uint256(age) * 4);
        assert(q.confidence == 300 && uint8(q.status) == status && q.readThrough == own);
    }

    function check_arrayMeta(uint32 time, uint96 ref, uint256 mantissa, uint256 markExponent, int16 delta)
        public
        pure
    {
        if (mantissa > ArrayMetaLib.MAX_MANTISSA || markExponent > ArrayMetaLib.MAX_MARK_EXPONENT) return;
        uint256 kept = ArrayMetaLib.refOf(ref);
        ArrayMeta meta = ArrayMetaLib.encode(time, ref, mantissa, markExponent, delta);
        (uint256 t, uint256 r) = meta.origin();
        (uint256 m, uint256 e) = meta.mark();
        assert(t == time && r == kept && m == mantissa && e == markExponent && meta.delta() == delta);
    }

    /// @dev What is added to a meta leaves what it held.
    function check_arrayMetaRest(uint144 held, int16 up, int16 down, uint256[7] calldata f, bool valid) public pure {
        for (uint256 i; i < 4; ++i) {
            if (f[i] > ArrayMetaLib.MAX_GAP) return;
        }
        if (f[4] > ArrayMetaLib.MAX_DRIFT || f[5] > ArrayMetaLib.MAX_EXPONENT || f[6] > ArrayMetaLib.MAX_REACH) return;
        ArrayMeta meta = ArrayMeta.wrap(held).withTails(up, down).withGaps(f[0], f[1]).withBows(f[2], f[3]);
        meta = meta.withRest(f[4], f[5], f[6], valid);
        (int256 u, int256 d) = meta.tails();
        assert(u == up && d == down && meta.gap(false) == f[0] && meta.gap(true) == f[1]);
        assert(meta.bow(false) == f[2] && meta.bow(true) == f[3]);
        assert(meta.drift() == f[4] && meta.unitShift() == 14 + f[5] && meta.reach() == f[6]);
        assert(meta.isValid() == valid && uint144(ArrayMeta.unwrap(meta)) == held);
    }

    function check_legIds(uint256 word, uint8 lane, uint8 other, uint64 id) public pure {
        lane %= 4;
        other %= 4;
        LegIdsWord before = LegIdsWord.wrap(word);
        LegIdsWord next = before.with(lane, id);
        assert(next.at(lane) == id);
        assert(other == lane || next.at(other) == before.at(other));
    }

    function check_bookHeader(uint248 nonce, uint8 count) public pure {
        if (count == 0 || count == type(uint8).max || nonce == type(uint248).max) return;
        BookHeader header = BookHeader.wrap(uint256(nonce) << 8 | count);
        assert(header.count() == count && header.nonce() == nonce);
        assert(header.changed().count() == count && header.changed().nonce() == uint256(nonce) + 1);
        assert(header.grown().count() == uint256(count) + 1 && header.grown().nonce() == nonce);
        assert(header.shrunk().count() == uint256(count) - 1 && header.shrunk().nonce() == nonce);
    }

    function check_bitSet(uint256 set, uint8 i, uint8 j) public pure {
        BitSet before = BitSet.wrap(set);
        assert(before.with(i).has(i) && !before.without(i).has(i));
        assert(i == j || (before.with(i).has(j) == before.has(j) && before.without(i).has(j) == before.has(j)));
    }

    function check_unitLanes(uint256 word, uint8 lane, uint8 other, uint16 units) public pure {
        lane %= 16;
        other %= 16;
        UnitLanes before = UnitLanes.wrap(word & ~(uint256(type(uint16).max) << (16 * uint256(lane))));
        UnitLanes next = before.with(lane, units);
        assert(next.at(lane) == units);
        assert(other == lane || next.at(other) == before.at(other));
    }
}
