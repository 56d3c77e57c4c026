// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AssetConfig, IMarginVault, IUnlockCallback, RateModel, TouchMode} from "./interfaces/IMarginVault.sol";
import {IRiskEngine, Margin} from "./interfaces/IRiskEngine.sol";
import {AccountId} from "./types/AccountId.sol";
import {BitSet} from "./types/BitSet.sol";
import {WAD} from "./types/Constants.sol";
import {
    MODULE_ALL,
    MODULE_AUCTION,
    MODULE_CLEARINGHOUSE,
    MODULE_FEES,
    MODULE_GATE,
    PERMISSION_DEPOSIT,
    PERMISSION_TRANSFER,
    PERMISSION_WITHDRAW
} from "./types/Permissions.sol";
import {AssetList} from "./vault/AssetList.sol";
import {CashLedger} from "./vault/CashLedger.sol";
import {Holdings} from "./vault/Holdings.sol";
import {Limits} from "./vault/Limits.sol";
import {Operators} from "./vault/Operators.sol";
import {Outflow} from "./vault/Outflow.sol";
import {TouchedAccounts} from "./vault/TouchedAccounts.sol";
import {VaultState} from "./vault/VaultState.sol";

/// @title Margin vault: custody, accounts, cash, and the gate that every action ends in.
/// @dev `CashLedger` keeps cash, `AssetList` the assets and their totals, `Holdings` what each account has.
/// Solvency is decided in `_closeOperation` and nowhere else.
contract MarginVault is VaultState, AccessManaged {
    using AssetList for AssetList.State;
    using CashLedger for CashLedger.State;
    using Holdings for Holdings.State;
    using Holdings for Holdings.Holding;
    using Operators for Operators.State;
    using Outflow for Outflow.State;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Longest time for which a guardian stops risk-increasing actions, or deposits of an asset [s].
    uint256 private constant MAX_PAUSE = 3 days;
    /// @dev A reduction may cost an account below maintenance margin without unpaid profit, or at prices that are not
    /// Valid, at most one part in so many of what its requirement falls by: what an auction takes at its start.
    uint256 private constant REDUCTION_PART = 20;
    /// @dev Most a scaled balance of cash can be off after the moves of one operation [wad USD].
    int256 private constant CASH_ROUNDING = 1e12;

    constructor(address authority, address quoteToken_) AccessManaged(authority) VaultState(quoteToken_) {}

    modifier gated() {
        _openOperation();
        _;
        _closeOperation();
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
        bool isQuote = _isQuote(token);
        if (!isQuote) _operators.requireAuthorised(account, PERMISSION_DEPOSIT);
        uint256 index = isQuote ? 0 : _assets.indexForDeposit(token);

        credited = _pull(IERC20(token), amount);
        if (credited == 0) revert ZeroAmount();

        _touch(account, TouchMode.Safe);
        if (isQuote) {
            int256 cash = _addCash(account, _wadOf(credited));
            _cash.addTokens(token, credited, cash);
        } else {
            _assets.addToTotal(index, token, credited);
            _holdings.add(account, index, credited);
        }
        _outflows[token].refill(credited);
        emit Deposited(account, token, msg.sender, credited);
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
        _operators.requireAuthorised(account, PERMISSION_WITHDRAW);
        _requireNotInAuction(account);
        bool isQuote = _isQuote(token);
        amount = _resolveAmount(account, token, isQuote, amount);

        _touch(account, TouchMode.Full);
        uint256 fee = isQuote ? _leavingFee(account, amount, amount) : 0;
        _take(account, token, isQuote, amount);
        amount -= fee;
        if (isQuote) _cash.subTokens(amount);
        else _assets.subFromTotal(_assets.indexOf(token), amount);
        _outflows[token].spend(token, amount);
        emit Withdrawn(account, token, to, amount);

        _transferring = true;
        IERC20(token).safeTransfer(to, amount);
        _transferring = false;
        return amount;
    }

    /// @inheritdoc IMarginVault
    function transfer(uint256 from, uint256 to, address token, uint256 amount) external gated {
        _operators.requireAuthorised(from, PERMISSION_TRANSFER);
        _requireNotInAuction(from);
        bool isQuote = _isQuote(token);
        amount = _resolveAmount(from, token, isQuote, amount);

        _touch(from, TouchMode.Full);
        _touch(to, TouchMode.Safe);
        if (isQuote) {
            // what repays a loan is lent no more
            uint256 fee = _leavingFee(from, amount, FixedPointMathLib.divUp(_above(-_cashNow(to)), _quoteScale));
            _take(from, token, true, amount);
            _addCash(to, _wadOf(amount - fee));
        } else {
            _take(from, token, false, amount);
            _operators.requireAuthorised(to, PERMISSION_DEPOSIT);
            _holdings.add(to, _assets.indexOf(token), amount);
            emit CollateralMoved(from, to, token, amount);
        }
    }

    /// @dev Positive cash of an account, down [token units].
    function _lentBy(uint256 account) private view returns (uint256) {
        return _above(_cashNow(account)) / _quoteScale;
    }

    /// @dev Quote tokens as cash [token units to wad].
    function _wadOf(uint256 amount) private view returns (int256) {
        return (amount * _quoteScale).toInt256();
    }

    /// @dev A positive amount, else 0.
    function _above(int256 amount) private pure returns (uint256) {
        // safe because a positive number is converted
        return amount > 0 ? uint256(amount) : 0;
    }

    /// @dev What stays of lent cash that leaves while losses are in sight beyond the insurance: the part that they are
    /// of all lent cash. It is surplus, and so insurance, for those who stay [token units, up].
    /// @param amount What is taken off the account [token units].
    /// @param out Most that is lent no more once it has arrived [token units].
    function _leavingFee(uint256 account, uint256 amount, uint256 out) private returns (uint256 fee) {
        (uint256 gap, uint256 lent) = _gapInSight();
        if (gap == 0) return 0;
        amount = FixedPointMathLib.min(amount, _lentBy(account));
        out = FixedPointMathLib.min(amount, out);
        // `out` and what stays because of it leave together; a wei more divides where all is in sight as lost
        // safe because the gap is at most what was lent
        uint256 rest;
        unchecked {
            rest = lent - gap + 1;
        }
        uint256 beside = FixedPointMathLib.divUp(out * gap, rest);
        fee = FixedPointMathLib.min(beside, FixedPointMathLib.divUp(amount * gap, lent));
        if (fee != 0) emit LeavingCharged(account, fee);
    }

    /// @dev `type(uint256).max` stands for everything the account has of the token.
    function _resolveAmount(uint256 account, address token, bool isQuote, uint256 amount)
        private
        view
        returns (uint256)
    {
        if (amount == type(uint256).max) {
            amount = isQuote ? _lentBy(account) : _holdings.entries[account].balances[_assets.indexOf(token)];
        }
        if (amount == 0) revert ZeroAmount();
        return amount;
    }

    /// @dev Takes collateral or cash (which may become a loan) off an account.
    function _take(uint256 account, address token, bool isQuote, uint256 amount) private {
        _noteTaking(account);
        if (isQuote) {
            Limits.requireAtMost(amount, type(uint96).max);
            _addCash(account, -_wadOf(amount));
        } else {
            _holdings.remove(account, token, _assets.indexOf(token), amount);
        }
    }

    /* OPERATORS AND THE GATE */

    /// @inheritdoc IMarginVault
    function setOperator(address operator, uint8 permissions, uint48 expiry) external {
        _operators.set(operator, permissions, expiry);
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
                if (mode >= TouchMode.Bid) _requireInitialMargin(account, mode);
                else if (mode >= TouchMode.Reduce) _requireReduced(account, mode == TouchMode.Paying);
            }
            TouchedAccounts.clear();
        }
        _gateDepth = depth - 1;
    }

    function _touch(uint256 account, TouchMode mode) private {
        TouchMode earlier = TouchedAccounts.touch(account, mode);
        // What an operation itself made unhealthy must face its own check, not an auction that carries the debt away.
        if (mode == TouchMode.Liquidated && earlier > TouchMode.Liquidated) revert LiquidatedInOperation(account);
        if (mode == TouchMode.Bid && earlier < TouchMode.Bid) {
            TouchedAccounts.addLeastCash(account, SignedMath.min(_cashNow(account), 0));
        }
        if (mode != TouchMode.Reduce || earlier >= TouchMode.Trade || TouchedAccounts.hasBefore(account)) return;
        (Margin memory initial, Margin memory maintenance) = _bothMargins(account);
        TouchedAccounts.keepBefore(
            account, initial.paidExcess, maintenance.excess, maintenance.equity, maintenance.requirement
        );
    }

    /// @dev Bids go on where prices are not Valid, and in a pause, but take no loan then.
    function _requireInitialMargin(uint256 account, TouchMode mode) private {
        Margin memory initial = _initialMargin(account);
        if (initial.free) return;
        uint256 until = _engine.pausedUntil;
        bool paused = block.timestamp < until;
        if (mode != TouchMode.Bid) {
            if (paused) revert RiskIncreasePaused(until);
            _requireValid(account, initial);
        } else if (paused || !initial.pricesValid) {
            _requireNoLoan(account);
        }
        int256 excess = _excessOf(account, initial, mode == TouchMode.Full);
        if (excess < 0) revert BelowInitialMargin(account, excess);
    }

    /// @dev What counts beyond initial margin: what nobody has paid backs neither what leaves nor a loan.
    function _excessOf(uint256 account, Margin memory initial, bool leaves) private view returns (int256) {
        return leaves || _cashNow(account) < 0 ? initial.paidExcess : initial.excess;
    }

    /// @dev A bidder paid with cash of its own: without what slices brought it has no debt, or no more than before.
    /// What it reduced in the same operation it reduced as anybody would.
    function _requireNoLoan(uint256 account) private {
        (int256 cash, int256 least) = (_cashNow(account), TouchedAccounts.leastCash(account));
        // safe because cash is below 2^127
        unchecked {
            if (cash + CASH_ROUNDING < least) revert BidOnCredit(account, cash, least);
        }
        if (TouchedAccounts.hasBefore(account)) _requireReduced(account, false);
    }

    /// @dev An account that has paid one of several markets must meet maintenance margin without unpaid profit: that is
    /// also what widens marks that are not of this moment. One that was reduced must be no worse, and where it does not
    /// meet as much it has little to give away: others may be owed what it has, and nobody pays its profit.
    function _requireReduced(uint256 account, bool paying) private {
        (Margin memory initial, Margin memory maintenance) = _bothMargins(account);
        // safe because requirements and what an account has are below 2^207
        int256 least = int256(maintenance.requirement);
        int256 paid;
        unchecked {
            paid = initial.paidExcess + int256(initial.requirement);
        }
        if (paying) {
            _requireValid(account, initial);
            _requireEquity(account, paid, least);
        }
        if (!TouchedAccounts.hasBefore(account)) return;
        if (initial.pricesValid && _excessOf(account, initial, false) >= 0) return;

        (int256 beforeInitial, int256 beforeMaintenance, int256 beforeEquity, uint256 beforeRequirement) =
            TouchedAccounts.before(account);
        // Losses beyond the account's worth are not its own: it must not hand out value to leave more of them.
        _requireEquity(account, beforeEquity, 1);
        _requireEquity(account, maintenance.equity, 0);
        if (initial.paidExcess < beforeInitial || maintenance.excess < beforeMaintenance) {
            revert MarginExcessFell(account, beforeInitial, initial.paidExcess, beforeMaintenance, maintenance.excess);
        }
        if (beforeMaintenance >= 0 && paid >= least && initial.pricesValid) return;
        int256 cost;
        // safe because what an account is worth is below 2^207
        unchecked {
            cost = beforeEquity - maintenance.equity;
        }
        uint256 limit = FixedPointMathLib.zeroFloorSub(beforeRequirement, maintenance.requirement) / REDUCTION_PART;
        // safe because a requirement is below 2^207
        if (cost > int256(limit)) revert ReductionTooDear(account, cost, limit);
    }

    function _requireValid(uint256 account, Margin memory initial) private pure {
        if (!initial.pricesValid) revert PricesNotValid(account);
    }

    function _requireEquity(uint256 account, int256 equity, int256 least) private pure {
        if (equity < least) revert EquityTooLow(account, equity, least);
    }

    /// @dev The engine gets what the vault has of the account.
    function _initialMargin(uint256 account) private returns (Margin memory) {
        return _engine.engine.initialMargin(account, _cashNow(account), _spotOf(account));
    }

    function _bothMargins(uint256 account) private returns (Margin memory initial, Margin memory maintenance) {
        return _engine.engine.bothMargins(account, _cashNow(account), _spotOf(account));
    }

    /// @inheritdoc IMarginVault
    function mayBorrow(uint256 account) external onlyModule(MODULE_CLEARINGHOUSE) returns (bool) {
        Margin memory initial = _initialMargin(account);
        return initial.pricesValid && initial.paidExcess >= 0;
    }

    /* INTEREST AND SURPLUS */

    /// @inheritdoc IMarginVault
    function collectSurplus() external gated returns (uint256 toDeficit, uint256 toFund) {
        return _collectSurplus();
    }

    function _collectSurplus() private returns (uint256 toDeficit, uint256 toFund) {
        _cash.accrue();
        toDeficit = _cash.repayDeficit(_quoteScale);
        uint256 fundAccount = _fundAccount;
        if (fundAccount != 0) {
            toFund = _cash.spare(_quoteScale);
            _touch(fundAccount, TouchMode.Safe);
            _addCash(fundAccount, toFund.toInt256());
        }
        emit SurplusCollected(toDeficit, toFund);
    }

    /* LEDGER: for the venue's modules */

    /// @inheritdoc IMarginVault
    function chargeFee(uint256 account, uint256 amount) external onlyModule(MODULE_FEES) {
        _noteTaking(account);
        _addCash(account, -amount.toInt256());
    }

    /// @inheritdoc IMarginVault
    function settleCash(uint256 account, int256 amount) external onlyModule(MODULE_CLEARINGHOUSE) {
        _requireTouched(account);
        // the time until now counts with the pools of then
        _addCash(account, amount);
        _cash.settle(amount);
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
        _noteMove(from, to);
        _moveCollateral(from, to, assetIndex, amount);
    }

    /// @inheritdoc IMarginVault
    function moveSlice(uint256 from, uint256 to, uint256 fraction, int256 cash) external onlyModule(MODULE_AUCTION) {
        _moveCash(from, to, cash);
        TouchedAccounts.addLeastCash(to, cash);
        Holdings.Holding storage holding = _holdings.entries[from];
        BitSet assets = holding.assets();
        for (; !assets.isEmpty(); assets = assets.withoutLeast()) {
            uint256 index = assets.least();
            _moveCollateral(from, to, index, holding.balances[index] * fraction / WAD);
        }
    }

    /// @inheritdoc IMarginVault
    function bearLoss(uint256 account, uint256 amount, uint256 loan)
        external
        onlyModule(MODULE_AUCTION)
        returns (uint256 fund, uint256 lenders, uint256 deficit)
    {
        _requireTouched(account);
        _collectSurplus();
        fund = FixedPointMathLib.min(amount, _insuranceCash());
        // Without a fund the surplus pays for itself.
        if (_fundAccount != 0) _addCash(_fundAccount, -fund.toInt256());
        deficit = amount - fund;
        lenders = _cash.socialise(FixedPointMathLib.min(deficit, loan));
        deficit -= lenders;
        if (deficit != 0) _cash.addDeficit(account, deficit);
        _addCash(account, amount.toInt256());
    }

    /// @inheritdoc IMarginVault
    function setInAuction(uint256 account, bool inAuction, uint40 loss) external onlyModule(MODULE_AUCTION) {
        _requireTouched(account);
        Holdings.Holding storage holding = _holdings.entries[account];
        _engine.lossInSight = _engine.lossInSight - holding.lossInSight + loss;
        (holding.inAuction, holding.lossInSight) = (inAuction, loss);
    }

    function _moveCash(uint256 from, uint256 to, int256 amount) private {
        _noteMove(from, to);
        _addCash(from, -amount);
        _addCash(to, amount);
    }

    function _noteMove(uint256 from, uint256 to) private {
        _noteTaking(from);
        _requireTouched(to);
    }

    /// @dev Counts that something is taken from an account, which the operation has touched.
    function _noteTaking(uint256 account) private {
        _requireTouched(account);
        ++_holdings.entries[account].nonce;
    }

    /// @dev Changes an account's cash; returns the balance after [wad].
    function _addCash(uint256 account, int256 delta) private returns (int256) {
        _cash.accrue();
        return _cash.add(_holdings, account, delta);
    }

    function _moveCollateral(uint256 from, uint256 to, uint256 index, uint256 amount) private {
        if (amount == 0) return;
        address token = _assets.list[index].token;
        _holdings.remove(from, token, index, amount);
        _holdings.add(to, index, amount);
        emit CollateralMoved(from, to, token, amount);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMarginVault
    function listAsset(address token, uint8 decimals, uint8 feedId, uint8 underlying, uint128 cap)
        external
        restricted
        returns (uint256 index)
    {
        if (_isQuote(token)) revert AssetAlreadyListed(token);
        _engine.engine.checkAsset(token, decimals, feedId, underlying);
        index = _assets.add(AssetConfig(token, decimals, feedId, underlying, 0, cap, 0));
    }

    /// @inheritdoc IMarginVault
    function configureAsset(address token, uint128 cap, bool depositsEnabled) external restricted {
        if (_isQuote(token)) _cash.tokens.cap = cap;
        else _assets.configure(token, cap, depositsEnabled);
        emit AssetConfigured(token, cap, depositsEnabled);
    }

    /// @inheritdoc IMarginVault
    function disableDeposits(address token, uint256 duration) external restricted {
        AssetConfig storage asset = _assets.list[_assets.indexOf(token)];
        uint48 until = _until(asset.closedUntil, duration);
        asset.closedUntil = until;
        emit DepositsClosed(token, until);
    }

    /// @inheritdoc IMarginVault
    function setOutflowLimit(address token, uint96 capacity, uint32 window) external restricted {
        if (!_isQuote(token)) _assets.indexOf(token);
        _outflows[token].configure(token, capacity, window);
    }

    /// @inheritdoc IMarginVault
    function setRateModel(RateModel memory model) external restricted {
        _cash.accrue();
        _cash.setRateModel(model);
    }

    /// @inheritdoc IMarginVault
    function setModule(address module, uint8 roles) external restricted {
        Limits.requireAtMost(roles, MODULE_ALL);
        if (roles != 0) _requireCode(module);
        // MODULE_AUCTION is the highest bit
        uint256 lost = _modules[module] / MODULE_AUCTION;
        // safe because modules are few, and who loses the role was counted
        unchecked {
            uint256 auctions = _auctionCount + roles / MODULE_AUCTION - lost;
            if (auctions < lost) revert LastAuction(module);
            _auctionCount = auctions;
        }
        _modules[module] = roles;
        emit ModuleSet(module, roles);
    }

    /// @inheritdoc IMarginVault
    function setRiskEngine(address engine) external restricted {
        _requireCode(engine);
        _engine.engine = IRiskEngine(engine);
        emit RiskEngineSet(engine);
    }

    /// @inheritdoc IMarginVault
    function setInsuranceFund(address fund) external restricted {
        if (fund != address(0)) _requireCode(fund);
        _fundAccount = fund == address(0) ? 0 : AccountId.encode(fund, 0);
        emit InsuranceFundSet(fund);
    }

    /// @inheritdoc IMarginVault
    function pauseRiskIncrease(uint256 duration) external restricted {
        _setPaused(_until(_engine.pausedUntil, duration));
    }

    function _setPaused(uint48 until) private {
        _engine.pausedUntil = until;
        emit PausedUntil(until);
    }

    /// @dev When an act of the guardian ends: never before an earlier one would [s].
    function _until(uint256 earlier, uint256 duration) private view returns (uint48) {
        Limits.requireAtMost(duration, MAX_PAUSE);
        // safe because times, and an act's length, fit 48 bits
        return uint48(FixedPointMathLib.max(earlier, block.timestamp + duration));
    }

    /// @inheritdoc IMarginVault
    function unpauseRiskIncrease() external restricted {
        _setPaused(0);
    }
}
