// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse, InstrumentConfig} from "../interfaces/IClearinghouse.sol";
import {FULL_UTILISATION, RAY} from "../types/Constants.sol";
import {LossRecord, LossRecordLib} from "../types/LossRecord.sol";
import {MarketWord, MarketWordLib} from "../types/MarketWord.sol";
import {PositionWordLib} from "../types/PositionWord.sol";
import {Leg} from "./Leg.sol";

/// @title The sums of one market: contracts of both sides, the pool between losers and winners, losses that are shared.
/// @dev With values and claims before pending shares, at any one price: values + claims - debts <= pool + shortfall.
/// The difference is rounding, and stays in the market.
library Market {
    using SafeCast for uint256;

    struct State {
        // slot 0
        MarketWord word;
        // slot 1: cash between losers and winners
        uint128 pool; // collected and not yet paid [wad USD]
        uint128 shortfall; // values and claims that nothing collected backs [wad USD]
        // slot 2
        InstrumentConfig config;
        // slot 3: 8 + 3 + 12 bytes
        int64 premium; // smoothed [wad]
        uint24 epoch; // losses shared so far
        uint96 shortInterest; // shorts that are still to be settled after expiry [wad base]
        // slot 4: contracts that claims are of
        uint96 longUnits; // [wad base]
        uint96 shortUnits; // [wad base]
        // slot 5: contracts, claims included, before prices were no longer calm
        uint96 calmLong; // [wad base]
        uint96 calmShort; // [wad base]
        mapping(uint256 epoch => LossRecord) records;
    }

    /// @dev A smaller loss is not shared: it must not use up a record [wad USD].
    uint256 internal constant LEAST_SHARED_LOSS = 1e18;
    /// @dev Most a record can take from a contract: beyond every price [ray USD per base].
    uint256 private constant MAX_PER_UNIT = type(uint96).max * 1e9;

    /* CONTRACTS OF A SIDE */

    /// @dev Open contracts of a side and those that claims are of [wad base].
    function unitsOf(State storage self, bool long) internal view returns (uint256) {
        MarketWord word = self.word;
        if (long) return word.openInterest() + self.longUnits;
        return (word.isSettled() ? self.shortInterest : word.openInterest()) + self.shortUnits;
    }

    /// @dev The contracts that a loss of now falls on: as long as prices are not calm, those from before, so that none
    /// that came since dilute the rest.
    function bearersOf(State storage self, bool long) internal view returns (uint256) {
        if (!self.word.hasKeptUnits()) return unitsOf(self, long);
        return long ? self.calmLong : self.calmShort;
    }

    /// @dev Keeps the contracts of both sides before they change while prices are not calm; forgets them in a calm.
    function noteUnits(State storage self, bool calm) internal {
        MarketWord word = self.word;
        if (calm != word.hasKeptUnits()) return;
        if (calm) {
            self.word = word.without(MarketWordLib.FLAG_UNITS_KEPT);
            return;
        }
        (self.calmLong, self.calmShort) = (unitsOf(self, true).toUint96(), unitsOf(self, false).toUint96());
        self.word = word.with(MarketWordLib.FLAG_UNITS_KEPT);
    }

    /// @dev Replaces a leg in the sums of its sides.
    function count(State storage self, Leg memory old, Leg memory next) internal {
        int256 change = _above(next.size) - _above(old.size);
        if (change != 0) _setInterest(self, _moved(self.word.openInterest(), change));
        if (self.word.isSettled()) {
            change = _above(-next.size) - _above(-old.size);
            if (change != 0) self.shortInterest = _moved(self.shortInterest, change).toUint96();
        }
        (uint256 before, uint256 later) = (old.long.units(), next.long.units());
        if (before != later) self.longUnits = (self.longUnits + later - before).toUint96();
        (before, later) = (old.short.units(), next.short.units());
        if (before != later) self.shortUnits = (self.shortUnits + later - before).toUint96();
    }

    function _above(int256 size) private pure returns (int256) {
        return size > 0 ? size : int256(0);
    }

    /// @dev A sum after a change that leaves it at 0 at least.
    function _moved(uint256 sum, int256 change) private pure returns (uint256) {
        // safe because sums and changes are below 2^128
        return uint256(int256(sum) + change);
    }

    function _setInterest(State storage self, uint256 interest) private {
        if (interest > type(uint96).max) revert IClearinghouse.ParameterOutOfRange(interest, type(uint96).max);
        self.word = withInterest(self, self.word, interest);
    }

    /// @dev The market word with this size of all longs; utilisation is rounded up.
    function withInterest(State storage self, MarketWord word, uint256 interest) internal view returns (MarketWord) {
        uint256 used = FixedPointMathLib.divUp(FULL_UTILISATION * interest, self.config.openInterestCap);
        return word.withInterest(interest, FixedPointMathLib.min(FULL_UTILISATION, used));
    }

    /* THE POOL */

    /// @dev Counts cash that came from losers (positive) or went to winners.
    function addToPool(State storage self, int256 amount) internal {
        if (amount == 0) return;
        // safe because what goes out is at most the pool, and the vault keeps the sum of all pools in 128 bits
        self.pool = uint256(int256(uint256(self.pool)) + amount).toUint128();
    }

    /* LOSSES */

    /// @dev Losses shared so far.
    function epochOf(State storage self) internal view returns (uint256) {
        return self.word.hasLosses() ? self.epoch : 0;
    }

    /// @dev Shares a loss among the contracts of a side. What they will pay is only known when they do: until then all
    /// of it is shortfall.
    /// @param price Mid price now [wad USD].
    /// @return perUnit What each contract bears, down; 0 where it is not shared [ray USD per base].
    function shareLoss(State storage self, bool longsPay, uint256 amount, uint256 price)
        internal
        returns (uint256 perUnit)
    {
        addShortfall(self, amount);
        uint256 units = bearersOf(self, longsPay);
        uint256 epoch = self.epoch;
        if (amount < LEAST_SHARED_LOSS || units == 0 || epoch == PositionWordLib.MAX_EPOCH) return 0;
        perUnit = FixedPointMathLib.min(FixedPointMathLib.fullMulDiv(amount, RAY, units), MAX_PER_UNIT);
        price = FixedPointMathLib.min(price, type(uint96).max);
        self.records[epoch] = LossRecordLib.encode(perUnit, price, longsPay);
        // safe because the epoch is below its maximum
        self.epoch = uint24(epoch + 1);
        self.word = self.word.with(MarketWordLib.FLAG_LOSSES);
    }

    /// @dev Counts a loss that nothing backs yet [wad USD].
    function addShortfall(State storage self, uint256 amount) internal {
        self.shortfall = (self.shortfall + amount).toUint128();
    }

    /// @dev Counts what was collected of the shortfall, or paid for it [wad USD].
    function subShortfall(State storage self, uint256 amount) internal {
        // safe because it becomes less
        self.shortfall -= uint128(amount);
    }

    /// @dev Takes the shares of losses off that the leg has not borne yet, in their order; nothing is written.
    /// @param most Records to look at.
    /// @return collected What was taken in all [wad USD].
    function bear(State storage self, Leg memory leg, uint256 most) internal view returns (uint256 collected) {
        uint256 epoch = epochOf(self);
        if (leg.epoch >= epoch) return 0;
        uint256 end = FixedPointMathLib.min(epoch, FixedPointMathLib.saturatingAdd(leg.epoch, most));
        uint256 shortfall = self.shortfall;
        for (uint256 i = leg.epoch; i < end; ++i) {
            // safe because no more than the room is taken
            collected += leg.bear(self.records[i], shortfall - collected);
        }
        leg.epoch = end;
    }
}
