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

/// @title Insurance fund: first-loss capital in shares that leave slowly.
/// @dev Owns shares and requests to exit; its money is cash in the vault. Virtual shares (offset 6) make inflating the
/// share price a loss.
contract InsuranceFund is IInsuranceFund, ERC4626, AccessManaged {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev What a holder may redeem, and from when on. One slot.
    struct Request {
        uint208 shares; // never above the holder's balance [share units]
        uint48 readyAt; // [s]
    }

    /// @notice How long shares may be redeemed once the cooldown is over [s].
    uint256 public constant EXIT_WINDOW = 2 days;
    /// @dev Cooldown at the start, and what it may be set to [s].
    uint256 private constant DEFAULT_COOLDOWN = 7 days;
    uint256 private constant MIN_COOLDOWN = 1 days;
    uint256 private constant MAX_COOLDOWN = 30 days;
    /// @dev Decimals of a share beyond those of cash, and decimals of cash.
    uint8 private constant SHARE_OFFSET = 6;
    uint256 private constant CASH_DECIMALS = 18;

    /// @notice The vault that holds the fund's cash.
    IMarginVault public immutable vault;
    /// @inheritdoc IInsuranceFund
    uint256 public immutable fundAccount;
    /// @dev Factor from token units to wad.
    uint256 private immutable _scale;

    /// @inheritdoc IInsuranceFund
    uint256 public cooldown;
    mapping(address holder => Request) private _requests;

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

    /* DEPOSIT */

    /// @dev The tokens go on to the vault at once.
    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        IERC20(asset()).safeTransferFrom(caller, address(this), assets);
        uint256 credited = vault.deposit(fundAccount, asset(), assets);
        if (credited < assets) revert DepositShort(credited, assets);
        _mint(receiver, shares);
        emit Deposit(caller, receiver, assets, shares);
    }

    /* EXIT */

    /// @inheritdoc IInsuranceFund
    function requestRedeem(uint256 shares) external {
        uint256 balance = balanceOf(msg.sender);
        if (shares > balance) revert ExceedsBalance(shares, balance);
        uint256 readyAt = block.timestamp + cooldown;
        _requests[msg.sender] = Request(shares.toUint208(), readyAt.toUint48());
        emit CooldownRequested(msg.sender, shares, readyAt);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner) public override(ERC4626) returns (uint256) {
        _requireExit(owner, shares);
        return super.redeem(shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner) public override(ERC4626) returns (uint256) {
        _requireExit(owner, previewWithdraw(assets));
        return super.withdraw(assets, receiver, owner);
    }

    /// @dev The owner's request has come of age, is not too old, and covers the shares.
    function _requireExit(address owner, uint256 shares) private view {
        Request memory request = _requests[owner];
        if (request.shares == 0) revert CooldownNotRequested(owner);
        if (block.timestamp < request.readyAt) revert CooldownNotOver(block.timestamp, request.readyAt);
        uint256 expiry = request.readyAt + EXIT_WINDOW;
        if (block.timestamp > expiry) revert CooldownExpired(block.timestamp, expiry);
        if (shares > request.shares) revert ExceedsRequested(shares, request.shares);
    }

    /// @dev The vault pays the receiver; its outflow limit and liquidity apply.
    function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
        internal
        override
    {
        if (caller != owner) _spendAllowance(owner, caller, shares);
        // safe because the shares are at most the request
        _requests[owner].shares -= uint208(shares);
        _burn(owner, shares);
        emit Withdraw({sender: caller, receiver: receiver, owner: owner, assets: assets, shares: shares});
        vault.withdraw(fundAccount, asset(), assets, receiver);
    }

    /// @dev A request shrinks to what its holder still has.
    function _update(address from, address to, uint256 value) internal override(ERC20) {
        super._update(from, to, value);
        uint256 balance = balanceOf(from);
        // safe because the smaller of the two was a uint208
        if (_requests[from].shares > balance) _requests[from].shares = uint208(balance);
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

    /// @notice The fund's cash in the vault.
    /// @return Rounded down [token units].
    function totalAssets() public view override(ERC4626) returns (uint256) {
        return available() / _scale;
    }

    /// @inheritdoc IInsuranceFund
    function available() public view returns (uint256) {
        int256 cash = vault.cashOf(fundAccount);
        // safe because positive cash is converted
        return cash > 0 ? uint256(cash) : 0;
    }

    /// @notice What a holder may redeem now.
    /// @param owner Holder of the shares.
    /// @return Its request inside the exit window, else 0 [share units].
    function maxRedeem(address owner) public view override(ERC4626) returns (uint256) {
        Request memory request = _requests[owner];
        if (block.timestamp < request.readyAt || block.timestamp > request.readyAt + EXIT_WINDOW) return 0;
        return FixedPointMathLib.min(request.shares, balanceOf(owner));
    }

    /// @notice The assets of `maxRedeem`.
    /// @param owner Holder of the shares.
    /// @return Rounded down [token units].
    function maxWithdraw(address owner) public view override(ERC4626) returns (uint256) {
        return previewRedeem(maxRedeem(owner));
    }

    /// @inheritdoc IInsuranceFund
    function requestOf(address holder) external view returns (uint256 shares, uint256 readyAt) {
        Request memory request = _requests[holder];
        return (request.shares, request.readyAt);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return SHARE_OFFSET;
    }
}
