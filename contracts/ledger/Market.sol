// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Sides} from "../interfaces/IMarketLosses.sol";
import {FULL_UTILISATION} from "../types/Constants.sol";
import {InstrumentConfig} from "../types/InstrumentConfig.sol";
import {MarketWord} from "../types/MarketWord.sol";
import {PositionWord} from "../types/PositionWord.sol";

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

    /// @dev Replaces a position in the sums of its side.
    function count(State storage self, PositionWord old, int256 size) internal {
        MarketWord word = self.word;
        int256 change = _above(size) - _above(old.size());
        if (change != 0) {
            // safe because the positions' sizes are parts of the sum
            uint256 interest = uint256(int256(word.openInterest()) + change);
            if (interest > type(uint96).max) revert IClearinghouse.ParameterOutOfRange(interest, type(uint96).max);
            self.word = withInterest(self, word, interest);
        }
        if (!word.isSettled()) return;
        change = _above(-size) - _above(-old.size());
        // safe because the positions' sizes are parts of the sum, which only falls after expiry
        if (change != 0) self.shortInterest = uint96(uint256(int256(uint256(self.shortInterest)) + change));
    }

    function _above(int256 size) private pure returns (int256) {
        return size > 0 ? size : int256(0);
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
