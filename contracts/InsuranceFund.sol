// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20, ERC4626, IERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IInsuranceFund} from "./interfaces/IInsuranceFund.sol";
import {IMarginVault} from "./interfaces/IMarginVault.sol";
import {AccountId} from "./types/AccountId.sol";

/// @title Insurance fund: capital before the lenders', in shares that leave slowly.
/// @dev Owns shares and requests to exit; its money is cash in the vault, which every entrance and exit completes by
/// the vault's surplus first. Virtual shares (offset 6) make inflating the share price a loss. Shares that losses made
/// nearly worthless are consolidated before the next deposit, by a division that a holder's balance meets when it is
/// used next: their number stays bounded however often the fund is used up.
contract InsuranceFund is IInsuranceFund, ERC4626, AccessManaged {
    using FixedPointMathLib for uint256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What somebody has and may redeem, and from when on; counted in shares of a round.
    struct Holder {
        // slot 0
        uint128 shares; // [share units]
        uint128 requested; // at most the shares [share units]
        // slot 1: 6 + 4 bytes
        uint48 readyAt; // [s]
        uint32 round; // consolidations that the numbers have met
    }

    /// @notice How long shares may be redeemed once the cooldown is over [s].
    uint256 public constant EXIT_WINDOW = 2 days;
    /// @notice Old shares for a new one in a consolidation.
    uint256 public constant CONSOLIDATION = 1e3;
    /// @dev Cooldown at the start, and what it may be set to [s].
    uint256 private constant DEFAULT_COOLDOWN = 7 days;
    uint256 private constant MIN_COOLDOWN = 1 days;
    uint256 private constant MAX_COOLDOWN = 30 days;
    /// @dev Decimals of a share beyond those of cash, and decimals of cash.
    uint8 private constant SHARE_OFFSET = 6;
    uint256 private constant CASH_DECIMALS = 18;
    /// @dev Shares per token unit at the start, and most of them that a deposit finds [share units].
    uint256 private constant VIRTUAL_SHARES = 10 ** SHARE_OFFSET;
    uint256 private constant MOST_SHARES = VIRTUAL_SHARES * CONSOLIDATION;
    /// @dev Consolidations after which nothing is left of a uint128.
    uint256 private constant LAST_DIVISION = 13;
    /// @dev Deposits are taken up to this; shares fit their slot then [wad].
    uint256 private constant MOST_CASH = 2 ** 96;

    /// @notice The vault that holds the fund's cash.
    IMarginVault public immutable vault;
    /// @inheritdoc IInsuranceFund
    uint256 public immutable fundAccount;
    /// @dev Factor from token units to wad.
    uint256 private immutable _scale;

    /// @inheritdoc IInsuranceFund
    uint256 public cooldown;
    /// @inheritdoc IInsuranceFund
    uint256 public round;
    /// @dev Shares of all holders, at least the sum of what each has [share units].
    uint256 private _supply;
    mapping(address holder => Holder) private _holders;

    constructor(IMarginVault vault_, address authority)
        ERC20("Cross-margin insurance fund", "xmINS")
        ERC4626(IERC20(vault_.quoteToken()))
        AccessManaged(authority)
    {
        vault = vault_;
        fundAccount = AccountId.encode(address(this), 0);
        _scale = 10 ** (CASH_DECIMALS - IERC20Metadata(asset()).decimals());
        _setCooldown(DEFAULT_COOLDOWN);
        IERC20(asset()).forceApprove(address(vault_), type(uint256).max);
    }

    /// @dev Surplus that is due counts for those who are in, and is there for those who leave.
    modifier collected() {
        vault.collectSurplus();
        _;
    }

    /* DEPOSIT */

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) public override(ERC4626) collected returns (uint256) {
        _consolidate();
        return super.deposit(assets, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) public override(ERC4626) collected returns (uint256) {
        _consolidate();
        return super.mint(shares, receiver);
    }

    /// @dev The tokens go on to the vault at once.
    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        IERC20(asset()).safeTransferFrom(caller, address(this), assets);
        uint256 credited = vault.deposit(fundAccount, asset(), assets);
        if (credited < assets) revert DepositShort(credited, assets);
        _mint(receiver, shares);
        emit Deposit(caller, receiver, assets, shares);
    }

    /// @dev Divides all shares by CONSOLIDATION, as often as a deposit asks for.
    function _consolidate() private {
        (uint256 supply, uint256 times) = _consolidated();
        if (times == 0) return;
        _supply = supply;
        round += times;
        emit SharesConsolidated(round, supply);
    }

    /// @dev What a deposit finds: the shares, and how often they are still to be divided.
    function _consolidated() private view returns (uint256 supply, uint256 times) {
        supply = _supply;
        uint256 most = (totalAssets() + 1) * MOST_SHARES;
        for (; supply > most; ++times) {
            supply /= CONSOLIDATION;
        }
    }

    /* EXIT */

    /// @inheritdoc IInsuranceFund
    function requestRedeem(uint256 shares) external {
        Holder memory holder = _holderNow(msg.sender);
        if (shares > holder.shares) revert ExceedsBalance(shares, holder.shares);
        uint256 readyAt = block.timestamp + cooldown;
        (holder.requested, holder.readyAt) = (shares.toUint128(), readyAt.toUint48());
        _holders[msg.sender] = holder;
        emit CooldownRequested(msg.sender, shares, readyAt);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner)
        public
        override(ERC4626)
        collected
        returns (uint256)
    {
        _requireExit(owner, shares);
        return super.redeem(shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner)
        public
        override(ERC4626)
        collected
        returns (uint256)
    {
        _requireExit(owner, previewWithdraw(assets));
        return super.withdraw(assets, receiver, owner);
    }

    /// @dev The owner's request has come of age, is not too old, and covers the shares.
    function _requireExit(address owner, uint256 shares) private view {
        Holder memory holder = _holderNow(owner);
        if (holder.requested == 0) revert CooldownNotRequested(owner);
        if (block.timestamp < holder.readyAt) revert CooldownNotOver(block.timestamp, holder.readyAt);
        uint256 expiry = holder.readyAt + EXIT_WINDOW;
        if (block.timestamp > expiry) revert CooldownExpired(block.timestamp, expiry);
        if (shares > holder.requested) revert ExceedsRequested(shares, holder.requested);
    }

    /// @dev The vault pays the receiver; its outflow limit and liquidity apply.
    function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
        internal
        override
    {
        if (caller != owner) _spendAllowance(owner, caller, shares);
        Holder memory holder = _holderNow(owner);
        // safe because the shares are at most the request
        holder.requested -= uint128(shares);
        _holders[owner] = holder;
        _burn(owner, shares);
        emit Withdraw({sender: caller, receiver: receiver, owner: owner, assets: assets, shares: shares});
        vault.withdraw(fundAccount, asset(), assets, receiver);
    }

    /* SHARES */

    /// @dev Mints, burns and moves shares. A request shrinks to what its holder still has.
    function _update(address from, address to, uint256 value) internal override(ERC20) {
        if (from == address(0)) _supply += value;
        else _take(from, value);
        if (to == address(0)) _supply -= value;
        else _give(to, value);
        emit Transfer(from, to, value);
    }

    function _take(address from, uint256 value) private {
        Holder memory holder = _holderNow(from);
        if (value > holder.shares) revert ERC20InsufficientBalance(from, holder.shares, value);
        // safe because the value is at most a uint128
        holder.shares -= uint128(value);
        if (holder.requested > holder.shares) holder.requested = holder.shares;
        _holders[from] = holder;
    }

    function _give(address to, uint256 value) private {
        Holder memory holder = _holderNow(to);
        holder.shares = (holder.shares + value).toUint128();
        _holders[to] = holder;
    }

    /// @dev What somebody has after all consolidations, rounded down.
    function _holderNow(address owner) private view returns (Holder memory holder) {
        holder = _holders[owner];
        uint256 missed = round - holder.round;
        if (missed == 0) return holder;
        uint256 divisor = CONSOLIDATION ** missed.min(LAST_DIVISION);
        // safe because quotients of a uint128 fit it, and a round takes a loss of nearly everything
        holder.shares = uint128(holder.shares / divisor);
        holder.requested = uint128(holder.requested / divisor);
        holder.round = uint32(round);
    }

    /* GOVERNANCE */

    /// @inheritdoc IInsuranceFund
    function setCooldown(uint256 cooldown_) external restricted {
        _setCooldown(cooldown_);
    }

    function _setCooldown(uint256 cooldown_) private {
        if (cooldown_ < MIN_COOLDOWN) revert ParameterOutOfRange(cooldown_, MIN_COOLDOWN);
        if (cooldown_ > MAX_COOLDOWN) revert ParameterOutOfRange(cooldown_, MAX_COOLDOWN);
        cooldown = cooldown_;
        emit CooldownSet(cooldown_);
    }

    /* VIEWS */

    /// @notice Shares of all holders.
    /// @return At least the sum of what each has [share units].
    function totalSupply() public view override(ERC20, IERC20) returns (uint256) {
        return _supply;
    }

    /// @notice Shares of a holder, after all consolidations.
    /// @param owner Holder of the shares.
    /// @return Rounded down [share units].
    function balanceOf(address owner) public view override(ERC20, IERC20) returns (uint256) {
        return _holderNow(owner).shares;
    }

    /// @notice The fund's cash in the vault, the surplus that is due to it included.
    /// @return Rounded down [token units].
    function totalAssets() public view override(ERC4626) returns (uint256) {
        return available() / _scale;
    }

    /// @inheritdoc IInsuranceFund
    function available() public view returns (uint256) {
        if (vault.insuranceFund() == address(this)) return vault.insuranceCash();
        int256 cash = vault.cashOf(fundAccount);
        // safe because positive cash is converted
        return cash > 0 ? uint256(cash) : 0;
    }

    /// @notice What a deposit would take: what the vault's cap leaves.
    /// @return Whoever asks [token units].
    function maxDeposit(address) public view override(ERC4626) returns (uint256) {
        (,,,,, uint256 cap) = vault.cashTotals();
        uint256 room = cap.zeroFloorSub(_tokens());
        return room.min(MOST_CASH.zeroFloorSub(available()) / _scale);
    }

    /// @notice The shares of `maxDeposit`.
    /// @param owner Whoever asks.
    /// @return Rounded down [share units].
    function maxMint(address owner) public view override(ERC4626) returns (uint256) {
        return previewDeposit(maxDeposit(owner));
    }

    /// @notice Shares that a deposit would mint, after the consolidation it would begin with.
    /// @param assets What would be deposited [token units].
    /// @return Rounded down [share units].
    function previewDeposit(uint256 assets) public view override(ERC4626) returns (uint256) {
        (uint256 supply,) = _consolidated();
        return assets.fullMulDiv(supply + VIRTUAL_SHARES, totalAssets() + 1);
    }

    /// @notice What a mint would cost, after the consolidation it would begin with.
    /// @param shares What would be minted [share units].
    /// @return Rounded up [token units].
    function previewMint(uint256 shares) public view override(ERC4626) returns (uint256) {
        (uint256 supply,) = _consolidated();
        return shares.fullMulDivUp(totalAssets() + 1, supply + VIRTUAL_SHARES);
    }

    /// @notice What shares that are redeemed would bring: their part of the fund less the losses in sight.
    /// @param shares What would be redeemed [share units].
    /// @return Rounded down [token units].
    function previewRedeem(uint256 shares) public view override(ERC4626) returns (uint256) {
        return shares.fullMulDiv(_exitAssets() + 1, _supply + VIRTUAL_SHARES);
    }

    /// @notice What it would take to withdraw assets, where losses in sight count as borne.
    /// @param assets What would be withdrawn [token units].
    /// @return Rounded up [share units].
    function previewWithdraw(uint256 assets) public view override(ERC4626) returns (uint256) {
        return assets.fullMulDivUp(_supply + VIRTUAL_SHARES, _exitAssets() + 1);
    }

    /// @dev What the fund has left once insolvent auctions have asked for what they may: whoever leaves bears its part
    /// of it, and leaves it to those who stay. A fund that was replaced is asked for nothing [token units].
    function _exitAssets() private view returns (uint256) {
        uint256 asked = vault.insuranceFund() == address(this) ? vault.lossInSight() : 0;
        return available().zeroFloorSub(asked) / _scale;
    }

    /// @notice What a holder may redeem now.
    /// @param owner Holder of the shares.
    /// @return Its request inside the exit window, as far as the vault can pay now; 0 where that is nothing [share
    /// units].
    function maxRedeem(address owner) public view override(ERC4626) returns (uint256) {
        (uint256 shares, uint256 assets, uint256 payable_) = _exitOf(owner);
        if (assets == 0 || payable_ == 0) return 0;
        // Else the most shares whose worth, rounded down, can be paid.
        return assets <= payable_ ? shares : previewWithdraw(payable_ + 1) - 1;
    }

    /// @notice The assets that a holder may withdraw now.
    /// @param owner Holder of the shares.
    /// @return The worth of its request inside the exit window, as far as the vault can pay now [token units].
    function maxWithdraw(address owner) public view override(ERC4626) returns (uint256) {
        (, uint256 assets, uint256 payable_) = _exitOf(owner);
        return assets.min(payable_);
    }

    /// @dev The shares that a holder may redeem by its request, their worth, and what the vault can pay now.
    function _exitOf(address owner) private view returns (uint256 shares, uint256 assets, uint256 payable_) {
        Holder memory holder = _holderNow(owner);
        if (block.timestamp < holder.readyAt || block.timestamp > holder.readyAt + EXIT_WINDOW) return (0, 0, 0);
        shares = holder.requested;
        assets = previewRedeem(shares);
        (,, uint256 outflow) = vault.outflowOf(asset());
        payable_ = outflow.min(_tokens()).min(type(uint96).max);
    }

    /// @dev Quote tokens that the vault holds for cash [token units].
    function _tokens() private view returns (uint256) {
        (,,,, uint256 tokens,) = vault.cashTotals();
        return tokens / _scale;
    }

    /// @inheritdoc IInsuranceFund
    function requestOf(address holder) external view returns (uint256 shares, uint256 readyAt) {
        Holder memory now_ = _holderNow(holder);
        return (now_.requested, now_.readyAt);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return SHARE_OFFSET;
    }
}
