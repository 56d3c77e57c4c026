// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FloorWord} from "contracts/types/FloorWord.sol";
import {HoursWord} from "contracts/types/HoursWord.sol";
import {PathWord, PathWordLib} from "contracts/types/PathWord.sol";
import {Score, ScoreWordLib} from "contracts/types/ScoreWord.sol";
import {SumsWord, SumsWordLib} from "contracts/types/SumsWord.sol";
import {Tape, TapeWordLib} from "contracts/types/TapeWord.sol";

/// @notice Words of the forecaster are read as they were packed, and a multiplier's level moves as slowly as it must,
/// whatever its path. Proved by Halmos (`make prove`).
contract VolatilityProofs {
    function check_tape(uint32 step, uint32 time, int40 log, int40 net, uint64 variance, uint8 closed, uint24 breaker)
        public
        pure
    {
        Tape memory t = TapeWordLib.encode(Tape(step, time, log, net, variance, closed, breaker)).decode();
        assert(t.step == step && t.priceTime == time && t.log == log && t.net == net);
        assert(t.variance == variance && t.closed == closed && t.breaker == breaker);
    }

    function check_score(uint24[5] calldata f, uint64 forestLoss, uint64 floorLoss) public pure {
        Score memory s = ScoreWordLib.encode(Score(f[0], f[1], f[2], forestLoss, floorLoss, f[3], f[4])).decode();
        assert(s.hour == f[0] && s.forest == f[1] && s.floor == f[2] && s.losingSince == f[3] && s.generation == f[4]);
        assert(s.forestLoss == forestLoss && s.floorLoss == floorLoss);
    }

    function check_sums(uint48[4] calldata f) public pure {
        SumsWord word = SumsWordLib.encode([uint256(f[0]), f[1], f[2], f[3]]);
        for (uint256 i; i < 4; ++i) {
            assert(word.at(i) == f[i]);
        }
    }

    function check_hours(uint256 last, uint8 hour, uint8 other, int24 net, uint40 variance) public pure {
        HoursWord before = HoursWord.wrap(last);
        HoursWord word = before.with(hour, net, variance);
        assert(word.net(hour) == net && word.variance(hour) == variance);
        if (hour % 4 == other % 4) return;
        assert(word.net(other) == before.net(other) && word.variance(other) == before.variance(other));
    }

    function check_a_level_moves_slowly(uint256 word, uint256 fallback_, uint32 first, uint32 second) public pure {
        PathWord path = PathWord.wrap(word);
        if (fallback_ > PathWordLib.MAX || path.time() > first || first > second) return;
        uint256 before = path.levelAt(fallback_, first);
        uint256 later = path.levelAt(fallback_, second);
        uint256 elapsed = uint256(second) - first;
        assert(later <= before + PathWordLib.RISE * elapsed);
        assert(later + PathWordLib.FALL * elapsed >= before);
    }

    function check_a_move_changes_no_level(uint256 word, uint256 fallback_, uint256 target, uint32 time) public pure {
        PathWord path = PathWord.wrap(word);
        if (fallback_ > PathWordLib.MAX || target > PathWordLib.MAX || path.time() > time) return;
        if (time > path.time() + 2 hours) return; // so many hours are rolled in a loop
        PathWord moved = path.moved(fallback_, target, time);
        assert(moved.levelAt(fallback_, time) == path.levelAt(fallback_, time));
        assert(moved.target() == target && moved.time() == time);
    }

    function check_a_floor_stays_between_old_and_new(uint80 fast, uint80 slow, uint24 change) public pure {
        uint256 square = uint256(change) * change;
        FloorWord word = FloorWord.wrap(fast | uint256(slow) << 128).add(square, 1);
        uint256 variance = square << 32;
        assert(word.fast() <= (fast > variance ? fast : variance));
        assert(word.slow() <= (slow > variance ? slow : variance));
    }
}
