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


def test_is_finishable_exactly_while_finish_succeeds(venue, future, at, other):
    """Not before expiry, not without observations, not of another oracle, and not twice."""

    def finishable() -> bool:
        return venue.expiries.isFinishable(future, venue.oracle)

    assert not finishable()
    at(-1_800)
    assert not finishable()
    at(600)
    assert not finishable()
    with reverts("TooFewObservations", id=future, observations=0, least=20):
        venue.clearinghouse.finishSettlement(future, sender=other)
    observe(venue, "ETH-FUTURE", sender=other)
    assert finishable()
    assert not venue.expiries.isFinishable(future, other.address)
    venue.clearinghouse.finishSettlement(future, sender=other)
    assert not finishable()
