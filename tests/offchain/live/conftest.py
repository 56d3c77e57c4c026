"""A reading of a venue that is well."""

from dataclasses import replace

import pytest

from crossmargin.client.views import MarketView, Price
from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.prices import PriceStatus
from crossmargin.simulation.live.readings import ArrayReading, Reading, SliceReading

WAD = 10**18
NOW = 1_800_000_000
EXPIRY = 1_800_403_200


@pytest.fixture(scope="session")
def network():
    """Read the local configuration."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


@pytest.fixture
def price():
    """Make a price of the moment."""

    def make(mid=2_000 * WAD, time=NOW, status=PriceStatus.VALID):
        return Price(mid, mid, mid, time, status)

    return make


@pytest.fixture
def market_view(price):
    """Make a market: a call on ether unless it is said otherwise."""

    def make(**changes):
        call = encode(Instrument(Kind.CALL, 1, EXPIRY // 3600, strike_code(2_000 * WAD)))
        zeros = dict.fromkeys(
            ("funding_index", "funding_rate", "premium", "flags", "pool", "shortfall", "funding_depth"), 0
        )
        usual = MarketView(
            instrument=call,
            index=price(),
            open_interest=3 * WAD,
            mark=50 * WAD,
            mark_status=PriceStatus.VALID,
            open_interest_cap=100 * WAD,
            max_funding_rate=0,
            **zeros,
        )
        return replace(usual, **changes)

    return make


@pytest.fixture
def reading(price, market_view):
    """Read everything a minute after it was renewed."""
    then = NOW - 60
    return Reading(
        block=7,
        time=NOW,
        prices={"ETH": price(time=then)},
        slices={"ETH:weekly": SliceReading(then, EXPIRY, 6 * 10**7)},
        arrays={"ETH-CALL": ArrayReading("ETH", then, 2_000 * WAD, 2_000 * WAD, EXPIRY)},
        markets={"ETH-CALL": market_view()},
    )
