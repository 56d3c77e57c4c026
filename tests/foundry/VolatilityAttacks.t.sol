// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RiskSteward} from "contracts/RiskSteward.sol";
import {StewardRule} from "contracts/interfaces/IRiskSteward.sol";
import {MultipliersWord} from "contracts/types/MultipliersWord.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {ForecastTest} from "tests/foundry/base/ForecastTest.sol";

/// @notice From a price to a multiplier: what it takes to move margins, and what that brings.
contract VolatilityAttacksTest is ForecastTest {
    uint256 private constant PRICE = 2000e18;
    /// @dev Limits of configurations: 3 % a step, 2.4 % an hour.
    uint256 private constant LIMIT = 30_000;
    uint32 private constant BASE = 24_000;

    RiskSteward private steward;

    function setUp() public override {
        super.setUp();
        forecaster.setBreaker(ETH, LIMIT);
        steward = RiskSteward(
            deployCode("build/forge/RiskSteward.sol/RiskSteward.json", abi.encode(address(this), forecaster))
        );
        steward.setRule(ETH, StewardRule({base: BASE, least: 1e6, most: 1_750_000, silent: 1_250_000}));
        live(170, PRICE, 1000);
    }

    function _both() private view returns (uint256 maintenance, uint256 initial) {
        MultipliersWord word = MultipliersWord.wrap(steward.multipliers(ids())[0]);
        return (word.maintenance(), word.initial());
    }

    function _target() private view returns (uint256 target) {
        (,, target,) = steward.next(ETH);
    }

    /// @dev A price of a quarter more for one step.
    function _pump() private {
        skip(GRID);
        observe(PRICE * 5 / 4);
        skip(GRID);
        prices.set(ETH, PRICE, vm.getBlockTimestamp(), PriceStatus.Valid);
        steward.poke(ids());
    }

    /// @dev Up and down count as two breakers: 3 % of margin, whatever the price was. Uncapped, the highest multiplier.
    function test_attack_111_a_pumped_step_counts_as_the_breaker() public {
        uint256 snapshot = vm.snapshotState();
        forecaster.setBreaker(ETH, 250_000);
        _pump();
        assertApproxEqRel(_target(), 1.75e18, 1e13);
        vm.revertToState(snapshot);
        _pump();
        assertLt(_target(), 1.05e18);
    }

    /// @dev Six pumps in an hour, day and night, at the cost of moving every source each time: after a day maintenance
    /// margin has risen by less than 10 % in each hour, none in the first six, and initial margin said so before.
    function test_attack_112_who_pumps_for_a_day_is_announced() public {
        skip(1 hours);
        for (uint256 i; i < 24; ++i) {
            (uint256 maintenance, uint256 initial) = _both();
            for (uint256 j; j < 6; ++j) {
                _pump();
            }
            (uint256 maintenanceAfter, uint256 initialAfter) = _both();
            assertLe(maintenanceAfter, maintenance * 11 / 10);
            assertLe(initialAfter, initial * 11 / 10);
            assertLe(maintenanceAfter, initial);
            if (i < 5) assertLe(maintenanceAfter, 1.25e18 * 1.0001e18 / 1e18);
        }
    }

    /// @dev What was pumped decays with the floor, 2 % an hour at most; margins are what they were within three days.
    function test_attack_113_what_was_pumped_goes_by() public {
        for (uint256 i; i < 3; ++i) {
            _pump();
        }
        for (uint256 i; i < 72; ++i) {
            live(1, PRICE, 1000);
            steward.poke(ids());
        }
        (uint256 maintenance, uint256 initial) = _both();
        assertEq(maintenance, 1e18);
        assertEq(initial, 1e18);
    }

    /// @dev Nobody observes, or a sequencer stops: what comes after counts once, and the multiplier waits at its
    /// default.
    function test_attack_114_a_gap_loosens_nothing() public {
        for (uint256 i; i < 20; ++i) {
            _pump();
            live(1, PRICE, 20_000);
            steward.poke(ids());
        }
        (, uint256 initial) = _both();
        assertApproxEqRel(initial, 1.75e18, 1e13);
        skip(2 days);
        (uint256 maintenance, uint256 afterwards) = _both();
        assertGe(afterwards, 1.249e18);
        assertGe(maintenance, 1.249e18);
    }

    /// @dev The price swings within each step, and whoever is first in a step sees it at the same place each time:
    /// margins ease by less than 2 % an hour, to the least that the rule has. Whom he is not first before ends it.
    function test_attack_141_who_chooses_the_moments_hides_what_lies_between() public {
        for (uint256 i; i < 24; ++i) {
            live(1, PRICE, 5000);
            steward.poke(ids());
        }
        (, uint256 before) = _both();
        assertGt(before, 1.3e18);
        for (uint256 i; i < 36; ++i) {
            live(1, PRICE, 0);
            steward.poke(ids());
            (, uint256 initial) = _both();
            assertGe(initial * 100, before * 98);
            assertGe(initial, 1e18);
            before = initial;
        }
        assertLt(before, 1.1e18);
        live(1, PRICE, 20_000);
        steward.poke(ids());
        assertGt(_target(), 1.3e18);
    }

    /// @dev A crash behind a gap counts as one breaker: the forecast knows of it only with the hours that are seen
    /// after it. Nothing loosens meanwhile.
    function test_attack_142_a_crash_that_nobody_sees_counts_as_one_breaker() public {
        (, uint256 before) = _both();
        skip(2 hours);
        observe(PRICE * 6 / 10);
        steward.poke(ids());
        (, uint256 initial) = _both();
        assertGe(initial, before);
        assertLt(_target(), 1.1e18);
        live(3, PRICE * 6 / 10, 20_000);
        steward.poke(ids());
        assertGt(_target(), 1.5e18);
    }
}
