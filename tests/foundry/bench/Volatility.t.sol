// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {RiskSteward} from "contracts/RiskSteward.sol";
import {StewardRule} from "contracts/interfaces/IRiskSteward.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {ForecastTest} from "tests/foundry/base/ForecastTest.sol";
import {VolatilityProbe, Week} from "tests/helpers/contracts/VolatilityProbe.sol";

/// @notice Gas of the forecaster and the steward: an observation within an hour, and a poke after one that forecasts
/// the next with a forest of 100 trees, which closed with it.
/// @dev Run with --isolate, like the other benchmarks.
contract VolatilityBench is ForecastTest {
    RiskSteward private steward;

    function setUp() public override {
        super.setUp();
        steward = RiskSteward(
            deployCode("build/forge/RiskSteward.sol/RiskSteward.json", abi.encode(address(this), forecaster))
        );
        steward.setRule(ETH, StewardRule({base: 20_000, least: 1e6, most: 2e6, silent: 1e6}));
        live(170, 2000e18, 1000);
        forecaster.installForest(forestOf(TREES, 2 ** 21));
        steward.poke(ids());
    }

    function test_observe() public {
        skip(GRID);
        observe(2001e18);
        console.log("GAS observe 1 %s", vm.lastCallGas().gasTotalUsed);
    }

    function test_poke() public {
        live(1, 2000e18, 1000);
        skip(1 hours - GRID);
        prices.set(ETH, 2001e18, vm.getBlockTimestamp() + GRID, PriceStatus.Valid);
        skip(GRID);
        steward.poke(ids());
        console.log("GAS poke 1 %s", vm.lastCallGas().gasTotalUsed);
    }

    function test_forest() public {
        VolatilityProbe probe = VolatilityProbe(deployCode("build/forge/VolatilityProbe.sol/VolatilityProbe.json"));
        probe.setForest(forestOf(TREES, 2 ** 21));
        Week memory week;
        week.last = 500_000;
        for (uint256 i; i < 168; ++i) {
            (week.nets[i], week.variances[i]) = (i % 2 == 0 ? int256(1000) : -1000, 1e6);
        }
        (, uint256 forest) = probe.cost(week);
        console.log("GAS forest 1 %s", forest);
    }

    function test_multipliers() public view {
        steward.multipliers(ids());
        console.log("GAS multipliers 1 %s", vm.lastCallGas().gasTotalUsed);
    }
}
