// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault, RateModel} from "../interfaces/IMarginVault.sol";
import {RAY, WAD} from "../types/Constants.sol";
import {Holdings} from "./Holdings.sol";
import {CashState, InterestMath} from "./InterestMath.sol";

/// @title Cash of all accounts with its interest, and what the vault owes beside it.
/// @dev Cash identity, which holds after every call within rounding in the vault's favour:
/// `tokens + borrowed + deficit >= supply + pools`; what exceeds is the surplus (fees, reserve interest, rounding).
/// Whoever changes cash or the totals it counts in brings them to now first, by `accrue`.
library CashLedger {
    using SafeCast for uint256;
    using SafeCast for int256;

    struct Indices {
        uint112 supply; // [ray]
        uint112 borrow; // [ray]
        uint32 updatedAt; // [s]
    }

    struct ScaledTotals {
        uint128 supply; // sum of positive scaled cash [wad]
        uint128 borrow; // sum of negative scaled cash [wad]
    }

    struct Obligations {
        uint128 pools; // collected from losers, not yet paid to winners [wad]
        uint128 deficit; // losses that nobody has borne yet [wad]
    }

    struct QuoteTokens {
        uint128 cap; // most positive cash deposits may bring what is held to [token units]
        uint128 held; // for cash [token units]
    }

    struct State {
        // slot 0: 14 + 14 + 4 bytes
        Indices indices;
        // slot 1
        ScaledTotals scaled;
        // slot 2
        Obligations obligations;
        // slot 3
        QuoteTokens tokens;
        // slots 4 and 5
        RateModel rateModel;
    }

    /// @dev Highest yearly rate a rate model can ask [wad].
    uint256 internal constant MAX_YEARLY_RATE = 10e18;
    /// @dev Below this supply index lenders bear no further losses; they go to the deficit ledger [ray].
    uint256 internal constant MIN_SUPPLY_INDEX = 1e24;

    /// @dev An empty ledger without a cap or interest.
    function initialise(State storage self) internal {
        self.tokens.cap = type(uint128).max;
        // safe because a ray fits uint112 and the time fits 32 bits until 2106
        self.indices = Indices(uint112(RAY), uint112(RAY), uint32(block.timestamp));
    }

    /* CASH OF AN ACCOUNT */

    /// @dev Changes an account's cash and the totals; returns the balance after [wad].
    function add(State storage self, Holdings.State storage holdings, uint256 account, int256 delta)
        internal
        returns (int256 cash)
    {
        Holdings.Holding storage holding = holdings.entries[account];
        Indices memory indices = self.indices;
        int256 scaledBefore = holding.scaledCash;
        cash = InterestMath.cashOf(scaledBefore, indices.supply, indices.borrow);
        if (delta == 0) return cash;
        int256 target = cash + delta;
        if (target > type(int128).max) revert IMarginVault.AmountOutOfRange(target, type(int128).max);
        if (target < type(int128).min) revert IMarginVault.AmountOutOfRange(target, type(int128).min);
        int256 scaled = InterestMath.scaledOf(target, indices.supply, indices.borrow);
        holding.scaledCash = scaled.toInt128();
        _replaceScaled(self, scaledBefore, scaled);
        cash = InterestMath.cashOf(scaled, indices.supply, indices.borrow);
        emit IMarginVault.CashChanged(account, delta, cash);
    }

    function _replaceScaled(State storage self, int256 old, int256 scaled) private {
        ScaledTotals memory totals = self.scaled;
        // safe because both numbers fit int128 and each account's part is within the totals
        if (old > 0) totals.supply -= uint128(uint256(old));
        else totals.borrow -= uint128(uint256(-old));
        if (scaled > 0) totals.supply += uint128(uint256(scaled));
        else totals.borrow += uint128(uint256(-scaled));
        self.scaled = totals;
    }

    /// @dev Cash of a scaled balance at the last accrual [wad].
    function storedCash(State storage self, int256 scaled) internal view returns (int256) {
        Indices memory indices = self.indices;
        return InterestMath.cashOf(scaled, indices.supply, indices.borrow);
    }

    /// @dev Cash of a scaled balance now, pending interest included [wad].
    function cashNow(State storage self, int256 scaled) internal view returns (int256) {
        if (scaled == 0) return 0;
        if (self.indices.updatedAt == block.timestamp) return storedCash(self, scaled);
        CashState memory state = current(self);
        return InterestMath.cashOf(scaled, state.supplyIndex, state.borrowIndex);
    }

    /* TOKENS */

    /// @dev Counts a deposit to an account that has `cash` after it [token units].
    /// A repayment is always accepted; the cap is for cash that earns.
    function addTokens(State storage self, address token, uint256 amount, int256 cash) internal {
        uint256 held = self.tokens.held + amount;
        if (cash > 0 && held > self.tokens.cap) revert IMarginVault.CapExceeded(token, held, self.tokens.cap);
        self.tokens.held = held.toUint128();
    }

    /// @dev Counts a withdrawal [token units].
    function subTokens(State storage self, uint256 amount) internal {
        uint256 held = self.tokens.held;
        if (amount > held) revert IMarginVault.InsufficientLiquidity(amount, held);
        // safe because the difference of a uint128 and something smaller is a uint128
        self.tokens.held = uint128(held - amount);
    }

    /* INTEREST */

    /// @dev Brings the indices to now.
    function accrue(State storage self) internal {
        uint256 updatedAt = self.indices.updatedAt;
        if (updatedAt == block.timestamp) return;
        CashState memory state = _stored(self);
        uint256 interest = _accruePending(self, state, block.timestamp - updatedAt);
        // safe because the time fits 32 bits until 2106
        self.indices = Indices(_saturate(state.supplyIndex), _saturate(state.borrowIndex), uint32(block.timestamp));
        if (interest != 0) emit IMarginVault.InterestAccrued(state.supplyIndex, state.borrowIndex, interest);
    }

    /// @dev Sets what loans cost from now on.
    function setRateModel(State storage self, RateModel calldata model) internal {
        uint256 highest = uint256(model.baseRate) + model.slope1 + model.slope2;
        if (highest > MAX_YEARLY_RATE) revert IMarginVault.ParameterOutOfRange(highest, MAX_YEARLY_RATE);
        if (model.kink >= WAD) revert IMarginVault.ParameterOutOfRange(model.kink, WAD);
        if (model.reserveFactor > WAD) revert IMarginVault.ParameterOutOfRange(model.reserveFactor, WAD);
        self.rateModel = model;
        emit IMarginVault.RateModelSet(model);
    }

    /// @dev Indices now, pending interest included, and the totals they apply to.
    function current(State storage self) internal view returns (CashState memory state) {
        state = _stored(self);
        _accruePending(self, state, block.timestamp - self.indices.updatedAt);
        state.supplyIndex = _saturate(state.supplyIndex);
        state.borrowIndex = _saturate(state.borrowIndex);
    }

    /// @dev Indices at the last accrual, and the totals they apply to.
    function _stored(State storage self) private view returns (CashState memory) {
        Indices memory indices = self.indices;
        ScaledTotals memory totals = self.scaled;
        return CashState(indices.supply, indices.borrow, totals.supply, totals.borrow);
    }

    /// @dev The rate model is read only when somebody pays it.
    function _accruePending(State storage self, CashState memory state, uint256 elapsed)
        private
        view
        returns (uint256 interest)
    {
        if (elapsed == 0 || state.borrowScaled == 0) return 0;
        return InterestMath.accrue(state, self.rateModel, elapsed);
    }

    /// @dev An index at the end of its range stops instead of reverting: liquidation must go on.
    function _saturate(uint256 index) private pure returns (uint112) {
        // safe because of the minimum
        return uint112(FixedPointMathLib.min(index, type(uint112).max));
    }

    /* LOSSES AND SURPLUS */

    /// @dev Moves profit of an account (positive) out of the settlement pools or its loss into them [wad].
    function settle(State storage self, int256 amount) internal {
        self.obligations.pools = (uint256(self.obligations.pools).toInt256() - amount).toUint256().toUint128();
    }

    /// @dev Lets all who lent bear up to `amount` by a lower supply index; returns what they bore, down [wad].
    function socialise(State storage self, uint256 amount) internal returns (uint256 borne) {
        CashState memory state = _stored(self);
        uint256 supply = InterestMath.supplyDown(state);
        if (supply == 0 || state.supplyIndex <= MIN_SUPPLY_INDEX) return 0;
        uint256 most = FixedPointMathLib.fullMulDiv(supply, state.supplyIndex - MIN_SUPPLY_INDEX, state.supplyIndex);
        borne = FixedPointMathLib.min(amount, most);
        if (borne == 0) return 0;
        uint256 index = FixedPointMathLib.fullMulDiv(state.supplyIndex, supply - borne, supply);
        // safe because the index only falls
        self.indices.supply = uint112(index);
        emit IMarginVault.LossSocialised(borne, index);
    }

    /// @dev Records a loss that nobody bears yet; returns the deficit after it [wad].
    function addDeficit(State storage self, uint256 amount) internal returns (uint256 deficit) {
        deficit = self.obligations.deficit + amount;
        self.obligations.deficit = deficit.toUint128();
    }

    /// @dev Pays the deficit out of the surplus.
    /// @return paid What went to the deficit [wad].
    /// @return rest What is left of the surplus [wad].
    function repayDeficit(State storage self, uint256 quoteScale) internal returns (uint256 paid, uint256 rest) {
        uint256 deficit = self.obligations.deficit;
        uint256 surplus = _surplus(self, quoteScale);
        paid = FixedPointMathLib.min(surplus, deficit);
        rest = surplus - paid;
        if (paid == 0) return (paid, rest);
        deficit -= paid;
        // safe because it has become less
        self.obligations.deficit = uint128(deficit);
        emit IMarginVault.DeficitRepaid(paid, deficit);
    }

    /// @dev What the vault has beyond its obligations, down [wad]; interest must be up to date.
    function _surplus(State storage self, uint256 quoteScale) private view returns (uint256) {
        CashState memory state = _stored(self);
        Obligations memory obligations = self.obligations;
        uint256 assets = self.tokens.held * quoteScale + InterestMath.debtUp(state) + obligations.deficit;
        // One wei for each rounding of the totals: the surplus must not be overstated.
        uint256 claims = InterestMath.supplyDown(state) + obligations.pools + 2;
        return FixedPointMathLib.zeroFloorSub(assets, claims);
    }
}
