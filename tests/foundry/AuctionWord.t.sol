// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {AuctionClock} from "contracts/auction/AuctionClock.sol";
import {Auction, AuctionWordLib, NO_AUCTION} from "contracts/types/AuctionWord.sol";
import {Doubt, HALTED_DOUBT, LARGE_DOUBT, SMALL_DOUBT} from "contracts/types/Doubt.sol";

/// @notice One slot has all of an auction, and its clocks only get older.
contract AuctionWordTest is Test {
    function test_no_auction_is_none() public pure {
        assertTrue(NO_AUCTION.isNone());
        assertEq(NO_AUCTION.decode().id, 0);
    }

    function testFuzz_what_is_stored_is_what_was_there(Auction memory a) public pure {
        a.solventTime = uint32(bound(a.solventTime, 0, AuctionWordLib.MAX_TIME));
        a.insolventTime = uint32(bound(a.insolventTime, 0, AuctionWordLib.MAX_TIME));
        a.reserved = bound(a.reserved, 0, type(uint64).max) * AuctionWordLib.RESERVED_UNIT;
        Auction memory b = a.encode().decode();
        assertEq(abi.encode(a), abi.encode(b));
    }

    function testFuzz_what_does_not_fit_is_cut_and_spoils_nothing(Auction memory a) public pure {
        Auction memory b = a.encode().decode();
        assertLe(b.solventTime, a.solventTime);
        assertLe(b.insolventTime, a.insolventTime);
        assertLe(b.reserved, a.reserved);
        (b.solventTime, b.insolventTime, b.reserved) = (a.solventTime, a.insolventTime, a.reserved);
        assertEq(abi.encode(a), abi.encode(b));
    }

    function testFuzz_time_counts_for_the_phase_that_was_found(
        Auction memory a,
        uint32 later,
        uint32 floor,
        uint256 found
    ) public {
        Doubt doubt = [SMALL_DOUBT, LARGE_DOUBT, HALTED_DOUBT][found % 3];
        vm.warp(1_800_000_000);
        a.seenAt = uint32(bound(a.seenAt, 1_700_000_000, block.timestamp));
        a.solventTime = uint32(bound(a.solventTime, 0, AuctionWordLib.MAX_TIME));
        a.insolventTime = uint32(bound(a.insolventTime, 0, AuctionWordLib.MAX_TIME));
        vm.warp(block.timestamp + bound(later, 0, 30 days));
        (uint32 seen, uint32 solvent, uint32 insolvent) = (a.seenAt, a.solventTime, a.insolventTime);
        AuctionClock.count(a, floor, doubt);
        uint256 from = floor > seen ? floor : seen;
        uint256 time = from > block.timestamp ? 0 : block.timestamp - from;
        uint256 counted = a.stopped ? 0 : time;
        if (a.insolvent && !doubt.isSmall() && counted > 2 minutes) counted = 2 minutes;
        if (a.insolvent && insolvent + counted < 6 minutes) {
            counted = insolvent + time < 6 minutes ? time : 6 minutes - insolvent;
        }
        uint256 left;
        if (a.insolvent && doubt.isLarge()) {
            (counted, left) = (counted + (time - counted) / 84, (time - counted) % 84);
        }
        assertEq(a.solventTime, solvent + (a.insolvent ? 0 : counted));
        assertEq(a.insolventTime, insolvent + (a.insolvent ? counted : 0));
        assertEq(a.seenAt, block.timestamp - left);
    }
}
