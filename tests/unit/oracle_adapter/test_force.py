"""The guardian may force a feed down for a bounded time."""

import ape
import pytest

VALID, UNCERTAIN, HALTED = 1, 3, 4
HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize("read_through", [False, True])
def test_force_uncertain_holds_and_ends(listed, move, guardian, oracle, read_through):
    """Sources that are fine do not lift it; time does."""
    listed(readThrough=read_through)
    oracle.forceUncertain(1, HOUR, sender=guardian)
    assert oracle.price(1).status == UNCERTAIN
    assert move(2001).status == UNCERTAIN
    assert move(2001, after=HOUR).status == VALID


def test_force_uncertain_never_shortens(listed, guardian, oracle):
    """A guardian may only tighten."""
    listed()
    oracle.forceUncertain(1, DAY, sender=guardian)
    end = oracle.bounds(1).forcedUncertain
    oracle.forceUncertain(1, 0, sender=guardian)
    assert oracle.bounds(1).forcedUncertain == end


def test_force_uncertain_rejects_long_duration(listed, guardian, oracle):
    """At most 7 days."""
    listed()
    with ape.reverts(oracle.DurationTooLong, error_inputs={"duration": 7 * DAY + 1, "limit": 7 * DAY}):
        oracle.forceUncertain(1, 7 * DAY + 1, sender=guardian)
    assert oracle.price(1).status == VALID


@pytest.mark.parametrize("read_through", [False, True])
def test_force_halt_holds_and_falls_back(listed, move, guardian, chain, oracle, read_through):
    """A halt outlasts good sources and ends by itself."""
    listed(readThrough=read_through)
    oracle.forceHalt(1, HOUR, sender=guardian)
    assert oracle.price(1).status == HALTED
    assert move(2001).status == HALTED
    chain.mine(timestamp=chain.pending_timestamp + HOUR)
    assert oracle.price(1).status in (VALID, UNCERTAIN)
    assert move(2002).status == VALID


def test_force_halt_rejects_second_halt_within_a_day(listed, guardian, chain, oracle):
    """Attack 39: auctions cannot be held off by halting again and again."""
    listed()
    oracle.forceHalt(1, HOUR, sender=guardian)
    earliest = oracle.bounds(1).forcedHalt + 23 * HOUR
    now = chain.pending_timestamp + 2 * HOUR
    chain.pending_timestamp = now
    with ape.reverts(oracle.HaltTooSoon):
        oracle.forceHalt(1, HOUR, sender=guardian)
    chain.pending_timestamp = earliest
    oracle.forceHalt(1, HOUR, sender=guardian)
    assert oracle.price(1).status == HALTED


def test_force_halt_rejects_long_duration(listed, guardian, oracle):
    """At most an hour."""
    listed()
    with ape.reverts(oracle.DurationTooLong, error_inputs={"duration": HOUR + 1, "limit": HOUR}):
        oracle.forceHalt(1, HOUR + 1, sender=guardian)
    assert oracle.price(1).status == VALID


@pytest.mark.parametrize("function", ["forceUncertain", "forceHalt"])
def test_force_rejects_unlisted_feed_and_strangers(listed, guardian, keeper, oracle, function):
    """Listed feeds, the guardian's role."""
    listed()
    with ape.reverts(oracle.UnknownFeed, error_inputs={"feedId": 9}):
        getattr(oracle, function)(9, 60, sender=guardian)
    with ape.reverts(oracle.AccessManagedUnauthorized, error_inputs={"caller": keeper}):
        getattr(oracle, function)(1, 60, sender=keeper)
    assert oracle.price(1).status == VALID
