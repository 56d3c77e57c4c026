// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using RoundNumberLib for RoundNumber global;

/// @notice Number of a round of a Chainlink-style proxy: the phase above bit 64, the aggregator's own number below it.
type RoundNumber is uint256;

/// @notice Reads and makes numbers of rounds.
library RoundNumberLib {
    uint256 private constant PHASE_SHIFT = 64;

    /// @dev The number before the first round of a phase.
    function beforePhase(uint256 number) internal pure returns (uint256) {
        return number << PHASE_SHIFT;
    }

    /// @dev Whose rounds it is of.
    function phase(RoundNumber self) internal pure returns (uint256) {
        return RoundNumber.unwrap(self) >> PHASE_SHIFT;
    }
}
