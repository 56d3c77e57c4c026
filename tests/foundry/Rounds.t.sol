// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainlinkSource} from "contracts/oracles/ChainlinkSource.sol";
import {Test} from "forge-std/Test.sol";
import {SaidRounds} from "tests/foundry/base/SaidRounds.sol";
import {MockAggregator} from "tests/helpers/contracts/MockAggregator.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice What a reader finds of the rounds that an aggregator still has, whichever are missing: all of it.
contract RoundsTest is Test {
    uint256 private constant MAX_AGE = 1 hours;
    /// @dev What the reader is given for all moments.
    uint256 private constant GAS = 3_000_000;

    ChainlinkSource private reader;
    RoundsAggregator private aggregator;
    bytes32 private data;
    uint80[] private ids;

    function setUp() public {
        vm.warp(1_800_000_000);
        reader = ChainlinkSource(deployCode("build/forge/ChainlinkSource.sol/ChainlinkSource.json"));
        _begin();
    }

    /* A PHASE */

    /// @notice Of rounds each 12 seconds only the last are there, in the phase of now or, of more, in that before it.
    function test_finds_what_is_left_of_a_phase_that_was_pruned() public {
        _speak(200);
        for (uint80 kept = 1; kept <= 200; kept += 7) {
            uint256 state = vm.snapshotState();
            aggregator.prune(1, kept);
            _check();
            if (kept > 50) {
                _beginPhase();
                _speak(3);
                _check();
            }
            vm.revertToState(state);
        }
    }

    /// @notice The same of numbers that begin at a million, as those of an aggregator that was moved.
    function test_finds_rounds_whose_numbers_begin_late() public {
        uint80[5] memory numbers = [uint80(1000), 1023, 77_777, 1_000_000, 10_000_000];
        for (uint256 i; i < numbers.length; ++i) {
            uint256 state = vm.snapshotState();
            aggregator.prune(1, 0);
            delete ids;
            aggregator.leaveOut(numbers[i]);
            _speak(200);
            _check();
            vm.revertToState(state);
        }
    }

    /// @notice Numbers are left out in the window, more than a handful in a row.
    function test_finds_rounds_on_both_sides_of_a_gap() public {
        uint80[4] memory gaps = [uint80(3), 4, 60, 5000];
        for (uint256 i; i < gaps.length; ++i) {
            for (uint256 after_ = 10; after_ <= 100; after_ += 15) {
                uint256 state = vm.snapshotState();
                _speak(100);
                aggregator.leaveOut(gaps[i]);
                _speak(after_);
                _check();
                vm.revertToState(state);
            }
        }
    }

    /* PHASES */

    /// @notice A new aggregator has answered nothing yet: what the one before it said counts.
    function test_finds_rounds_before_a_phase_that_has_none() public {
        _speak(160);
        _beginPhase();
        for (uint256 zeros; zeros < 2; ++zeros) {
            aggregator.setZeros(zeros == 1);
            if (zeros == 1) assertTrue(reader.keepsPast(data));
            if (zeros == 1) _check();
        }
    }

    /// @notice An aggregator was taken back before it had answered.
    function test_finds_rounds_before_an_empty_phase() public {
        _speak(160);
        _beginPhase();
        _beginPhase();
        _speak(5);
        _check();
    }

    /* WHETHER A SOURCE KEEPS WHAT IT SAID */

    /// @notice A number that is missing before the last one, or a round that repeats the last one within a second,
    /// leaves no minute to whoever observes it.
    function test_keeps_the_past_beside_a_gap_or_a_repeated_round() public {
        for (uint80 gap = 1; gap <= 3; ++gap) {
            _speak(10);
            aggregator.leaveOut(gap);
            _speak(1);
            assertTrue(reader.keepsPast(data));
            _say(2000e8, vm.getBlockTimestamp());
            _say(2000e8, vm.getBlockTimestamp());
            assertTrue(reader.keepsPast(data));
        }
    }

    /// @notice One that says the last one whatever it is asked for, or has a single round and no phases, keeps nothing.
    function test_a_source_of_a_single_round_keeps_no_past() public {
        MockAggregator mock = MockAggregator(
            deployCode("build/forge/MockAggregator.sol/MockAggregator.json", abi.encode(8, "A / USD", 1e8))
        );
        for (uint256 i; i < 6; ++i) {
            assertFalse(reader.keepsPast(reader.encode(address(mock), 8)));
            vm.warp(vm.getBlockTimestamp() + 12);
            mock.setAnswer(int256(1e8 + i));
        }
    }

    /* ANYTHING */

    /// @notice Rounds at random times, of which some are lost, repeated, no price or from other phases.
    function testFuzz_finds_all_that_is_left(uint256 seed) public {
        aggregator.setZeros(seed % 2 == 0);
        uint256 pruned = seed % 3;
        for (uint256 i; i < 150; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(vm.getBlockTimestamp() + seed % 50);
            int256 answer = int256(2000e8 + seed % 10e8);
            if (seed >> 8 & 15 == 0) answer = seed >> 12 & 1 == 0 ? int256(0) : -answer;
            _say(answer, vm.getBlockTimestamp());
            if (i % 5 == 4 && seed >> 16 & 3 == 0) aggregator.lose(uint80(seed >> 24 & 3) + 1);
            if (i == 60 || i == 110) _beginPhase();
        }
        if (pruned == 1) aggregator.prune(3, uint80(seed >> 32 & 31) + 1);
        if (pruned == 2) aggregator.prune(2, uint80(seed >> 32 & 31) + 18);
        _check();
    }

    /// @notice However much is missing, looking for it takes no more gas than a reader has.
    function test_looks_for_what_is_missing_within_its_gas() public {
        aggregator.setZeros(false);
        aggregator.leaveOut(1_000_000);
        for (uint256 i; i < 3; ++i) {
            _beginPhase();
            aggregator.leaveOut(10_000_000);
        }
        for (uint256 i; i < 900; ++i) {
            vm.warp(vm.getBlockTimestamp() + 1);
            _say(2000e8, vm.getBlockTimestamp());
        }
        aggregator.prune(1, 0);
        uint256[] memory times = _times();
        uint256 before = gasleft();
        reader.readPast(data, times, MAX_AGE);
        assertLt(before - gasleft(), GAS);
        _check();
    }

    /* HELPERS */

    function _begin() private {
        aggregator = RoundsAggregator(
            deployCode("build/forge/RoundsAggregator.sol/RoundsAggregator.json", abi.encode(int256(2000e8)))
        );
        data = reader.encode(address(aggregator), 8);
        delete ids;
        ids.push(1 << 64 | 1);
    }

    function _beginPhase() private {
        aggregator.beginPhase();
    }

    /// @dev So many rounds, 12 seconds apart.
    function _speak(uint256 count) private {
        for (uint256 i; i < count; ++i) {
            vm.warp(vm.getBlockTimestamp() + 12);
            _say(int256(2000e8 + ids.length), vm.getBlockTimestamp());
        }
    }

    function _say(int256 answer, uint256 time) private {
        aggregator.setRound(answer, time);
        ids.push(aggregator.phase() << 64 | aggregator.lastOf(aggregator.phase()));
    }

    /// @dev The ends of the last thirty minutes.
    function _times() private view returns (uint256[] memory times) {
        times = new uint256[](30);
        for (uint256 i; i < 30; ++i) {
            times[i] = vm.getBlockTimestamp() - (30 - i) * 1 minutes;
        }
    }

    /// @dev The reader finds what reading all rounds finds.
    function _check() private view {
        uint256[] memory times = _times();
        assertEq(reader.readPast(data, times, MAX_AGE), SaidRounds.pricesAt(aggregator, ids, times, MAX_AGE));
    }
}
