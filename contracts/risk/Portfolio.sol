// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Margin} from "../interfaces/IRiskEngine.sol";
import {BitSet} from "../types/BitSet.sol";
import {MAX_GROUP, PPM, PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {HALTED_DOUBT, LARGE_DOUBT} from "../types/Doubt.sol";
import {GlobalsWord} from "../types/GlobalsWord.sol";
import {InstrumentId} from "../types/InstrumentId.sol";
import {LEG_BYTES, LegWords} from "../types/LegWords.sol";
import {MarginSetWord} from "../types/MarginSetWord.sol";
import {MultipliersWord} from "../types/MultipliersWord.sol";
import {PriceEdges, PriceEdgesLib} from "../types/PriceEdges.sol";
import {PriceMid} from "../types/PriceMid.sol";
import {SpotWord} from "../types/SpotWord.sol";
import {UnpaidWord} from "../types/UnpaidWord.sol";
import {AVERAGED, Account, BUCKET_BYTES, Bucket, DOUBTED} from "./AccountMemory.sol";
import {ExpiryBooks} from "./ExpiryBooks.sol";
import {Legs} from "./Legs.sol";
import {LinearLegs} from "./LinearLegs.sol";
import {MarginMath} from "./MarginMath.sol";
import {OptionLegs} from "./OptionLegs.sol";
import {RiskTable} from "./RiskTable.sol";
import {Scenarios} from "./Scenarios.sol";
import {WordLists} from "./WordLists.sol";

/// @title From an account in memory to its margin: the formula of docs/margin-model.md over all legs and underlyings.
/// @dev Loops run on pointers, because the bounds check of an index costs more than what is done with most words. No
/// function returns a bucket, because that would allocate one. `unchecked` is safe because of the bounds stated in
/// MarginMath: an account holds at most MAX_LEGS legs and MAX_ASSETS assets, a what-if not many more.
library Portfolio {
    using WordLists for uint256[];

    /// @dev An account is halted where more than one part in so many of its gross value has a Halted price.
    uint256 private constant HALTED_PART = 100;
    /// @dev What is in doubt is large to a bidder beyond one part in so many of the requirement, and a sum [wad USD].
    uint256 private constant LARGE_PART = 10;
    uint256 private constant LARGE_SUM = 10e18;
    /// @dev Prices of an account count as Valid where what is in doubt, by so many times wrong, is not more than it
    /// has.
    uint256 private constant DOUBTFUL_PART = 1000;
    /// @dev More than any account has [wad USD].
    uint256 internal constant ALL = 2 ** 216;
    /// @dev From a bucket to the next in memory.
    uint256 private constant STEP = BUCKET_BYTES;
    /// @dev The sums of a margin set at the end of a bucket.
    uint256 private constant SUM_BYTES = 224;

    /* MEMORY */

    /// @dev Room for `count` buckets of zeros in one block: `new` would clear every field on its own.
    function _allocateBuckets(Account memory a, uint256 count) private pure {
        Bucket memory first = a.first;
        // Equivalent to `first` being the place of `count` buckets of zeros.
        assembly ("memory-safe") {
            first := mload(0x40)
            let size := mul(count, STEP)
            // beyond the calldata there are zeros
            calldatacopy(first, calldatasize(), size)
            mstore(0x40, add(first, size))
        }
        a.first = first;
    }

    /* READING */

    /// @dev Prices and parameters of every underlying, with the margin set begun.
    /// @param prices Two words per feed, underlyings first.
    /// @param multipliers One word per underlying.
    function fillBuckets(Account memory a, uint256[] memory prices, uint256[] memory multipliers) internal pure {
        uint256[] memory ids = a.underlyings;
        bytes memory table = a.table;
        GlobalsWord globals = RiskTable.globalsOf(table);
        uint256 count = ids.length;
        _allocateBuckets(a, count);
        Bucket memory bucket = a.first;
        unchecked {
            for (uint256 i; i < count; ++i) {
                (bucket.price, bucket.edges) = _boundedAt(prices, 2 * i);
                bucket.multipliers = MultipliersWord.wrap(multipliers.at(i));
                (bucket.sets, bucket.traits) = RiskTable.recordOf(table, ids.at(i));
                _beginBucket(a, bucket, globals);
                // Equivalent to `bucket = buckets[i + 1]`.
                assembly ("memory-safe") {
                    bucket := add(bucket, STEP)
                }
            }
        }
    }

    /// @dev The price at a place of a list, saturated at MAX_PRICE, of 96 bits.
    function _boundedAt(uint256[] memory prices, uint256 place) private pure returns (PriceMid mid, PriceEdges edges) {
        mid = PriceMid.wrap(prices.at(place));
        // safe because every price has two words
        unchecked {
            edges = PriceEdges.wrap(prices.at(place + 1));
        }
        if (mid.fits96Bits() && edges.fit96Bits()) return (mid, edges);
        return (mid.withMid(bounded(mid.mid())), PriceEdgesLib.encode(bounded(edges.low()), bounded(edges.high())));
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
                SpotWord word = SpotWord.wrap(spot.at(i));
                uint256 amount = word.amount();
                if (amount == 0) continue;
                amount *= 10 ** (18 - word.decimals());
                if (amount > MarginMath.MAX_AMOUNT) amount = MarginMath.MAX_AMOUNT;
                (PriceMid price, PriceEdges edges) = _boundedAt(prices, 2 * Legs.slotOf(a.slots, word.feed()) - 2);
                uint256 mid = MarginMath.mulDown(amount, price.mid());
                a.spotValue += mid;
                if (!price.isValid()) {
                    a.doubtfulSpot += mid;
                    if (price.isHalted()) a.haltedSpot += mid;
                }

                Bucket memory bucket = a.first;
                uint256 offset = Legs.bucketOffset(a, word.underlying());
                // Equivalent to `bucket = buckets[i]`, where `i` is the place of the underlying.
                assembly ("memory-safe") {
                    bucket := add(bucket, offset)
                }
                if (bucket.sets.isUnknown()) continue;
                bucket.spotMid += mid;
                bucket.spotLow += MarginMath.mulDown(amount, edges.low());
            }
        }
    }

    /* LEGS */

    /// @dev Starts another margin set than the one that the account was read for.
    function begin(Account memory a, bool initial) internal pure {
        a.initial = initial;
        (a.haltedLegs, a.doubtfulLegs, a.lostInDoubt) = (0, 0, 0);
        GlobalsWord globals = RiskTable.globalsOf(a.table);
        Bucket memory bucket = a.first;
        for (uint256 left = a.underlyings.length; left != 0; --left) {
            _beginBucket(a, bucket, globals);
            // Equivalent to the next of the buckets.
            assembly ("memory-safe") {
                bucket := add(bucket, STEP)
            }
        }
    }

    /// @dev Shocks with their multipliers, sums at 0.
    function _beginBucket(Account memory a, Bucket memory bucket, GlobalsWord globals) private pure {
        uint256 multiplier = WAD;
        if (!bucket.multipliers.areUnchanged() || !bucket.price.isValid()) {
            multiplier = _multiplier(bucket, a.initial || a.announced, globals);
        }
        MarginSetWord set = bucket.sets.at(a.initial);
        bucket.multiplier = multiplier;
        unchecked {
            bucket.collateralShock = (set.collateralShock() * multiplier + (PPM - 1)) / PPM;
            bucket.derivativeShock = (set.derivativeShock() * multiplier + (PPM - 1)) / PPM;
        }
        // Equivalent to `= 0` for the fields from `long` on.
        assembly ("memory-safe") {
            // safe because the sums are the last seven words; beyond the calldata there are zeros
            calldatacopy(add(bucket, sub(STEP, SUM_BYTES)), calldatasize(), SUM_BYTES)
        }
    }

    /// @dev What the volatility source said of maintenance, or the most that it said, widened while the index is not
    /// Valid, up [wad].
    function _multiplier(Bucket memory bucket, bool most, GlobalsWord globals)
        private
        pure
        returns (uint256 multiplier)
    {
        uint256 limit = globals.maxMultiplier() * PPM_TO_WAD;
        multiplier = _clamped(bucket.multipliers.maintenance(), limit);
        if (most) {
            uint256 other = _clamped(bucket.multipliers.initial(), limit);
            if (other > multiplier) multiplier = other;
        }
        if (!bucket.price.isValid()) multiplier = MarginMath.shock(globals.staleMultiplier(), multiplier);
    }

    /// @dev A multiplier in [1, limit]; the limit where nothing is said, because a source that fails must not loosen
    /// [wad].
    function _clamped(uint256 said, uint256 limit) private pure returns (uint256) {
        if (said == 0 || said > limit) return limit;
        return said < WAD ? WAD : said;
    }

    /// @dev Values every leg and adds it to its underlying.
    /// @return net All values, claims and debts together [wad USD].
    /// @return losses What open contracts have lost and closed ones owe, as a positive number [wad USD].
    /// @return counted What initial margin counts of the profit of open contracts, down [wad USD].
    function addLegs(Account memory a, uint256 time)
        internal
        pure
        returns (int256 net, uint256 losses, uint256 counted)
    {
        (uint256 cursor, uint256 end) = LegWords.rangeOf(a.legs);
        (uint256 place,) = LegWords.rangeOf(a.values);
        uint256 arrays;
        bool initial = a.initial;
        unchecked {
            for (; cursor != end; cursor += LEG_BYTES) {
                int256 value;
                uint256 worth;
                if (Legs.isOpenOption(cursor)) (value, worth) = OptionLegs.add(a, cursor, arrays++, time);
                else (value, worth) = LinearLegs.add(a, cursor, initial, time);
                // Equivalent to `a.values[i] = value; net += value; if (value < 0) losses -= value;` for leg `i`.
                assembly ("memory-safe") {
                    mstore(place, value)
                    place := add(place, 0x20)
                    net := add(net, value)
                    losses := sub(losses, mul(value, slt(value, 0)))
                }
                if (!a.doubts.isEmpty()) losses += _noteDoubt(a, cursor, value, worth);
                if (initial && value > 0) counted += _counted(a, uint256(value), worth);
                (,,, UnpaidWord unpaid) = LegWords.at(cursor);
                if (unpaid.isNone()) continue;
                net += unpaid.net();
                losses += unpaid.debts();
            }
        }
    }

    /// @dev Adds what a leg in doubt may be wrong by: what its contracts are worth, what puts may pay, and what they
    /// have won or lost at the price in doubt. What can be lost of it is all of that, of contracts bought what they are
    /// worth.
    /// @return lost What can be lost, where the leg is being averaged: initial margin asks for it [wad USD].
    function _noteDoubt(Account memory a, uint256 cursor, int256 value, uint256 worth)
        private
        pure
        returns (uint256 lost)
    {
        int256 size = LegWords.positionAt(cursor).size();
        // safe because values are below 2^175, and legs few
        unchecked {
            uint256 doubtful = worth + MarginMath.magnitude(value)
                + MarginMath.mulUp(MarginMath.magnitude(size), InstrumentId.strikeOf(LegWords.idAt(cursor)));
            if (a.doubts.has(DOUBTED) || a.initial) a.doubtfulLegs += doubtful;
            lost = size < 0 ? doubtful : worth;
            a.lostInDoubt += lost;
        }
        if (!a.doubts.has(AVERAGED)) lost = 0;
        a.doubts = BitSet.wrap(0);
    }

    /// @dev What is in doubt. Dust must not keep others waiting for what an account owes, nor its owner from what is
    /// his: prices count as Valid while a thousand times as much would be there. Nor may dust keep bidders waiting, or
    /// stop an auction in a halted market.
    function _noteValidity(Account memory a, Margin memory m) private pure {
        // safe because doubt is at most 2^217, a requirement below 2^207, other values below 2^214, legs and assets few
        unchecked {
            uint256 doubtful = a.doubtfulSpot + a.doubtfulLegs;
            m.pricesValid = doubtful == 0 || int256(doubtful * DOUBTFUL_PART) <= m.paidExcess + int256(m.requirement);

            uint256 lost = a.doubtfulSpot + a.lostInDoubt;
            if (doubtful + lost == 0) return;
            if (lost * LARGE_PART > m.requirement + LARGE_PART * LARGE_SUM) m.doubt = LARGE_DOUBT;
            uint256 halted = a.haltedSpot + a.haltedLegs;
            if (halted == 0) return;
            uint256 gross = a.spotValue;
            Bucket memory bucket = a.first;
            for (uint256 left = a.underlyings.length; left != 0; --left) {
                gross += bucket.long + bucket.short + bucket.gross;
                // Equivalent to the next of the buckets.
                assembly ("memory-safe") {
                    bucket := add(bucket, STEP)
                }
            }
            if (halted * HALTED_PART > gross) m.doubt = HALTED_DOUBT;
        }
    }

    /// @dev What initial margin counts of an open leg's profit: by weight, up to a part of what its contracts are
    /// worth, down.
    function _counted(Account memory a, uint256 profit, uint256 worth) private pure returns (uint256) {
        GlobalsWord globals = RiskTable.globalsOf(a.table);
        // safe because both are below 2^24
        unchecked {
            uint256 most = MarginMath.mulDown(globals.profitCover() * PPM_TO_WAD, worth);
            return MarginMath.mulDown(globals.profitWeight() * PPM_TO_WAD, profit < most ? profit : most);
        }
    }

    /* MARGIN */

    /// @dev The margin of a set once its legs are added and valued.
    /// @param paid What all legs together count without unpaid profit; of the maintenance set their value [wad USD].
    /// @param unpaid What unpaid profit counts beside it, at most the requirement: it covers no debt [wad USD].
    function margin(Account memory a, int256 paid, uint256 unpaid) internal pure returns (Margin memory m) {
        bool initial = a.initial;
        uint256[3 * (MAX_GROUP + 1)] memory groups;
        int256 assets;
        Bucket memory bucket = a.first;
        unchecked {
            // hot loop: never below the highest group, and at most MAX_GROUP because that is 2^4 - 1
            uint256 lastGroup;
            uint256 requirement;
            for (uint256 left = a.underlyings.length; left != 0; --left) {
                uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
                if (spot != 0) assets += _addSpot(a, bucket, initial, spot, m);
                requirement += addOns(bucket, initial, spot);
                lastGroup |= _addExposure(a, bucket, spot, groups);
                // Equivalent to the next of the buckets.
                assembly ("memory-safe") {
                    bucket := add(bucket, STEP)
                }
            }
            for (uint256 group; group <= lastGroup; ++group) {
                uint256 losses = groups[3 * group];
                if (losses == 0) continue;
                uint256 rho = RiskTable.groupOf(a.table, group).rho(initial);
                requirement += MarginMath.groupLoss(losses, groups[3 * group + 1], int256(groups[3 * group + 2]), rho);
            }
            m.requirement += requirement;
            if (unpaid > m.requirement) unpaid = m.requirement;
            _conclude(m, assets, a.cash + paid + int256(unpaid));
            m.paidExcess = m.excess - int256(unpaid);
            _noteValidity(a, m);
        }
        m.free = a.free;
    }

    /// @dev Adds an underlying's scenario loss to its group; returns the group.
    /// @param groups Three words per group: sum of scenario losses, sum of what the underlyings win where others lose,
    /// and the same with the sign of the direction [wad USD].
    function _addExposure(
        Account memory a,
        Bucket memory bucket,
        uint256 spot,
        uint256[3 * (MAX_GROUP + 1)] memory groups
    ) private pure returns (uint256 group) {
        (uint256 loss, int256 wins) = scenarioLoss(a, bucket, spot);
        group = bucket.traits.group();
        // hot loop: it runs for every underlying, and a sign without a branch costs least
        // Equivalent to `groups[3 * group] += loss; groups[3 * group + 1] += |wins|; groups[3 * group + 2] += wins;`
        // without bounds checks.
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

    /// @dev Of spot and linear legs, net [wad USD].
    function exposureOf(Bucket memory bucket, uint256 spot) internal pure returns (int256) {
        unchecked {
            return int256(spot + bucket.long - bucket.short);
        }
    }

    /// @dev What an underlying's scenarios require, up, and what it wins where others lose: without options all of it,
    /// with the sign of the exposure.
    function scenarioLoss(Account memory a, Bucket memory bucket, uint256 spot)
        internal
        pure
        returns (uint256 loss, int256 wins)
    {
        int256 exposure = exposureOf(bucket, spot);
        if (bucket.expiries != 0) {
            return Scenarios.requirement(bucket, RiskTable.globalsOf(a.table), a.initial, exposure);
        }
        uint256 shock = bucket.derivativeShock;
        unchecked {
            // hot loop: it runs for every underlying, and a sign without a branch costs least
            // Equivalent to `loss = (|exposure| * shock + WAD - 1) / WAD; wins = exposure < 0 ? -loss : loss;`.
            assembly ("memory-safe") {
                let sign := or(sar(255, exposure), 1)
                loss := div(add(mul(mul(exposure, sign), shock), sub(WAD, 1)), WAD)
                wins := mul(loss, sign)
            }
        }
    }

    /// @dev Charges on crowding, on expired futures, on matched legs, and on the impact of the open ones, up. Options
    /// count by the net delta of each expiry, but do not match spot: its whole haircut is charged beside them; and they
    /// have an impact of their own, by volatility and bend.
    function addOns(Bucket memory bucket, bool initial, uint256 spot) internal pure returns (uint256 charge) {
        uint256 long = bucket.long;
        uint256 short = bucket.short;
        charge = bucket.alone;
        unchecked {
            uint256 matched = spot + long < short ? spot + long : short;
            if (bucket.expiries != 0) {
                (uint256 deltaLong, uint256 deltaShort, uint256 vega) = ExpiryBooks.open(bucket);
                charge += MarginMath.impact(vega, _impactOf(bucket));
                (long, short) = (long + deltaLong, short + deltaShort);
                uint256 derivatives = long < short ? long : short;
                if (derivatives > matched) matched = derivatives;
            }
            if (matched != 0) {
                MarginSetWord set = bucket.sets.at(initial);
                uint256 rate = MarginMath.basisCharge(set.basisCharge(), set.basisPerYear(), bucket.tenor);
                charge += MarginMath.mulUp(rate, matched);
            }
            uint256 open = long > short ? long - short : short - long;
            charge += MarginMath.impact(open, _impactOf(bucket));
        }
    }

    /// @dev Impact coefficient with the multiplier, up: depth goes when volatility comes [wad per sqrt USD].
    function _impactOf(Bucket memory bucket) private pure returns (uint256) {
        // safe because the configuration check keeps it below 2^64 at every multiplier
        unchecked {
            return (bucket.traits.impact() * bucket.multiplier + (WAD - 1)) / WAD;
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
        uint256 haircut = bucket.sets.at(initial).haircut() * PPM_TO_WAD;
        uint256 unhedged = unhedgedSpot(bucket, spot);
        m.requirement += unhedgedCharge(bucket, unhedged);
        // safe because the configuration check keeps haircut + shock <= WAD
        unchecked {
            m.unhedgedHaircut += MarginMath.mulUp(shock, unhedged);
            uint256 weight = RiskTable.impactWeight(bucket.sets, RiskTable.globalsOf(a.table));
            uint256 impact = MarginMath.spotImpact(spot, _impactOf(bucket), weight);
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
}
