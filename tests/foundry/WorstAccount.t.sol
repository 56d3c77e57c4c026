// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {FeedConfig} from "contracts/interfaces/IOracleAdapter.sol";
import {TestToken} from "contracts/periphery/TestToken.sol";
import {MAX_ASSETS, MAX_LEGS} from "contracts/types/Constants.sol";
import {KIND_PUT} from "contracts/types/InstrumentId.sol";
import {Slice} from "contracts/types/SliceWord.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";
import {MockAggregator} from "tests/helpers/contracts/MockAggregator.sol";

/// @notice INV-29: what the largest account that the caps allow costs: 48 legs and 12 assets, each of an underlying of
/// its own, three sources a feed, every call a transaction of its own, so that all storage is cold.
/// @dev "Old" prices are of more than a minute ago: each step asks all sources first. Sources are aggregators without
/// a proxy.
contract WorstAccountTest is VenueTest {
    uint256 private constant FEEDS = MAX_LEGS + MAX_ASSETS;

    struct Mode {
        bool readThrough;
        bool old;
        uint256 bound;
    }

    Party private trader;
    Party private keeper;
    Party private counterparty;
    MockAggregator[] private others;
    Mode private mode;

    function setUp() public {
        deployVenue(FEEDS);
        trader = party("trader");
        keeper = party("keeper");
        counterparty = party("counterparty");
        fundParty(party("lender"), usdc, 10_000_000e6);
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        fundParty(trader, usdc, 150_000e6);
        for (uint256 i; i < MAX_ASSETS; ++i) {
            TestToken asset = TestToken(
                deployCode("build/forge/TestToken.sol/TestToken.json", abi.encode("A", "A", 18, type(uint128).max))
            );
            uint8 id = uint8(MAX_LEGS + i + 1);
            vault.listAsset(address(asset), 18, id, id, type(uint96).max);
            fundParty(trader, asset, 1e18);
        }
    }

    /// @dev Three sources for each feed; read at each question, or stored.
    function _configure(bool readThrough, bool old, uint256 bound) private {
        mode = Mode(readThrough, old, bound);
        for (uint256 i; i < FEEDS; ++i) {
            FeedConfig memory config = feedConfig(address(feeds[i]));
            (config.secondary, config.third) = (config.primary, config.primary);
            config.secondary.data = _another();
            config.third.data = _another();
            config.readThrough = readThrough;
            oracle.setFeed(i + 1, config);
        }
        oracle.refresh(feedIds);
    }

    function _another() private returns (bytes32) {
        others.push(
            MockAggregator(
                deployCode(
                    "build/forge/MockAggregator.sol/MockAggregator.json",
                    abi.encode(uint8(8), "TEST / USD", int256(START_PRICE))
                )
            )
        );
        return source.encode(address(others[others.length - 1]), uint8(FEED_DECIMALS));
    }

    /* LINEAR LEGS */

    /// forge-config: default.isolate = true
    function test_INV_29_perpetuals_at_stored_prices() public {
        _configure(false, false, 7_200_000);
        _perpetuals();
    }

    /// forge-config: default.isolate = true
    function test_INV_29_perpetuals_at_old_prices() public {
        _configure(false, true, 11_000_000);
        _perpetuals();
    }

    /// forge-config: default.isolate = true
    function test_INV_29_perpetuals_at_prices_read_through() public {
        _configure(true, true, 11_500_000);
        _perpetuals();
    }

    /// forge-config: default.isolate = true
    function test_INV_29_unsettled_perpetuals_at_stored_prices() public {
        _configure(false, false, 15_000_000);
        _unsettled();
    }

    /// forge-config: default.isolate = true
    function test_INV_29_unsettled_perpetuals_at_prices_read_through() public {
        _configure(true, true, 15_000_000);
        _unsettled();
    }

    /// @dev Nobody has settled, and half is left: the legs are valued for what they owe, before and after.
    function _unsettled() private {
        _openPerpetuals();
        _move(1500e8);
        _start();
        _bid(0.5e18, "half, with losses shared");
    }

    function _openPerpetuals() private {
        for (uint256 i = 0; i < MAX_LEGS; ++i) {
            trade(counterparty, trader, perpetuals[i], 10e18, 2000e18);
        }
        assertEq(clearinghouse.legIds(trader.account).length, MAX_LEGS);
        (, SpotWord[] memory spot) = vault.accountState(trader.account);
        assertEq(spot.length, MAX_ASSETS);
    }

    function _perpetuals() private {
        _openPerpetuals();
        _move(2000e8);
        _withdraw();
        _move(1800e8);
        clearinghouse.settle(trader.account, clearinghouse.legIds(trader.account));
        _requireWithin("settle");
        _move(1725e8);
        _start();
        _move(1724e8);
        _bid(0.1e18, "slice");
        // insolvent, nobody insures: every leg's loss is shared on its own
        _move(1500e8);
        _bid(1e18, "whole, with losses shared");
        assertEq(clearinghouse.legIds(trader.account).length, 0);
    }

    /* OPTIONS */

    /// forge-config: default.isolate = true
    function test_INV_29_options_refreshed_before() public {
        _configure(false, false, 17_500_000);
        _options(true);
    }

    /// forge-config: default.isolate = true
    function test_INV_29_options_at_stored_prices() public {
        _configure(false, false, 21_000_000);
        _options(false);
    }

    /// forge-config: default.isolate = true
    function test_INV_29_options_at_old_prices() public {
        _configure(false, true, 25_000_000);
        _options(false);
    }

    /// forge-config: default.isolate = true
    function test_INV_29_options_at_prices_read_through() public {
        _configure(true, true, 26_000_000);
        _options(false);
    }

    function _options(bool refreshed) private {
        optionExpiry = (block.timestamp / 1 hours + 24 * 30) * 1 hours;
        fundParty(trader, usdc, 25_000e6);
        for (uint256 i = 1; i <= MAX_LEGS; ++i) {
            surface.setOptionParams(i, optionParams());
        }
        _post();
        for (uint256 i; i < MAX_LEGS; ++i) {
            series.push(clearinghouse.list(KIND_PUT, i + 1, optionExpiry, 1850e18, marketConfig()));
            (uint256 mark,,) = options.mark(series[i]);
            trade(counterparty, trader, series[i], -20e18, mark);
        }
        _moveOptions(2000e8, refreshed);
        _withdraw();
        _moveOptions(1710e8, refreshed);
        _start();
        _moveOptions(1705e8, refreshed);
        _bid(0.1e18, "slice");
        _moveOptions(1500e8, refreshed);
        _bid(0.5e18, "half, with losses shared");
        _moveOptions(1460e8, refreshed);
        _bid(1e18, "whole, with losses shared");
        assertEq(clearinghouse.legIds(trader.account).length, 0);
    }

    /* STEPS */

    function _post() private {
        for (uint256 i = 1; i <= MAX_LEGS; ++i) {
            surface.post(i, optionExpiry, Slice(356_000, 10_000, 0, 0, 400_000, 0));
        }
    }

    /// @dev All sources say a price; it is stored but where old prices are what is measured.
    function _move(uint256 price) private {
        skip(5 minutes);
        for (uint256 i = 1; i <= FEEDS; ++i) {
            setPrice(i, price);
        }
        for (uint256 i; i < others.length; ++i) {
            others[i].setAnswer(int256(price));
        }
        if (!mode.old) oracle.refresh(feedIds);
    }

    function _moveOptions(uint256 price, bool refreshed) private {
        _move(price);
        _post();
        if (!refreshed) return;
        // an array of the second of a post may be of the slice before it
        skip(1);
        options.refresh(series);
        _requireWithin("refresh of all arrays");
    }

    function _withdraw() private {
        vm.prank(trader.owner);
        vault.withdraw(trader.account, address(usdc), 1e6, trader.owner);
        _requireWithin("withdraw");
    }

    function _start() private {
        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        _requireWithin("start");
    }

    function _bid(uint256 fraction, string memory step) private {
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, fraction, 0, type(int256).max, type(uint256).max, block.timestamp);
        _requireWithin(step);
    }

    /// @dev The gas of the last call.
    function _requireWithin(string memory step) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit log_named_uint(step, used);
        assertLt(used, mode.bound, step);
    }
}
