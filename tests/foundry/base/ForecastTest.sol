// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";

import {VolatilityForecaster} from "contracts/VolatilityForecaster.sol";
import {IOracleAdapter} from "contracts/interfaces/IOracleAdapter.sol";
import {ForecastRules} from "contracts/interfaces/IVolatilityForecaster.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {SetPrices} from "tests/helpers/contracts/SetPrices.sol";

/// @notice A forecaster of set prices; the test is its access manager.
abstract contract ForecastTest is Test {
    uint256 internal constant GRID = 5 minutes;
    uint256 internal constant START = 500_000 * 1 hours;
    uint256 internal constant ETH = 2;
    uint256 internal constant BREAKER = 100_000;
    uint256 internal constant TREES = 100;
    /// @dev 2.9 deviations, as the shipped floor.
    uint32 internal constant FACTOR = 3_040_870;

    SetPrices internal prices;
    VolatilityForecaster internal forecaster;
    bool internal allowed = true;
    uint256 internal seed = 1;

    function canCall(address, address, bytes4) external view returns (bool, uint32) {
        return (allowed, 0);
    }

    function setUp() public virtual {
        vm.warp(START);
        prices = SetPrices(deployCode("build/forge/SetPrices.sol/SetPrices.json"));
        forecaster = VolatilityForecaster(
            deployCode(
                "build/forge/VolatilityForecaster.sol/VolatilityForecaster.json",
                abi.encode(address(this), IOracleAdapter(address(prices)))
            )
        );
        forecaster.setBreaker(ETH, BREAKER);
        forecaster.setRules(ForecastRules(FACTOR, 24, uint8(ETH), 0, 0));
    }

    /// @dev The compiler takes `block.timestamp` for one number in a function.
    function skip(uint256 time) internal override {
        vm.warp(vm.getBlockTimestamp() + time);
    }

    function ids() internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = ETH;
    }

    function random(uint256 below) internal returns (uint256) {
        seed = uint256(keccak256(abi.encode(seed)));
        return seed % below;
    }

    /// @dev A Valid price of now, observed.
    function observe(uint256 price) internal {
        prices.set(ETH, price, vm.getBlockTimestamp(), PriceStatus.Valid);
        forecaster.observe(ids());
    }

    /// @dev So many hours of steps that go up and down by `size` [ppm], from a price to the same.
    function live(uint256 hours_, uint256 price, uint256 size) internal {
        for (uint256 i; i < 12 * hours_; ++i) {
            skip(GRID);
            observe(i % 2 == 0 ? price * (1e6 + size) / 1e6 : price);
        }
    }

    /// @dev A forest that says `factor` times the scale [2^-20], whatever it sees, in as many trees.
    function forestOf(uint256 trees, int32 factor) internal pure returns (bytes memory blob) {
        uint256 weight = 65_536 / 4;
        bytes memory weights = abi.encodePacked(uint16(weight), uint16(weight), uint16(weight), uint16(weight));
        blob = abi.encodePacked(uint8(1), uint8(trees), uint8(1), uint24(990_000), weights, uint24(100), factor);
        blob = abi.encodePacked(blob, uint16(1), uint24(400_000), uint24(480_000), uint24(7));
        for (uint256 i; i < 168; ++i) {
            blob = abi.encodePacked(blob, uint8(128));
        }
        bytes memory tree;
        for (uint256 i; i < 15; ++i) {
            tree = abi.encodePacked(tree, uint8(0), int24(2 ** 23 - 1));
        }
        tree = abi.encodePacked(tree, new bytes(64));
        for (uint256 i; i < trees; ++i) {
            blob = abi.encodePacked(blob, tree);
        }
    }
}
