// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceStatus} from "../interfaces/IOracleAdapter.sol";
import {Margin} from "../interfaces/IRiskEngine.sol";
import {Account, BUCKET_BYTES, Bucket} from "../types/AccountMemory.sol";
import {CROWDING_START, MAX_GROUP, PPM, PPM_TO_WAD, SETTLEMENT_WINDOW, WAD} from "../types/Constants.sol";
import {InstrumentId, KIND_CALL} from "../types/InstrumentId.sol";
import {Packed} from "../types/Packed.sol";
import {SpotWord} from "../types/SpotWord.sol";
import {MarginMath} from "./MarginMath.sol";
import {OptionLegs} from "./OptionLegs.sol";
import {RiskTable} from "./RiskTable.sol";
import {Words} from "./Words.sol";

/// @title From an account in memory to its margin: the formula of docs/margin-model.md over all legs and underlyings.
/// @dev Loops run on pointers, because the bounds check of an index costs more than what is done with most words. No
/// function returns a bucket, because that would allocate one. `unchecked` is safe because of the bounds stated in
/// MarginMath: an account holds at most MAX_LEGS legs and MAX_ASSETS assets, a what-if not many more.
library Portfolio {
    using Words for uint256[];

    /// @dev Words per leg, and their bytes.
    uint256 internal constant LEG_WORDS = 4;
    uint256 internal constant LEG_BYTES = 128;
    /// @dev Bits that are set in a price above MAX_PRICE, in both halves of a word.
    uint256 private constant OVER_MAX_PRICE = uint256(type(uint32).max) << 96 | uint256(type(uint32).max) << 224;
    /// @dev An account is halted where more than one part in so many of its gross value has a Halted price.
    uint256 private constant HALTED_PART = 100;
    /// @dev Multipliers of 1 for both sets.
    uint256 private constant UNCHANGED = WAD | WAD << 128;
    /// @dev The sums of a margin set at the end of a bucket.
    uint256 private constant SUM_BYTES = 256;
    /// @dev Where an instrument id keeps its expiry.
    uint256 private constant EXPIRY_BITS = 0xffffff << 24;

    /* MEMORY */

    /// @dev Room for `count` buckets of zeros in one block: `new` would clear every field on its own.
    function _allocateBuckets(Account memory a, uint256 count) private pure {
        Bucket memory first = a.first;
        assembly ("memory-safe") {
            first := mload(0x40)
            let size := mul(count, BUCKET_BYTES)
            // beyond the calldata there are zeros
            calldatacopy(first, calldatasize(), size)
            mstore(0x40, add(first, size))
        }
        a.first = first;
    }

    /// @dev Place of a feed among the prices, from 1; 0 where it is not needed. Safe because ids are at most 255.
    function slotOf(bytes memory slots, uint256 id) internal pure returns (uint256 slot) {
        assembly ("memory-safe") {
            slot := byte(0, mload(add(add(slots, 0x20), id)))
        }
    }

    /// @dev First word of an array, and the end behind its last.
    function rangeOf(uint256[] memory words) internal pure returns (uint256 cursor, uint256 end) {
        assembly ("memory-safe") {
            cursor := add(words, 0x20)
            end := add(cursor, shl(5, mload(words)))
        }
    }

    /// @dev The leg at `cursor`; safe because cursors stay in the range of the legs.
    function legAt(uint256 cursor)
        internal
        pure
        returns (uint256 id, uint256 position, uint256 market, uint256 share)
    {
        assembly ("memory-safe") {
            id := mload(cursor)
            position := mload(add(cursor, 0x20))
            market := mload(add(cursor, 0x40))
            share := mload(add(cursor, 0x60))
        }
    }

    /// @dev Underlying of the leg at `cursor`; 0 where its size is 0.
    function openUnderlying(uint256 cursor) internal pure returns (uint256 id) {
        assembly ("memory-safe") {
            let size := and(shr(128, mload(add(cursor, 0x20))), 0xffffffffffffffffffffffffffff)
            id := mul(and(shr(48, mload(cursor)), 0xff), iszero(iszero(size)))
        }
    }

    /// @dev Whether the leg at `cursor` is an option with size.
    function isOpenOption(uint256 cursor) internal pure returns (bool open) {
        assembly ("memory-safe") {
            // of kind 3 or 4
            if gt(mload(cursor), 0x2fffffffffffffff) {
                open := iszero(iszero(and(shr(128, mload(add(cursor, 0x20))), 0xffffffffffffffffffffffffffff)))
            }
        }
    }

    /// @dev Underlying of a leg; listed instruments have at most 255.
    function underlyingOf(uint256 id) internal pure returns (uint256) {
        return (id >> 48) & 0xff;
    }

    /* READING */

    /// @dev Prices and parameters of every underlying, with the margin set begun.
    /// @param prices Two words per feed, underlyings first.
    /// @param multipliers One word per underlying.
    function fillBuckets(Account memory a, uint256[] memory prices, uint256[] memory multipliers) internal pure {
        uint256[] memory ids = a.underlyings;
        bytes memory table = a.table;
        uint256 globals = RiskTable.globalsOf(table);
        bool initial = a.initial;
        uint256 count = ids.length;
        _allocateBuckets(a, count);
        Bucket memory bucket = a.first;
        unchecked {
            for (uint256 i; i < count; ++i) {
                (bucket.price, bucket.edges) = _bounded(prices.at(2 * i), prices.at(2 * i + 1));
                bucket.multipliers = multipliers.at(i);
                (bucket.sets, bucket.traits) = RiskTable.recordOf(table, ids.at(i));
                _beginBucket(bucket, initial, globals);
                assembly ("memory-safe") {
                    bucket := add(bucket, BUCKET_BYTES)
                }
            }
        }
    }

    /// @dev Prices saturate at MAX_PRICE; one test covers all three.
    function _bounded(uint256 mid, uint256 edges) private pure returns (uint256, uint256) {
        if ((mid | edges) & OVER_MAX_PRICE == 0) return (mid, edges);
        return (
            Packed.mid(bounded(Packed.midOf(mid)), Packed.statusOf(mid)),
            Packed.edges(bounded(Packed.lowOf(edges)), bounded(Packed.highOf(edges)))
        );
    }

    /// @dev A price that does not exceed MAX_PRICE.
    function bounded(uint256 price) internal pure returns (uint256) {
        return price < MarginMath.MAX_PRICE ? price : MarginMath.MAX_PRICE;
    }

    /// @dev Adds every asset's value to its underlying, at mid and at the low edge, down.
    function addSpot(Account memory a, uint256[] memory spot, uint256[] memory prices) internal pure {
        // safe because places count from 1, amounts are below 2^128, prices below 2^96, and decimals are 6 to 18
        unchecked {
            for (uint256 i; i < spot.length; ++i) {
                uint256 word = spot.at(i);
                if (SpotWord.amountOf(word) == 0) continue;
                uint256 amount = SpotWord.amountOf(word) * 10 ** (18 - SpotWord.decimalsOf(word));
                if (amount > MarginMath.MAX_AMOUNT) amount = MarginMath.MAX_AMOUNT;
                uint256 slot = 2 * slotOf(a.slots, SpotWord.feedOf(word)) - 2;
                (uint256 price, uint256 edges) = _bounded(prices.at(slot), prices.at(slot + 1));
                uint256 mid = MarginMath.mulDown(amount, Packed.midOf(price));
                a.spotValue += mid;
                if (Packed.statusOf(price) != uint256(PriceStatus.Valid)) {
                    a.pricesValid = false;
                    if (Packed.statusOf(price) == uint256(PriceStatus.Halted)) a.haltedSpot += mid;
                }

                Bucket memory bucket = a.first;
                slot = slotOf(a.slots, SpotWord.underlyingOf(word));
                assembly ("memory-safe") {
                    bucket := add(bucket, mul(sub(slot, 1), BUCKET_BYTES))
                }
                if (bucket.sets == RiskTable.UNKNOWN_SETS) continue;
                bucket.spotMid += mid;
                bucket.spotLow += MarginMath.mulDown(amount, Packed.lowOf(edges));
            }
        }
    }

    /* LEGS */

    /// @dev Starts another margin set than the one that the account was read for.
    function begin(Account memory a, bool initial) internal pure {
        a.initial = initial;
        a.haltedLegs = 0;
        uint256 globals = RiskTable.globalsOf(a.table);
        Bucket memory bucket = a.first;
        for (uint256 left = a.underlyings.length; left != 0; --left) {
            _beginBucket(bucket, initial, globals);
            assembly ("memory-safe") {
                bucket := add(bucket, BUCKET_BYTES)
            }
        }
    }

    /// @dev Shocks with their multipliers, sums at 0.
    function _beginBucket(Bucket memory bucket, bool initial, uint256 globals) private pure {
        uint256 multiplier = WAD;
        if ((bucket.multipliers ^ UNCHANGED) | (bucket.price >> 128 ^ uint256(PriceStatus.Valid)) != 0) {
            multiplier = _multiplier(bucket, initial, globals);
        }
        uint256 set = initial ? bucket.sets >> 120 : bucket.sets;
        bucket.multiplier = multiplier;
        unchecked {
            bucket.collateralShock = (((set >> 24) & 0xffffff) * multiplier + (PPM - 1)) / PPM;
            bucket.derivativeShock = (((set >> 48) & 0xffffff) * multiplier + (PPM - 1)) / PPM;
        }
        assembly ("memory-safe") {
            // safe because the sums are the last eight words; beyond the calldata there are zeros
            calldatacopy(add(bucket, sub(BUCKET_BYTES, SUM_BYTES)), calldatasize(), SUM_BYTES)
        }
    }

    /// @dev What the volatility source said, clamped to [1, maxMultiplier], initial not below maintenance, and widened
    /// while the index is not Valid, up [wad].
    function _multiplier(Bucket memory bucket, bool initial, uint256 globals)
        private
        pure
        returns (uint256 multiplier)
    {
        uint256 limit = RiskTable.maxMultiplierOf(globals) * PPM_TO_WAD;
        multiplier = bucket.multipliers & type(uint128).max;
        if (initial && bucket.multipliers >> 128 > multiplier) multiplier = bucket.multipliers >> 128;
        if (multiplier < WAD) multiplier = WAD;
        if (multiplier > limit) multiplier = limit;
        if (bucket.price >> 128 != uint256(PriceStatus.Valid)) {
            multiplier = MarginMath.shock(RiskTable.staleMultiplierOf(globals), multiplier);
        }
    }

    /// @dev Values every leg and adds it to its underlying.
    /// @return profits Sum of positive values.
    /// @return losses Sum of the others, as a positive number [wad USD].
    function addLegs(Account memory a, uint256 time) internal pure returns (uint256 profits, uint256 losses) {
        (uint256 cursor, uint256 end) = rangeOf(a.legs);
        (uint256 place,) = rangeOf(a.values);
        uint256 arrays;
        bool initial = a.initial;
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                int256 value;
                if (isOpenOption(cursor)) value = _addOption(a, cursor, arrays++, time);
                else value = _addLeg(a, cursor, initial, time);
                assembly ("memory-safe") {
                    mstore(place, value)
                    place := add(place, 0x20)
                    // losses hold the net sum until the end
                    losses := add(losses, value)
                    profits := add(profits, mul(value, sgt(value, 0)))
                }
            }
            losses = profits - losses;
        }
    }

    /// @dev Adds one leg's notional to its underlying; returns its value at the price that counts: mid for maintenance,
    /// the worse edge for initial margin.
    function _addLeg(Account memory a, uint256 cursor, bool initial, uint256 time)
        private
        pure
        returns (int256 value)
    {
        (uint256 id, uint256 position, uint256 market, uint256 share) = legAt(cursor);
        int256 size = Packed.sizeOf(position);
        unchecked {
            value = -Packed.basisOf(position);
            if (size != 0) {
                Bucket memory bucket = a.first;
                uint256 slot = slotOf(a.slots, underlyingOf(id));
                assembly ("memory-safe") {
                    bucket := add(bucket, mul(sub(slot, 1), BUCKET_BYTES))
                }
                uint256 mid = Packed.midOf(bucket.price);

                // notionals are at mid in both sets: a low edge must not shrink what is charged on them
                uint256 price = mid;
                uint256 notional;
                if (size > 0) {
                    if (initial) price = bucket.edges & type(uint128).max;
                    notional = (uint256(size) * mid + (WAD - 1)) / WAD;
                    bucket.long += notional;
                } else {
                    if (initial) price = bucket.edges >> 128;
                    notional = (uint256(-size) * mid + (WAD - 1)) / WAD;
                    bucket.short += notional;
                }
                if (Packed.statusOf(bucket.price) != uint256(PriceStatus.Valid)) {
                    _noteStatus(a, bucket.price, notional);
                }
                if (initial && Packed.utilisationOf(market) > CROWDING_START) _addCrowding(bucket, notional, market);
                if (id & EXPIRY_BITS != 0) _addTenor(a, bucket, id, time);

                value += MarginMath.signedMulDown(size, int256(price) - fundingNow(market, mid, time));
            }
            if (share != 0) value = _lessShare(value, share);
        }
    }

    /// @dev Adds one option leg to its underlying; returns its value at the mark of the set.
    /// @param place Of its array among those of the account's open options.
    function _addOption(Account memory a, uint256 cursor, uint256 place, uint256 time)
        private
        pure
        returns (int256 value)
    {
        (uint256 id, uint256 position, uint256 market, uint256 share) = legAt(cursor);
        Bucket memory bucket = a.first;
        uint256 offset = _offsetOf(a, id);
        assembly ("memory-safe") {
            bucket := add(bucket, offset)
        }
        int256 size = Packed.sizeOf(position);
        uint256[] memory arrays = a.options;
        unchecked {
            (uint256 mark, uint256 deltaNotional) =
                OptionLegs.add(a, bucket, id, size, arrays.at(2 * place), arrays.at(2 * place + 1), time);
            a.marks.put(place, mark);
            if (Packed.statusOf(bucket.price) != uint256(PriceStatus.Valid)) {
                _noteStatus(a, bucket.price, deltaNotional);
            }
            if (a.initial && size < 0 && Packed.utilisationOf(market) > CROWDING_START) {
                _addCrowding(bucket, MarginMath.mulUp(uint256(-size), Packed.midOf(bucket.price)), market);
            }
            _addTenor(a, bucket, id, time);
            value = MarginMath.signedMulDown(size, int256(mark)) - Packed.basisOf(position);
        }
        if (share != 0) value = _lessShare(value, share);
    }

    /// @dev How far behind the first one the bucket of an open leg lies in memory.
    function _offsetOf(Account memory a, uint256 id) private pure returns (uint256) {
        // safe because the underlyings of open legs have a slot, which counts from 1
        unchecked {
            return BUCKET_BYTES * (slotOf(a.slots, underlyingOf(id)) - 1);
        }
    }

    /// @dev A market's loss takes at most the profit of a leg.
    function _lessShare(int256 value, uint256 share) private pure returns (int256) {
        if (value <= 0) return value;
        // safe because a share below a positive value fits its type
        return share < uint256(value) ? value - int256(share) : int256(0);
    }

    function _addCrowding(Bucket memory bucket, uint256 notional, uint256 market) private pure {
        uint256 slope = RiskTable.crowdingSlopeOf(bucket.traits);
        unchecked {
            bucket.crowding += MarginMath.crowding(
                notional, bucket.derivativeShock, slope, Packed.utilisationOf(market)
            );
        }
    }

    /// @dev Time to expiry. While the final price is being made, the mark at the index is not what the leg will pay:
    /// it backs no new risk.
    function _addTenor(Account memory a, Bucket memory bucket, uint256 id, uint256 time) private pure {
        // safe because ids are 64 bits wide
        uint256 expiry = InstrumentId.expiryOf(uint64(id));
        unchecked {
            if (expiry > time && expiry - time > bucket.tenor) bucket.tenor = expiry - time;
            if (expiry <= time + SETTLEMENT_WINDOW && a.initial) a.pricesValid = false;
        }
    }

    /// @dev Funding index of a market at `time`, which is not before its last update [wad USD per base].
    function fundingNow(uint256 market, uint256 mid, uint256 time) internal pure returns (int256) {
        unchecked {
            return MarginMath.fundingNow(
                Packed.fundingIndexOf(market), Packed.fundingRateOf(market), mid, time - Packed.updatedAtOf(market)
            );
        }
    }

    /// @dev Remembers that the price of a leg is not Valid.
    function _noteStatus(Account memory a, uint256 price, uint256 notional) private pure {
        a.pricesValid = false;
        // safe because notionals are below 2^208 and legs few
        unchecked {
            if (Packed.statusOf(price) == uint256(PriceStatus.Halted)) a.haltedLegs += notional;
        }
    }

    /// @dev Whether Halted prices value a part of the account that matters: dust in a halted market must not stop its
    /// auction.
    function _isHalted(Account memory a) private pure returns (bool) {
        // safe because values are below 2^214, legs and assets few
        unchecked {
            uint256 halted = a.haltedSpot + a.haltedLegs;
            if (halted == 0) return false;
            uint256 gross = a.spotValue;
            Bucket memory bucket = a.first;
            for (uint256 left = a.underlyings.length; left != 0; --left) {
                gross += bucket.long + bucket.short + bucket.deltaGross;
                assembly ("memory-safe") {
                    bucket := add(bucket, BUCKET_BYTES)
                }
            }
            return halted * HALTED_PART > gross;
        }
    }

    /* MARGIN */

    /// @dev The margin of a set once its legs are added and valued; `profit` is what all legs together count [wad USD].
    function margin(Account memory a, int256 profit) internal pure returns (Margin memory m) {
        bool initial = a.initial;
        uint256[3 * (MAX_GROUP + 1)] memory groups;
        int256 assets;
        Bucket memory bucket = a.first;
        unchecked {
            // never below the highest group, and at most MAX_GROUP because that is 2^4 - 1
            uint256 lastGroup;
            uint256 requirement;
            for (uint256 left = a.underlyings.length; left != 0; --left) {
                uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
                if (spot != 0) assets += _addSpot(a, bucket, initial, spot, m);
                requirement += addOns(bucket, initial, spot);
                lastGroup |= _addExposure(bucket, initial, spot, groups);
                assembly ("memory-safe") {
                    bucket := add(bucket, BUCKET_BYTES)
                }
            }
            for (uint256 group; group <= lastGroup; ++group) {
                uint256 losses = groups[3 * group];
                if (losses == 0) continue;
                uint256 rho = RiskTable.rhoOf(a.table, group, initial);
                requirement += MarginMath.groupLoss(losses, groups[3 * group + 1], int256(groups[3 * group + 2]), rho);
            }
            m.requirement += requirement;
            _conclude(m, assets, a.cash + profit);
        }
        m.pricesValid = a.pricesValid;
        m.pricesHalted = _isHalted(a);
        m.free = a.free;
    }

    /// @dev Adds an underlying's scenario loss to its group; returns the group.
    /// @param groups Three words per group: sum of scenario losses, sum of what the underlyings win where others lose,
    /// and the same with the sign of the direction [wad USD].
    function _addExposure(Bucket memory bucket, bool initial, uint256 spot, uint256[3 * (MAX_GROUP + 1)] memory groups)
        private
        pure
        returns (uint256 group)
    {
        (uint256 loss, int256 wins) = scenarioLoss(bucket, initial, spot);
        group = RiskTable.groupOf(bucket.traits);
        assembly ("memory-safe") {
            // safe because the configuration check keeps groups at most MAX_GROUP
            let slot := add(groups, mul(group, 96))
            mstore(slot, add(mload(slot), loss))
            slot := add(slot, 0x20)
            let sign := or(sar(255, wins), 1)
            mstore(slot, add(mload(slot), mul(wins, sign)))
            slot := add(slot, 0x20)
            mstore(slot, add(mload(slot), wins))
        }
    }

    /// @dev What an underlying's scenarios require, up, and what it wins where others lose: without options all of it,
    /// with the sign of the exposure.
    function scenarioLoss(Bucket memory bucket, bool initial, uint256 spot)
        internal
        pure
        returns (uint256 loss, int256 wins)
    {
        uint256 shock = bucket.derivativeShock;
        unchecked {
            int256 exposure = int256(spot + bucket.long - bucket.short);
            if (bucket.scenarios != 0) return OptionLegs.requirement(bucket, initial, exposure);
            assembly ("memory-safe") {
                let sign := or(sar(255, exposure), 1)
                loss := div(add(mul(mul(exposure, sign), shock), sub(WAD, 1)), WAD)
                wins := mul(loss, sign)
            }
        }
    }

    /// @dev Charges on crowding, on matched legs, and on the impact of the open ones, up. Options count by the net
    /// delta of each expiry, but do not match spot: its whole haircut is charged beside them.
    function addOns(Bucket memory bucket, bool initial, uint256 spot) internal pure returns (uint256 charge) {
        uint256 long = bucket.long;
        uint256 short = bucket.short;
        charge = bucket.crowding;
        unchecked {
            uint256 matched = spot + long < short ? spot + long : short;
            if (bucket.scenarios != 0) {
                (uint256 deltaLong, uint256 deltaShort) = OptionLegs.deltas(bucket);
                (long, short) = (long + deltaLong, short + deltaShort);
                uint256 derivatives = long < short ? long : short;
                if (derivatives > matched) matched = derivatives;
            }
            if (matched != 0) {
                uint256 set = RiskTable.setOf(bucket.sets, initial);
                uint256 rate =
                    MarginMath.basisCharge(RiskTable.basisChargeOf(set), RiskTable.basisPerYearOf(set), bucket.tenor);
                charge += MarginMath.mulUp(rate, matched);
            }
            uint256 open = long > short ? long - short : short - long;
            charge += MarginMath.impact(open, RiskTable.impactOf(bucket.traits));
        }
    }

    /// @dev Adds the charge and haircut on spot that no short leg hedges.
    /// @return assets Value less liquidity haircut and impact, down.
    function _addSpot(Account memory a, Bucket memory bucket, bool initial, uint256 spot, Margin memory m)
        private
        pure
        returns (int256 assets)
    {
        uint256 shock = bucket.collateralShock;
        uint256 haircut = RiskTable.haircutOf(RiskTable.setOf(bucket.sets, initial)) * PPM_TO_WAD;
        uint256 unhedged = unhedgedSpot(bucket, spot);
        m.requirement += unhedgedCharge(bucket, unhedged);
        // safe because the configuration check keeps haircut + shock <= WAD
        unchecked {
            m.unhedgedHaircut += MarginMath.mulUp(shock, unhedged);
            uint256 weight = RiskTable.impactWeight(bucket.sets, RiskTable.globalsOf(a.table));
            uint256 impact = MarginMath.spotImpact(spot, RiskTable.impactOf(bucket.traits), weight);
            return int256(spot - MarginMath.mulUp(spot, haircut)) - int256(impact);
        }
    }

    /// @dev Charge on spot that no short leg hedges: it is shocked by more than derivatives, up.
    function unhedgedCharge(Bucket memory bucket, uint256 unhedged) internal pure returns (uint256) {
        // safe because the configuration check keeps the collateral's shock at least as large
        unchecked {
            return MarginMath.mulUp(bucket.collateralShock - bucket.derivativeShock, unhedged);
        }
    }

    /// @dev Spot beyond what net short legs hedge.
    function unhedgedSpot(Bucket memory bucket, uint256 spot) internal pure returns (uint256) {
        if (bucket.short <= bucket.long) return spot;
        // safe because both differences are positive
        unchecked {
            uint256 hedge = bucket.short - bucket.long;
            return hedge < spot ? spot - hedge : 0;
        }
    }

    /// @dev Numerator, denominator and excess from what spot counts, the requirement, and `balance`: cash and profit.
    function _conclude(Margin memory m, int256 assets, int256 balance) private pure {
        unchecked {
            // where options make the requirement smaller than the haircut of spot, that much less of it counts
            if (m.unhedgedHaircut > m.requirement) m.unhedgedHaircut = m.requirement;
            int256 numerator = assets - int256(m.unhedgedHaircut) + (balance > 0 ? balance : int256(0));
            uint256 denominator = m.requirement - m.unhedgedHaircut;
            if (balance < 0) denominator += uint256(-balance);
            m.excess = numerator - int256(denominator);
            m.numerator = numerator > 0 ? uint256(numerator) : 0;
            m.denominator = denominator;
        }
    }

    /* OTHER VIEWS OF AN ACCOUNT */

    /// @dev Weight of a profitable open leg in initial margin, down [wad]: less where its market's profits outrun what
    /// losers have paid.
    /// @param mark Of the leg if it is an option; ignored for others [wad USD].
    /// @param longBasis Sum of the bases of the market's longs [wad USD].
    /// @param pool Losses collected there and not yet paid out [wad USD].
    /// @param promised What backs the market's values beside the pool [wad USD].
    function profitWeight(
        Account memory a,
        uint256 cursor,
        int256 value,
        uint256 mark,
        int256 longBasis,
        uint256 pool,
        int256 promised,
        uint256 time
    ) internal pure returns (uint256) {
        (uint256 id, uint256 position, uint256 market,) = legAt(cursor);
        uint256 globals = RiskTable.globalsOf(a.table);
        Bucket memory bucket = a.first;
        uint256 offset = _offsetOf(a, id);
        assembly ("memory-safe") {
            bucket := add(bucket, offset)
        }
        uint256 mid = Packed.midOf(bucket.price);
        uint256 openInterest = Packed.openInterestOf(market);
        // safe because flows are below 2^131, and so are the casts; a profitable leg's value is positive
        unchecked {
            int256 funding = fundingNow(market, mid, time);
            if (id >> 60 >= KIND_CALL) mid = mark;
            int256 move = int256(mid) - funding;
            int256 gain = Packed.sizeOf(position) > 0
                ? MarginMath.signedMulDown(int256(openInterest), move) - longBasis
                : MarginMath.signedMulDown(-int256(openInterest), move) + int256(pool) + promised + longBasis;
            if (value > gain) gain = value;
            uint256 covered = RiskTable.profitCoverOf(globals) * PPM_TO_WAD;
            uint256 cover = pool + MarginMath.mulDown(covered, MarginMath.mulUp(openInterest, mid));
            return MarginMath.profitWeight(RiskTable.profitWeightOf(globals) * PPM_TO_WAD, cover, uint256(gain));
        }
    }

    /// @dev Units of auction exposure per underlying of open legs, each leg rounded down: dust counts nothing, options
    /// as much as they move with the index; and the caps.
    function exposures(Account memory a)
        internal
        pure
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        uint256[] memory sums = new uint256[](a.underlyings.length);
        bytes memory slots = a.slots;
        bytes memory table = a.table;
        (uint256 cursor, uint256 end) = rangeOf(a.legs);
        uint256 option;
        // safe because sizes are below 2^111 and deltas below 2^15, units above 0, and open legs have a slot, which
        // counts from 1
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                uint256 id = openUnderlying(cursor);
                if (id == 0) continue;
                (uint256 leg, uint256 position,,) = legAt(cursor);
                uint256 size = MarginMath.magnitude(Packed.sizeOf(position));
                if (leg >> 60 >= KIND_CALL) {
                    size = size * MarginMath.magnitude(OptionLegs.deltaOf(a.options.at(option))) >> 14;
                    option += 2;
                }
                uint256 unit = RiskTable.exposureUnitOf(RiskTable.traitsOf(table, id));
                if (unit == 0) continue;
                uint256 place = slotOf(slots, id) - 1;
                sums.put(place, sums.at(place) + size / unit);
            }
        }
        return _withUnits(a.underlyings, sums, table);
    }

    /// @dev Leaves out underlyings without open legs.
    function _withUnits(uint256[] memory ids, uint256[] memory sums, bytes memory table)
        private
        pure
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        underlyings = new uint256[](sums.length);
        units = new uint256[](sums.length);
        caps = new uint256[](sums.length);
        uint256 count;
        for (uint256 i; i < sums.length; ++i) {
            uint256 sum = sums.at(i);
            if (sum == 0) continue;
            uint256 id = ids.at(i);
            underlyings.put(count, id);
            units.put(count, sum);
            caps.put(count, RiskTable.exposureCapOf(RiskTable.traitsOf(table, id)));
            ++count;
        }
        underlyings.truncate(count);
        units.truncate(count);
        caps.truncate(count);
    }
}
