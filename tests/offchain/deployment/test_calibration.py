"""What the shipped margins are meant to give, whatever their numbers: docs/calibration.md."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.deployment.config import NetworkConfig
from crossmargin.model.account import Account, Spot, State
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price
from crossmargin.model.units import WAD, FeedId, Seconds, Wad

CONFIG = REPOSITORY / "config"
HOURS = 500_000
DAYS = 73
DOLLAR = Price(Wad(WAD), Wad(WAD), Wad(WAD))
BTC, ETH, ALT, OTHER = range(4)
"""Bitcoin, ether, and two altcoins with the parameters of LINK; a unit of each is worth a dollar."""
LISTED = ("BTC", "ETH", "LINK", "LINK")
LEAST_SAVED = 40


@dataclass(frozen=True)
class Position:
    """So many dollars of an underlying: spot, perpetual, or a future of `DAYS`."""

    underlying: int
    amount: int
    kind: Kind | None = Kind.PERPETUAL

    @property
    def instrument(self):
        """Give the id of its instrument."""
        return encode(
            Instrument(self.kind, FeedId(self.underlying), HOURS + DAYS * 24 if self.kind is Kind.FUTURE else 0)
        )


@pytest.fixture(params=["local", "sepolia"])
def config(request):
    """Read a network that ships with the project."""
    return NetworkConfig.load(CONFIG / f"{request.param}.toml")


def initial(config, positions):
    """Work out what initial margin holds back of an account with these positions [USD]."""
    listed = {FeedId(place): config.underlyings[name] for place, name in enumerate(LISTED)}
    legs = tuple(Leg(each.instrument, size := Wad(each.amount * WAD), size) for each in positions if each.kind)
    spots = tuple(
        Spot(each.amount * WAD, 18, FeedId(each.underlying), FeedId(each.underlying))
        for each in positions
        if not each.kind
    )
    now = Seconds(HOURS * 3_600)
    markets = {leg.instrument: Market(leg.instrument, updated_at=now) for leg in legs}
    state = State(config.risk_table(listed), dict.fromkeys(listed, DOLLAR), markets, now=now)
    account = Account(Wad(10**9 * WAD), spots, legs)
    return (equity(account, state) - margin(account, state, RiskSet.INITIAL).excess) / WAD


def saved(config, positions):
    """Give by how much less one account needs than each position in an account of its own [%]."""
    apart = sum(initial(config, (each,)) for each in positions)
    return 100 * (1 - initial(config, positions) / apart)


def basis(underlying, amount, kind=Kind.PERPETUAL):
    """Hold spot and sell as much forward."""
    return (Position(underlying, amount, None), Position(underlying, -amount, kind))


def against(bought, sold):
    """Buy perpetuals and sell others, dollars by underlying."""
    return (
        *(Position(underlying, amount) for underlying, amount in bought.items()),
        *(Position(underlying, -amount) for underlying, amount in sold.items()),
    )


BOOKS = {
    "bitcoin, basis": basis(BTC, 1_000_000),
    "bitcoin, basis, large": basis(BTC, 10_000_000),
    "ether, basis": basis(ETH, 1_000_000),
    "ether, basis of the future": basis(ETH, 1_000_000, Kind.FUTURE),
    "altcoin, basis": basis(ALT, 100_000),
    "altcoin, basis, large": basis(ALT, 1_000_000),
    "ether, calendar": (Position(ETH, 1_000_000, Kind.FUTURE), Position(ETH, -1_000_000)),
    "pair of majors": against({BTC: 1_000_000}, {ETH: 1_000_000}),
    "pair of majors, large": against({ETH: 10_000_000}, {BTC: 10_000_000}),
    "pair of altcoins": against({ALT: 100_000}, {OTHER: 100_000}),
    "pair of altcoins, large": against({OTHER: 1_000_000}, {ALT: 1_000_000}),
    "market-neutral": against({BTC: 500_000, ALT: 250_000}, {ETH: 500_000, OTHER: 250_000}),
    "market-neutral, altcoins by shock": against({ALT: 500_000}, {BTC: 450_000, ETH: 395_000}),
}


@pytest.mark.parametrize("book", BOOKS)
def test_hedged_books_need_two_fifths_less_than_their_legs_apart(config, book):
    """Impact included."""
    assert saved(config, BOOKS[book]) >= LEAST_SAVED


def test_altcoins_against_as_many_dollars_of_majors_need_a_third_less(config):
    """What is offset is the smaller loss, twice, at most half of it: no configuration can give two fifths."""
    book = against({ALT: 500_000}, {BTC: 250_000, ETH: 250_000})
    assert 30 < saved(config, book) < LEAST_SAVED
    shocks = [config.classes[config.underlyings[name].risk_class].initial.derivative_shock for name in LISTED[:3]]
    majors, altcoins = sum(shocks[:2]) / 2, shocks[2]
    assert 2 * Decimal("0.5") * majors / (majors + altcoins) < Decimal(LEAST_SAVED) / 100


@pytest.mark.parametrize(
    ("name", "maintenance", "initial"), [("BTC", "0.85", "0.80"), ("ETH", "0.85", "0.80"), ("LINK", "0.60", "0.50")]
)
def test_published_weights_of_spot_stand(config, name, maintenance, initial):
    """They are one less haircut and shock, and what lending markets publish as threshold and LTV."""
    sets = config.classes[config.underlyings[name].risk_class]
    weights = [1 - each.liquidity_haircut - each.collateral_shock for each in (sets.maintenance, sets.initial)]
    assert weights == [Decimal(maintenance), Decimal(initial)]


@pytest.mark.parametrize("name", ["bitcoin", "ether", "altcoin", "wick"])
def test_unpaid_profit_counts_no_more_than_initial_margin(config, name):
    """So that a pyramid of own accounts opens nothing with its profit."""
    most = config.engine.profit_weight * config.engine.profit_cover
    assert most <= config.classes[name].initial.derivative_shock


def test_coins_that_wick_offset_nothing(config):
    """The class is there for them, and no member of it is in a group."""
    wick, altcoin = config.classes["wick"], config.classes["altcoin"]
    assert wick.maintenance.derivative_shock > altcoin.initial.derivative_shock
    assert all(each.group is None for each in config.underlyings.values() if each.risk_class == "wick")


def test_fund_begins_with_a_hundredth_of_what_may_be_open(config):
    """At the local network's first prices, which the other's caps are meant for, too."""
    feeds = NetworkConfig.load(CONFIG / "local.toml").feeds
    prices = {name: feeds[name].primary.price for name in ("ETH", "BTC", "LINK")}
    caps = sum(each.open_interest_cap * prices[each.underlying] for each in config.instruments.values())
    assert config.insurance.seed >= caps / 100
