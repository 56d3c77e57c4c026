// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";
import {SSTORE2} from "solady/utils/SSTORE2.sol";

import {IOracleAdapter, Price} from "./interfaces/IOracleAdapter.sol";
import {ForecastRules, IVolatilityForecaster} from "./interfaces/IVolatilityForecaster.sol";
import {MAX_FEED_ID} from "./types/Constants.sol";
import {ForestHeader} from "./types/ForestHeader.sol";
import {PriceStatus} from "./types/PriceStatus.sol";
import {Score, ScoreWord, ScoreWordLib} from "./types/ScoreWord.sol";
import {SumsWord, SumsWordLib} from "./types/SumsWord.sol";
import {Tape, TapeWord, TapeWordLib} from "./types/TapeWord.sol";
import {Features} from "./volatility/Features.sol";
import {Forest} from "./volatility/Forest.sol";
import {History, HistoryLib} from "./volatility/History.sol";

/// @title Volatility forecaster: owns observed returns, the forest and its scores.
contract VolatilityForecaster is IVolatilityForecaster, AccessManaged {
    /// @dev A step of the grid [s].
    uint256 private constant GRID = 5 minutes;
    /// @dev Forecasts of an hour are compared with it where they were made in so many of its first steps: later the
    /// floor has seen a part of it, and the forest has not.
    uint256 private constant PROMPT = 2;
    /// @dev Highest breaker, factor of the floor (16) and patience (a year).
    uint256 private constant MAX_BREAKER = 2 ** 23 - 1;
    uint256 private constant MAX_FACTOR = 16 * 2 ** 20;
    uint256 private constant MAX_PATIENCE = 8760;
    int256 private constant WAD_TO_PPM = 1e12;

    /// @notice Where prices come from.
    IOracleAdapter public immutable oracle;

    mapping(uint256 underlying => History) private _histories;
    mapping(uint256 underlying => ScoreWord) private _scores;

    ForecastRules private _rules;
    // slot: 20 + 3 bytes
    address private _forest; // contract whose code it is; zero: none
    uint24 private _generation; // counts forests that were installed or removed
    bytes32 private _hash;

    constructor(address authority, IOracleAdapter oracle_) AccessManaged(authority) {
        oracle = oracle_;
    }

    /* OBSERVATION */

    /// @inheritdoc IVolatilityForecaster
    function observe(uint256[] calldata underlyings) external {
        for (uint256 i; i < underlyings.length; ++i) {
            if (underlyings[i] <= MAX_FEED_ID) _observe(underlyings[i]);
        }
    }

    /// @dev Takes in the price of an underlying, where it is observed and the price is Valid and new.
    /// @return tape Where its observation stands then.
    function _observe(uint256 underlying) private returns (Tape memory tape) {
        History storage history = _histories[underlying];
        tape = history.tape.decode();
        uint256 step = block.timestamp / GRID;
        if (tape.breaker == 0 || step == tape.step) return tape;
        Price memory price = oracle.price(underlying);
        if (price.status != PriceStatus.Valid || price.time <= tape.priceTime) return tape;

        uint256 before = tape.step;
        int256 change = history.observe(tape, step, _logOf(price.mid));
        tape.priceTime = price.time;
        history.tape = TapeWordLib.encode(tape);
        emit Observed(underlying, step, change);
        if (FixedPointMathLib.abs(change) > tape.breaker) emit Winsorised(underlying, change, tape.breaker);

        _keepScore(underlying, history, before, step);
    }

    /// @dev Logarithm of a price, down [ppm].
    function _logOf(uint256 price) private pure returns (int256 log) {
        // safe because prices are above 0 and below 2^96
        log = FixedPointMathLib.lnWad(int256(price));
        bool cut = log < 0 && log % WAD_TO_PPM != 0;
        log /= WAD_TO_PPM;
        if (cut) --log;
    }

    /// @dev Holds the last forecasts against their hour, where it has just closed and was seen: a return over more
    /// than an hour says little about one.
    function _keepScore(uint256 underlying, History storage history, uint256 before, uint256 step) private {
        uint256 hour = HistoryLib.hourOf(before);
        if (HistoryLib.hourOf(step) == hour || step > before + HistoryLib.STEPS) return;
        Score memory score = _scores[underlying].decode();
        if (score.hour != hour || score.generation != _generation || score.floor == 0) return;
        ScoreWordLib.keep(score, FixedPointMathLib.abs(history.netOf(hour)));
        _scores[underlying] = ScoreWordLib.encode(score);
    }

    /* FORECAST */

    /// @inheritdoc IVolatilityForecaster
    function update(uint256 underlying) external returns (uint256 forecast, uint256 time) {
        if (underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        Tape memory tape = _observe(underlying);
        if (tape.breaker == 0) revert UnknownUnderlying(underlying);
        if (tape.closed != HistoryLib.WEEK) return (0, 0);

        uint256 hour = HistoryLib.hourOf(tape.step);
        forecast = _floorOf(underlying);
        Score memory score = _scores[underlying].decode();
        if (_forest != address(0) && (score.hour != hour || score.generation != _generation)) {
            _forecast(underlying, score, hour, tape.step % HistoryLib.STEPS < PROMPT ? forecast : 0);
        }
        if (_counts(score, hour)) forecast = FixedPointMathLib.max(forecast, score.forest);
        time = tape.step * GRID;
    }

    /// @dev Forecasts the hour that runs, by floor and forest; changes `score`. A floor of 0 is not compared.
    function _forecast(uint256 underlying, Score memory score, uint256 hour, uint256 floor) private {
        if (score.generation != _generation) {
            (score.forestLoss, score.floorLoss, score.losingSince) = (0, 0, 0);
            score.generation = _generation;
        }
        address pointer = _forest;
        ForestHeader header = Forest.headerAt(pointer);
        score.hour = hour;
        score.forest = Forest.forecast(pointer, header, _vectorOf(underlying, hour, header));
        score.floor = FixedPointMathLib.min(floor, type(uint24).max);
        _scores[underlying] = ScoreWordLib.encode(score);
        emit Forecast(underlying, score);
    }

    /// @dev What the forest sees of the hours before one.
    function _vectorOf(uint256 underlying, uint256 hour, ForestHeader header)
        private
        view
        returns (int256[15] memory)
    {
        return Features.vectorOf(_histories[underlying], hour - 1, _majors(), header);
    }

    /// @dev Sums of the majors, added up by window [ppm^2].
    function _majors() private view returns (uint256[4] memory sums) {
        ForecastRules memory r = _rules;
        _addMajor(sums, r.major);
        _addMajor(sums, r.secondMajor);
        _addMajor(sums, r.thirdMajor);
    }

    function _addMajor(uint256[4] memory sums, uint256 underlying) private view {
        if (underlying == 0) return;
        SumsWord own = _histories[underlying].sums;
        for (uint256 place; place < SumsWordLib.COUNT; ++place) {
            sums[place] += own.at(place);
        }
    }

    /// @dev [ppm].
    function _floorOf(uint256 underlying) private view returns (uint256) {
        return _histories[underlying].floor.forecast(_rules.factor);
    }

    /// @dev Whether the forest has spoken of the hour that runs, and has not lost for too long.
    function _counts(Score memory score, uint256 hour) private view returns (bool) {
        if (_forest == address(0) || score.hour != hour || score.generation != _generation) return false;
        return score.losingSince == 0 || hour < score.losingSince + _rules.patience;
    }

    /* GOVERNANCE */

    /// @inheritdoc IVolatilityForecaster
    function setBreaker(uint256 underlying, uint256 breaker) external restricted {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        if (breaker > MAX_BREAKER) revert ForecastRuleTooHigh(breaker, MAX_BREAKER);

        History storage history = _histories[underlying];
        Tape memory tape = history.tape.decode();
        tape.breaker = breaker;
        history.tape = TapeWordLib.encode(tape);
        emit BreakerSet(underlying, breaker);
    }

    /// @inheritdoc IVolatilityForecaster
    function setRules(ForecastRules calldata newRules) external restricted {
        if (newRules.factor > MAX_FACTOR) revert ForecastRuleTooHigh(newRules.factor, MAX_FACTOR);
        if (newRules.patience > MAX_PATIENCE) revert ForecastRuleTooHigh(newRules.patience, MAX_PATIENCE);
        _rules = newRules;
        emit RulesSet(newRules);
    }

    /// @inheritdoc IVolatilityForecaster
    function installForest(bytes calldata blob) external restricted {
        Forest.check(blob);
        _forest = SSTORE2.write(blob);
        ++_generation;
        _hash = keccak256(blob);
        emit ForestInstalled(_hash, Forest.headerOf(blob).number(), _forest);
    }

    /* GUARDIAN */

    /// @inheritdoc IVolatilityForecaster
    function removeForest() external restricted {
        if (_forest == address(0)) revert NoForest();
        emit ForestRemoved(_hash);
        _forest = address(0);
        ++_generation;
        _hash = 0;
    }

    /* VIEWS */

    /// @inheritdoc IVolatilityForecaster
    function forest()
        external
        view
        returns (bytes32 hash, uint256 number, uint256 first, uint256 end, address pointer)
    {
        (hash, pointer) = (_hash, _forest);
        if (pointer == address(0)) return (hash, 0, 0, 0, pointer);
        ForestHeader header = Forest.headerAt(pointer);
        number = header.number();
        (first, end) = header.window();
    }

    /// @inheritdoc IVolatilityForecaster
    function scoreOf(uint256 underlying) external view returns (Score memory score, bool counts) {
        score = _scores[underlying].decode();
        counts = _counts(score, HistoryLib.hourOf(_histories[underlying].tape.step()));
    }

    /// @inheritdoc IVolatilityForecaster
    function floorOf(uint256 underlying) external view returns (uint256) {
        return _histories[underlying].tape.closed() == HistoryLib.WEEK ? _floorOf(underlying) : 0;
    }

    /// @inheritdoc IVolatilityForecaster
    function tapeOf(uint256 underlying) external view returns (uint256 step, uint256 priceTime, uint256 closed) {
        Tape memory tape = _histories[underlying].tape.decode();
        return (tape.step, tape.priceTime, tape.closed);
    }

    /// @inheritdoc IVolatilityForecaster
    function featuresOf(uint256 underlying) external view returns (int256[15] memory) {
        TapeWord tape = _histories[underlying].tape;
        if (tape.closed() != HistoryLib.WEEK) revert UnknownUnderlying(underlying);
        if (_forest == address(0)) revert NoForest();
        return _vectorOf(underlying, HistoryLib.hourOf(tape.step()), Forest.headerAt(_forest));
    }

    /// @inheritdoc IVolatilityForecaster
    function breakerOf(uint256 underlying) external view returns (uint256) {
        return _histories[underlying].tape.breaker();
    }

    /// @inheritdoc IVolatilityForecaster
    function rules() external view returns (ForecastRules memory) {
        return _rules;
    }
}
