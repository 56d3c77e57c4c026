// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ForecastRules, IVolatilityForecaster} from "contracts/interfaces/IVolatilityForecaster.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Score, ScoreWordLib} from "contracts/types/ScoreWord.sol";
import {ForecastTest} from "tests/foundry/base/ForecastTest.sol";

/// @notice The forecaster: what counts as an observation, what is forecast from it, and which forecast counts.
contract VolatilityForecasterTest is ForecastTest {
    uint256 private constant PRICE = 2000e18;

    function _closed() private view returns (uint256 closed) {
        (,, closed) = forecaster.tapeOf(ETH);
    }

    function _step() private view returns (uint256 step) {
        (step,,) = forecaster.tapeOf(ETH);
    }

    /* OBSERVATION */

    function test_takes_one_price_a_step() public {
        observe(PRICE);
        assertEq(_step(), vm.getBlockTimestamp() / GRID);
        skip(GRID - 1);
        prices.set(ETH, 2 * PRICE, vm.getBlockTimestamp(), PriceStatus.Valid);
        vm.recordLogs();
        forecaster.observe(ids());
        assertEq(vm.getRecordedLogs().length, 0);
        skip(1);
        vm.expectEmit();
        emit IVolatilityForecaster.Observed(ETH, vm.getBlockTimestamp() / GRID, 693_147);
        vm.expectEmit();
        emit IVolatilityForecaster.Winsorised(ETH, 693_147, BREAKER);
        forecaster.observe(ids());
    }

    function test_passes_over_what_is_not_valid_new_or_listed() public {
        observe(PRICE);
        uint256 step = _step();
        skip(GRID);
        for (uint256 status; status <= uint256(PriceStatus.Halted); ++status) {
            if (status == uint256(PriceStatus.Valid)) continue;
            prices.set(ETH, PRICE, vm.getBlockTimestamp(), PriceStatus(status));
            forecaster.observe(ids());
        }
        prices.set(ETH, PRICE, START, PriceStatus.Valid);
        forecaster.observe(ids());
        uint256[] memory strangers = new uint256[](2);
        (strangers[0], strangers[1]) = (ETH + 1, type(uint256).max);
        forecaster.observe(strangers);
        assertEq(_step(), step);
    }

    function test_ends_where_the_breaker_is_taken_away() public {
        observe(PRICE);
        forecaster.setBreaker(ETH, 0);
        skip(GRID);
        uint256 step = _step();
        observe(PRICE);
        assertEq(_step(), step);
        vm.expectRevert(abi.encodeWithSelector(IVolatilityForecaster.UnknownUnderlying.selector, ETH));
        forecaster.update(ETH);
        vm.expectRevert(abi.encodeWithSelector(IVolatilityForecaster.UnknownUnderlying.selector, 256));
        forecaster.update(256);
    }

    function test_forecasts_once_a_week_is_closed() public {
        live(167, PRICE, 1000);
        (uint256 forecast, uint256 time) = forecaster.update(ETH);
        assertEq(forecast, 0);
        assertEq(time, 0);
        assertEq(forecaster.floorOf(ETH), 0);
        live(2, PRICE, 1000);
        assertEq(_closed(), 168);
        (forecast, time) = forecaster.update(ETH);
        assertEq(time, vm.getBlockTimestamp());
        // 999.5 ppm a step, sqrt(12) an hour, times 2.9; a week of 72-hour half-lives lacks a fifth of half of it
        assertApproxEqRel(forecast, 9500, 0.02e18);
        assertEq(forecaster.floorOf(ETH), forecast);
    }

    /// @dev A gap of a day is one return, over its hours; a longer one begins anew.
    function test_missed_steps_count_once() public {
        live(170, PRICE, 1000);
        uint256 before = forecaster.floorOf(ETH);
        skip(24 hours);
        observe(PRICE);
        assertEq(_closed(), 168);
        assertLt(forecaster.floorOf(ETH), before);
        skip(24 hours + GRID);
        observe(PRICE);
        assertEq(_closed(), 0);
        assertEq(forecaster.floorOf(ETH), 0);
    }

    function test_a_price_far_off_counts_as_the_breaker() public {
        live(170, PRICE, 1000);
        uint256 snapshot = vm.snapshotState();
        skip(GRID);
        observe(PRICE * 1.106e18 / 1e18);
        uint256 capped = forecaster.floorOf(ETH);
        vm.revertToState(snapshot);
        skip(GRID);
        observe(1000 * PRICE);
        assertEq(forecaster.floorOf(ETH), capped);
    }

    /* FOREST */

    function test_the_higher_of_floor_and_forest_counts() public {
        live(170, PRICE, 1000);
        (uint256 floor,) = forecaster.update(ETH);
        forecaster.installForest(forestOf(TREES, 2 ** 22));
        (uint256 forecast,) = forecaster.update(ETH);
        (Score memory score, bool counts) = forecaster.scoreOf(ETH);
        assertTrue(counts);
        assertEq(score.floor, floor);
        assertEq(score.forest, forecast);
        assertEq(int256(forecast), forecaster.featuresOf(ETH)[12] * 4);
        assertGt(forecast, floor);
        forecaster.installForest(forestOf(TREES, 2 ** 18));
        (forecast,) = forecaster.update(ETH);
        assertEq(forecast, floor);
    }

    function test_says_which_forest_it_is() public {
        bytes memory blob = forestOf(2, 1);
        forecaster.installForest(blob);
        (bytes32 hash, uint256 number, uint256 first, uint256 end, address pointer) = forecaster.forest();
        assertEq(hash, keccak256(blob));
        assertEq(abi.encode(number, first, end), abi.encode(7, 400_000, 480_000));
        assertEq(pointer.code, abi.encodePacked(uint8(0), blob));
    }

    function test_the_guardian_removes_it_at_once() public {
        live(170, PRICE, 1000);
        (uint256 floor,) = forecaster.update(ETH);
        forecaster.installForest(forestOf(TREES, 2 ** 22));
        forecaster.update(ETH);
        forecaster.removeForest();
        (uint256 forecast,) = forecaster.update(ETH);
        assertEq(forecast, floor);
        (bytes32 hash, uint256 number,,, address pointer) = forecaster.forest();
        assertEq(abi.encode(hash, number, pointer), abi.encode(0, 0, 0));
        vm.expectRevert(IVolatilityForecaster.NoForest.selector);
        forecaster.removeForest();
        vm.expectRevert(IVolatilityForecaster.NoForest.selector);
        forecaster.featuresOf(ETH);
    }

    function test_refuses_what_is_no_forest() public {
        bytes memory blob = forestOf(2, 1);
        _refuse(hex"0102", abi.encodeWithSelector(IVolatilityForecaster.ForestLength.selector, 2, 32));
        bytes memory longer = abi.encodePacked(blob, uint8(0));
        _refuse(longer, abi.encodeWithSelector(IVolatilityForecaster.ForestLength.selector, 449, 448));
        _refuseField(0, 2, 2, 1); // version
        _refuseField(2, 2, 2, 1); // horizon
        _refuseField(5, 0, 989_952, 990_000); // quantile
        _refuseField(22, 3, 3, 1); // mask
        blob[16] = 0; // least scale
        _refuse(blob, abi.encodeWithSelector(IVolatilityForecaster.ForestField.selector, 0, 1));
        blob = forestOf(2, 1);
        blob[200] = bytes1(uint8(13));
        _refuse(blob, abi.encodeWithSelector(IVolatilityForecaster.UnknownFeature.selector, 13));
    }

    function _refuseField(uint256 at, uint8 value, uint256 actual, uint256 expected) private {
        bytes memory blob = forestOf(2, 1);
        blob[at] = bytes1(value);
        _refuse(blob, abi.encodeWithSelector(IVolatilityForecaster.ForestField.selector, actual, expected));
    }

    function _refuse(bytes memory blob, bytes memory reason) private {
        vm.expectRevert(reason);
        forecaster.installForest(blob);
    }

    function test_everything_that_is_set_is_restricted_and_bounded() public {
        vm.expectRevert(abi.encodeWithSelector(IVolatilityForecaster.UnknownUnderlying.selector, 0));
        forecaster.setBreaker(0, 1);
        vm.expectRevert(abi.encodeWithSelector(IVolatilityForecaster.UnknownUnderlying.selector, 256));
        forecaster.setBreaker(256, 1);
        _refuseHigh(2 ** 23, 2 ** 23 - 1);
        forecaster.setBreaker(ETH, 2 ** 23);
        _refuseHigh(2 ** 24 + 1, 2 ** 24);
        forecaster.setRules(ForecastRules(2 ** 24 + 1, 0, 0, 0, 0));
        _refuseHigh(8761, 8760);
        forecaster.setRules(ForecastRules(1, 8761, 0, 0, 0));
        assertEq(forecaster.breakerOf(ETH), BREAKER);
        assertEq(abi.encode(forecaster.rules()), abi.encode(ForecastRules(FACTOR, 24, uint8(ETH), 0, 0)));
        allowed = false;
        vm.expectRevert();
        forecaster.setBreaker(ETH, 1);
        vm.expectRevert();
        forecaster.setRules(ForecastRules(1, 1, 1, 1, 1));
        vm.expectRevert();
        forecaster.installForest(forestOf(1, 1));
        vm.expectRevert();
        forecaster.removeForest();
    }

    function _refuseHigh(uint256 value, uint256 limit) private {
        vm.expectRevert(abi.encodeWithSelector(IVolatilityForecaster.ForecastRuleTooHigh.selector, value, limit));
    }

    /* SCOREBOARD */

    function test_pinball_punishes_a_move_beyond_the_quantile_by_99_to_1() public pure {
        assertEq(ScoreWordLib.pinball(1000, 1100), 99_000_000);
        assertEq(ScoreWordLib.pinball(1100, 1000), 1_000_000);
        assertEq(ScoreWordLib.pinball(1000, 1000), 0);
    }

    /// @dev One that asks for eight times what is needed loses, and is off after the patience of a day; it goes on
    /// forecasting, and would be on again once it leads.
    function test_a_forest_that_loses_is_off_until_another_one() public {
        live(170, PRICE, 1000);
        forecaster.installForest(forestOf(1, 2 ** 25));
        (uint256 before,) = forecaster.update(ETH);
        for (uint256 i; i < 23; ++i) {
            (uint256 forecast,) = _hour(1000);
            assertGt(forecast, before / 2);
        }
        (uint256 floored,) = _hour(1000);
        assertEq(floored, forecaster.floorOf(ETH));
        (Score memory score, bool counts) = forecaster.scoreOf(ETH);
        assertFalse(counts);
        assertGt(score.forestLoss, score.floorLoss);
        assertGt(score.forest, 5 * score.floor);
        // another one begins anew
        forecaster.installForest(forestOf(1, 2 ** 25));
        (uint256 again,) = _hour(1000);
        (score, counts) = forecaster.scoreOf(ETH);
        assertTrue(counts);
        assertEq(score.forestLoss, 0);
        assertEq(again, score.forest);
    }

    /// @dev An hour, and the forecast at its end; the hour ends where it began.
    function _hour(uint256 size) private returns (uint256, uint256) {
        live(1, PRICE, size);
        return forecaster.update(ETH);
    }

    function test_an_hour_nobody_saw_scores_nothing() public {
        live(170, PRICE, 1000);
        forecaster.installForest(forestOf(1, 2 ** 22));
        forecaster.update(ETH);
        skip(3 hours);
        observe(PRICE);
        forecaster.update(ETH);
        (Score memory score,) = forecaster.scoreOf(ETH);
        assertEq(score.forestLoss, 0);
        assertEq(score.floorLoss, 0);
    }

    /// @dev The floor would have seen the most of the hour, and the forest nothing.
    function test_a_late_forecast_scores_nothing() public {
        live(170, PRICE, 1000);
        forecaster.installForest(forestOf(1, 2 ** 22));
        skip(10 * GRID);
        observe(PRICE);
        forecaster.update(ETH);
        skip(2 * GRID);
        observe(PRICE);
        (Score memory score,) = forecaster.scoreOf(ETH);
        assertGt(score.forest, 0);
        assertEq(score.floor, 0);
        assertEq(score.forestLoss, 0);
    }

    function test_another_forest_begins_without_a_past() public {
        live(170, PRICE, 1000);
        forecaster.installForest(forestOf(1, 2 ** 25));
        forecaster.update(ETH);
        _hour(1000);
        (Score memory score,) = forecaster.scoreOf(ETH);
        assertGt(score.forestLoss, 0);
        forecaster.installForest(forestOf(1, 2 ** 21));
        forecaster.update(ETH);
        (score,) = forecaster.scoreOf(ETH);
        assertEq(score.forestLoss, 0);
        assertEq(score.losingSince, 0);
    }
}
