// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SSTORE2} from "solady/utils/SSTORE2.sol";

import {FloorWord} from "contracts/types/FloorWord.sol";
import {ForestHeader} from "contracts/types/ForestHeader.sol";
import {HoursWord} from "contracts/types/HoursWord.sol";
import {PathWord, PathWordLib} from "contracts/types/PathWord.sol";
import {Score, ScoreWordLib} from "contracts/types/ScoreWord.sol";
import {SumsWordLib} from "contracts/types/SumsWord.sol";
import {Tape} from "contracts/types/TapeWord.sol";
import {Features} from "contracts/volatility/Features.sol";
import {Forest} from "contracts/volatility/Forest.sol";
import {History, HistoryLib} from "contracts/volatility/History.sol";

/// @notice A price at a step of the grid.
struct Mark {
    uint256 step;
    int256 log;
}

/// @notice A week of hours of an underlying, and the sums of the majors.
struct Week {
    uint256 last;
    int256[168] nets;
    uint256[168] variances;
    uint256[4] majors;
}

/// @notice A move of a path.
struct Move {
    uint256 time;
    uint256 target;
}

/// @notice The libraries of the forecaster and the steward, one by one, for comparison with their reference in Python.
contract VolatilityProbe {
    using HistoryLib for History;

    History private _history;
    address private _forest;

    function setForest(bytes calldata blob) external {
        Forest.check(blob);
        _forest = SSTORE2.write(blob);
    }

    /// @notice Observes marks from an empty history on.
    function observe(Mark[] calldata marks, uint256 breaker)
        external
        returns (Tape memory tape, uint256 fast, uint256 slow, uint256[4] memory sums, int256[] memory records)
    {
        delete _history;
        tape.breaker = breaker;
        for (uint256 i; i < marks.length; ++i) {
            if (marks[i].step > tape.step) _history.observe(tape, marks[i].step, marks[i].log);
        }
        (fast, slow) = (_history.floor.fast(), _history.floor.slow());
        sums = _sums();
        records = new int256[](2 * tape.closed);
        uint256 hour = tape.step / 12 - tape.closed;
        for (uint256 i; i < tape.closed; ++i) {
            HoursWord word = _history.week[(hour + i) % 168 / 4];
            (records[2 * i], records[2 * i + 1]) = (word.net(hour + i), int256(word.variance(hour + i)));
        }
    }

    function _sums() private view returns (uint256[4] memory sums) {
        for (uint256 i; i < 4; ++i) {
            sums[i] = _history.sums.at(i);
        }
    }

    /// @notice Vectors and forecasts of weeks by the forest.
    function forecasts(Week[] calldata weeks_) external returns (int256[15][] memory vectors, uint256[] memory moves) {
        (vectors, moves) = (new int256[15][](weeks_.length), new uint256[](weeks_.length));
        for (uint256 i; i < weeks_.length; ++i) {
            _put(weeks_[i]);
            ForestHeader header = Forest.headerAt(_forest);
            vectors[i] = Features.vectorOf(_history, weeks_[i].last, weeks_[i].majors, header);
            moves[i] = Forest.forecast(_forest, header, vectors[i]);
        }
    }

    function _put(Week calldata w) private {
        uint256[4] memory sums;
        for (uint256 i; i < 168; ++i) {
            uint256 hour = w.last + i - 167;
            uint256 place = hour % 168 / 4;
            _history.week[place] = _history.week[place].with(hour, w.nets[i], w.variances[i]);
            for (uint256 j; j < 4; ++j) {
                if (168 - i <= SumsWordLib.hoursAt(j)) sums[j] += w.variances[i];
            }
        }
        _history.sums = SumsWordLib.encode(sums);
    }

    /// @notice Forecasts of the forest from vectors.
    function evaluate(int256[15][] calldata vectors) external view returns (uint256[] memory moves) {
        moves = new uint256[](vectors.length);
        ForestHeader header = Forest.headerAt(_forest);
        for (uint256 i; i < vectors.length; ++i) {
            moves[i] = Forest.forecast(_forest, header, vectors[i]);
        }
    }

    /// @notice What one forecast costs, features and the loading of the forest included [gas].
    function cost(Week calldata w) external returns (uint256 features, uint256 forest) {
        _put(w);
        ForestHeader header = Forest.headerAt(_forest);
        features = gasleft();
        int256[15] memory vector = Features.vectorOf(_history, w.last, w.majors, header);
        features -= gasleft();
        forest = gasleft();
        Forest.forecast(_forest, header, vector);
        forest -= gasleft();
    }

    /// @notice What a floor forecasts.
    function floorOf(uint256 fast, uint256 slow, uint256 factor) external pure returns (uint256) {
        return FloorWord.wrap(fast | slow << 128).forecast(factor);
    }

    /// @notice Levels and what maintenance margin is told, at each time and before each move; and the last word.
    function path(uint256 begin, uint256 start, uint256 fallback_, Move[] calldata moves)
        external
        pure
        returns (uint256[] memory reached, uint256[] memory noticed, uint256[] memory ends, PathWord word)
    {
        (reached, noticed) = (new uint256[](moves.length), new uint256[](moves.length));
        ends = new uint256[](moves.length);
        word = PathWordLib.begin(begin, start);
        for (uint256 i; i < moves.length; ++i) {
            reached[i] = word.levelAt(fallback_, moves[i].time);
            noticed[i] = word.noticedAt(fallback_, moves[i].time);
            if (moves[i].target != 0) word = word.moved(fallback_, moves[i].target, moves[i].time);
            ends[i] = word.noticeEnd();
        }
    }

    /// @notice Levels of multipliers, and multipliers of levels.
    function levels(uint256[] calldata multipliers)
        external
        pure
        returns (uint256[] memory found, uint256[] memory back)
    {
        (found, back) = (new uint256[](multipliers.length), new uint256[](multipliers.length));
        for (uint256 i; i < multipliers.length; ++i) {
            found[i] = PathWordLib.levelOf(multipliers[i]);
            back[i] = PathWordLib.multiplierOf(found[i]);
        }
    }

    /// @notice A score after it was held against a move.
    function kept(Score memory score, uint256 move) external pure returns (Score memory) {
        ScoreWordLib.keep(score, move);
        return ScoreWordLib.encode(score).decode();
    }
}
