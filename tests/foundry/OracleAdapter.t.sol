// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockAggregator} from "../helpers/contracts/MockAggregator.sol";
import {OracleAdapter} from "contracts/OracleAdapter.sol";
import {FeedConfig, Price, SourceConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {ChainlinkSource} from "contracts/oracles/ChainlinkSource.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {Test} from "forge-std/Test.sol";

/// @notice What must hold of every price whatever the sources do, and what a stored price costs to read.
contract OracleAdapterTest is Test {
    uint256 private constant STORED = 1;
    uint256 private constant LIVE = 2;
    uint256 private constant FEEDS = 16;

    OracleAdapter private oracle;
    ChainlinkSource private reader;
    MockAggregator[3] private aggregators;

    function setUp() public {
        vm.warp(1_800_000_000);
        address authority = deployCode("build/forge/AccessManager.sol/AccessManager.json", abi.encode(address(this)));
        oracle = OracleAdapter(
            deployCode("build/forge/OracleAdapter.sol/OracleAdapter.json", abi.encode(authority, address(0)))
        );
        reader = ChainlinkSource(deployCode("build/forge/ChainlinkSource.sol/ChainlinkSource.json"));
        for (uint256 i; i < 3; ++i) {
            aggregators[i] = MockAggregator(
                deployCode("build/forge/MockAggregator.sol/MockAggregator.json", abi.encode(8, "ETH / USD", 2000e8))
            );
        }
        oracle.setFeed(STORED, _config(false));
        oracle.setFeed(LIVE, _config(true));
        for (uint256 i = 3; i <= FEEDS; ++i) {
            oracle.setFeed(i, _config(false));
        }
    }

    /// @notice INV-24 and the promise never to revert: any answers, times and failures keep edges in order and bounds.
    function testFuzz_prices_hold_whatever_sources_do(uint256 seed) public {
        uint256 timeBefore = oracle.price(STORED).time;
        uint256 integralBefore = oracle.cumulative(STORED);
        for (uint256 i; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed, i)));
            vm.warp(vm.getBlockTimestamp() + 1 + (seed >> 128) % 3000);
            _disturb(seed);
            if (seed % 3 != 0) oracle.refresh(_ids());

            Price memory stored = oracle.price(STORED);
            _check(stored);
            _check(oracle.price(LIVE));
            uint256 integral = oracle.cumulative(STORED);
            assertGe(stored.time, timeBefore);
            assertGe(integral, integralBefore);
            (timeBefore, integralBefore) = (stored.time, integral);
        }
    }

    /// @notice A read-through feed answers what a refresh in the same second stores.
    function testFuzz_read_through_equals_refresh(uint256 seed) public {
        for (uint256 i; i < 8; ++i) {
            seed = uint256(keccak256(abi.encode(seed, i)));
            vm.warp(vm.getBlockTimestamp() + 1 + (seed >> 128) % 3000);
            _disturb(seed);
            Price memory before = oracle.price(LIVE);
            oracle.refresh(_ids());
            assertEq(abi.encode(oracle.price(LIVE)), abi.encode(before));
        }
    }

    /// @notice INV-24, attack 14: a feed takes one new price a transaction, however many newer ones its source has.
    function test_one_new_price_per_transaction() public {
        vm.warp(1_800_000_100);
        _answer(2010e8, 1_800_000_050);
        oracle.refresh(_ids());
        Price memory stored = oracle.price(STORED);
        Price memory live = oracle.price(LIVE);
        assertEq(stored.mid, 2010e18);

        _answer(2020e8, 1_800_000_090);
        oracle.refresh(_ids());
        assertEq(abi.encode(oracle.price(STORED)), abi.encode(stored));
        assertEq(abi.encode(oracle.price(LIVE)), abi.encode(live));
    }

    /// @notice Attacks 219 and 227: who acts at a young price gets no newer one beside it, nor one that is read through
    /// its sources. Who asks for the sources gets what they say.
    function test_who_acts_at_a_price_gets_no_other_in_the_transaction() public {
        vm.warp(1_800_000_030);
        oracle.refreshOld(_ids());
        _answer(2010e8, 1_800_000_020);
        oracle.refresh(_ids());
        assertEq(oracle.price(STORED).mid, 2000e18);
        assertEq(oracle.price(LIVE).mid, 2000e18);
        (uint256 mid,, uint256 time,) = oracle.latest(STORED);
        assertEq(mid, 2010e18);
        assertEq(time, 1_800_000_020);

        // a transaction has no other time
        vm.warp(1_800_000_031);
        oracle.refresh(_ids());
        assertEq(oracle.price(STORED).mid, 2010e18);
    }

    /// @notice A price that is old is refreshed, and then closed.
    function test_an_old_price_is_refreshed_before_it_is_closed() public {
        vm.warp(1_800_000_100);
        oracle.refreshOld(_ids());
        _answer(2010e8, 1_800_000_090);
        oracle.refresh(_ids());
        assertEq(oracle.price(STORED).mid, 2000e18);

        vm.warp(1_800_000_200);
        oracle.refreshOld(_ids());
        assertEq(oracle.price(STORED).mid, 2010e18);
        assertEq(oracle.price(STORED).time, 1_800_000_090);
    }

    /// @notice A stored price costs one cold read and little more, the caller's decoding included.
    /// forge-config: default.isolate = true
    function test_gas_of_a_stored_price() public {
        uint256 one = this.measure(3);
        uint256 all = this.measure(FEEDS);
        uint256 each = (all - one) / (FEEDS - 3);
        emit log_named_uint("gas per stored feed", each);
        assertLe(each, 3000);
    }

    /// @dev Gas of reading feeds 3 to `last`, in a call of its own.
    function measure(uint256 last) external view returns (uint256) {
        uint256[] memory ids = new uint256[](last - 2);
        for (uint256 i = 3; i <= last; ++i) {
            ids[i - 3] = i;
        }
        uint256 before = gasleft();
        oracle.packedPrices(ids);
        return before - gasleft();
    }

    function _check(Price memory p) private pure {
        assertGt(p.low, 0);
        assertLe(p.low, p.mid);
        assertLe(p.mid, p.high);
        assertGe(p.mid, 1e18);
        assertLe(p.mid, 1e24);
        assertTrue(p.status != PriceStatus.Unset);
    }

    function _answer(int256 answer, uint256 time) private {
        for (uint256 i; i < 3; ++i) {
            aggregators[i].setRound(answer, time, time);
        }
    }

    function _disturb(uint256 seed) private {
        for (uint256 i; i < 3; ++i) {
            uint256 s = uint256(keccak256(abi.encode(seed, "source", i)));
            MockAggregator aggregator = aggregators[i];
            if (s % 8 == 0) aggregator.setMode(MockAggregator.Mode((s >> 8) % 5));
            if (s % 5 == 0) {
                aggregator.setRound(int256(s), s >> 3, s >> 5);
            } else if (s % 5 == 1) {
                aggregator.setRound(2000e8, 1, vm.getBlockTimestamp() - s % 4000 % vm.getBlockTimestamp());
            } else {
                aggregator.setAnswer(int256(1000e8 + (s >> 16) % 2000e8));
            }
        }
    }

    function _ids() private pure returns (uint256[] memory ids) {
        ids = new uint256[](2);
        (ids[0], ids[1]) = (STORED, LIVE);
    }

    function _config(bool readThrough) private view returns (FeedConfig memory) {
        return FeedConfig({
            primary: _source(0),
            secondary: _source(1),
            third: _source(2),
            minPrice: 1e18,
            maxPrice: 1e24,
            smoothingWindow: 1800,
            haltBound: 600,
            confidenceLimit: 20_000,
            deviationLimit: 20_000,
            breakerLimit: 150_000,
            widening: 50_000,
            readThrough: readThrough
        });
    }

    function _source(uint256 i) private view returns (SourceConfig memory) {
        return SourceConfig({
            reader: reader,
            maxAge: 3600,
            gasLimit: 100_000,
            voteOnly: false,
            data: reader.encode(address(aggregators[i]), 8)
        });
    }
}
