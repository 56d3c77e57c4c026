"""Windows are started and finished by the clearinghouse alone; anybody may look."""

import pytest

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


@pytest.mark.parametrize("function", ["start", "finish"])
@pytest.mark.parametrize("bits", [0, GATE | EXCHANGE | AUCTION])
def test_windows_are_the_clearinghouses(venue, future, window, other, function, bits):
    """Neither strangers nor other modules of the vault may make an average."""
    if bits:
        venue.make_module(other, bits)
    with unchanged(window), reverts("NotModule", caller=other):
        getattr(venue.expiries, function)(future, venue.oracle, sender=other)


def test_whoever_the_vault_calls_clearinghouse_may(venue, future, window, other):
    """The vault's word decides; the rules of time hold for it too."""
    venue.make_module(other, CLEARINGHOUSE)
    with unchanged(window), reverts("SettlementTooEarly", id=future, time=ANY, earliest=ANY):
        venue.expiries.start(future, venue.oracle, sender=other)
    with unchanged(window), reverts("SettlementNotStarted", id=future):
        venue.expiries.finish(future, venue.oracle, sender=other)


def test_a_window_counts_for_its_oracle_only(venue, future, other):
    """Started on one oracle's integral, it is none to another."""
    expiry = (future >> 24 & 0xFFFFFF) * 3_600
    venue.warp(expiry - 600 - venue.node.now)
    started = venue.clearinghouse.startSettlement(future, sender=other).time
    assert venue.expiries.windowOf(future, venue.oracle).startedAt == started
    assert venue.expiries.windowOf(future, other.address).startedAt == 0
    assert venue.expiries.averageOf(future) == 0
