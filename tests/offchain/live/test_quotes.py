import pytest

from crossmargin.model.prices import PriceStatus
from crossmargin.simulation.live.quotes import is_ending, quote
from tests.offchain.live.conftest import EXPIRY, NOW, WAD


def sides(quotes):
    """Name the sides."""
    return ["buy" if each.size > 0 else "sell" for each in quotes]


def test_both_sides_lie_around_the_mark(market_view):
    """Four hundredths of a percent of the index away; 50,000 USD at the index."""
    bid, ask = quote(market_view(), 0, NOW)
    assert (bid.size, ask.size) == (25 * WAD, -25 * WAD)
    assert (bid.price, ask.price) == (49_200_000_000_000_000_000, 50_800_000_000_000_000_000)


def test_an_option_that_is_worth_nothing_is_bid_for_with_next_to_nothing(market_view):
    """A price is above 0."""
    bid, _ = quote(market_view(mark=0), 0, NOW)
    assert bid.price == 10**12


@pytest.mark.parametrize(("position", "left"), [(999, ["buy", "sell"]), (1_000, ["sell"]), (-1_000, ["buy"])])
def test_a_large_position_is_only_brought_down(market_view, position, left):
    """Two million USD at the index."""
    assert sides(quote(market_view(), position * WAD, NOW)) == left


@pytest.mark.parametrize("field", ["mark", "index"])
def test_nothing_is_quoted_at_doubtful_prices(market_view, price, field):
    """Of the index or of the volatility."""
    doubtful = {"mark": {"mark_status": PriceStatus.STALE}, "index": {"index": price(status=PriceStatus.HALTED)}}
    assert quote(market_view(**doubtful[field]), 0, NOW) == []


def test_nothing_is_quoted_in_the_last_hour(market_view):
    """Whoever opened it could open nothing else for half of it."""
    assert is_ending(market_view(), EXPIRY - 3_600)
    assert quote(market_view(), 0, EXPIRY - 3_600) == []
    assert quote(market_view(), 0, EXPIRY - 3_601) != []
