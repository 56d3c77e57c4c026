// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Insurance fund: first-loss capital, ERC-4626 shares with a cooldown on exit.
/// @notice Its assets are the cash of its own account (subId 0) in the vault; income is interest and the vault's
/// surplus, losses lower the share price.
/// The auction takes losses from that account through the vault: the fund itself has no part in it, so nothing here
/// can block or misdirect a payout.
/// @dev Assumes a quote token without a fee on transfer; a deposit that arrives short is refused.
interface IInsuranceFund {
    error CooldownNotRequested(address holder);
    error CooldownNotOver(uint256 time, uint256 readyAt);
    error CooldownExpired(uint256 time, uint256 expiredAt);
    error ExceedsRequested(uint256 shares, uint256 requested);
    error ExceedsBalance(uint256 shares, uint256 balance);
    error DepositShort(uint256 credited, uint256 assets);
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @param shares What the holder may redeem from `readyAt` on; 0 withdraws the request [share units].
    event CooldownRequested(address indexed holder, uint256 shares, uint256 readyAt);
    event CooldownSet(uint256 cooldown);

    /// @notice Announces that the caller will redeem `shares`; they stay at risk and may be redeemed within
    /// EXIT_WINDOW after the cooldown.
    /// @dev Replaces an earlier request. A request never exceeds the balance: shares that are transferred away take no
    /// right to exit with them.
    /// @param shares At most the caller's balance [share units].
    function requestRedeem(uint256 shares) external;

    /// @notice Changes the cooldown of later requests [s].
    function setCooldown(uint256 cooldown_) external;

    /// @notice Time from a request to the exit window [s].
    function cooldown() external view returns (uint256);

    /// @notice What `holder` asked to redeem [share units] and from when it may [s].
    function requestOf(address holder) external view returns (uint256 shares, uint256 readyAt);

    /// @notice The vault account that holds the fund's cash.
    function fundAccount() external view returns (uint256);

    /// @notice Cash the fund can pay now [wad].
    function available() external view returns (uint256);
}
