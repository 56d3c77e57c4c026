// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SettlementTest} from "./base/SettlementTest.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {IMarginVault} from "contracts/interfaces/IMarginVault.sol";
import {PriceStatus} from "contracts/types/PriceStatus.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice An index that was in doubt for most of a window, or is for more than a day after it: nothing is frozen for
/// ever, and nobody chooses what is paid.
contract LastingDoubtsTest is SettlementTest {
    Party private one;
    Party private other;

    function setUp() public override {
        super.setUp();
        one = party("one");
        other = party("other");
    }

    /* SETTLEMENT */

    /// @notice Where too many minutes were marked, a day passes; then what was said in them counts, whoever finishes
    /// and whenever, and whatever the index is then.
    function test_marks_on_most_of_a_window_delay_by_a_day_and_change_nothing() public {
        addUnproven();
        _doubtFor(12);
        live(optionExpiry + 1);
        _refuseWithFew(17);
        vm.warp(optionExpiry + 1 days - 1);
        _speak(2000e8);
        _refuseWithFew(17);

        uint256[3] memory waits = [uint256(0), 5 hours, 6 days];
        for (uint256 i; i < waits.length; ++i) {
            uint256 state = vm.snapshotState();
            vm.warp(optionExpiry + 1 days + waits[i]);
            _speak(2040e8);
            vm.prank(i == 0 ? one.owner : other.owner);
            clearinghouse.finishSettlement(near);
            assertEq(clearinghouse.expiries().averageOf(near), expected());
            vm.revertToState(state);
        }
    }

    /// @notice A mark more or less delays or does not; it moves the average by no more than minutes differ.
    function test_marks_on_ten_minutes_delay_nothing() public {
        addUnproven();
        _doubtFor(9);
        live(optionExpiry + 1);
        clearinghouse.finishSettlement(near);
        (uint256 observations,, uint256 average) = clearinghouse.expiries().windowOf(near, oracle);
        assertEq(observations, 20);
        assertApproxEqRel(average, expected(), 0.001e18);
    }

    /// @notice Two sources agreed in the window and never again: after a day what both said then counts, although the
    /// index is in doubt.
    function test_what_two_sources_confirmed_counts_though_they_part_for_good() public {
        RoundsAggregator second = addSecond();
        for (uint256 time = start; time <= optionExpiry; time += 1 minutes) {
            live(time);
            second.setAnswer(2000e8);
        }
        for (uint256 wait; wait < 1 days; wait += 30 minutes) {
            vm.warp(optionExpiry + 1 + wait);
            _part(second);
            vm.expectRevert(abi.encodeWithSelector(IExpiries.PriceNotValid.selector, 1));
            clearinghouse.finishSettlement(near);
        }
        for (uint256 wait = 1 days; wait <= 3 days; wait += 1 days) {
            uint256 state = vm.snapshotState();
            vm.warp(optionExpiry + wait);
            _part(second);
            clearinghouse.finishSettlement(near);
            assertEq(clearinghouse.expiries().averageOf(near), expected());
            vm.revertToState(state);
        }
    }

    /// @notice One source that proves, and one that does not and contradicts it for good: after a day twenty minutes of
    /// then count, between what the two say.
    function test_sources_that_part_for_good_end_in_minutes_of_now() public {
        addUnproven();
        live(optionExpiry + 1);
        for (uint256 i; i < 21; ++i) {
            vm.warp(optionExpiry + 1 days + i * 1 minutes);
            rounds.setAnswer(2600e8);
            setPrice(1, 2000e8);
            if (i < 20) clearinghouse.observeSettlement(near);
        }
        assertTrue(oracle.price(1).status != PriceStatus.Valid);
        clearinghouse.finishSettlement(near);
        uint256 average = clearinghouse.expiries().averageOf(near);
        assertGe(average, 2000e18);
        assertLe(average, 2600e18);
    }

    /// @notice All sources are silent for good: for three days nothing counts, then the last price that there was.
    function test_sources_that_are_silent_for_good_end_at_the_last_price() public {
        live(optionExpiry - 3 hours);
        vm.warp(optionExpiry - 2 hours);
        rounds.setAnswer(2010e8);
        oracle.refresh(feedIds);
        rounds.setSilent(true);
        vm.warp(optionExpiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.PriceNotValid.selector, 1));
        clearinghouse.finishSettlement(near);
        vm.warp(optionExpiry + 3 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IExpiries.PriceTooOld.selector, 1, optionExpiry - 2 hours, optionExpiry + 3 days - 1 - 1 hours
            )
        );
        clearinghouse.observeSettlement(near);
        for (uint256 i; i < 20; ++i) {
            vm.warp(optionExpiry + 3 days + i * 1 minutes);
            clearinghouse.observeSettlement(near);
        }
        clearinghouse.finishSettlement(near);
        assertEq(clearinghouse.expiries().averageOf(near), 2010e18);
    }

    /* AUCTIONS, WITHDRAWALS */

    /// @notice While the average waits its holders may pay in and not out; others are free. For ten minutes nothing is
    /// sold, then at the index. Once it is known all are free, whatever the index.
    function test_what_waits_holds_back_who_has_a_part_in_it_and_nobody_else() public {
        fundParty(one, usdc, 60_000e6);
        fundParty(other, usdc, 60_000e6);
        addUnproven();
        vm.warp(start - 1 minutes);
        _speak(2000e8);
        oracle.refresh(feedIds);
        postSlice();
        options.refresh(series);
        open(one, other, near, -20e18);
        _doubtFor(12);
        live(optionExpiry + 1);
        oracle.refresh(feedIds);

        _withdrawRefused(one);
        _withdrawRefused(other);
        withdrawCash(keeper, 1e6);
        fundParty(one, usdc, 1e6);
        // nothing is sold while the average may be proven
        vm.expectRevert(abi.encodeWithSelector(IExpiries.TooFewObservations.selector, near, 17, 20));
        auction.start(one.account, keeper.account);

        // then an account is judged at the index
        uint256 state = vm.snapshotState();
        vm.warp(optionExpiry + 10 minutes);
        _speak(7000e8);
        vm.warp(optionExpiry + 8 hours);
        _speak(7000e8);
        oracle.refresh(feedIds);
        auction.start(one.account, keeper.account);
        assertTrue(vault.isInAuction(one.account));
        // and pays the average when it is known, so that its auction ends
        vm.warp(optionExpiry + 1 days);
        _speak(7000e8);
        clearinghouse.finishSettlement(near);
        assertEq(clearinghouse.expiries().averageOf(near), expected());
        auction.end(one.account);
        assertFalse(vault.isInAuction(one.account));

        vm.revertToState(state);
        vm.warp(optionExpiry + 23 hours);
        _speak(2000e8);
        _withdrawRefused(one);
        vm.warp(optionExpiry + 1 days);
        _speak(2000e8);
        clearinghouse.finishSettlement(near);
        vm.warp(optionExpiry + 1 days + 1);
        rounds.setAnswer(2600e8);
        oracle.refresh(feedIds);
        assertTrue(oracle.price(1).status != PriceStatus.Valid);
        uint64[] memory ids = clearinghouse.legIds(one.account);
        clearinghouse.settle(one.account, ids);
        clearinghouse.settle(other.account, ids);
        withdrawCash(one, 1e6);
        withdrawCash(other, 1e6);
    }

    /* HELPERS */

    /// @dev From the fifth minute on the second source contradicts the first, and somebody says so in each of so many.
    function _doubtFor(uint256 minutes_) private {
        for (uint256 i; i < minutes_; ++i) {
            live(start + (5 + i) * 1 minutes);
            setPrice(1, 2100e8);
            clearinghouse.observeSettlement(near);
        }
        setPrice(1, 2000e8);
    }

    /// @dev Both sources say a price, now.
    function _speak(uint256 price) private {
        rounds.setAnswer(int256(price));
        setPrice(1, price);
    }

    function _part(RoundsAggregator second) private {
        rounds.setAnswer(2000e8);
        second.setAnswer(2600e8);
    }

    function _refuseWithFew(uint256 count) private {
        vm.expectRevert(abi.encodeWithSelector(IExpiries.TooFewObservations.selector, near, count, 20));
        clearinghouse.finishSettlement(near);
        (uint256 observations,,) = clearinghouse.expiries().windowOf(near, oracle);
        assertEq(observations, 0);
    }

    function _withdrawRefused(Party memory p) private {
        vm.expectRevert(abi.encodeWithSelector(IMarginVault.PricesNotValid.selector, p.account));
        this.withdraw(p, 1e6);
    }
}
