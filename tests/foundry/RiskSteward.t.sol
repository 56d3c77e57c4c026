// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {RiskSteward} from "contracts/RiskSteward.sol";
import {IRiskSteward, StewardRule} from "contracts/interfaces/IRiskSteward.sol";
import {IVolatilityForecaster} from "contracts/interfaces/IVolatilityForecaster.sol";
import {MultipliersWord} from "contracts/types/MultipliersWord.sol";

/// @notice A forecaster that says what it is told.
contract SetForecast {
    uint256 private _forecast;
    uint256 private _time;

    function set(uint256 forecast, uint256 time) external {
        (_forecast, _time) = (forecast, time);
    }

    function update(uint256) external view returns (uint256, uint256) {
        return (_forecast, _time);
    }
}

/// @notice The steward: bounds and speeds hold whatever is called in which order, what is missing holds and then goes
/// to the default.
contract RiskStewardTest is Test {
    uint256 private constant START = 1_800_000_000;
    uint256 private constant ID = 7;
    uint256 private constant SAMPLES = 40;
    StewardRule private _rule = StewardRule({base: 20_000, least: 800_000, most: 3_000_000, silent: 1_500_000});

    RiskSteward private steward;
    SetForecast private forecaster;
    bool private _allowed = true;
    uint256 private _seed;

    uint256[] private _times;
    uint256[] private _maintenance;
    uint256[] private _initial;

    /// @dev The test is the access manager.
    function canCall(address, address, bytes4) external view returns (bool, uint32) {
        return (_allowed, 0);
    }

    function setUp() public {
        vm.warp(START);
        forecaster = new SetForecast();
        steward = RiskSteward(
            deployCode(
                "build/forge/RiskSteward.sol/RiskSteward.json",
                abi.encode(address(this), IVolatilityForecaster(address(forecaster)))
            )
        );
        steward.setRule(ID, _rule);
    }

    /// @dev The compiler takes `block.timestamp` for one number in a function.
    function skip(uint256 time) internal override {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    function _poke(uint256 forecast) private {
        forecaster.set(forecast, vm.getBlockTimestamp());
        steward.poke(_ids());
    }

    function _ids() private pure returns (uint256[] memory ids) {
        ids = new uint256[](1);
        ids[0] = ID;
    }

    function _both() private view returns (uint256 maintenance, uint256 initial) {
        MultipliersWord word = MultipliersWord.wrap(steward.multipliers(_ids())[0]);
        return (word.maintenance(), word.initial());
    }

    /* RULES */

    function test_begins_at_one_and_goes_to_the_default() public {
        (uint256 maintenance, uint256 initial) = _both();
        assertEq(maintenance, 1e18);
        assertEq(initial, 1e18);
        skip(2 days);
        (maintenance, initial) = _both();
        assertApproxEqRel(maintenance, 1.5e18, 1e12);
        assertEq(maintenance, initial);
    }

    function test_refuses_rules_beyond_limits() public {
        _refuse(StewardRule(0, 800_000, 3_000_000, 1_500_000), 0, 1);
        _refuse(StewardRule(1, 499_999, 3_000_000, 1_500_000), 499_999, 500_000);
        _refuse(StewardRule(1, 800_000, 3_000_000, 799_999), 799_999, 800_000);
        _refuse(StewardRule(1, 800_000, 1_499_999, 1_500_000), 1_499_999, 1_500_000);
        _refuse(StewardRule(1, 800_000, 8_000_001, 1_500_000), 8_000_001, 8_000_000);
        vm.expectRevert(abi.encodeWithSelector(IRiskSteward.UnknownUnderlying.selector, 256));
        steward.setRule(256, _rule);
        vm.expectRevert(abi.encodeWithSelector(IRiskSteward.UnknownUnderlying.selector, 0));
        steward.setRule(0, _rule);
        assertEq(abi.encode(steward.ruleOf(ID)), abi.encode(_rule));
    }

    function _refuse(StewardRule memory rule, uint256 value, uint256 limit) private {
        vm.expectRevert(abi.encodeWithSelector(IRiskSteward.RuleOutOfRange.selector, value, limit));
        steward.setRule(ID, rule);
    }

    function test_only_governance_sets_rules() public {
        _allowed = false;
        vm.expectRevert();
        steward.setRule(ID, _rule);
    }

    function test_a_rule_moves_nothing_at_once() public {
        _poke(60_000);
        skip(7 hours);
        (uint256 maintenance, uint256 initial) = _both();
        steward.setRule(ID, StewardRule(1, 8_000_000, 8_000_000, 8_000_000));
        (uint256 maintenanceAfter, uint256 initialAfter) = _both();
        assertEq(maintenanceAfter, maintenance);
        assertEq(initialAfter, initial);
    }

    function test_what_has_no_rule_is_unchanged() public {
        uint256[] memory ids = new uint256[](3);
        (ids[0], ids[1], ids[2]) = (3, ID, type(uint256).max);
        _poke(60_000);
        skip(1 hours);
        uint256[] memory words = steward.multipliers(ids);
        assertEq(words[0], 1e18 | 1e18 << 128);
        assertNotEq(words[1], words[0]);
        assertEq(words[2], words[0]);
        assertEq(steward.expiryOf(3), 0);
        vm.expectRevert(abi.encodeWithSelector(IRiskSteward.UnknownUnderlying.selector, 3));
        steward.next(3);
        ids[1] = 3;
        vm.expectRevert(abi.encodeWithSelector(IRiskSteward.UnknownUnderlying.selector, 3));
        steward.poke(ids);
    }

    /* FORECASTS */

    function test_an_old_forecast_is_refused_and_changes_nothing() public {
        _poke(60_000);
        uint256 expiry = steward.expiryOf(ID);
        skip(30 minutes + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRiskSteward.ForecastTooOld.selector, ID, START, vm.getBlockTimestamp() - 30 minutes
            )
        );
        steward.poke(_ids());
        assertEq(steward.expiryOf(ID), expiry);
        forecaster.set(0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IRiskSteward.ForecastTooOld.selector, ID, 0, vm.getBlockTimestamp() - 30 minutes)
        );
        steward.poke(_ids());
    }

    /// @dev 40,000 over 20,000: twice. Initial margin is there after 7.4 hours, maintenance margin 7 to 8 later.
    function test_rises_for_initial_margin_at_once_and_for_maintenance_after_notice() public {
        _poke(40_000);
        skip(1 hours);
        _poke(40_000);
        (uint256 maintenance, uint256 initial) = _both();
        assertApproxEqRel(initial, 1.0981e18, 0.0001e18);
        assertEq(maintenance, 1e18);
        (uint256 within, uint256 until, uint256 target, uint256 time) = steward.next(ID);
        assertEq(within, initial);
        assertEq(until, vm.getBlockTimestamp() + 6 hours);
        assertApproxEqRel(target, 2e18, 1e12);
        while (vm.getBlockTimestamp() + 5 hours < time) {
            skip(5 hours);
            _poke(40_000);
        }
        vm.warp(time - 1);
        (maintenance, initial) = _both();
        assertLt(maintenance, target);
        vm.warp(time);
        (maintenance, initial) = _both();
        assertEq(maintenance, target);
        assertEq(initial, target);
    }

    /// @dev A source that falls silent in a crash holds, and then eases to the default: never to 1.
    function test_what_is_missing_holds_and_eases_to_the_default() public {
        for (uint256 i; i < 20; ++i) {
            _poke(60_000);
            skip(1 hours);
        }
        (uint256 maintenance, uint256 initial) = _both();
        assertApproxEqRel(initial, 3e18, 1e12);
        skip(4 hours);
        (, initial) = _both();
        assertApproxEqRel(initial, 3e18, 1e12);
        skip(10 days);
        (maintenance, initial) = _both();
        assertApproxEqRel(maintenance, 1.5e18, 1e12);
        assertApproxEqRel(initial, 1.5e18, 1e12);
        (uint256 within,, uint256 target,) = steward.next(ID);
        assertEq(within, initial);
        assertEq(target, initial);
    }

    function testFuzz_targets_keep_bounds(uint256 forecast) public {
        forecast = bound(forecast, 0, 2 ** 24 - 1);
        for (uint256 i; i < 8; ++i) {
            _poke(forecast);
            skip(6 hours);
        }
        (uint256 maintenance, uint256 initial) = _both();
        assertGe(maintenance, 0.8e18 - 1e13);
        assertLe(initial, 3e18 + 1e13);
    }

    /* WHATEVER IS CALLED */

    /// @dev Pokes, rules and silence in any order: in no hour does either multiplier rise by more than 10 %, or fall by
    /// more than 2 %, and maintenance margin never passes what initial margin was told six hours ago or since.
    function testFuzz_an_hour_moves_little_whatever_is_called(uint256 seed) public {
        _seed = seed;
        for (uint256 i; i < SAMPLES; ++i) {
            _act();
            _sample();
            skip(_random(_random(6) == 0 ? 30 hours : 25 minutes));
        }
        for (uint256 i; i < SAMPLES; ++i) {
            for (uint256 j = i + 1; j < SAMPLES; ++j) {
                _assertPair(i, j);
            }
        }
    }

    function _random(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    function _act() private {
        uint256 kind = _random(8);
        if (kind < 5) _poke(_random(200_000));
        if (kind == 5) {
            uint256 least = 500_000 + _random(1_000_000);
            uint256 middle = least + _random(2_000_000);
            uint256 most = middle + _random(4_000_000);
            steward.setRule(ID, StewardRule(uint32(1 + _random(100_000)), uint32(least), uint32(most), uint32(middle)));
        }
    }

    function _sample() private {
        (uint256 maintenance, uint256 initial) = _both();
        assertLe(maintenance, initial);
        assertGe(maintenance, 0.499e18);
        assertLe(initial, 8.001e18);
        (uint256 within,,,) = steward.next(ID);
        assertEq(within, initial);
        _times.push(vm.getBlockTimestamp());
        _maintenance.push(maintenance);
        _initial.push(initial);
    }

    function _assertPair(uint256 i, uint256 j) private view {
        if (_times[j] - _times[i] <= 1 hours) {
            _assertHour(_initial[i], _initial[j]);
            _assertHour(_maintenance[i], _maintenance[j]);
        }
        if (_times[j] - _times[i] <= 6 hours) assertLe(_maintenance[j], _initial[i]);
    }

    function _assertHour(uint256 from, uint256 to) private pure {
        assertLe(to * 100, from * 110);
        assertGe(to * 100, from * 98);
    }
}
