// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskEngine, Shock} from "../interfaces/IRiskEngine.sol";
import {MAX_FEED_ID, WAD} from "../types/Constants.sol";
import {PriceEdges, PriceEdgesLib} from "../types/PriceEdges.sol";
import {PriceMid} from "../types/PriceMid.sol";
import {Legs} from "./Legs.sol";
import {MarginMath} from "./MarginMath.sol";
import {Portfolio} from "./Portfolio.sol";
import {WordLists} from "./WordLists.sol";

/// @title Relative moves of prices in what-ifs.
library Shocks {
    using WordLists for uint256[];

    /// @dev No what-if multiplies a price by more than a million.
    int256 private constant MAX_SHOCK = 1_000_000e18;

    /// @dev Refuses moves out of range and feeds that are moved twice.
    function check(Shock[] calldata shocks) internal pure {
        for (uint256 i; i < shocks.length; ++i) {
            Shock calldata shock = shocks[i];
            int256 move = shock.move;
            int256 limit = move < 0 ? -int256(WAD) : MAX_SHOCK;
            if (move < 0 ? move < limit : move > limit) revert IRiskEngine.ShockOutOfRange(move, limit);
            for (uint256 j; j < i; ++j) {
                if (shocks[j].feedId == shock.feedId) revert IRiskEngine.DuplicateId(shock.feedId);
            }
        }
    }

    /// @dev A price after a relative move not below -1, down.
    function moved(uint256 price, int256 move) internal pure returns (uint256) {
        // safe because a move is at least -1 and at most MAX_SHOCK
        unchecked {
            return Portfolio.bounded(MarginMath.mulDown(Portfolio.bounded(price), uint256(int256(WAD) + move)));
        }
    }

    /// @dev Moves prices, two words each in the order of `slots`, where they lie.
    function apply_(uint256[] memory prices, bytes memory slots, Shock[] calldata shocks) internal pure {
        for (uint256 i; i < shocks.length; ++i) {
            Shock calldata shock = shocks[i];
            (uint256 feed, int256 move) = (shock.feedId, shock.move);
            uint256 slot = feed > MAX_FEED_ID ? 0 : Legs.slotOf(slots, feed);
            if (slot == 0) continue;
            // safe because slots count from 1 and there are two words per feed
            unchecked {
                slot = 2 * slot - 2;
                PriceMid mid = PriceMid.wrap(prices.at(slot));
                PriceEdges edges = PriceEdges.wrap(prices.at(slot + 1));
                mid = mid.withMid(moved(mid.mid(), move));
                edges = PriceEdgesLib.encode(moved(edges.low(), move), moved(edges.high(), move));
                prices.put(slot, PriceMid.unwrap(mid));
                prices.put(slot + 1, PriceEdges.unwrap(edges));
            }
        }
    }
}
