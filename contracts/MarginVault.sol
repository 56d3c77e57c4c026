// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AssetConfig, IMarginVault, IUnlockCallback, RateModel, TouchMode} from "./interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {AccountId} from "./types/AccountId.sol";
import {BitSet} from "./types/BitSet.sol";
import {MAX_ASSETS, MAX_FEED_ID, RAY, WAD} from "./types/Constants.sol";
import {
    MODULE_AUCTION,
    MODULE_CLEARINGHOUSE,
    MODULE_EXCHANGE,
    MODULE_GATE,
    PERMISSION_DEPOSIT,
    PERMISSION_TRANSFER,
    PERMISSION_WITHDRAW,
    includes
} from "./types/Permissions.sol";
import {SpotWord, SpotWordLib} from "./types/SpotWord.sol";
import {CashState, InterestMath} from "./vault/InterestMath.sol";
import {TouchedAccounts} from "./vault/TouchedAccounts.sol";

/// @title Margin vault
/// @dev Cash identity, which holds after every call within rounding in the vault's favour:
/// `tokens + borrowed + deficit >= supply + pools`; what exceeds is the surplus (fees, reserve interest, rounding).
contract MarginVault is IMarginVault, AccessManaged {
    using SafeCast for uint256;
    using SafeCast for int256;
    using SafeERC20 for IERC20;

    struct AccountSlot {
        int128 scaledCash; // over the supply index if positive, over the borrow index if negative [wad]
        uint64 assetMask; // bit i: holds asset i
        uint32 nonce; // changes that took something
        bool inAuction;
    }

    struct Operator {
        uint8 permissions; // PERMISSION_*
        uint48 expiry; // last second [s]
    }

    struct Outflow {
        uint96 capacity; // most that leaves within a window, 0 = no limit [token units]
        int96 used; // of it, at updatedAt; negative where more came in than left [token units]
        uint32 window; // time for the capacity to refill [s]
        uint32 updatedAt; // [s]
    }

    struct InterestSlot {
        uint112 supplyIndex; // [ray]
        uint112 borrowIndex; // [ray]
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

    struct QuoteSlot {
        uint128 cap; // most positive cash deposits may bring the vault's tokens to [token units]
        uint128 tokens; // held for cash [token units]
    }

    struct EngineSlot {
        IRiskEngine engine;
        uint48 pausedUntil; // risk-increasing actions are stopped until then [s]
    }

    /// @notice Longest pause a guardian can order [s].
    uint256 public constant MAX_PAUSE = 3 days;
    /// @notice Most assets that can be listed: the width of an account's mask.
    uint256 public constant MAX_LISTED_ASSETS = 64;
    /// @notice Highest yearly rate a rate model can ask [wad].
    uint256 public constant MAX_YEARLY_RATE = 10e18;
    /// @notice Below this supply index lenders bear no further losses; they go to the deficit ledger [ray].
    uint256 public constant MIN_SUPPLY_INDEX = 1e24;
    /// @dev So that what is used and its negative fit their slot [token units].
    uint256 private constant MAX_OUTFLOW_CAPACITY = 2 ** 95 - 1;
    uint256 private constant MIN_DECIMALS = 6;
    uint256 private constant MAX_DECIMALS = 18;

    IERC20 private immutable _quote;
    /// @dev Factor from quote token units to wad.
    uint256 private immutable _quoteScale;

    mapping(uint256 account => AccountSlot) private _accounts;
    mapping(uint256 account => mapping(uint256 assetIndex => uint256 amount)) private _balances;
    mapping(address owner => mapping(address operator => Operator)) private _operators;
    mapping(address token => uint256 indexPlusOne) private _assetIndex;
    mapping(address token => Outflow) private _outflows;
    mapping(address module => uint8 roles) private _modules;
    AssetConfig[] private _assets;
    InterestSlot private _interest;
    ScaledTotals private _scaled;
    Obligations private _obligations;
    QuoteSlot private _quoteState;
    EngineSlot private _engine;
    RateModel private _rateModel;
    uint256 private _fundAccount;
    /// @inheritdoc IMarginVault
    uint256 public shortfalls;

    uint256 private transient _gateDepth;
    bool private transient _transferring;

    constructor(address authority, address quoteToken_) AccessManaged(authority) {
        uint8 decimals = IERC20Metadata(quoteToken_).decimals();
        _requireDecimals(decimals);
        _quote = IERC20(quoteToken_);
        _quoteScale = 10 ** (MAX_DECIMALS - decimals);
        _quoteState.cap = type(uint128).max;
        // safe because a ray fits uint112 and the time fits 32 bits until 2106
        _interest = InterestSlot(uint112(RAY), uint112(RAY), uint32(block.timestamp));
    }

    modifier gated() {
        _openOperation();
        _;
        _closeOperation();
    }

    modifier onlyModule(uint8 role) {
        _requireModule(role);
        _;
    }

    /* DEPOSITS */

    /// @inheritdoc IMarginVault
    function deposit(uint256 account, address token, uint256 amount) external gated returns (uint256 credited) {
        return _deposit(account, token, amount);
    }

    /// @inheritdoc IMarginVault
    function depositWithPermit(
        uint256 account,
        address token,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external gated returns (uint256 credited) {
        _transferring = true;
        // A permit that someone else has already used is no reason to fail: the allowance decides.
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _transferring = false;
        return _deposit(account, token, amount);
    }

    function _deposit(uint256 account, address token, uint256 amount) private returns (uint256 credited) {
        if (amount == 0) revert ZeroAmount();
        bool isQuote = token == address(_quote);
        if (!isQuote) _requireAuthorised(account, PERMISSION_DEPOSIT);
        uint256 index = isQuote ? 0 : assetIndexOf(token);
        if (!isQuote && !_assets[index].depositsEnabled) revert DepositsDisabled(token);

        credited = _pull(IERC20(token), amount);
        if (credited == 0) revert ZeroAmount();

        _touch(account, TouchMode.Safe);
        if (isQuote) {
            _creditQuoteDeposit(account, credited);
        } else {
            _addToTotal(index, token, credited);
            _addCollateral(account, index, credited);
        }
        _refillOutflow(token, credited);
        emit Deposited(account, token, msg.sender, credited);
    }

    /// @dev A repayment is always accepted; the cap is for cash that earns.
    function _creditQuoteDeposit(uint256 account, uint256 credited) private {
        uint256 tokens = _quoteState.tokens + credited;
        int256 cash = _addCash(account, (credited * _quoteScale).toInt256());
        if (cash > 0 && tokens > _quoteState.cap) revert CapExceeded(address(_quote), tokens, _quoteState.cap);
        _quoteState.tokens = tokens.toUint128();
    }

    function _addToTotal(uint256 index, address token, uint256 credited) private {
        AssetConfig storage asset = _assets[index];
        uint256 total = asset.total + credited;
        if (total > asset.cap) revert CapExceeded(token, total, asset.cap);
        // safe because the total is at most the cap, a uint128
        asset.total = uint128(total);
    }

    /// @dev What arrived, by balance difference.
    function _pull(IERC20 token, uint256 amount) private returns (uint256) {
        _transferring = true;
        uint256 balance = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - balance;
        _transferring = false;
        return received;
    }

    /* WITHDRAWALS AND TRANSFERS */

    /// @inheritdoc IMarginVault
    function withdraw(uint256 account, address token, uint256 amount, address to) external gated returns (uint256) {
        _requireAuthorised(account, PERMISSION_WITHDRAW);
        _requireNotInAuction(account);
        amount = _resolveAmount(account, token, amount);

        _touch(account, TouchMode.Full);
        _take(account, token, amount);
        if (token == address(_quote)) {
            uint256 tokens = _quoteState.tokens;
            if (amount > tokens) revert InsufficientLiquidity(amount, tokens);
            // safe because the difference of a uint128 and something smaller is a uint128
            _quoteState.tokens = uint128(tokens - amount);
        } else {
            // safe because no account holds more than the total, a uint128
            _assets[assetIndexOf(token)].total -= uint128(amount);
        }
        _limitOutflow(token, amount);
        emit Withdrawn(account, token, to, amount);

        _transferring = true;
        IERC20(token).safeTransfer(to, amount);
        _transferring = false;
        return amount;
    }

    /// @inheritdoc IMarginVault
    function transfer(uint256 from, uint256 to, address token, uint256 amount) external gated {
        _requireAuthorised(from, PERMISSION_TRANSFER);
        _requireNotInAuction(from);
        amount = _resolveAmount(from, token, amount);

        _touch(from, TouchMode.Full);
        _touch(to, TouchMode.Safe);
        _take(from, token, amount);
        if (token == address(_quote)) {
            _addCash(to, (amount * _quoteScale).toInt256());
        } else {
            _requireAuthorised(to, PERMISSION_DEPOSIT);
            _addCollateral(to, assetIndexOf(token), amount);
            emit CollateralMoved(from, to, token, amount);
        }
    }

    /// @dev `type(uint256).max` stands for everything the account has of the token.
    function _resolveAmount(uint256 account, address token, uint256 amount) private returns (uint256) {
        if (amount == type(uint256).max) {
            if (token == address(_quote)) {
                _accrue();
                int256 cash = _storedCash(account);
                // safe because the branch is for positive cash
                amount = cash > 0 ? uint256(cash) / _quoteScale : 0;
            } else {
                amount = _balances[account][assetIndexOf(token)];
            }
        }
        if (amount == 0) revert ZeroAmount();
        return amount;
    }

    /// @dev Takes collateral or cash (which may become a loan) off an account.
    function _take(uint256 account, address token, uint256 amount) private {
        ++_accounts[account].nonce;
        if (token == address(_quote)) {
            if (amount > type(uint96).max) revert ParameterOutOfRange(amount, type(uint96).max);
            _addCash(account, -(amount * _quoteScale).toInt256());
        } else {
            _subCollateral(account, assetIndexOf(token), amount);
        }
    }

    /// @dev A bucket that refills evenly over the window, and by what comes in: only net outflow counts, or a deposit
    /// and a
    /// withdrawal of borrowed tokens would use up everyone's limit.
    function _limitOutflow(address token, uint256 amount) private {
        Outflow memory outflow = _outflows[token];
        if (outflow.capacity == 0) return;
        int256 used = _usedOutflow(outflow);
        uint256 available = _availableOutflow(outflow, used);
        if (amount > available) revert OutflowLimitExceeded(token, amount, available);
        _storeOutflow(token, outflow, used + amount.toInt256());
    }

    function _refillOutflow(address token, uint256 amount) private {
        Outflow memory outflow = _outflows[token];
        if (outflow.capacity != 0) _storeOutflow(token, outflow, _usedOutflow(outflow) - amount.toInt256());
    }

    function _storeOutflow(address token, Outflow memory outflow, int256 used) private {
        int256 least = type(int96).min;
        // safe because what is used is at most the capacity, checked to fit int96, and the time fits 32 bits until 2106
        outflow.used = int96(used < least ? least : used);
        outflow.updatedAt = uint32(block.timestamp);
        _outflows[token] = outflow;
    }

    /// @dev What is used now: it falls by the capacity, and what came in loses its effect, within a window.
    function _usedOutflow(Outflow memory outflow) private view returns (int256) {
        uint256 elapsed = FixedPointMathLib.min(block.timestamp - outflow.updatedAt, outflow.window);
        int256 used = outflow.used;
        // safe because every number is below 2^96 and elapsed at most the window, below 2^32
        if (used <= 0) return used - used * int256(elapsed) / int256(uint256(outflow.window));
        int256 refilled = int256(uint256(outflow.capacity) * elapsed / outflow.window);
        return used > refilled ? used - refilled : int256(0);
    }

    function _availableOutflow(Outflow memory outflow, int256 used) private pure returns (uint256) {
        int256 left = int256(uint256(outflow.capacity)) - used;
        // safe because a positive number is converted
        return left > 0 ? uint256(left) : 0;
    }

    /* OPERATORS AND THE GATE */

    /// @inheritdoc IMarginVault
    function setOperator(address operator, uint8 permissions, uint48 expiry) external {
        _operators[msg.sender][operator] = Operator(permissions, expiry);
        emit OperatorSet(msg.sender, operator, permissions, expiry);
    }

    /// @inheritdoc IMarginVault
    function unlock(bytes calldata data) external gated returns (bytes memory result) {
        return IUnlockCallback(msg.sender).unlockCallback(data);
    }

    /// @inheritdoc IMarginVault
    function openGate() external onlyModule(MODULE_GATE) {
        _openOperation();
    }

    /// @inheritdoc IMarginVault
    function closeGate() external onlyModule(MODULE_GATE) {
        _closeOperation();
    }

    /// @inheritdoc IMarginVault
    function touch(uint256 account, TouchMode mode) external onlyModule(MODULE_GATE) {
        _requireOpen();
        _touch(account, mode);
    }

    function _openOperation() private {
        if (_transferring) revert TokenTransferInProgress();
        ++_gateDepth;
    }

    /// @dev The only place where solvency is decided: at the outermost close, for every account touched.
    function _closeOperation() private {
        uint256 depth = _gateDepth;
        if (depth == 1) {
            uint256 n = TouchedAccounts.count();
            for (uint256 i = 1; i <= n; ++i) {
                (uint256 account, TouchMode mode) = TouchedAccounts.at(i);
                if (mode == TouchMode.Full) _requireInitialMargin(account, true);
                else if (mode == TouchMode.Bid) _requireInitialMargin(account, false);
                else if (mode == TouchMode.Reduce) _requireReduced(account);
            }
            TouchedAccounts.clear();
        }
        _gateDepth = depth - 1;
    }

    function _touch(uint256 account, TouchMode mode) private {
        TouchMode earlier = TouchedAccounts.touch(account, mode);
        // What an operation itself made unhealthy must face its own check, not an auction that carries the debt away.
        if (mode == TouchMode.Liquidated && earlier > TouchMode.Liquidated) revert LiquidatedInOperation(account);
        if (mode != TouchMode.Reduce || earlier >= TouchMode.Bid || TouchedAccounts.hasBefore(account)) return;
        (Margin memory initial, Margin memory maintenance) = _bothMargins(account);
        TouchedAccounts.keepBefore(account, initial.excess, maintenance.excess, maintenance.equity);
    }

    /// @dev `risky`: an action that only Valid prices and a running venue allow.
    function _requireInitialMargin(uint256 account, bool risky) private view {
        EngineSlot memory slot = _engine;
        (int256 excess, bool pricesValid, bool free) = _initialMargin(slot.engine, account);
        if (free) return;
        if (risky && block.timestamp < slot.pausedUntil) revert RiskIncreasePaused(slot.pausedUntil);
        if (risky && !pricesValid) revert PricesNotValid(account);
        if (excess < 0) revert BelowInitialMargin(account, excess);
    }

    function _requireReduced(uint256 account) private view {
        (Margin memory initial, Margin memory maintenance) = _bothMargins(account);
        if (initial.free || (initial.pricesValid && initial.excess >= 0)) return;
        (int256 beforeInitial, int256 beforeMaintenance, int256 beforeEquity) = TouchedAccounts.before(account);
        if (initial.excess < beforeInitial || maintenance.excess < beforeMaintenance) {
            revert MarginExcessFell(account, beforeInitial, initial.excess, beforeMaintenance, maintenance.excess);
        }
        // Losses beyond the account's worth are not its own: it must not hand out value to leave more of them.
        if (maintenance.equity < 0 && maintenance.equity < beforeEquity) {
            revert EquityFell(account, beforeEquity, maintenance.equity);
        }
    }

    /// @dev The engine gets what the vault has of the account.
    function _initialMargin(IRiskEngine engine, uint256 account) private view returns (int256, bool, bool) {
        return engine.initialMargin(account, _cashNow(account), _spotOf(account));
    }

    function _bothMargins(uint256 account) private view returns (Margin memory initial, Margin memory maintenance) {
        return _engine.engine.bothMargins(account, _cashNow(account), _spotOf(account));
    }

    /// @inheritdoc IMarginVault
    function mayBorrow(uint256 account) external view returns (bool) {
        if (_accounts[account].inAuction) return false;
        (int256 excess, bool pricesValid,) = _initialMargin(_engine.engine, account);
        return pricesValid && excess >= 0;
    }

    /* INTEREST AND SURPLUS */

    /// @inheritdoc IMarginVault
    function accrueInterest() external gated {
        _accrue();
    }

    /// @inheritdoc IMarginVault
    function collectSurplus() external gated returns (uint256 toDeficit, uint256 toFund) {
        _accrue();
        uint256 deficit = _obligations.deficit;
        uint256 surplus = _surplus();

        toDeficit = FixedPointMathLib.min(surplus, deficit);
        if (toDeficit != 0) {
            deficit -= toDeficit;
            // safe because it has become less
            _obligations.deficit = uint128(deficit);
            emit DeficitRepaid(toDeficit, deficit);
        }
        uint256 fundAccount = _fundAccount;
        if (fundAccount != 0) {
            toFund = FixedPointMathLib.zeroFloorSub(surplus - toDeficit, shortfalls);
            _touch(fundAccount, TouchMode.Safe);
            _addCash(fundAccount, toFund.toInt256());
        }
        emit SurplusCollected(toDeficit, toFund);
    }

    /// @dev What the vault has beyond its obligations; interest must be up to date.
    function _surplus() private view returns (uint256) {
        CashState memory state = _cashState();
        Obligations memory obligations = _obligations;
        uint256 assets = uint256(_quoteState.tokens) * _quoteScale + InterestMath.debtUp(state) + obligations.deficit;
        // One wei for each rounding of the totals: the surplus must not be overstated.
        uint256 claims = InterestMath.supplyDown(state) + obligations.pools + 2;
        return FixedPointMathLib.zeroFloorSub(assets, claims);
    }

    function _accrue() private {
        InterestSlot memory slot = _interest;
        if (slot.updatedAt == block.timestamp) return;
        CashState memory state = _cashState();
        uint256 interest = _accrueState(state, block.timestamp - slot.updatedAt);
        // safe because the time fits 32 bits until 2106
        _interest = InterestSlot(_saturate(state.supplyIndex), _saturate(state.borrowIndex), uint32(block.timestamp));
        if (interest != 0) emit InterestAccrued(state.supplyIndex, state.borrowIndex, interest);
    }

    /// @dev The rate model is read only when somebody pays it.
    function _accrueState(CashState memory state, uint256 elapsed) private view returns (uint256 interest) {
        if (elapsed == 0 || state.borrowScaled == 0) return 0;
        return InterestMath.accrue(state, _rateModel, elapsed);
    }

    /// @dev An index at the end of its range stops instead of reverting: liquidation must go on.
    function _saturate(uint256 index) private pure returns (uint112) {
        // safe because of the minimum
        return uint112(FixedPointMathLib.min(index, type(uint112).max));
    }

    function _cashState() private view returns (CashState memory) {
        InterestSlot memory slot = _interest;
        ScaledTotals memory totals = _scaled;
        return CashState(slot.supplyIndex, slot.borrowIndex, totals.supply, totals.borrow);
    }

    /// @dev Indices now, pending interest included.
    function _currentState() private view returns (CashState memory state) {
        state = _cashState();
        _accrueState(state, block.timestamp - _interest.updatedAt);
        state.supplyIndex = _saturate(state.supplyIndex);
        state.borrowIndex = _saturate(state.borrowIndex);
    }

    /* LEDGER: for the venue's modules */

    /// @inheritdoc IMarginVault
    function chargeFee(uint256 account, uint256 amount) external onlyModule(MODULE_EXCHANGE) {
        _requireTouched(account);
        ++_accounts[account].nonce;
        _addCash(account, -amount.toInt256());
    }

    /// @inheritdoc IMarginVault
    function settleCash(uint256 account, int256 amount) external onlyModule(MODULE_CLEARINGHOUSE) {
        _requireTouched(account);
        _obligations.pools = (uint256(_obligations.pools).toInt256() - amount).toUint256().toUint128();
        _addCash(account, amount);
    }

    /// @inheritdoc IMarginVault
    function moveCash(uint256 from, uint256 to, uint256 amount) external onlyModule(MODULE_AUCTION) {
        _moveCash(from, to, amount.toInt256());
    }

    /// @inheritdoc IMarginVault
    function moveCollateral(uint256 from, uint256 to, uint256 assetIndex, uint256 amount)
        external
        onlyModule(MODULE_AUCTION)
    {
        _requireTouched(from);
        _requireTouched(to);
        ++_accounts[from].nonce;
        _moveCollateral(from, to, assetIndex, amount);
    }

    /// @inheritdoc IMarginVault
    function moveSlice(uint256 from, uint256 to, uint256 fraction, int256 cash) external onlyModule(MODULE_AUCTION) {
        if (fraction > WAD) revert ParameterOutOfRange(fraction, WAD);
        _moveCash(from, to, cash);
        BitSet assets = BitSet.wrap(_accounts[from].assetMask);
        for (; !assets.isEmpty(); assets = assets.withoutLeast()) {
            uint256 index = assets.least();
            _moveCollateral(from, to, index, _balances[from][index] * fraction / WAD);
        }
    }

    /// @inheritdoc IMarginVault
    function socialiseLoan(uint256 account, uint256 amount)
        external
        onlyModule(MODULE_AUCTION)
        returns (uint256 borne)
    {
        _requireTouched(account);
        _accrue();
        CashState memory state = _cashState();
        uint256 supply = InterestMath.supplyDown(state);
        if (supply == 0 || state.supplyIndex <= MIN_SUPPLY_INDEX) return 0;
        uint256 most = FixedPointMathLib.fullMulDiv(supply, state.supplyIndex - MIN_SUPPLY_INDEX, state.supplyIndex);
        borne = FixedPointMathLib.min(amount, most);
        if (borne == 0) return 0;
        uint256 index = FixedPointMathLib.fullMulDiv(state.supplyIndex, supply - borne, supply);
        // safe because the index only falls
        _interest.supplyIndex = uint112(index);
        emit LossSocialised(borne, index);
        _addCash(account, borne.toInt256());
    }

    /// @inheritdoc IMarginVault
    function recordDeficit(uint256 account, uint256 amount) external onlyModule(MODULE_AUCTION) {
        _requireTouched(account);
        uint256 deficit = _addDeficit(amount);
        _addCash(account, amount.toInt256());
        emit DeficitRecorded(account, amount, deficit);
    }

    /// @inheritdoc IMarginVault
    function recordShortfall(uint256 amount) external onlyModule(MODULE_CLEARINGHOUSE) {
        _requireOpen();
        uint256 total = shortfalls + amount;
        shortfalls = total;
        emit DeficitRecorded(0, amount, total);
    }

    /// @inheritdoc IMarginVault
    function repayShortfall(uint256 most) external onlyModule(MODULE_CLEARINGHOUSE) returns (uint256 paid) {
        _requireOpen();
        _accrue();
        uint256 total = shortfalls;
        paid = FixedPointMathLib.min(most, total);
        paid = FixedPointMathLib.min(paid, FixedPointMathLib.zeroFloorSub(_surplus(), _obligations.deficit));
        if (paid == 0) return 0;
        total -= paid;
        shortfalls = total;
        _obligations.pools = (_obligations.pools + paid).toUint128();
        emit DeficitRepaid(paid, total);
    }

    /// @inheritdoc IMarginVault
    function setInAuction(uint256 account, bool inAuction) external onlyModule(MODULE_AUCTION) {
        _requireTouched(account);
        _accounts[account].inAuction = inAuction;
    }

    function _addDeficit(uint256 amount) private returns (uint256 deficit) {
        deficit = _obligations.deficit + amount;
        _obligations.deficit = deficit.toUint128();
    }

    function _moveCash(uint256 from, uint256 to, int256 amount) private {
        _requireTouched(from);
        _requireTouched(to);
        ++_accounts[from].nonce;
        _addCash(from, -amount);
        _addCash(to, amount);
    }

    /// @dev Changes an account's cash and the totals; returns the balance after.
    function _addCash(uint256 account, int256 delta) private returns (int256 cash) {
        _accrue();
        InterestSlot memory interest = _interest;
        AccountSlot storage slot = _accounts[account];
        int256 scaledBefore = slot.scaledCash;
        cash = InterestMath.cashOf(scaledBefore, interest.supplyIndex, interest.borrowIndex);
        if (delta == 0) return cash;
        int256 target = cash + delta;
        if (target > type(int128).max) revert AmountOutOfRange(target, type(int128).max);
        if (target < type(int128).min) revert AmountOutOfRange(target, type(int128).min);
        int256 scaled = InterestMath.scaledOf(target, interest.supplyIndex, interest.borrowIndex);
        slot.scaledCash = scaled.toInt128();
        _replaceScaled(scaledBefore, scaled);
        cash = InterestMath.cashOf(scaled, interest.supplyIndex, interest.borrowIndex);
        emit CashChanged(account, delta, cash);
    }

    function _replaceScaled(int256 old, int256 scaled) private {
        ScaledTotals memory totals = _scaled;
        // safe because both numbers fit int128 and each account's part is within the totals
        if (old > 0) totals.supply -= uint128(uint256(old));
        else totals.borrow -= uint128(uint256(-old));
        if (scaled > 0) totals.supply += uint128(uint256(scaled));
        else totals.borrow += uint128(uint256(-scaled));
        _scaled = totals;
    }

    function _addCollateral(uint256 account, uint256 index, uint256 amount) private {
        BitSet assets = BitSet.wrap(_accounts[account].assetMask);
        if (!assets.has(index)) {
            assets = assets.with(index);
            uint256 held = assets.count();
            if (held > MAX_ASSETS) revert TooManyAssets(held, MAX_ASSETS);
            _setAssets(account, assets);
        }
        _balances[account][index] += amount;
    }

    function _subCollateral(uint256 account, uint256 index, uint256 amount) private {
        uint256 balance = _balances[account][index];
        if (amount > balance) revert InsufficientBalance(account, _assets[index].token, amount, balance);
        _balances[account][index] = balance - amount;
        if (amount == balance) _setAssets(account, BitSet.wrap(_accounts[account].assetMask).without(index));
    }

    function _setAssets(uint256 account, BitSet assets) private {
        // safe because an index is below 64
        _accounts[account].assetMask = uint64(BitSet.unwrap(assets));
    }

    function _moveCollateral(uint256 from, uint256 to, uint256 index, uint256 amount) private {
        if (amount == 0) return;
        _subCollateral(from, index, amount);
        _addCollateral(to, index, amount);
        emit CollateralMoved(from, to, _assets[index].token, amount);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMarginVault
    function listAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying, uint128 cap)
        external
        restricted
        returns (uint256 index)
    {
        if (token == address(_quote) || _assetIndex[token] != 0) revert AssetAlreadyListed(token);
        index = _assets.length;
        if (index == MAX_LISTED_ASSETS) revert TooManyAssets(index + 1, MAX_LISTED_ASSETS);
        uint8 actual = IERC20Metadata(token).decimals();
        if (actual != decimals) revert DecimalsMismatch(token, actual, decimals);
        _requireDecimals(decimals);
        if (feedId == 0) revert ParameterOutOfRange(feedId, MAX_FEED_ID);
        if (underlying == 0) revert ParameterOutOfRange(underlying, MAX_FEED_ID);
        // reverts where the underlying has no parameters
        _engine.engine.parameters().maxTenorOf(underlying);

        _assets.push(AssetConfig(token, decimals, feedId, underlying, true, cap, 0));
        _assetIndex[token] = index + 1;
        emit AssetListed(index, token, feedId, underlying, cap);
    }

    /// @inheritdoc IMarginVault
    function configureAsset(address token, uint128 cap, bool depositsEnabled) external restricted {
        if (token == address(_quote)) {
            _quoteState.cap = cap;
        } else {
            AssetConfig storage asset = _assets[assetIndexOf(token)];
            asset.cap = cap;
            asset.depositsEnabled = depositsEnabled;
        }
        emit AssetConfigured(token, cap, depositsEnabled);
    }

    /// @inheritdoc IMarginVault
    function disableDeposits(address token) external restricted {
        AssetConfig storage asset = _assets[assetIndexOf(token)];
        asset.depositsEnabled = false;
        emit AssetConfigured(token, asset.cap, false);
    }

    /// @inheritdoc IMarginVault
    function setOutflowLimit(address token, uint96 capacity, uint32 window) external restricted {
        if (token != address(_quote)) assetIndexOf(token);
        if (capacity != 0 && window == 0) revert ParameterOutOfRange(window, 1);
        if (capacity > MAX_OUTFLOW_CAPACITY) revert ParameterOutOfRange(capacity, MAX_OUTFLOW_CAPACITY);
        Outflow memory outflow = _outflows[token];
        int256 used = outflow.capacity == 0 ? int256(0) : _usedOutflow(outflow);
        (outflow.capacity, outflow.window) = (capacity, window);
        _storeOutflow(token, outflow, used);
        emit OutflowLimitSet(token, capacity, window);
    }

    /// @inheritdoc IMarginVault
    function setRateModel(RateModel calldata model) external restricted {
        uint256 highest = uint256(model.baseRate) + model.slope1 + model.slope2;
        if (highest > MAX_YEARLY_RATE) revert ParameterOutOfRange(highest, MAX_YEARLY_RATE);
        if (model.kink >= WAD) revert ParameterOutOfRange(model.kink, WAD);
        if (model.reserveFactor > WAD) revert ParameterOutOfRange(model.reserveFactor, WAD);
        _accrue();
        _rateModel = model;
        emit RateModelSet(model);
    }

    /// @inheritdoc IMarginVault
    function setModule(address module, uint8 roles) external restricted {
        _modules[module] = roles;
        emit ModuleSet(module, roles);
    }

    /// @inheritdoc IMarginVault
    function setRiskEngine(address engine) external restricted {
        _engine.engine = IRiskEngine(engine);
        emit RiskEngineSet(engine);
    }

    /// @inheritdoc IMarginVault
    function setInsuranceFund(address fund) external restricted {
        _fundAccount = fund == address(0) ? 0 : AccountId.encode(fund, 0);
        emit InsuranceFundSet(fund);
    }

    /// @inheritdoc IMarginVault
    function pauseRiskIncrease(uint256 duration) external restricted {
        if (duration > MAX_PAUSE) revert ParameterOutOfRange(duration, MAX_PAUSE);
        uint256 until = FixedPointMathLib.max(_engine.pausedUntil, block.timestamp + duration);
        _engine.pausedUntil = until.toUint48();
        emit PausedUntil(until);
    }

    /// @inheritdoc IMarginVault
    function unpauseRiskIncrease() external restricted {
        _engine.pausedUntil = 0;
        emit PausedUntil(0);
    }

    /* CHECKS */

    function _requireAuthorised(uint256 account, uint8 permission) private view {
        if (!isAuthorised(account, msg.sender, permission)) {
            revert NotAuthorised(msg.sender, account, permission);
        }
    }

    function _requireNotInAuction(uint256 account) private view {
        if (_accounts[account].inAuction) revert InAuction(account);
    }

    function _requireModule(uint8 role) private view {
        if (!includes(_modules[msg.sender], role)) revert NotModule(msg.sender);
    }

    function _requireOpen() private view {
        if (_gateDepth == 0) revert GateClosed();
    }

    /// @dev The ledger of an account changes only inside an operation that will check it.
    function _requireTouched(uint256 account) private view {
        if (!TouchedAccounts.contains(account)) revert NotTouched(account);
    }

    function _requireDecimals(uint8 decimals) private pure {
        if (decimals < MIN_DECIMALS) revert ParameterOutOfRange(decimals, MIN_DECIMALS);
        if (decimals > MAX_DECIMALS) revert ParameterOutOfRange(decimals, MAX_DECIMALS);
    }

    /* VIEWS */

    /// @inheritdoc IMarginVault
    function isGateOpen() external view returns (bool) {
        return _gateDepth != 0;
    }

    /// @inheritdoc IMarginVault
    function cashOf(uint256 account) external view returns (int256) {
        return _cashNow(account);
    }

    /// @inheritdoc IMarginVault
    function balanceOf(uint256 account, uint256 assetIndex) external view returns (uint256) {
        return _balances[account][assetIndex];
    }

    /// @inheritdoc IMarginVault
    function accountState(uint256 account) external view returns (int256 cash, SpotWord[] memory spot) {
        return (_cashNow(account), _spotOf(account));
    }

    function _spotOf(uint256 account) private view returns (SpotWord[] memory spot) {
        BitSet assets = BitSet.wrap(_accounts[account].assetMask);
        spot = new SpotWord[](assets.count());
        for (uint256 i; !assets.isEmpty(); ++i) {
            uint256 index = assets.least();
            assets = assets.withoutLeast();
            AssetConfig storage asset = _assets[index];
            spot[i] =
                SpotWordLib.encode(_balances[account][index], asset.decimals, asset.feedId, asset.underlying, index);
        }
    }

    function _storedCash(uint256 account) private view returns (int256) {
        InterestSlot memory interest = _interest;
        return InterestMath.cashOf(_accounts[account].scaledCash, interest.supplyIndex, interest.borrowIndex);
    }

    function _cashNow(uint256 account) private view returns (int256) {
        int256 scaled = _accounts[account].scaledCash;
        if (scaled == 0) return 0;
        if (_interest.updatedAt == block.timestamp) return _storedCash(account);
        CashState memory state = _currentState();
        return InterestMath.cashOf(scaled, state.supplyIndex, state.borrowIndex);
    }

    /// @inheritdoc IMarginVault
    function nonceOf(uint256 account) external view returns (uint256) {
        return _accounts[account].nonce;
    }

    /// @inheritdoc IMarginVault
    function isInAuction(uint256 account) external view returns (bool) {
        return _accounts[account].inAuction;
    }

    /// @inheritdoc IMarginVault
    function moduleRoles(address module) external view returns (uint8) {
        return _modules[module];
    }

    /// @inheritdoc IMarginVault
    function isAuthorised(uint256 account, address actor, uint8 permissions) public view returns (bool) {
        address owner = AccountId.ownerOf(account);
        if (actor == owner) return true;
        Operator memory operator = _operators[owner][actor];
        return includes(operator.permissions, permissions) && operator.expiry >= block.timestamp;
    }

    /// @inheritdoc IMarginVault
    function operatorOf(address owner, address operator) external view returns (uint8 permissions, uint48 expiry) {
        Operator memory entry = _operators[owner][operator];
        return (entry.permissions, entry.expiry);
    }

    /// @inheritdoc IMarginVault
    function assetCount() external view returns (uint256) {
        return _assets.length;
    }

    /// @inheritdoc IMarginVault
    function assetAt(uint256 index) external view returns (AssetConfig memory) {
        return _assets[index];
    }

    /// @inheritdoc IMarginVault
    function assetIndexOf(address token) public view returns (uint256) {
        uint256 indexPlusOne = _assetIndex[token];
        if (indexPlusOne == 0) revert UnknownAsset(token);
        return indexPlusOne - 1;
    }

    /// @inheritdoc IMarginVault
    function quoteToken() external view returns (address) {
        return address(_quote);
    }

    /// @inheritdoc IMarginVault
    function riskEngine() external view returns (address) {
        return address(_engine.engine);
    }

    /// @inheritdoc IMarginVault
    function insuranceFund() external view returns (address) {
        return AccountId.ownerOf(_fundAccount);
    }

    /// @inheritdoc IMarginVault
    function pausedUntil() external view returns (uint256) {
        return _engine.pausedUntil;
    }

    /// @inheritdoc IMarginVault
    function rateModel() external view returns (RateModel memory) {
        return _rateModel;
    }

    /// @inheritdoc IMarginVault
    function indices() external view returns (uint256 supplyIndex, uint256 borrowIndex) {
        CashState memory state = _currentState();
        return (state.supplyIndex, state.borrowIndex);
    }

    /// @inheritdoc IMarginVault
    function cashTotals()
        external
        view
        returns (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens)
    {
        CashState memory state = _currentState();
        supply = InterestMath.supplyDown(state);
        borrowed = InterestMath.debtUp(state);
        pools = _obligations.pools;
        deficit = _obligations.deficit;
        tokens = uint256(_quoteState.tokens) * _quoteScale;
    }

    /// @inheritdoc IMarginVault
    function outflowAvailable(address token) external view returns (uint256) {
        Outflow memory outflow = _outflows[token];
        if (outflow.capacity == 0) return type(uint256).max;
        return _availableOutflow(outflow, _usedOutflow(outflow));
    }

    /// @inheritdoc IMarginVault
    function outflowLimit(address token) external view returns (uint96 capacity, uint32 window) {
        Outflow memory outflow = _outflows[token];
        return (outflow.capacity, outflow.window);
    }

    /// @inheritdoc IMarginVault
    function quoteCap() external view returns (uint256) {
        return _quoteState.cap;
    }
}
