// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {console} from "forge-std/console.sol";

import {KIND_FUTURE} from "contracts/types/InstrumentId.sol";
import {VenueTest} from "tests/foundry/base/VenueTest.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice Gas of an expiry whose averages sources prove, a round every 12 seconds: of finishing one, and of auctions
/// in the ten minutes in which whoever is first has all of the account's proven: 1, 4 and 8 underlyings.
/// @dev Run with --isolate, like the other benchmarks. An account has a future of each underlying, and a perpetual.
contract ExpiryBench is VenueTest {
    Party private trader;
    Party private keeper;
    RoundsAggregator[] private aggregators;
    uint64[] private futures;
    uint256 private expiry;

    /// @dev A trader whom a fall has made unhealthy, a minute before all futures expire.
    function _portfolio(uint256 count) private {
        deployVenue(count);
        expiry = (block.timestamp / 1 hours + 2) * 1 hours;
        trader = party("trader");
        keeper = party("keeper");
        Party memory counterparty = party("counterparty");
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        fundParty(trader, usdc, 13_000e6 + 2000e6 * count);
        for (uint256 i; i < count; ++i) {
            futures.push(clearinghouse.list(KIND_FUTURE, i + 1, expiry, 0, marketConfig()));
            trade(counterparty, trader, futures[i], 10e18, 2000e18);
        }
        trade(counterparty, trader, perpetuals[0], 50e18, 2000e18);
        for (uint256 i; i < count; ++i) {
            aggregators.push(
                RoundsAggregator(
                    deployCode("build/forge/RoundsAggregator.sol/RoundsAggregator.json", abi.encode(int256(2000e8)))
                )
            );
            oracle.setFeed(i + 1, feedConfig(address(aggregators[i])));
        }
        for (uint256 time = expiry - 40 minutes; time < expiry; time += 12) {
            vm.warp(time);
            for (uint256 i; i < count; ++i) {
                aggregators[i].setAnswer(1800e8);
            }
        }
        oracle.refresh(feedIds);
    }

    /// @dev A second after expiry, before anybody has had anything proven.
    function _expire() private {
        vm.warp(expiry + 1);
        for (uint256 i; i < aggregators.length; ++i) {
            aggregators[i].setAnswer(1800e8);
        }
        oracle.refresh(feedIds);
    }

    function _start() private {
        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
    }

    function _bid() private {
        vm.prank(keeper.owner);
        auction.bid(
            trader.account, keeper.account, 0.1e18, 0.1e18, type(int256).max, type(uint256).max, block.timestamp
        );
    }

    function _print(string memory operation) private {
        console.log("GAS %s %s %s", operation, aggregators.length, vm.lastCallGas().gasTotalUsed);
    }

    function _requireProven() private view {
        for (uint256 i; i < futures.length; ++i) {
            assertEq(clearinghouse.expiries().averageOf(futures[i]), 1800e18);
        }
    }

    function _startOf(uint256 count) private {
        _portfolio(count);
        _expire();
        _start();
        _print("expiry-start");
        _requireProven();
    }

    function _bidOf(uint256 count) private {
        _portfolio(count);
        _start();
        _expire();
        _bid();
        _print("expiry-bid");
        _requireProven();
    }

    function test_finish_1() public {
        _portfolio(1);
        _expire();
        clearinghouse.finishSettlement(futures[0]);
        _print("expiry-finish");
        _requireProven();
    }

    function test_start_1() public {
        _startOf(1);
    }

    function test_start_4() public {
        _startOf(4);
    }

    function test_start_8() public {
        _startOf(8);
    }

    function test_bid_1() public {
        _bidOf(1);
    }

    function test_bid_4() public {
        _bidOf(4);
    }

    function test_bid_8() public {
        _bidOf(8);
    }
}
