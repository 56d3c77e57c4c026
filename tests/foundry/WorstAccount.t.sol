// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VenueTest} from "./base/VenueTest.sol";
import {MAX_ASSETS, MAX_LEGS} from "contracts/types/Constants.sol";
import {KIND_PUT} from "contracts/types/InstrumentId.sol";
import {Slice} from "contracts/types/SliceWord.sol";
import {SpotWord} from "contracts/types/SpotWord.sol";

/// @notice INV-29: the largest account that the caps allow stays within the gas bound in every step of a liquidation.
/// @dev Measured warm or cold alike: against half of what a transaction may use (EIP-7825: 2^24), and against three
/// quarters where every leg is an option whose risk array the step has to refresh first.
contract WorstAccountTest is VenueTest {
    uint256 private constant BOUND = 8_000_000;
    uint256 private constant BOUND_WITH_OPTIONS = 14_000_000;
    uint256 private constant UNDERLYINGS = 8;

    Party private trader;
    Party private keeper;
    Party private counterparty;

    function setUp() public {
        deployVenue(MAX_LEGS);
        trader = party("trader");
        keeper = party("keeper");
        Party memory lender = party("lender");
        counterparty = party("counterparty");
        fundParty(lender, usdc, 10_000_000e6);
        fundParty(counterparty, usdc, 100_000_000e6);
        fundParty(keeper, usdc, 10_000_000e6);
        fundParty(trader, usdc, 150_000e6);
        listAssets(MAX_ASSETS);
        for (uint256 i = 0; i < MAX_ASSETS; ++i) {
            fundParty(trader, assets[i], 1e18);
        }
    }

    function test_INV_29_every_step_of_the_largest_liquidation_is_within_the_bound() public {
        for (uint256 i = 0; i < MAX_LEGS; ++i) {
            trade(counterparty, trader, perpetuals[i], 10e18, 2000e18);
        }
        assertEq(clearinghouse.legIds(trader.account).length, MAX_LEGS);
        (, SpotWord[] memory spot) = vault.accountState(trader.account);
        assertEq(spot.length, MAX_ASSETS);
        _fall(1800e8);
        clearinghouse.settle(trader.account, clearinghouse.legIds(trader.account));
        _requireWithin(BOUND, "settle");
        _fall(1725e8);

        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        _requireWithin(BOUND, "start");

        skip(5 minutes);
        refreshAll();
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, 0.1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        _requireWithin(BOUND, "slice");

        // insolvent, nobody insures: every leg's loss is shared on its own
        _fall(1500e8);
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, 1e18, 0, type(int256).max, type(uint256).max, block.timestamp);
        _requireWithin(BOUND, "whole, with losses shared");
        assertEq(clearinghouse.legIds(trader.account).length, 0);
    }

    /// @notice The same of options on underlyings in turn, none of whose arrays is recent in any step.
    function test_INV_29_the_same_with_options() public {
        optionExpiry = (block.timestamp / 1 hours + 24 * 30) * 1 hours;
        fundParty(trader, usdc, 25_000e6);
        for (uint256 i = 1; i <= UNDERLYINGS; ++i) {
            surface.setOptionParams(i, optionParams());
        }
        _post();
        for (uint256 i; i < MAX_LEGS; ++i) {
            uint256 strike = 1700e18 + 50e18 * (i / UNDERLYINGS);
            uint256 underlying = i % UNDERLYINGS + 1;
            series.push(clearinghouse.list(KIND_PUT, underlying, optionExpiry, strike, marketConfig()));
            (uint256 mark,,) = options.mark(series[i]);
            trade(counterparty, trader, series[i], -20e18, mark);
        }
        _fall(1710e8);

        vm.prank(keeper.owner);
        auction.start(trader.account, keeper.account);
        _requireWithin(BOUND_WITH_OPTIONS, "start");

        skip(5 minutes);
        _fall(1705e8);
        _bid(0.1e18);
        _requireWithin(BOUND_WITH_OPTIONS, "slice");
        assertEq(options.arrayOf(series[0]).time, block.timestamp);

        _fall(1500e8);
        _bid(0.5e18);
        _requireWithin(BOUND_WITH_OPTIONS, "half, with losses shared");

        _fall(1460e8);
        _bid(1e18);
        _requireWithin(BOUND_WITH_OPTIONS, "whole, with losses shared");
        assertEq(clearinghouse.legIds(trader.account).length, 0);
    }

    function _post() private {
        for (uint256 i = 1; i <= UNDERLYINGS; ++i) {
            surface.post(i, optionExpiry, Slice(356_000, 10_000, 0, 0, 400_000, 0));
        }
    }

    function _bid(uint256 fraction) private {
        vm.prank(keeper.owner);
        auction.bid(trader.account, keeper.account, fraction, 0, type(int256).max, type(uint256).max, block.timestamp);
    }

    /// @dev The gas of the last call.
    function _requireWithin(uint256 bound, string memory step) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit log_named_uint(step, used);
        assertLt(used, bound, step);
    }

    function _fall(uint256 price) private {
        for (uint256 i = 1; i <= MAX_LEGS; ++i) {
            setPrice(i, price);
        }
        skip(12);
        refreshAll();
        if (series.length != 0) _post();
    }
}
