// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IMarginVault, RateModel} from "../interfaces/IMarginVault.sol";
import {CompactUint, CompactUintLib} from "../types/CompactUint.sol";
import {PPM, RAY} from "../types/Constants.sol";
import {Holdings} from "./Holdings.sol";
import {CashState, InterestMath} from "./InterestMath.sol";
import {Limits} from "./Limits.sol";

/// @title Cash of all accounts with its interest, and what the vault owes beside it.
/// @dev Cash identity, which holds after every call within rounding in the vault's favour:
/// `tokens + borrowed + deficit >= supply + pools`; what exceeds is the surplus (fees, reserve interest, rounding).
/// Whoever changes cash or the totals it counts in brings them to now first, by `accrue`.
library CashLedger {
    using Holdings for Holdings.Holding;
    using SafeCast for uint256;
    using SafeCast for int256;

    struct Indices {
        CompactUint supply; // [ray]
        CompactUint borrow; // [ray]
        uint48 updatedAt; // [s]
    }

    struct ScaledTotals {
        uint256 supply; // sum of positive scaled cash
        uint256 borrow; // sum of negative scaled cash, as a positive number
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
        // slot 0: 13 + 13 + 6 bytes
        Indices indices;
        // slots 1 and 2
        ScaledTotals scaled;
        // slot 3
        Obligations obligations;
        // slot 4
        QuoteTokens tokens;
        // slot 5
        RateModel rateModel;
    }

    /// @dev Highest yearly rate a rate model can ask; a century of it multiplies a debt by e^100 [ppm].
    uint256 internal constant MAX_YEARLY_RATE = PPM;
    /// @dev The insurance fund gets whole steps of the surplus: what rounding leaves over in crediting it is no surplus
    /// to collect again [wad].
    uint256 private constant SURPLUS_STEP = 1e12;
    /// @dev Below this supply index lenders bear no further losses; they go to the deficit ledger [ray].
    uint256 internal constant MIN_SUPPLY_INDEX = 1e24;

    /// @dev An empty ledger without a cap or interest.
    function initialise(State storage self) internal {
        self.tokens.cap = type(uint128).max;
        _setIndices(self, RAY, RAY);
    }

    /* CASH OF AN ACCOUNT */

    /// @dev Changes an account's cash and the totals; returns the balance after [wad].
    function add(State storage self, Holdings.State storage holdings, uint256 account, int256 delta)
        internal
        returns (int256 cash)
    {
        Holdings.Holding storage holding = holdings.entries[account];
        (uint256 supplyIndex, uint256 borrowIndex) = _indices(self);
        int256 scaledBefore = holding.scaledCash();
        cash = InterestMath.cashOf(scaledBefore, supplyIndex, borrowIndex);
        if (delta == 0) return cash;
        int256 target = cash + delta;
        int256 scaled = InterestMath.scaledOf(target, supplyIndex, borrowIndex);
        holding.setScaledCash(scaled);
        _replaceScaled(self.scaled, scaledBefore, scaled);
        cash = InterestMath.cashOf(scaled, supplyIndex, borrowIndex);
        emit IMarginVault.CashChanged(account, delta, cash);
    }

    function _replaceScaled(ScaledTotals storage totals, int256 old, int256 scaled) private {
        (uint256 less, uint256 more) = (_positive(old), _positive(scaled));
        if (less != more) totals.supply = totals.supply - less + more;
        (less, more) = (_positive(-old), _positive(-scaled));
        if (less != more) totals.borrow = totals.borrow - less + more;
    }

    function _positive(int256 scaled) private pure returns (uint256) {
        // safe because a positive number is converted
        return scaled > 0 ? uint256(scaled) : 0;
    }

    /// @dev Cash of a scaled balance now, pending interest included [wad].
    function cashNow(State storage self, int256 scaled) internal view returns (int256) {
        if (scaled == 0) return 0;
        (uint256 supplyIndex, uint256 borrowIndex) = _indices(self);
        if (!_isCurrent(self)) {
            CashState memory state = current(self);
            (supplyIndex, borrowIndex) = (state.supplyIndex, state.borrowIndex);
        }
        return InterestMath.cashOf(scaled, supplyIndex, borrowIndex);
    }

    /// @dev Cash now of an account that has `cash` and is credited `amount` [wad].
    function afterAdding(State storage self, int256 cash, uint256 amount) internal view returns (int256) {
        CashState memory state = current(self);
        int256 scaled = InterestMath.scaledOf(cash + amount.toInt256(), state.supplyIndex, state.borrowIndex);
        return InterestMath.cashOf(scaled, state.supplyIndex, state.borrowIndex);
    }

    /// @dev Indices at the last accrual [ray].
    function _indices(State storage self) private view returns (uint256 supply, uint256 borrow) {
        Indices memory indices = self.indices;
        return (indices.supply.value(), indices.borrow.value());
    }

    /// @dev Sets the indices of now: compact numbers [ray].
    function _setIndices(State storage self, uint256 supply, uint256 borrow) private {
        // safe because the time fits 48 bits
        self.indices = Indices(CompactUintLib.down(supply), CompactUintLib.up(borrow), uint48(block.timestamp));
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
        if (_isCurrent(self)) {
            // safe because the time fits 48 bits
            self.indices.updatedAt = uint48(block.timestamp);
            return;
        }
        CashState memory state = current(self);
        _setIndices(self, state.supplyIndex, state.borrowIndex);
        emit IMarginVault.InterestAccrued(state.supplyIndex, state.borrowIndex);
    }

    /// @dev Whether the indices are those of now; the rest is read only when somebody pays interest.
    function _isCurrent(State storage self) private view returns (bool) {
        return self.indices.updatedAt == block.timestamp || self.scaled.borrow == 0;
    }

    /// @dev Sets what loans cost from now on.
    function setRateModel(State storage self, RateModel memory model) internal {
        uint256 highest = uint256(model.baseRate) + model.slope1 + model.slope2;
        Limits.requireAtMost(highest, MAX_YEARLY_RATE);
        if (model.kink >= PPM) revert IMarginVault.ParameterOutOfRange(model.kink, PPM);
        Limits.requireAtMost(model.reserveFactor, PPM);
        self.rateModel = model;
        emit IMarginVault.RateModelSet(model);
    }

    /// @dev Indices now, pending interest included, and the totals they apply to.
    function current(State storage self) internal view returns (CashState memory state) {
        state = _stored(self);
        if (!_isCurrent(self)) InterestMath.accrue(state, self.rateModel, block.timestamp - self.indices.updatedAt);
    }

    /// @dev Indices at the last accrual, and the totals they apply to.
    function _stored(State storage self) private view returns (CashState memory) {
        (uint256 supplyIndex, uint256 borrowIndex) = _indices(self);
        ScaledTotals memory totals = self.scaled;
        return CashState(supplyIndex, borrowIndex, totals.supply, totals.borrow, self.obligations.pools);
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
        self.indices.supply = CompactUintLib.down(index);
        emit IMarginVault.LossSocialised(borne, self.indices.supply.value());
    }

    /// @dev What others than the insurance fund, which has `ofFund`, have lent, and a wei: it divides [wad].
    function lentBeside(State storage self, uint256 ofFund) internal view returns (uint256) {
        return InterestMath.supplyDown(current(self)) - ofFund + 1;
    }

    /// @dev Records a loss that nobody bears yet, which an account is credited with [wad].
    function addDeficit(State storage self, uint256 account, uint256 amount) internal {
        uint256 deficit = self.obligations.deficit + amount;
        self.obligations.deficit = deficit.toUint128();
        emit IMarginVault.DeficitRecorded(account, amount, deficit);
    }

    /// @dev Pays the deficit out of the surplus; returns what was paid [wad].
    function repayDeficit(State storage self, uint256 quoteScale) internal returns (uint256 paid) {
        uint256 deficit = self.obligations.deficit;
        paid = FixedPointMathLib.min(_surplus(self, _stored(self), quoteScale), deficit);
        if (paid == 0) return 0;
        deficit -= paid;
        // safe because it has become less
        self.obligations.deficit = uint128(deficit);
        emit IMarginVault.DeficitRepaid(paid, deficit);
    }

    /// @dev Surplus beyond the deficit, in whole steps [wad]: what the insurance fund may have. Interest is included.
    function spare(State storage self, uint256 quoteScale) internal view returns (uint256 amount) {
        uint256 surplus = _surplus(self, current(self), quoteScale);
        amount = FixedPointMathLib.zeroFloorSub(surplus, self.obligations.deficit);
        amount -= amount % SURPLUS_STEP;
    }

    /// @dev What the vault has beyond its obligations, down [wad].
    function _surplus(State storage self, CashState memory state, uint256 quoteScale) private view returns (uint256) {
        uint256 assets = self.tokens.held * quoteScale + InterestMath.debtUp(state) + self.obligations.deficit;
        // One wei for each rounding of the totals: the surplus must not be overstated.
        uint256 claims = InterestMath.supplyDown(state) + state.pools + 2;
        return FixedPointMathLib.zeroFloorSub(assets, claims);
    }
}
