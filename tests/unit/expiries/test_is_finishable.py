"""Whether an average can be fixed now: what an auction inside an operation asks before it relies on the index."""

import pytest

from tests.helpers.option_desk import observe
from tests.helpers.reverts import reverts


@pytest.fixture
def future(venue) -> int:
    """Give an instrument that expires."""
    return venue.instrument("ETH-FUTURE")


@pytest.fixture
def at(venue, future):
    """Go to a time relative to the expiry."""
    expiry = (future >> 24 & 0xFFFFFF) * 3_600
    return lambda seconds, **options: venue.warp(expiry + seconds - venue.node.now, **options)


@pytest.fixture
def finishable(venue, future):
    """Ask whether the average is to be fixed now."""
    return lambda: venue.expiries.isFinishable(future, venue.oracle)


def test_is_finishable_once_observed(venue, future, at, finishable, other):
    """Not before expiry, not of another oracle, and not twice; later than ten minutes after it once it was observed."""
    venue.set_price("ETH", 2000)
    assert not finishable()
    at(-1_800)
    assert not finishable()
    at(600)
    assert not finishable()
    observe(venue, "ETH-FUTURE", sender=other)
    assert finishable()
    assert not venue.expiries.isFinishable(future, other.address)
    venue.clearinghouse.finishSettlement(future, sender=other)
    assert not finishable()


def test_sources_that_prove_the_past_are_asked_before_anything_is_sold(venue, future, at, finishable, other):
    """For ten minutes from the expiry on: what finishes has them prove, and an auction finishes first."""
    at(-1_800)
    at(1)
    assert finishable()
    at(590)
    assert finishable()
    venue.clearinghouse.finishSettlement(future, sender=other)
    assert venue.clearinghouse.settlementOf(future)["finished"]
    assert not finishable()


def test_a_source_of_a_single_round_proves_nothing(venue, future, at, finishable, other):
    """Some say 1 for ever: such an index is observed each minute, and nothing waits for it."""
    at(1, refresh=False)
    assert not finishable()
    with reverts("TooFewObservations", id=future, observations=0, least=20):
        venue.clearinghouse.finishSettlement(future, sender=other)
