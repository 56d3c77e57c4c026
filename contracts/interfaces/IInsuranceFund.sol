// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Insurance fund: first-loss capital, ERC-4626 shares with a cooldown on exit.
/// @notice Its assets are the cash of its own account (subId 0) in the vault; income is the vault's surplus. Losses lower the share price.
interface IInsuranceFund {
    error CooldownNotRequested(address holder);
    error CooldownNotOver(uint256 time, uint256 readyAt);
    error CooldownExpired(uint256 time, uint256 expiredAt);
    error ExceedsRequested(uint256 shares, uint256 requested);
    error ParameterOutOfRange(uint256 value, uint256 limit);
    error NotAuction(address caller);

    event CooldownRequested(address indexed holder, uint256 shares, uint256 readyAt);
    event Drawn(uint256 indexed account, uint256 amount);
    event CooldownSet(uint256 cooldown);

    /// @notice Announces that the caller will redeem `shares`; they stay at risk and may be redeemed within EXIT_WINDOW after the cooldown.
    function requestRedeem(uint256 shares) external;
    /// @notice Pays up to `amount` [wad] of the fund's cash to `account`; returns what was paid. Auction only.
    function draw(uint256 account, uint256 amount) external returns (uint256 paid);
    /// @notice The vault account that holds the fund's cash.
    function fundAccount() external view returns (uint256);
    /// @notice Cash the fund can pay now [wad].
    function available() external view returns (uint256);
}
