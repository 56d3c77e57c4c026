// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {AssetConfig, IMarginVault, RateModel} from "../interfaces/IMarginVault.sol";
import {IRiskEngine} from "../interfaces/IRiskEngine.sol";
import {AccountId} from "../types/AccountId.sol";
import {LEAST_GAP, WAD} from "../types/Constants.sol";
import {OperatorWord} from "../types/OperatorWord.sol";
import {includes} from "../types/Permissions.sol";
import {SpotWord} from "../types/SpotWord.sol";
import {AssetList} from "./AssetList.sol";
import {CashLedger} from "./CashLedger.sol";
import {Holdings} from "./Holdings.sol";
import {CashState, InterestMath} from "./InterestMath.sol";
import {Operators} from "./Operators.sol";
import {Outflow} from "./Outflow.sol";
import {TouchedAccounts} from "./TouchedAccounts.sol";

/// @title What the vault keeps, the plain checks of it, and the views.
/// @notice Nothing here writes but the constructor: the vault, which inherits this, does.
abstract contract VaultState is IMarginVault {
    using AssetList for AssetList.State;
    using CashLedger for CashLedger.State;
    using Holdings for Holdings.Holding;
    using Operators for Operators.State;
    using Outflow for Outflow.State;

    struct EngineSlot {
        IRiskEngine engine;
        uint48 pausedUntil; // risk-increasing actions are stopped until then [s]
        uint48 lossInSight; // sum of what accounts have of it [USD]
    }

    IERC20 internal immutable _quote;
    /// @dev Factor from quote token units to wad.
    uint256 internal immutable _quoteScale;

    Holdings.State internal _holdings;
    mapping(address module => uint8 roles) internal _modules;
    uint256 internal _auctionCount; // modules with MODULE_AUCTION
    Operators.State internal _operators;
    AssetList.State internal _assets;
    CashLedger.State internal _cash;
    mapping(address token => Outflow.State) internal _outflows;
    EngineSlot internal _engine;
    uint256 internal _fundAccount;

    uint256 internal transient _gateDepth;
    bool internal transient _transferring;

    constructor(address quoteToken_) {
        uint8 decimals = IERC20Metadata(quoteToken_).decimals();
        AssetList.requireDecimals(decimals);
        _quote = IERC20(quoteToken_);
        _quoteScale = 10 ** (AssetList.MAX_DECIMALS - decimals);
        _cash.initialise();
    }

    modifier onlyModule(uint8 role) {
        _requireModule(role);
        _;
    }

    /* CHECKS */

    /// @dev The owner may take nothing from an account in auction.
    function _requireNotInAuction(uint256 account) internal view {
        if (_holdings.entries[account].inAuction) revert InAuction(account);
    }

    /// @dev The caller has a module's role.
    function _requireModule(uint8 role) internal view {
        if (!includes(_modules[msg.sender], role)) revert NotModule(msg.sender);
    }

    /// @dev There is a contract at the address: anything else would answer to nobody.
    function _requireCode(address target) internal view {
        if (target.code.length == 0) revert NotAContract(target);
    }

    /// @dev An operation is open.
    function _requireOpen() internal view {
        if (_gateDepth == 0) revert GateClosed();
    }

    /// @dev The ledger of an account changes only inside an operation that will check it.
    function _requireTouched(uint256 account) internal view {
        if (!TouchedAccounts.contains(account)) revert NotTouched(account);
    }

    /* READING */

    /// @dev Whether a token is the one that cash is in.
    function _isQuote(address token) internal view returns (bool) {
        return token == address(_quote);
    }

    /// @dev Cash of an account now, pending interest included [wad].
    function _cashNow(uint256 account) internal view returns (int256) {
        return _cash.cashNow(_holdings.entries[account].scaledCash());
    }

    /// @dev Cash that the insurance fund has once the surplus is collected; without a fund the surplus itself [wad].
    function _insuranceCash() internal view returns (uint256) {
        uint256 spare = _cash.spare(_quoteScale);
        if (_fundAccount == 0) return spare;
        int256 cash = _cashNow(_fundAccount);
        if (spare != 0) cash = _cash.afterAdding(cash, spare);
        // safe because positive cash is converted
        return cash > 0 ? uint256(cash) : 0;
    }

    /// @dev Losses in sight beyond the insurance, at most what others than the insurance have lent, and that [wad].
    function _gapInSight() internal view returns (uint256 gap, uint256 lent) {
        uint256 loss = lossInSight();
        if (loss == 0) return (0, 1);
        // safe because the fund never owes
        lent = _cash.lentBeside(uint256(_cashNow(_fundAccount)));
        gap = FixedPointMathLib.min(FixedPointMathLib.zeroFloorSub(loss, _insuranceCash()), lent);
    }

    /// @dev Collateral of an account, as the risk engine reads it.
    function _spotOf(uint256 account) internal view returns (SpotWord[] memory) {
        return _assets.spotOf(_holdings.entries[account]);
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
    function payableCash(uint256 account) external view returns (int256 cash, uint256 gap, uint256 lent) {
        cash = _cashNow(account);
        (gap, lent) = _gapInSight();
        if (gap > LEAST_GAP) cash = SignedMath.min(cash, 0);
    }

    /// @inheritdoc IMarginVault
    function balanceOf(uint256 account, uint256 assetIndex) external view returns (uint256) {
        return _holdings.entries[account].balances[assetIndex];
    }

    /// @inheritdoc IMarginVault
    function accountState(uint256 account) external view returns (int256 cash, SpotWord[] memory spot) {
        return (_cashNow(account), _spotOf(account));
    }

    /// @inheritdoc IMarginVault
    function nonceOf(uint256 account) external view returns (uint256) {
        return _holdings.entries[account].nonce;
    }

    /// @inheritdoc IMarginVault
    function isInAuction(uint256 account) external view returns (bool) {
        return _holdings.entries[account].inAuction;
    }

    /// @inheritdoc IMarginVault
    function moduleRoles(address module) external view returns (uint8) {
        return _modules[module];
    }

    /// @inheritdoc IMarginVault
    function isAuthorised(uint256 account, address actor, uint8 permissions) external view returns (bool) {
        return _operators.isAuthorised(account, actor, permissions);
    }

    /// @inheritdoc IMarginVault
    function operatorOf(address owner, address operator) external view returns (OperatorWord) {
        return _operators.entries[owner][operator];
    }

    /// @inheritdoc IMarginVault
    function assetCount() external view returns (uint256) {
        return _assets.list.length;
    }

    /// @inheritdoc IMarginVault
    function assetAt(uint256 index) external view returns (AssetConfig memory) {
        return _assets.list[index];
    }

    /// @inheritdoc IMarginVault
    function assetIndexOf(address token) external view returns (uint256) {
        return _assets.indexOf(token);
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
    function insuranceCash() external view returns (uint256) {
        return _insuranceCash();
    }

    /// @inheritdoc IMarginVault
    function lossInSight() public view returns (uint256) {
        return _engine.lossInSight * WAD;
    }

    /// @inheritdoc IMarginVault
    function pausedUntil() external view returns (uint256) {
        return _engine.pausedUntil;
    }

    /// @inheritdoc IMarginVault
    function rateModel() external view returns (RateModel memory) {
        return _cash.rateModel;
    }

    /// @inheritdoc IMarginVault
    function indices() external view returns (uint256 supplyIndex, uint256 borrowIndex) {
        CashState memory state = _cash.current();
        return (state.supplyIndex, state.borrowIndex);
    }

    /// @inheritdoc IMarginVault
    function cashTotals()
        external
        view
        returns (uint256 supply, uint256 borrowed, uint256 pools, uint256 deficit, uint256 tokens, uint256 cap)
    {
        CashState memory state = _cash.current();
        supply = InterestMath.supplyDown(state);
        borrowed = InterestMath.debtUp(state);
        pools = _cash.obligations.pools;
        deficit = _cash.obligations.deficit;
        (tokens, cap) = (_cash.tokens.held * _quoteScale, _cash.tokens.cap);
    }

    /// @inheritdoc IMarginVault
    function outflowOf(address token) external view returns (uint96 capacity, uint32 window, uint256 available) {
        Outflow.State storage bucket = _outflows[token];
        return (bucket.capacity, bucket.window, bucket.available());
    }
}
