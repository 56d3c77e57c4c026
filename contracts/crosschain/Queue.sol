// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @title Queue of those who wait for more than is open: each gets his part, once in an interval, whoever comes first.
library Queue {
    using SafeCast for uint256;

    struct State {
        uint128 open; // what was open as the interval began [token units]
        uint128 served; // of it since [token units]
        uint64 since; // when it began [s]
    }

    /// @dev In a queue an account is served once in this time [s].
    uint256 internal constant INTERVAL = 10 minutes;

    /// @dev From when on who is served now, or comes back now, is served again [s].
    function next() internal view returns (uint48) {
        return (block.timestamp + INTERVAL).toUint48();
    }

    /// @dev The part of who waits for `own` of `waiting`: of what was open as the interval began, or of what refills in
    /// one, among those who wait now and those who have been served since [token units, down].
    function partOf(State storage self, uint256 own, uint256 waiting, uint256 open, uint256 refill)
        internal
        view
        returns (uint256)
    {
        (uint256 shared, uint256 served) = _current(self, open);
        shared = FixedPointMathLib.max(shared, refill);
        return FixedPointMathLib.min(FixedPointMathLib.min(shared * own / (waiting + served), own), open);
    }

    /// @dev Counts what somebody got of `open` [token units], and says from when on he is served again [s]. The first
    /// who is served begins an interval.
    function serve(State storage self, uint256 amount, uint256 open) internal returns (uint48) {
        (uint256 shared, uint256 served) = _current(self, open);
        // safe because times fit 64 bits
        if (served == 0) self.since = uint64(block.timestamp);
        (self.open, self.served) = (shared.toUint128(), (served + amount).toUint128());
        return next();
    }

    /// @dev What was open as the interval began, and what was served of it; a new one begins with what is open now.
    function _current(State storage self, uint256 open) private view returns (uint256, uint256) {
        if (block.timestamp >= self.since + INTERVAL) return (open, 0);
        return (self.open, self.served);
    }
}
