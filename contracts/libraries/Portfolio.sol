// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Margin} from "../interfaces/IRiskEngine.sol";
import {MAX_GROUP, PPM_TO_WAD, WAD} from "../types/Constants.sol";
import {Packed} from "../types/Packed.sol";
import {MarginMath} from "./MarginMath.sol";
import {RiskTable} from "./RiskTable.sol";

/// @notice One underlying of an account. The first part is filled when the account is read, the second anew for each
/// margin set.
struct Bucket {
    uint256 id;
    uint256 mid; // index price [wad USD]
    uint256 low; // [wad USD]
    uint256 high; // [wad USD]
    uint256 status; // of the index price
    uint256 sets; // packed parameters
    uint256 traits; // packed parameters
    uint256 maintenanceMultiplier; // on shocks [wad]
    uint256 initialMultiplier; // on shocks [wad]
    uint256 tenor; // longest time to expiry of its legs [s]
    uint256 spotMid; // spot at mid, down [wad USD]
    uint256 spotLow; // spot at the low edge, down [wad USD]
    uint256 collateralShock; // with the multiplier, up [wad]
    uint256 derivativeShock; // with the multiplier, up [wad]
    uint256 long; // long legs, up [wad USD]
    uint256 short; // short legs, up [wad USD]
    uint256 crowding; // charge on legs in crowded markets, up [wad USD]
    uint256 units; // of auction exposure, each leg rounded up
}

/// @notice A position with what its market adds.
struct Leg {
    uint64 id;
    int256 size; // [wad base]; 0 when settled
    int256 basis; // [wad USD]
    uint256 share; // pending share of a market loss [wad USD]
    uint256 market; // market word
    int256 funding; // funding index now [wad USD per base]
    int256 value; // unrealised profit at the price of the margin set in work [wad USD]
    Bucket bucket; // only where size is not 0
}

/// @notice An account in memory.
struct Account {
    int256 cash; // [wad USD]
    uint256 spotValue; // all spot at mid, down [wad USD]
    Leg[] legs;
    Bucket[] buckets;
    bytes table; // risk parameters up to the highest underlying held
    bool pricesValid; // every price used is Valid
    bool pricesHalted; // some price used is Halted
    bool free; // neither debt nor legs
}

