// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptionAttackTest} from "./OptionAttackTest.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {KIND_CALL} from "contracts/types/InstrumentId.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice A venue whose index has a source that keeps its rounds, and an option that expires.
abstract contract SettlementTest is OptionAttackTest {
    RoundsAggregator internal rounds;
    uint64 internal near;
    uint256 internal start; // of its window [s]

    function setUp() public virtual override {
        super.setUp();
        rounds = deployRounds();
        oracle.setFeed(1, feedConfig(address(rounds)));
        near = list(KIND_CALL, 2000e18);
        start = optionExpiry - 30 minutes;
    }

    function deployRounds() internal returns (RoundsAggregator) {
        return RoundsAggregator(
            deployCode("build/forge/RoundsAggregator.sol/RoundsAggregator.json", abi.encode(int256(2000e8)))
        );
    }

    /// @dev A second source that keeps its rounds too.
    function addSecond() internal returns (RoundsAggregator second) {
        second = deployRounds();
        _setSecond(address(second));
    }

    /// @dev A second source that answers every number with its latest round.
    function addUnproven() internal {
        setPrice(1, 2000e8);
        _setSecond(address(feeds[0]));
    }

    function _setSecond(address second) private {
        rounds.setAnswer(2000e8);
        FeedConfig memory config = feedConfig(address(rounds));
        config.secondary = feedConfig(second).primary;
        oracle.setFeed(1, config);
    }

    /// @dev Lets the source go on until a time, with a round every 12 seconds; a second one says 2,000.
    function live(uint256 until) internal {
        uint256 time = vm.getBlockTimestamp();
        if (time < start - 1 minutes) time = start - 1 minutes;
        for (time += 12 - time % 12; time <= until; time += 12) {
            vm.warp(time);
            rounds.setAnswer(int256(priceAt(time)));
        }
        vm.warp(until);
        setPrice(1, 2000e8);
    }

    /// @dev Within 20 basis points of 2,000, changing every 12 seconds [10^-8 USD].
    function priceAt(uint256 time) internal pure returns (uint256) {
        return 2000e8 + uint256(keccak256(abi.encode(time / 12))) % 8e8 - 4e8;
    }

    /// @dev The average of the ends of the window's minutes [wad USD].
    function expected() internal view returns (uint256 sum) {
        for (uint256 i = 1; i <= 30; ++i) {
            sum += priceAt(start + i * 1 minutes) * 1e10;
        }
        return sum / 30;
    }
}
