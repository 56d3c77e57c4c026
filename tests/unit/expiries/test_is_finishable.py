"""Whether an average can be fixed now: what an auction inside an operation asks before it relies on the index."""

import pytest

from tests.helpers.reverts import ANY, reverts

WINDOW = 1800


@pytest.fixture
def future(venue) -> int:
    """Give an instrument that expires."""
    return venue.instrument("ETH-FUTURE")


@pytest.fixture
def at(venue, future):
    """Go to a time relative to the expiry."""
    expiry = (future >> 24 & 0xFFFFFF) * 3_600
    return lambda seconds, **options: venue.warp(expiry + seconds - venue.node.now, **options)


def test_is_finishable_exactly_while_finish_succeeds(venue, future, at, other):
    """Not before the window began, not before it is over, not after it was missed, and not twice."""

    def finishable() -> bool:
        return venue.expiries.isFinishable(future, venue.oracle)

    assert not finishable()
    at(-600)
    assert not finishable()
    venue.clearinghouse.startSettlement(future, sender=other)
    at(600)
    assert not finishable()
    with reverts("SettlementTooEarly", id=future, time=ANY, earliest=ANY):
        venue.clearinghouse.finishSettlement(future, sender=other)
    at(WINDOW - 500)
    assert finishable()
    assert not venue.expiries.isFinishable(future, other.address)
    venue.clearinghouse.finishSettlement(future, sender=other)
    assert not finishable()


def test_a_missed_window_is_not_finishable(venue, future, at, other):
    """Half an hour after its end it makes no average any more."""
    at(-WINDOW)
    venue.clearinghouse.startSettlement(future, sender=other)
    at(WINDOW + 60)
    assert not venue.expiries.isFinishable(future, venue.oracle)


def test_nothing_is_finishable_at_a_price_that_is_not_valid(venue, future, at, other, guardian):
    """An index that nobody can trust ends no window."""
    at(-WINDOW)
    venue.clearinghouse.startSettlement(future, sender=other)
    at(60)
    assert venue.expiries.isFinishable(future, venue.oracle)
    venue.oracle.forceHalt(venue.feed("ETH"), 600, sender=guardian)
    assert not venue.expiries.isFinishable(future, venue.oracle)