/// @title From an account in memory to its margin: the formula of docs/margin-model.md over all legs and underlyings.
/// @dev `unchecked` is safe because of the bounds stated in MarginMath and because accounts hold at most 48 legs and 12
/// assets; what-if portfolios are limited by the feeds there are.
library Portfolio {
    /* LEGS */

    /// @dev Starts a margin set: shocks with their multipliers, sums at 0.
    function begin(Account memory account, bool initial) internal pure {
        Bucket[] memory buckets = account.buckets;
        for (uint256 i; i < buckets.length; ++i) {
            Bucket memory bucket = buckets[i];
            uint256 set = RiskTable.setOf(bucket.sets, initial);
            uint256 multiplier = initial ? bucket.initialMultiplier : bucket.maintenanceMultiplier;
            bucket.collateralShock = MarginMath.shock(RiskTable.collateralShockOf(set), multiplier);
            bucket.derivativeShock = MarginMath.shock(RiskTable.derivativeShockOf(set), multiplier);
            bucket.long = 0;
            bucket.short = 0;
            bucket.crowding = 0;
        }
    }

    /// @dev Values every leg and adds it to its underlying.
    /// @return profits Sum of positive values. @return losses Sum of the others, as a positive number [wad USD].
    function addLegs(Account memory account, bool initial) internal pure returns (uint256 profits, uint256 losses) {
        Leg[] memory legs = account.legs;
        unchecked {
            for (uint256 i; i < legs.length; ++i) {
                Leg memory leg = legs[i];
                uint256 price = leg.size == 0 ? 0 : _addNotional(leg, initial);
                int256 value = MarginMath.legValue(leg.size, leg.basis, leg.funding, leg.share, price);
                leg.value = value;
                if (value > 0) profits += uint256(value);
                else losses += uint256(-value);
            }
        }
    }

    /// @dev Adds a leg's notional to its underlying; returns the price that counts: mid for maintenance, the worse edge
    /// for initial margin.
    function _addNotional(Leg memory leg, bool initial) private pure returns (uint256 price) {
        Bucket memory bucket = leg.bucket;
        bool long = leg.size > 0;
        price = initial ? (long ? bucket.low : bucket.high) : bucket.mid;
        uint256 notional = MarginMath.mulUp(MarginMath.magnitude(leg.size), price);
        unchecked {
            if (long) bucket.long += notional;
            else bucket.short += notional;
            if (initial) {
                bucket.crowding += MarginMath.crowding(
                    notional,
                    bucket.derivativeShock,
                    RiskTable.crowdingSlopeOf(bucket.traits),
                    Packed.utilisationOf(leg.market)
                );
            }
        }
    }

    /* MARGIN */

    /// @dev The margin of a set once its legs are added and valued; `profit` is what all legs together count [wad USD].
    function margin(Account memory account, bool initial, int256 profit) internal pure returns (Margin memory m) {
        uint256[2 * (MAX_GROUP + 1)] memory groups;
        uint256 lastGroup;
        int256 assets;
        unchecked {
            for (uint256 i; i < account.buckets.length; ++i) {
                Bucket memory bucket = account.buckets[i];
                uint256 group = RiskTable.groupOf(bucket.traits);
                if (group > lastGroup) lastGroup = group;
                assets += _addBucket(bucket, initial, groups, m);
            }
            for (uint256 group; group <= lastGroup; ++group) {
                uint256 losses = groups[2 * group];
                if (losses == 0) continue;
                uint256 rho = RiskTable.rhoOf(account.table, group, initial);
                m.requirement += MarginMath.groupLoss(losses, int256(groups[2 * group + 1]), rho);
            }
            _conclude(m, assets, account.cash + profit);
        }
        m.pricesValid = account.pricesValid;
        m.pricesHalted = account.pricesHalted;
        m.free = account.free;
    }

    /// @dev Adds one underlying to its group's scenario and to the requirement and unhedged haircut of `m`.
    /// @return assets What its spot counts: value less liquidity haircut and impact.
    function _addBucket(Bucket memory bucket, bool initial, uint256[2 * (MAX_GROUP + 1)] memory groups, Margin memory m)
        private
        pure
        returns (int256 assets)
    {
        uint256 set = RiskTable.setOf(bucket.sets, initial);
        uint256 coefficient = RiskTable.impactOf(bucket.traits);
        uint256 spot = initial ? bucket.spotLow : bucket.spotMid;
        uint256 long = bucket.long;
        uint256 short = bucket.short;
        unchecked {
            uint256 unhedged = spot;
            if (short != 0) {
                if (short > long) unhedged -= _min(spot, short - long);
                uint256 rate =
                    MarginMath.basisCharge(RiskTable.basisChargeOf(set), RiskTable.basisPerYearOf(set), bucket.tenor);
                m.requirement += MarginMath.mulUp(rate, _min(spot + long, short));
            }
            if (spot != 0) {
                uint256 shock = bucket.collateralShock;
                uint256 haircut = RiskTable.haircutOf(set) * PPM_TO_WAD;
                m.requirement += MarginMath.mulUp(shock - bucket.derivativeShock, unhedged);
                m.unhedgedHaircut += MarginMath.mulUp(shock, unhedged);
                assets = int256(spot - MarginMath.mulUp(spot, haircut))
                    - int256(MarginMath.spotImpact(spot, coefficient, WAD - haircut - shock));
            }
            m.requirement += bucket.crowding
            + MarginMath.impact(long > short ? long - short : short - long, coefficient);

            int256 exposure = int256(spot + long) - int256(short);
            uint256 loss = MarginMath.mulUp(MarginMath.magnitude(exposure), bucket.derivativeShock);
            uint256 slot = 2 * RiskTable.groupOf(bucket.traits);
            groups[slot] += loss;
            groups[slot + 1] = exposure < 0 ? groups[slot + 1] - loss : groups[slot + 1] + loss;
        }
    }

    /// @dev Numerator, denominator and excess from what spot counts, the requirement, and `balance`: cash and profit.
    function _conclude(Margin memory m, int256 assets, int256 balance) private pure {
        unchecked {
            int256 numerator = assets - int256(m.unhedgedHaircut) + (balance > 0 ? balance : int256(0));
            uint256 denominator = balance < 0 ? uint256(-balance) : 0;
            if (m.requirement > m.unhedgedHaircut) denominator += m.requirement - m.unhedgedHaircut;
            m.excess = numerator - int256(denominator);
            m.numerator = numerator > 0 ? uint256(numerator) : 0;
            m.denominator = denominator;
        }
    }

    /* OTHER VIEWS OF AN ACCOUNT */

    /// @dev Weight of a profitable leg in initial margin, down [wad]: less where its market's profits outrun what
    /// losers have paid.
    /// @param longBasis Sum of the bases of the market's longs [wad USD].
    /// @param pool Losses collected there and not yet paid out [wad USD].
    function profitWeight(Leg memory leg, uint256 globals, int256 longBasis, uint256 pool)
        internal
        pure
        returns (uint256)
    {
        uint256 openInterest = Packed.openInterestOf(leg.market);
        uint256 mid = leg.bucket.mid;
        // safe because flows are below 2^128; casts of values below 2^128
        unchecked {
            int256 signed = leg.size > 0 ? int256(openInterest) : -int256(openInterest);
            int256 gain = MarginMath.signedMulDown(signed, int256(mid) - leg.funding);
            gain = leg.size > 0 ? gain - longBasis : gain + int256(pool) + longBasis;
            if (leg.value > gain) gain = leg.value;
            uint256 covered = RiskTable.profitCoverOf(globals) * PPM_TO_WAD;
            uint256 cover = pool + MarginMath.mulDown(covered, MarginMath.mulUp(openInterest, mid));
            // safe because a profitable leg's value is positive
            return MarginMath.profitWeight(RiskTable.profitWeightOf(globals) * PPM_TO_WAD, cover, uint256(gain));
        }
    }

    /// @dev Units of auction exposure per underlying of open legs, each leg rounded up, and the caps.
    function exposures(Account memory account)
        internal
        pure
        returns (uint256[] memory underlyings, uint256[] memory units, uint256[] memory caps)
    {
        Leg[] memory legs = account.legs;
        Bucket[] memory buckets = account.buckets;
        underlyings = new uint256[](buckets.length);
        units = new uint256[](buckets.length);
        caps = new uint256[](buckets.length);
        uint256 count;
        // safe because sizes are below 2^111 and units above 0
        unchecked {
            for (uint256 i; i < legs.length; ++i) {
                Leg memory leg = legs[i];
                if (leg.size == 0) continue;
                uint256 unit = RiskTable.exposureUnitOf(leg.bucket.traits);
                if (unit != 0) leg.bucket.units += MarginMath.divUp(MarginMath.magnitude(leg.size), unit);
            }
            for (uint256 i; i < buckets.length; ++i) {
                Bucket memory bucket = buckets[i];
                if (bucket.units == 0) continue;
                underlyings[count] = bucket.id;
                units[count] = bucket.units;
                caps[count] = RiskTable.exposureCapOf(bucket.traits);
                ++count;
            }
        }
        assembly ("memory-safe") {
            mstore(underlyings, count)
            mstore(units, count)
            mstore(caps, count)
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
