// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Auction, AuctionWordLib} from "contracts/types/AuctionWord.sol";
import {OperatorWord, OperatorWordLib} from "contracts/types/OperatorWord.sol";

/// @notice Lemmas about operators and auctions that hold for every input, proved by Halmos (`make prove`).
contract LedgerProofs {
    function check_operator(uint8 permissions, uint48 expiry, uint64 epoch, uint8 asked, uint256 time) public pure {
        OperatorWord word = OperatorWordLib.encode(permissions, expiry, epoch);
        assert(word.expiry() == expiry && word.epoch() == epoch);
        assert(word.allows(asked, time) == (permissions & asked == asked && expiry >= time));
    }

    /// @dev Times beyond 48 days and cash beyond 18 billion dollars are cut to these; nothing touches a neighbour.
    function check_auction(uint32[4] calldata numbers, bool insolvent, bool stopped, uint16 pages, uint256 reserved)
        public
        pure
    {
        Auction memory given =
            Auction(numbers[0], insolvent, stopped, numbers[1], numbers[2], numbers[3], pages, reserved, 2 ** 63 + 5);
        Auction memory kept = AuctionWordLib.encode(given).decode();
        assert(kept.id == given.id && kept.insolvent == insolvent && kept.stopped == stopped);
        assert(kept.seenAt == given.seenAt && kept.pages == pages && kept.exposure == given.exposure);
        assert(kept.solventTime == _least(given.solventTime, AuctionWordLib.MAX_TIME));
        assert(kept.insolventTime == _least(given.insolventTime, AuctionWordLib.MAX_TIME));
        assert(kept.reserved == _least(reserved / 1e9, type(uint64).max) * 1e9);
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
