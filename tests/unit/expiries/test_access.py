"""The index is observed and averages are fixed by the clearinghouse alone; anybody may look."""

import pytest

from tests.helpers.option_desk import observe
from tests.helpers.reverts import ANY, reverts, unchanged

GATE, CLEARINGHOUSE, EXCHANGE, AUCTION = 1, 2, 4, 8


@pytest.fixture
def future(venue) -> int:
    """Give an instrument that expires."""
    return venue.instrument("ETH-FUTURE")


@pytest.fixture
def window(venue, future):
    """Read what is known of the expiry."""
    return lambda: (venue.expiries.windowOf(future, venue.oracle), venue.expiries.averageOf(future))


@pytest.mark.parametrize("function", ["observe", "finish"])
@pytest.mark.parametrize("bits", [0, GATE | EXCHANGE | AUCTION])
def test_averages_are_the_clearinghouses(venue, future, window, other, function, bits):
    """Neither strangers nor other modules of the vault may make an average."""
    if bits:
        venue.make_module(other, bits)
    with unchanged(window), reverts("NotModule", caller=other):
        getattr(venue.expiries, function)(future, venue.oracle, sender=other)


def test_whoever_the_vault_calls_clearinghouse_may(venue, future, window, other):
    """The vault's word decides; the rules of time hold for it too."""
    venue.make_module(other, CLEARINGHOUSE)
    for function in ("observe", "finish"):
        with unchanged(window), reverts("SettlementTooEarly", id=future, time=ANY, earliest=ANY):
            getattr(venue.expiries, function)(future, venue.oracle, sender=other)


def test_what_was_observed_counts_for_its_oracle_only(venue, future, other):
    """Of one oracle, it is nothing to another."""
    venue.set_price("ETH", 2000)
    start = (future >> 24 & 0xFFFFFF) * 3_600 - 1_800
    assert venue.expiries.windowOf(future, venue.oracle) == {"observations": 0, "next": start + 1_801, "average": 0}
    observe(venue, "ETH-FUTURE", sender=other)
    assert venue.expiries.windowOf(future, venue.oracle) == {"observations": 30, "next": 0, "average": 0}
    assert venue.expiries.windowOf(future, other.address) == {"observations": 0, "next": start, "average": 0}
    assert venue.expiries.averageOf(future) == 0
