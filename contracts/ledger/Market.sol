// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Sides} from "../interfaces/IMarketLosses.sol";
import {FULL_UTILISATION} from "../types/Constants.sol";
import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {MarketWord} from "../types/MarketWord.sol";

/// @title The sums of one market: open contracts of both sides, and the pool between losers and winners.
library Market {
    using SafeCast for uint256;

    struct State {
        // slot 0
        MarketWord word;
        // slot 1
        InstrumentConfig config;
        // slot 2: 16 + 8 + 6 bytes
        uint128 pool; // collected from losers and not yet paid to winners [wad USD]
        int64 premium; // what funding is still to pay of the index, when a fill last moved it [wad]
        uint48 reduceOnlyUntil; // by the guardian [s]
        // slot 3
        uint96 shortInterest; // shorts that are still to be settled after expiry [wad base]
    }

    /// @dev Open contracts of both sides: alike, until an expired market is settled leg by leg.
    function open(State storage self) internal view returns (Sides memory) {
        MarketWord word = self.word;
        uint256 longs = word.openInterest();
        return Sides(longs, word.isSettled() ? self.shortInterest : longs);
    }

    /// @dev Adds to the sums of both sides what positions were changed by [wad base].
    function count(State storage self, int256 longs, int256 shorts) internal {
        MarketWord word = self.word;
        if (longs != 0) {
            // safe because the positions' sizes are parts of the sum
            uint256 interest = uint256(int256(word.openInterest()) + longs);
            if (interest > type(uint96).max) revert IClearinghouse.ParameterOutOfRange(interest, type(uint96).max);
            self.word = withInterest(self, word, interest);
        }
        // safe because the positions' sizes are parts of the sum, which only falls after expiry
        if (shorts != 0 && word.isSettled()) {
            self.shortInterest = uint96(uint256(int256(uint256(self.shortInterest)) + shorts));
        }
    }

    /// @dev The market word with this size of all longs; utilisation is rounded up.
    function withInterest(State storage self, MarketWord word, uint256 interest) internal view returns (MarketWord) {
        uint256 used = FixedPointMathLib.divUp(FULL_UTILISATION * interest, self.config.openInterestCap);
        return word.withInterest(interest, FixedPointMathLib.min(FULL_UTILISATION, used));
    }

    /// @dev Counts cash that came from losers (positive) or went to winners.
    function addToPool(State storage self, int256 amount) internal {
        // safe because what goes out is at most the pool, and the vault keeps the sum of all pools in 128 bits
        self.pool = uint256(int256(uint256(self.pool)) + amount).toUint128();
    }
}
