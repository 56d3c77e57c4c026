// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Source of the volatility multipliers on price shocks and impact.
/// @notice The engine clamps what it gets to its own bounds, so that a faulty source can neither loosen margins nor
/// make them absurd.
/// @dev Assumptions:
/// - The engine asks with bounded gas. A source that fails, or does not return one word for each underlying, says
/// nothing; and so does a multiplier of 0. Then the engine takes the highest that the venue allows.
/// - The source is not trusted to be cheap, honest or available.
interface IVolatilityMultiplier {
    /// @notice Multipliers of the shocks, and of the impact, of the given underlyings.
    /// @param underlyings Their ids, 1 to 255.
    /// @return words For underlying i: maintenance multiplier in the low, initial in the high 128 bits [wad: 1e18 =
    /// unchanged, 0: nothing is said].
    function multipliers(uint256[] calldata underlyings) external view returns (uint256[] memory words);
}
