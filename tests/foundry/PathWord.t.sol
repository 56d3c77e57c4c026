// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {PathWord, PathWordLib} from "contracts/types/PathWord.sol";

/// @notice A multiplier's path: where it is depends on time and targets only, it moves slowly, and maintenance margin
/// is told what initial margin was told hours before.
contract PathWordTest is Test {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant NOTICE = PathWordLib.NOTICE;
    uint256 private constant ACTIONS = 24;

    uint256 private _seed;

    function _random(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    function _level() private returns (uint256) {
        return 1 + _random(2_700_000);
    }

    /// @dev A path with a past, and its default.
    function _lived(uint256 seed) private returns (PathWord path, uint256 fallback_, uint256 time) {
        _seed = seed;
        (fallback_, time) = (_level(), START + _random(1 days));
        path = PathWordLib.begin(_level(), time);
        for (uint256 i; i < 6; ++i) {
            time += _pause();
            path = path.moved(fallback_, _level(), time);
        }
    }

    /// @dev Often minutes, sometimes hours or days.
    function _pause() private returns (uint256) {
        uint256 kind = _random(8);
        return _random(kind == 0 ? 3 days : kind < 3 ? 8 hours : 20 minutes);
    }

    function test_begins_where_it_stands() public pure {
        PathWord path = PathWordLib.begin(PathWordLib.UNIT, START);
        assertEq(path.levelAt(1, START), PathWordLib.UNIT);
        assertEq(path.noticedAt(1, START + 1), PathWordLib.UNIT);
        assertEq(PathWordLib.multiplierOf(PathWordLib.UNIT), 1e18);
        assertEq(path.noticeEnd(), START);
    }

    function test_levels_of_multipliers() public pure {
        assertEq(PathWordLib.levelOf(1e18), PathWordLib.UNIT);
        assertEq(PathWordLib.levelOf(0.5e18), 1);
        assertEq(PathWordLib.levelOf(1), 1);
        assertEq(PathWordLib.levelOf(type(uint256).max), PathWordLib.MAX);
        assertApproxEqRel(PathWordLib.multiplierOf(PathWordLib.levelOf(2e18)), 2e18, 1e12);
    }

    /// @dev 100 % to 150 % takes 4.3 hours up, and 22.5 hours back.
    function test_speeds() public pure {
        uint256 high = PathWordLib.levelOf(1.5e18);
        PathWord path = PathWordLib.begin(PathWordLib.UNIT, START).moved(1, high, START);
        assertLt(PathWordLib.multiplierOf(path.levelAt(1, START + 1 hours)), 1.1e18);
        assertGt(PathWordLib.multiplierOf(path.levelAt(1, START + 1 hours)), 1.098e18);
        assertEq(path.levelAt(1, START + 6 hours), high);
        path = path.moved(1, PathWordLib.UNIT, START + 6 hours);
        uint256 later = PathWordLib.multiplierOf(path.levelAt(1, START + 7 hours));
        assertGt(later, 1.5e18 * 98 / 100);
        assertLt(later, 1.5e18 * 983 / 1000);
    }

    function testFuzz_who_asks_or_pokes_how_often_changes_nothing(uint256 seed) public {
        (PathWord path, uint256 fallback_, uint256 time) = _lived(seed);
        uint256 between = time + _random(PathWordLib.HOLD);
        uint256 later = between + _random(time + PathWordLib.HOLD - between);
        PathWord poked = path.moved(fallback_, path.target(), between);
        assertEq(poked.levelAt(fallback_, later), path.levelAt(fallback_, later));
        assertEq(poked.noticedAt(fallback_, later), path.noticedAt(fallback_, later));
    }

    function testFuzz_both_sets_move_slowly_whatever_is_called(uint256 seed) public {
        (PathWord path, uint256 fallback_, uint256 time) = _lived(seed);
        (uint256 initial, uint256 maintenance) = (path.levelAt(fallback_, time), path.noticedAt(fallback_, time));
        for (uint256 i; i < ACTIONS; ++i) {
            uint256 elapsed = _pause();
            time += elapsed;
            (uint256 level, uint256 noticed) = (path.levelAt(fallback_, time), path.noticedAt(fallback_, time));
            _assertSlow(initial, level, elapsed);
            _assertSlow(maintenance, noticed, elapsed);
            assertLe(noticed, level);
            (initial, maintenance) = (level, noticed);
            if (_random(2) == 0) path = path.moved(fallback_, _level(), time);
            assertEq(path.levelAt(fallback_, time), level);
            assertEq(path.noticedAt(fallback_, time), noticed);
        }
    }

    function _assertSlow(uint256 from, uint256 to, uint256 elapsed) private pure {
        assertLe(to, from + PathWordLib.RISE * elapsed);
        assertGe(to + PathWordLib.FALL * elapsed, from);
    }

    function testFuzz_maintenance_is_never_told_more_than_initial_was_within_the_notice(uint256 seed) public {
        (PathWord path, uint256 fallback_, uint256 time) = _lived(seed);
        uint256 before = path.levelAt(fallback_, time);
        uint256 end = time + NOTICE;
        while (time < end) {
            time += _random(1 hours);
            if (time > end) time = end;
            assertLe(path.noticedAt(fallback_, time), before);
            path = path.moved(fallback_, _level(), time);
        }
    }

    function testFuzz_ends_at_the_default(uint256 seed) public {
        (PathWord path, uint256 fallback_, uint256 time) = _lived(seed);
        uint256 hold = path.levelAt(fallback_, time + PathWordLib.HOLD);
        assertEq(path.levelAt(path.target(), time + PathWordLib.HOLD), hold);
        time += PathWordLib.HOLD + 8 days;
        assertEq(path.levelAt(fallback_, time), fallback_);
        assertEq(path.noticedAt(fallback_, time), fallback_);
    }

    function testFuzz_says_when_maintenance_is_told_the_target(uint256 seed) public {
        (PathWord path, uint256 fallback_, uint256 time) = _lived(seed);
        (uint256 target, uint256 end) = (path.target(), path.noticeEnd());
        // kept alive by pokes that change nothing
        while (time + PathWordLib.HOLD < end) {
            time += PathWordLib.HOLD;
            path = path.moved(fallback_, target, time);
        }
        assertEq(path.noticedAt(fallback_, end), target);
        assertEq(path.levelAt(fallback_, end), target);
        if (end > time) assertNotEq(path.noticedAt(fallback_, end - 1), target);
    }
}
