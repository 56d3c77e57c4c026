// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {FixedPointMathLib} from "solady/utils/FixedPointMathLib.sol";

import {IRiskSteward, StewardRule} from "./interfaces/IRiskSteward.sol";
import {IVolatilityForecaster} from "./interfaces/IVolatilityForecaster.sol";
import {IVolatilityMultiplier} from "./interfaces/IVolatilityMultiplier.sol";
import {MAX_FEED_ID, PPM_TO_WAD, WAD} from "./types/Constants.sol";
import {MultipliersWord, MultipliersWordLib, UNCHANGED} from "./types/MultipliersWord.sol";
import {PathWord, PathWordLib} from "./types/PathWord.sol";

/// @title Risk steward: owns the multipliers' paths, and gives them targets.
contract RiskSteward is IRiskSteward, AccessManaged {
    /// @dev Bounds of what a rule may say [ppm].
    uint256 private constant LEAST_MULTIPLIER = 500_000;
    uint256 private constant MOST_MULTIPLIER = 8_000_000;
    /// @dev Oldest forecast that a poke takes [s].
    uint256 private constant MAX_FORECAST_AGE = 30 minutes;

    /// @notice Where forecasts come from.
    IVolatilityForecaster public immutable forecaster;

    PathWord[MAX_FEED_ID + 1] private _paths;
    mapping(uint256 underlying => StewardRule) private _rules;

    constructor(address authority, IVolatilityForecaster forecaster_) AccessManaged(authority) {
        forecaster = forecaster_;
    }

    /* POKE */

    /// @inheritdoc IRiskSteward
    function poke(uint256[] calldata underlyings) external {
        for (uint256 i; i < underlyings.length; ++i) {
            _poke(underlyings[i]);
        }
    }

    function _poke(uint256 underlying) private {
        PathWord path = _requirePath(underlying);
        (uint256 forecast, uint256 time) = forecaster.update(underlying);
        uint256 earliest = block.timestamp - MAX_FORECAST_AGE;
        if (time < earliest) revert ForecastTooOld(underlying, time, earliest);

        uint256 target = _targetOf(_rules[underlying], forecast);
        path = path.moved(_neededFallback(path, underlying), target, block.timestamp);
        _paths[underlying] = path;
        emit Poked(underlying, forecast, PathWordLib.multiplierOf(target), PathWordLib.multiplierOf(path.level()));
    }

    /// @dev Level of a forecast over its base, inside the bounds.
    /// @param forecast [ppm].
    function _targetOf(StewardRule storage rule, uint256 forecast) private view returns (uint256) {
        uint256 multiplier = FixedPointMathLib.max(forecast, 1) * WAD / rule.base;
        return
            PathWordLib.levelOf(FixedPointMathLib.clamp(multiplier, rule.least * PPM_TO_WAD, rule.most * PPM_TO_WAD));
    }

    /// @dev Level of a multiplier [ppm].
    function _levelOf(uint256 multiplier) private pure returns (uint256) {
        return PathWordLib.levelOf(multiplier * PPM_TO_WAD);
    }

    /// @dev The path of an underlying that has one.
    function _requirePath(uint256 underlying) private view returns (PathWord path) {
        path = _pathOf(underlying);
        if (path.isNone()) revert UnknownUnderlying(underlying);
    }

    /// @dev None beyond the highest id.
    function _pathOf(uint256 underlying) private view returns (PathWord path) {
        if (underlying <= MAX_FEED_ID) path = _paths[underlying];
    }

    /* GOVERNANCE */

    /// @inheritdoc IRiskSteward
    function setRule(uint256 underlying, StewardRule calldata rule) external restricted {
        if (underlying == 0 || underlying > MAX_FEED_ID) revert UnknownUnderlying(underlying);
        _requireAtLeast(rule.base, 1);
        _requireAtLeast(rule.least, LEAST_MULTIPLIER);
        _requireAtLeast(rule.silent, rule.least);
        _requireAtLeast(rule.most, rule.silent);
        if (rule.most > MOST_MULTIPLIER) revert RuleOutOfRange(rule.most, MOST_MULTIPLIER);

        uint256 target = _levelOf(rule.silent);
        PathWord path = _paths[underlying];
        if (path.isNone()) path = PathWordLib.begin(PathWordLib.UNIT, block.timestamp);
        _paths[underlying] = path.moved(_fallbackOf(underlying), target, block.timestamp);
        _rules[underlying] = rule;
        emit RuleSet(underlying, rule);
    }

    /// @dev Level of the default in force; where there is no rule, the lowest.
    function _fallbackOf(uint256 underlying) private view returns (uint256) {
        return _levelOf(FixedPointMathLib.max(_rules[underlying].silent, LEAST_MULTIPLIER));
    }

    function _requireAtLeast(uint256 value, uint256 limit) private pure {
        if (value < limit) revert RuleOutOfRange(value, limit);
    }

    /* VIEWS */

    /// @inheritdoc IVolatilityMultiplier
    function multipliers(uint256[] calldata underlyings) external view returns (uint256[] memory words) {
        words = new uint256[](underlyings.length);
        for (uint256 i; i < underlyings.length; ++i) {
            words[i] = MultipliersWord.unwrap(_multipliersOf(underlyings[i]));
        }
    }

    /// @dev Unchanged where there is no rule.
    function _multipliersOf(uint256 underlying) private view returns (MultipliersWord) {
        PathWord path = _pathOf(underlying);
        if (path.isNone()) return UNCHANGED;

        uint256 fallback_ = _neededFallback(path, underlying);
        return MultipliersWordLib.encode(
            PathWordLib.multiplierOf(path.noticedAt(fallback_, block.timestamp)),
            PathWordLib.multiplierOf(path.levelAt(fallback_, block.timestamp))
        );
    }

    /// @dev Level of the default; 0 where the path does not go there yet.
    function _neededFallback(PathWord path, uint256 underlying) private view returns (uint256) {
        return block.timestamp > path.expiry() ? _fallbackOf(underlying) : 0;
    }

    /// @inheritdoc IRiskSteward
    function next(uint256 underlying)
        external
        view
        returns (uint256 within, uint256 until, uint256 target, uint256 time)
    {
        PathWord path = _requirePath(underlying);
        // as it will be moved next: what it has left behind no longer counts
        uint256 fallback_ = _neededFallback(path, underlying);
        uint256 goal = block.timestamp > path.expiry() ? fallback_ : path.target();
        path = path.moved(fallback_, goal, block.timestamp);
        within = PathWordLib.multiplierOf(path.level());
        until = block.timestamp + PathWordLib.NOTICE;
        (target, time) = (PathWordLib.multiplierOf(goal), path.noticeEnd());
    }

    /// @inheritdoc IRiskSteward
    function ruleOf(uint256 underlying) external view returns (StewardRule memory) {
        return _rules[underlying];
    }

    /// @inheritdoc IRiskSteward
    function expiryOf(uint256 underlying) external view returns (uint256) {
        PathWord path = _pathOf(underlying);
        return path.isNone() ? 0 : path.expiry();
    }
}
