"""What owners do while a scenario is played: they open in time, and add cash while the announced health is too low."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from crossmargin.simulation.demo import owners
from crossmargin.simulation.demo.opening import Portfolio
from crossmargin.simulation.demo.owners import Owners

WAD = 10**18
CAREFUL, CARELESS = 7, 8
FEEDS = {"ETH": "posted", "stETH": "ratio"}
MINED, POSTED = [], []
"""When the venue of a test mined a block, and which prices it was posted."""


class FakeClient:
    """Says a health factor that grows with every deposit."""

    health = WAD

    def announced_health(self, _account):
        """Give it."""
        return FakeClient.health


class FakeOpening:
    """Opens one portfolio at a time of its own."""

    def __init__(self, portfolios, later, time):
        """Hold what is open, and what opens later."""
        self.portfolios, self._later, self._time = list(portfolios), later, time

    def due(self, moment):
        """Say whether it is time."""
        return self._later is not None and moment >= self._time

    def open_due(self, moment):
        """Open it, once."""
        if not self.due(moment):
            return []
        opened, self._later = [self._later], None
        self.portfolios += opened
        return opened


def portfolio(account, name, reserve):
    """Make one that is worth 1,000."""
    settings = SimpleNamespace(name=name, reserve=Decimal(reserve))
    return Portfolio(settings, account, SimpleNamespace(key=None), cash=1_000 * WAD, equity=1_000 * WAD)


@pytest.fixture
def stage(monkeypatch):
    """Make owners of a venue whose blocks are mined at once or not; deposits raise health by a twentieth."""
    switched, deposits = [], []

    def deposit(_venue, _actor, account, token, units):
        assert switched[-1] is True
        deposits.append((account, token, units))
        FakeClient.health += WAD // 20

    monkeypatch.setattr(owners, "deposit", deposit)
    monkeypatch.setattr(owners.Client, "connect", lambda *_: FakeClient())
    monkeypatch.setattr(FakeClient, "health", WAD)
    feeds = {name: SimpleNamespace(primary=SimpleNamespace(kind=kind)) for name, kind in FEEDS.items()}
    config = SimpleNamespace(quote="USDC", token_units=lambda _token, amount: int(amount * 10**6), feeds=feeds)
    chain = SimpleNamespace(url="", now=50, automine=lambda *, enabled: switched.append(enabled), mine=MINED.append)
    venue = SimpleNamespace(config=config, chain=chain, path=None, require=lambda _: None, post_prices=POSTED.append)
    venue.mids = lambda: dict.fromkeys(FEEDS, 2_000 * WAD)
    MINED.clear()
    POSTED.clear()
    careful, careless = portfolio(CAREFUL, "careful", 300), portfolio(CARELESS, "careless", 0)
    names = {}
    return Owners(venue, FakeOpening([careful], careless, 100), names), careful, deposits, switched, names


def test_portfolios_are_open_from_their_time_on(stage):
    """And watched from then on."""
    crowd, _, _, _, names = stage
    crowd.act(99)
    assert names == {}
    assert MINED == []
    crowd.act(1_000)
    assert names == {CARELESS: "careless"}
    assert (POSTED, MINED) == ([{"ETH": 2_000 * 10**8}], [700])


def test_a_reserve_is_added_by_tenths_until_the_announced_health_will_do(stage):
    """It counts as equity that was put in; who has none adds none, and where nothing is to be done nothing is mined."""
    crowd, careful, deposits, switched, _ = stage
    for moment in range(5):
        crowd.act(moment)
    assert deposits == [(CAREFUL, "USDC", 30 * 10**6)] * 2
    assert (careful.cash, careful.equity) == (1_060 * WAD, 1_060 * WAD)
    assert switched == [True, False] * 2


def test_a_reserve_ends(stage, monkeypatch):
    """After ten parts, whatever health is."""
    crowd, careful, deposits, _, _ = stage
    monkeypatch.setattr(owners, "_CAREFUL", 100 * WAD)
    for moment in range(20):
        crowd.act(moment)
    assert len(deposits) == 10
    assert careful.equity == 1_300 * WAD
