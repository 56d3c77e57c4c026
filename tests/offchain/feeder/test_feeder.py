"""What a feeder finds due: what has moved, and what would be stale long before its next turns."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crossmargin.client.option_views import Slice
from crossmargin.client.views import Price
from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.feeder.ages import ages
from crossmargin.feeder.feeder import Due, due
from crossmargin.feeder.readings import ArrayReading, FeedReading, Reading, SliceReading, SourceReading
from crossmargin.feeder.wanted import Wanted
from crossmargin.model.freshness import TapeReading
from crossmargin.model.prices import PriceStatus

WAD = 10**18
NOW = 1_800_000_000
EXPIRY = 1_800_403_200
KEY = ("ETH", EXPIRY)
NOTHING = Due({}, [], {}, [])


@pytest.fixture(scope="module")
def config():
    """Take the local configuration: posted sources of a day, slices and arrays of 900 s."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


@pytest.fixture
def shape(config):
    """Give the slice that is posted."""
    return config.surfaces["ETH"]["weekly"]


def stored(mid, age=60, status=PriceStatus.VALID):
    """Make a stored price, of which the source says the same."""
    price = Price(mid, mid, mid, NOW - age, status)
    return FeedReading(price, mid, NOW - age, status)


@pytest.fixture
def reading(shape):
    """Read everything a minute after it was renewed."""
    return Reading(
        time=NOW,
        feeds={
            "ETH": stored(2_000 * WAD),
            "BTC": stored(60_000 * WAD),
            "LINK": stored(15 * WAD),
            "USDT": stored(WAD),
            "stETH": stored(2_400 * WAD),
        },
        sources={f"{name}:primary": SourceReading(price * 10**8, NOW - 60) for name, price in PRICES.items()},
        slices={KEY: SliceReading(Slice(*shape.encode()).level, NOW - 60)},
        arrays={"ETH-WEEKLY-2000-C": ArrayReading("ETH", NOW - 60, 2_000 * WAD)},
    )


PRICES = {"ETH": 2_000, "BTC": 60_000, "LINK": 15, "USDT": 1}


def desk(shape=None, **prices):
    """Want prices and a slice posted."""
    slices = {"ETH": {datetime.fromtimestamp(EXPIRY, UTC): shape}} if shape else {}
    return Wanted(time=datetime.fromtimestamp(NOW, UTC), prices=prices, slices=slices)


def test_nothing_is_due_where_nothing_has_moved(config, reading, shape):
    """A minute after everything was renewed."""
    assert due(config, reading, desk(shape, ETH=Decimal(2_000))) == NOTHING


def test_a_price_that_moved_takes_its_feeds_along(config, reading):
    """The one that is a multiple of it, too."""
    found = due(config, reading, desk(ETH=Decimal(2_002)))
    assert found == replace(NOTHING, prices={"ETH:primary": 2_002 * 10**8}, feeds=["ETH", "stETH"])


def test_what_the_sources_say_is_stored_when_it_matters(config, reading):
    """Newer, and moved or old: a reading that stands still is left alone for hours."""

    def saying(**changes):
        feeds = {**reading.feeds, "LINK": replace(reading.feeds["LINK"], **changes)}
        return due(config, replace(reading, feeds=feeds), desk()).feeds

    old = Price(15 * WAD, 15 * WAD, 15 * WAD, NOW - 86_400 // 3, PriceStatus.VALID)
    assert saying(said_at=NOW) == []
    assert saying(said=16 * WAD) == []
    assert saying(said=16 * WAD, said_at=NOW) == ["LINK"]
    assert saying(stored=old, said_at=NOW) == ["LINK"]
    assert saying(stored=replace(old, status=PriceStatus.STALE)) == ["LINK"]


def test_a_slice_is_posted_at_a_third_of_its_age_and_its_arrays_after_it(config, reading, shape):
    """A slice that is over is never posted."""
    old = replace(reading, slices={KEY: SliceReading(reading.slices[KEY].level, NOW - 300)})
    found = due(config, old, desk(shape))
    assert (list(found.slices), found.arrays) == ([KEY], ["ETH-WEEKLY-2000-C"])
    assert due(config, replace(old, time=EXPIRY - 10, arrays={}), desk(shape)).slices == {}


def test_the_first_slice_of_an_expiry_is_posted(config, reading, shape):
    """So that its options can be listed."""
    assert list(due(config, replace(reading, slices={}), desk(shape)).slices) == [KEY]


def test_arrays_are_refreshed_before_they_admit_no_risk(config, reading):
    """By age, and by where the index is about to be."""
    assert due(config, replace(reading, time=NOW + 240), desk()).arrays == ["ETH-WEEKLY-2000-C"]
    moved = {**reading.feeds, "ETH": replace(reading.feeds["ETH"], said=2_011 * WAD, said_at=NOW)}
    assert due(config, replace(reading, feeds=moved), desk()) == replace(
        NOTHING, feeds=["ETH"], arrays=["ETH-WEEKLY-2000-C"]
    )


def test_ages_are_held_against_their_limits(config, reading):
    """What is wrong beside the age is said."""
    assert [each.what for each in ages(config, reading) if each.stale] == []
    feeds = {**reading.feeds, "LINK": stored(15 * WAD, status=PriceStatus.HALTED)}
    later = replace(reading, time=NOW + 900, feeds=feeds)
    assert [(each.what, each.age, each.limit, each.fault) for each in ages(config, later) if each.stale] == [
        ("feed LINK", 960, 86_400, "halted"),
        (f"volatility ETH:{EXPIRY}", 960, 900, ""),
        ("risk array ETH-WEEKLY-2000-C", 960, 900, ""),
    ]


def test_a_new_price_is_observed_once_a_step(config, reading):
    """By who only observes before there is a forecast, by a poke after."""
    tapes = {
        "ETH": TapeReading(NOW // 300 - 1, NOW - 300, ready=False),
        "BTC": TapeReading(NOW // 300 - 1, 0, ready=True),
    }
    found = due(config, replace(reading, tapes=tapes), desk())
    assert found == replace(NOTHING, observed=("ETH",), poked=("BTC",))
    tapes = {"ETH": TapeReading(NOW // 300, 0, ready=False), "BTC": TapeReading(0, NOW - 60, ready=True)}
    assert due(config, replace(reading, tapes=tapes), desk()) == NOTHING


def test_a_price_that_is_refreshed_now_is_observed_now(config, reading):
    """The forecaster has the last one."""
    tapes = {"ETH": TapeReading(NOW // 300 - 1, NOW - 60, ready=True)}
    found = due(config, replace(reading, tapes=tapes), desk(ETH=Decimal(2_002)))
    assert (found.feeds, found.poked) == (["ETH", "stETH"], ("ETH",))
