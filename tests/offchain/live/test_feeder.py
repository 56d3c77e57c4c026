import logging
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from crossmargin.simulation.live import feeder
from crossmargin.simulation.live.feeder import Feeder
from crossmargin.simulation.live.readings import SliceReading
from tests.offchain.live.conftest import EXPIRY, NOW

PRICE = 2_000 * 10**8
LEVEL = 6 * 10**7


class Poster:
    """A venue that notes what is posted."""

    def __init__(self, network, slices=None):
        """Begin with nothing."""
        option = network.instruments["ETH-WEEKLY-2000-C"]
        self.config = network.model_copy(update={"instruments": {"ETH-CALL": option}})
        slices = {"ETH:weekly": EXPIRY} if slices is None else slices
        self.context = SimpleNamespace(record=SimpleNamespace(slices=slices))
        self.poster = None
        self.posted = []

    def post_prices(self, prices):
        """Note prices."""
        self.posted.append(dict(prices))
        return ["prices"]

    def observe(self):
        """Note that forecasts are brought up to date."""
        return ["observed"]

    def post_volatility(self, levels):
        """Note volatilities."""
        self.posted.append(dict(levels))
        return ["volatility"] * bool(levels)

    def refresh_arrays(self, *options):
        """Note arrays."""
        self.posted.append(options)
        return ["arrays"] * bool(options)


@pytest.fixture
def feed(network, monkeypatch):
    """Give a feeder a turn on a reading, in a market of these prices; tell what it posts."""

    def turn(reading, price=PRICE, level=LEVEL, *, settled=True, slices=None):
        poster = Poster(network, slices)
        market = SimpleNamespace(at=lambda _: ({"ETH": price}, {"ETH:weekly": level}))
        outbox = SimpleNamespace(settle=lambda: settled, begin=lambda: None, sent=poster.posted.append)
        monkeypatch.setattr(feeder, "Outbox", lambda *_: outbox)
        monkeypatch.setattr(feeder, "read_venue", lambda *_: reading)
        Feeder(poster, None, market, logging.getLogger()).turn()
        return poster.posted

    return turn


def fresh(reading, price, **changes):
    """Take a reading in which everything was renewed five seconds ago."""
    then = NOW - 5
    arrays = {name: replace(each, time=then) for name, each in reading.arrays.items()}
    slices = {"ETH:weekly": SliceReading(NOW - 50, EXPIRY, LEVEL)}
    return replace(reading, prices={"ETH": price(time=then)}, slices=slices, arrays=arrays, **changes)


def test_nothing_is_sent_while_nothing_is_due(feed, reading, price):
    """Nor while what was sent is on its way."""
    assert feed(fresh(reading, price)) == []
    assert feed(reading, settled=False) == []


def test_a_price_that_moves_far_takes_the_arrays_along(feed, reading, price):
    """By half of what an array bears, at once."""
    assert feed(fresh(reading, price), price=PRICE * 998 // 1000)[0] == {"ETH": PRICE * 998 // 1000}
    assert feed(fresh(reading, price), price=PRICE * 9 // 10) == [
        {"ETH": PRICE * 9 // 10},
        {},
        ("ETH-CALL",),
        ["prices", "observed", "arrays"],
    ]


def test_volatility_goes_as_far_as_a_post_may_from_where_the_chain_has_it(network, feed, reading, price):
    """A post that was refused is made again from there."""
    most = LEVEL * (1 + network.options["ETH"].max_step)
    sent = feed(fresh(reading, price), level=10 * LEVEL)
    assert LEVEL < sent[0]["ETH:weekly"] <= most
    assert sent[1:] == [("ETH-CALL",), ["volatility", "arrays"]]


def test_a_slice_that_has_expired_is_left_alone(feed, reading, price):
    """Nothing can be posted for it."""
    over = replace(fresh(reading, price), slices={"ETH:weekly": SliceReading(NOW - 50, NOW, LEVEL)})
    assert feed(over, level=2 * LEVEL, slices={"ETH:weekly": NOW}) == []


def test_a_slice_of_a_later_week_is_posted_at_once(feed, reading, price):
    """Its options are listed after it."""
    slices = {"ETH:weekly": EXPIRY, "ETH:weekly-2027-01-22": EXPIRY + 7 * 86_400}
    assert feed(fresh(reading, price), slices=slices)[0] == {"ETH:weekly-2027-01-22": LEVEL}


def test_times_are_the_chains(feed, reading, price, monkeypatch):
    """This machine's clock moves the market, and nothing else."""
    monkeypatch.setattr(time, "time", lambda: NOW + 10_000)
    assert feed(fresh(reading, price)) == []
