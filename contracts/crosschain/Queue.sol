// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

/// @title Queue of those who wait for more than is open: each gets his part, once in an interval, whoever comes first.
library Queue {
    using SafeCast for uint256;

    struct State {
        uint128 served; // of late, at servedAt [token units]
        uint64 servedAt; // [s]
    }

    /// @dev In a queue an account is served once in this time [s].
    uint256 internal constant INTERVAL = 10 minutes;

    /// @dev From when on who is served now, or comes back now, is served again [s].
    function next() internal view returns (uint48) {
        return (block.timestamp + INTERVAL).toUint48();
    }

    /// @dev The part of who waits for `own` of `waiting`: of `open` as it was before others were served of late, or of
    /// what refills until he is served again, whoever has emptied it just before [token units, down].
    function partOf(State storage self, uint256 own, uint256 waiting, uint256 open, uint256 refill)
        internal
        view
        returns (uint256)
    {
        uint256 before = _served(self);
        uint256 shared = FixedPointMathLib.max(open + before, refill);
        return FixedPointMathLib.min(FixedPointMathLib.min(shared * own / (waiting + before), own), open);
    }

    /// @dev Counts what somebody got [token units], and says from when on he is served again [s].
    function serve(State storage self, uint256 amount) internal returns (uint48) {
        self.served = (_served(self) + amount).toUint128();
        // safe because times fit 64 bits
        self.servedAt = uint64(block.timestamp);
        return next();
    }

    /// @dev What was served of late: it counts less from minute to minute, and after an interval without any nothing
    /// [token units, down].
    function _served(State storage self) private view returns (uint256) {
        uint256 left = FixedPointMathLib.zeroFloorSub(INTERVAL, block.timestamp - self.servedAt);
        return self.served * left / INTERVAL;
    }
}
