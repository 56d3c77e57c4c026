// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

using DoubtLib for Doubt global;

/// @notice What prices in doubt are to a bidder for an account: one of the three below.
type Doubt is uint256;

/// @dev At most a tenth of the requirement, and ten dollars, may be wrong: it keeps nobody from bidding.
Doubt constant SMALL_DOUBT = Doubt.wrap(0);
/// @dev More may be wrong: only who knows better than the price bids.
Doubt constant LARGE_DOUBT = Doubt.wrap(1);
/// @dev Halted prices value more than a hundredth of all that the account holds: nobody may bid.
Doubt constant HALTED_DOUBT = Doubt.wrap(2);

/// @notice Tells doubts apart.
library DoubtLib {
    function isSmall(Doubt self) internal pure returns (bool) {
        return Doubt.unwrap(self) == Doubt.unwrap(SMALL_DOUBT);
    }

    function isLarge(Doubt self) internal pure returns (bool) {
        return Doubt.unwrap(self) == Doubt.unwrap(LARGE_DOUBT);
    }

    function isHalted(Doubt self) internal pure returns (bool) {
        return Doubt.unwrap(self) == Doubt.unwrap(HALTED_DOUBT);
    }
}
