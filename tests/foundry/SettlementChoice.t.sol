// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SettlementTest} from "./base/SettlementTest.sol";
import {IExpiries} from "contracts/interfaces/IExpiries.sol";
import {RoundsAggregator} from "tests/helpers/contracts/RoundsAggregator.sol";

/// @notice Who observes an index chooses nothing, where its source keeps what it said.
contract SettlementChoiceTest is SettlementTest {
    /* WHO CALLS WHEN */

    /// @notice Attack 191: a lone holder observes each minute in the second that suits him, of a source that jumps by
    /// up to 20 basis points every 12 seconds; and somebody else as each minute begins.
    function test_attack_191_who_observes_chooses_no_second() public {
        live(start);
        uint256 state = vm.snapshotState();
        for (uint256 time = start; time < optionExpiry; time += 1 minutes) {
            uint256 best = time;
            for (uint256 step = time; step < time + 1 minutes; step += 12) {
                if (priceAt(step) > priceAt(best)) best = step;
            }
            live(best);
            _observeIfTaken();
            live(time + 59);
        }
        uint256 chosen = _end();

        vm.revertToState(state);
        for (uint256 time = start; time < optionExpiry; time += 1 minutes) {
            live(time);
            _observeIfTaken();
        }
        assertApproxEqRel(chosen, _end(), 0.0001e18);
        assertEq(chosen, expected());
    }

    /// @notice Attack 192: a holder waits until minutes after the expiry suit him.
    function test_attack_192_who_waits_for_a_price_gets_that_of_the_expiry() public {
        live(optionExpiry + 1);
        uint256 state = vm.snapshotState();
        assertEq(_end(), expected());

        uint256[4] memory waits = [uint256(1 minutes), 30 minutes, 23 hours, 3 days];
        for (uint256 i; i < waits.length; ++i) {
            vm.revertToState(state);
            vm.warp(optionExpiry + waits[i]);
            rounds.setAnswer(2500e8);
            assertEq(_end(), expected());
        }
    }

    /// @notice What has not passed is not proven, and nothing is observed before its time, nor twice.
    function test_observes_all_minutes_at_once_after_expiry() public {
        live(start - 1);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.SettlementTooEarly.selector, near, start - 1, start));
        clearinghouse.observeSettlement(near);
        for (uint256 time = start; time <= optionExpiry; time += 5 minutes) {
            live(time);
            vm.expectRevert(
                abi.encodeWithSelector(IExpiries.SettlementTooEarly.selector, near, time, optionExpiry + 1)
            );
            clearinghouse.observeSettlement(near);
            (uint256 observations, uint256 next,) = clearinghouse.expiries().windowOf(near, oracle);
            assertEq(observations, 0);
            assertEq(next, optionExpiry + 1);
        }
        live(optionExpiry + 1);
        clearinghouse.observeSettlement(near);
        (uint256 count, uint256 end,) = clearinghouse.expiries().windowOf(near, oracle);
        assertEq(count, 30);
        assertEq(end, 0);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.ObservedEnough.selector, near, 30));
        clearinghouse.observeSettlement(near);
    }

    /* ROUNDS */

    /// @notice A proxy whose aggregator is exchanged in the window, with rounds that are missing in both, however it
    /// says so.
    function test_rounds_are_found_before_a_phase_and_beside_gaps() public {
        for (uint256 zeros; zeros < 2; ++zeros) {
            uint256 state = vm.snapshotState();
            rounds.setZeros(zeros == 1);
            live(start + 10 minutes);
            // neither is the last of a minute
            rounds.lose(1);
            rounds.lose(23);
            rounds.beginPhase();
            rounds.setAnswer(int256(priceAt(vm.getBlockTimestamp())));
            live(optionExpiry + 1);
            rounds.lose(3);
            rounds.lose(12);
            assertEq(_end(), expected());
            vm.revertToState(state);
        }
    }

    /// @notice A round each second, and a thousand after expiry: looking back takes no more gas than a reader has.
    function test_looks_back_however_many_rounds_there_are() public {
        live(start);
        for (uint256 time = start + 1; time <= optionExpiry + 1000; ++time) {
            vm.warp(time);
            rounds.setAnswer(int256(priceAt(time)));
        }
        uint256 gas = gasleft();
        clearinghouse.observeSettlement(near);
        assertLt(gas - gasleft(), 3_500_000);
        clearinghouse.finishSettlement(near);
        assertEq(clearinghouse.expiries().averageOf(near), expected());
    }

    /// @notice What was old at its moment is no price of it: a last round 41 minutes before the window is an hour old
    /// at the end of its 19th minute.
    function test_old_rounds_prove_nothing() public {
        uint256 state = vm.snapshotState();
        for (uint256 early = 41 minutes; early >= 40 minutes; early -= 1 minutes) {
            vm.warp(start - early);
            rounds.setAnswer(2010e8);
            vm.warp(optionExpiry + 1);
            rounds.setAnswer(2500e8);
            if (early > 40 minutes) {
                vm.expectRevert(abi.encodeWithSelector(IExpiries.TooFewObservations.selector, near, 19, 20));
                clearinghouse.observeSettlement(near);
                vm.revertToState(state);
            }
        }
        assertEq(_end(), 2010e18);
    }

    /* SOURCES THAT DISAGREE, AND DOUBTS */

    /// @notice Two sources that prove the past: a minute on which they disagree does not count, whoever was there.
    function test_a_lie_that_another_source_contradicts_counts_for_nothing() public {
        RoundsAggregator second = addSecond();
        live(start + 5 minutes);
        uint256 count = 5;
        for (uint256 time = start + 6 minutes; time <= optionExpiry + 1 minutes; time += 1 minutes) {
            vm.warp(time);
            bool lies = time > start + 10 minutes && time <= start + 14 minutes;
            rounds.setAnswer(lies ? int256(3000e8) : int256(priceAt(time)));
            second.setAnswer(2000e8);
            if (!lies && time <= optionExpiry) ++count;
        }
        oracle.refresh(feedIds);
        vm.warp(vm.getBlockTimestamp() + 2 hours);
        rounds.setAnswer(2000e8);
        second.setAnswer(2000e8);
        clearinghouse.observeSettlement(near);
        (uint256 observations,,) = clearinghouse.expiries().windowOf(near, oracle);
        assertEq(observations, count);
        clearinghouse.finishSettlement(near);
        assertApproxEqRel(clearinghouse.expiries().averageOf(near), 2000e18, 0.003e18);
    }

    /// @notice An aggregator that lies, beside a source that proves nothing: what somebody found in doubt does not
    /// count, and a lie of now settles nothing.
    function test_a_lie_that_is_doubted_counts_for_nothing() public {
        addUnproven();
        live(start + 5 minutes);
        uint256 state = vm.snapshotState();
        vm.warp(start + 5 minutes + 30);
        rounds.setAnswer(3000e8);
        vm.expectEmit();
        emit IExpiries.IndexDoubted(near, start + 5 minutes + 30);
        clearinghouse.observeSettlement(near);
        vm.expectRevert(
            abi.encodeWithSelector(IExpiries.ObservedAlready.selector, near, start + 5 minutes + 30, start + 6 minutes)
        );
        clearinghouse.observeSettlement(near);
        live(start + 6 minutes + 12);
        live(optionExpiry + 1);
        clearinghouse.observeSettlement(near);
        (uint256 observations,,) = clearinghouse.expiries().windowOf(near, oracle);
        // the ends of minutes 5 and 6
        assertEq(observations, 28);
        clearinghouse.finishSettlement(near);
        assertApproxEqRel(clearinghouse.expiries().averageOf(near), 2000e18, 0.003e18);

        vm.revertToState(state);
        live(optionExpiry);
        vm.warp(optionExpiry + 12);
        rounds.setAnswer(3000e8);
        setPrice(1, 2000e8);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.PriceNotValid.selector, 1));
        clearinghouse.observeSettlement(near);
    }

    /// @notice Before a day has passed nothing stands in for minutes that are not proven; then minutes of then count.
    function test_minutes_of_now_count_when_patience_has_ended() public {
        addUnproven();
        live(optionExpiry + 1);
        rounds.setSilent(true);
        setPrice(1, 2000e8);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.PriceNotValid.selector, 1));
        clearinghouse.observeSettlement(near);
        for (uint256 i; i < 20; ++i) {
            vm.warp(optionExpiry + 1 days + i * 1 minutes);
            setPrice(1, 2040e8);
            clearinghouse.observeSettlement(near);
        }
        clearinghouse.finishSettlement(near);
        uint256 late = clearinghouse.expiries().averageOf(near);
        assertGt(late, 2000e18);
        assertLe(late, 2040e18);
    }

    /// @notice What is proven at last replaces what was observed for want of it.
    function test_a_proof_replaces_minutes_of_now() public {
        addUnproven();
        live(optionExpiry + 1);
        rounds.setSilent(true);
        for (uint256 i; i < 5; ++i) {
            vm.warp(optionExpiry + 1 days + i * 1 minutes);
            setPrice(1, 2040e8);
            clearinghouse.observeSettlement(near);
        }
        rounds.setSilent(false);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        rounds.setAnswer(2000e8);
        setPrice(1, 2000e8);
        oracle.refresh(feedIds);
        vm.warp(vm.getBlockTimestamp() + 1 minutes);
        assertEq(_end(), expected());
    }

    /* SEQUENCER */

    /// @notice Ends of minutes at which the sequencer was down, or had just come back, do not count.
    function test_minutes_without_a_sequencer_do_not_count() public {
        RoundsAggregator uptime = _outage(2 minutes);
        uint256 state = vm.snapshotState();
        clearinghouse.observeSettlement(near);
        (uint256 observations,,) = clearinghouse.expiries().windowOf(near, oracle);
        // down at the ends of minutes 8, 9 and 10, restless at those of 11 and 12
        assertEq(observations, 25);

        // an outage after the window changes nothing of it
        vm.revertToState(state);
        uptime.setAnswer(1);
        vm.warp(optionExpiry + 2 hours);
        rounds.setAnswer(2000e8);
        vm.expectRevert(abi.encodeWithSelector(IExpiries.PriceNotValid.selector, 1));
        clearinghouse.observeSettlement(near);
        uptime.setAnswer(0);
        vm.warp(vm.getBlockTimestamp() + 2 minutes);
        clearinghouse.observeSettlement(near);
        (observations,,) = clearinghouse.expiries().windowOf(near, oracle);
        assertEq(observations, 25);
    }

    /// @notice An outage whose grace takes more than ten minutes of the window delays nothing by a day: minutes of now
    /// count at once, for nobody chooses it.
    function test_minutes_of_now_count_at_once_where_an_outage_took_too_many() public {
        _outage(15 minutes);
        vm.expectPartialRevert(IExpiries.TooFewObservations.selector);
        clearinghouse.finishSettlement(near);
        for (uint256 i; i < 20; ++i) {
            rounds.setAnswer(2000e8);
            clearinghouse.observeSettlement(near);
            vm.warp(vm.getBlockTimestamp() + 1 minutes);
        }
        clearinghouse.finishSettlement(near);
        assertApproxEqRel(clearinghouse.expiries().averageOf(near), 2000e18, 0.002e18);
    }

    /* HELPERS */

    /// @dev The sequencer is down in the window for three minutes, from half past the seventh on, and rests after it.
    function _outage(uint256 grace) private returns (RoundsAggregator uptime) {
        uptime = deployRounds();
        uptime.setAnswer(0);
        oracle.setSequencerFeed(address(uptime), grace);
        live(start + 7 minutes + 30);
        uptime.setAnswer(1);
        vm.warp(start + 10 minutes + 30);
        uptime.setAnswer(0);
        live(optionExpiry + 1);
    }

    function _observeIfTaken() private {
        try clearinghouse.observeSettlement(near) {} catch {}
    }

    /// @dev Observes after expiry and finishes.
    function _end() private returns (uint256) {
        if (vm.getBlockTimestamp() <= optionExpiry) live(optionExpiry + 1);
        _observeIfTaken();
        clearinghouse.finishSettlement(near);
        return clearinghouse.expiries().averageOf(near);
    }
}
