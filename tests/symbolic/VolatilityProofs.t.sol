// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HoursWord} from "contracts/types/HoursWord.sol";
import {Score, ScoreWordLib} from "contracts/types/ScoreWord.sol";
import {SumsWord, SumsWordLib} from "contracts/types/SumsWord.sol";
import {Tape, TapeWordLib} from "contracts/types/TapeWord.sol";

/// @notice Words of the forecaster are read as they were packed. Proved by Halmos (`make prove`).
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
}
