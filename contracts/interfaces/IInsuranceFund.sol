// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Insurance fund: capital that pays for loans before lenders do, ERC-4626 shares with a cooldown on exit.
/// @notice Its assets are the cash of its own account (subId 0) in the vault. Income is interest and the vault's
/// surplus, which counts before it is collected; losses lower the share price. The auction takes losses from that
/// account through the vault. The fund itself has no part in it, so nothing here can block or misdirect a payout.
/// @dev Assumptions:
/// - The quote token has no fee on transfer; a deposit that arrives short is refused.
/// - The vault's cap, liquidity and outflow limit apply to the fund as to anyone: an exit may have to wait.
interface IInsuranceFund {
    /// @notice The holder has announced no exit, or has used it up.
    /// @param holder Holder of the shares.
    error CooldownNotRequested(address holder);

    /// @notice The cooldown is not over.
    /// @param time Now [s].
    /// @param readyAt When it is over [s].
    error CooldownNotOver(uint256 time, uint256 readyAt);

    /// @notice The exit window is over.
    /// @param time Now [s].
    /// @param expiredAt Last second of the window [s].
    error CooldownExpired(uint256 time, uint256 expiredAt);

    /// @notice More shares were to be redeemed than were announced.
    /// @param shares What was to be redeemed [share units].
    /// @param requested What was announced and is not yet redeemed [share units].
    error ExceedsRequested(uint256 shares, uint256 requested);

    /// @notice More shares were announced than the holder has.
    /// @param shares What was announced [share units].
    /// @param balance What the holder has [share units].
    error ExceedsBalance(uint256 shares, uint256 balance);

    /// @notice Less arrived in the vault than was deposited.
    /// @param credited What arrived [token units].
    /// @param assets What was deposited [token units].
    error DepositShort(uint256 credited, uint256 assets);

    /// @notice The cooldown is longer or shorter than it may be.
    /// @param value What was given [s].
    /// @param limit The bound it passes [s].
    error ParameterOutOfRange(uint256 value, uint256 limit);

    /// @notice A holder announced an exit, or withdrew the announcement.
    /// @param holder Holder of the shares.
    /// @param shares What the holder may redeem from `readyAt` on; 0 withdraws the request [share units].
    /// @param readyAt When the exit window begins [s].
    event CooldownRequested(address indexed holder, uint256 shares, uint256 readyAt);

    /// @notice Shares had lost nearly all their worth, and every holder's were divided before a deposit.
    /// @param round Consolidations so far; each divides by 1,000.
    /// @param shares Shares of all holders after it [share units].
    event SharesConsolidated(uint256 round, uint256 shares);

    /// @notice The cooldown of later requests was set.
    /// @param cooldown Time from a request to the exit window [s].
    event CooldownSet(uint256 cooldown);

    /// @notice Announces that the caller will redeem shares; they stay at risk and may be redeemed within EXIT_WINDOW
    /// after the cooldown.
    /// @dev Replaces an earlier request. A request never exceeds the balance: shares that are transferred away take no
    /// right to exit with them.
    /// @param shares At most the caller's balance; 0 withdraws the request [share units].
    function requestRedeem(uint256 shares) external;

    /// @notice Changes the cooldown of later requests. Governance only.
    /// @param cooldown_ From 1 to 30 days [s].
    function setCooldown(uint256 cooldown_) external;

    /// @notice Time from a request to the exit window.
    /// @return Of requests from now on [s].
    function cooldown() external view returns (uint256);

    /// @notice What a holder may redeem, and when.
    /// @param holder Any holder.
    /// @return shares What was announced and is not yet redeemed [share units].
    /// @return readyAt When the exit window begins [s].
    function requestOf(address holder) external view returns (uint256 shares, uint256 readyAt);

    /// @notice The vault account that holds the fund's cash.
    /// @return Account with subId 0 of the fund.
    function fundAccount() external view returns (uint256);

    /// @notice How often shares were consolidated.
    /// @dev A deposit divides all shares, and all requests, by 1,000 while one is worth less than a thousandth of what
    /// the first one cost. Parts stay the same; a share that is left over is lost.
    /// @return Never falls.
    function round() external view returns (uint256);

    /// @notice Cash the fund can pay, once the vault's surplus is collected.
    /// @return 0 where its account owes [wad].
    function available() external view returns (uint256);
}
