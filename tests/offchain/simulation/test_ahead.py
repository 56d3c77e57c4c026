"""Margins that move ahead, replayed: floats equal the exact model, and what is told and sold is what must be."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.model.account import Account
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.prices import Multipliers
from crossmargin.model.units import WAD, Wad
from crossmargin.simulation.__main__ import main
from crossmargin.simulation.ahead.books import Margins, draw
from crossmargin.simulation.ahead.market import STEPS, Market, Told, load, tell
from crossmargin.simulation.ahead.replay import HELD, Batch, Habits, Rule, batches, equal_constant, fates
from crossmargin.simulation.ahead.sales import Paths, Terms, auctioned, first_below
from crossmargin.simulation.liquidations.venue import Venue, dollars, price_of, wad_of

ASSETS = ("BTC", "ETH", "LINK", "DOGE")
HOURS = 60 * 24
BEGIN = 450_000


@pytest.fixture(scope="module")
def ahead_venue():
    """Give the local venue with two coins that it does not list."""
    return Venue.of(NetworkConfig.load(REPOSITORY / "config" / "local.toml"), list(ASSETS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write two months of hourly bars: calm, and on the 51st day every hour falls by 3 %."""
    path = tmp_path_factory.mktemp("data")
    (path / "spot_1h").mkdir()
    random = np.random.default_rng(3)
    common = random.normal(0, 0.003, HOURS)
    common[50 * 24 : 51 * 24] = -0.03
    for place, asset in enumerate(ASSETS):
        closes = 100 * (place + 1) * np.exp(np.cumsum(common + random.normal(0, 0.001, HOURS)))
        opens = np.concatenate([closes[:1], closes[:-1]])
        lines = [
            f"{(BEGIN + hour) * 3600},{o},{max(o, c) * 1.001},{min(o, c) * 0.999},{c},1"
            for hour, (o, c) in enumerate(zip(opens, closes, strict=True))
        ]
        (path / "spot_1h" / f"{asset}.csv").write_text("\n".join(["date,open,high,low,close,volume", *lines]) + "\n")
    return path


@pytest.fixture(scope="module")
def ahead_market(folder):
    """Load it."""
    return load(folder / "spot_1h", ASSETS)


def test_margins_equal_the_model(ahead_venue):
    """Of 200 books at drawn prices and multipliers, in both sets, to a billionth."""
    random, margins = np.random.default_rng(1), Margins.of(ahead_venue, ASSETS)
    notionals = draw(random, 200, len(ASSETS))
    told = np.sort(random.uniform(1, 1.75, (200, 2, len(ASSETS))), axis=1)
    for book, (maintenance, initial) in zip(notionals, told, strict=True):
        prices = dict(zip(ASSETS, random.uniform(1, 5_000, len(ASSETS)), strict=True))
        legs = tuple(
            Leg(ahead_venue.perpetual(asset), wad_of(size / prices[asset]), wad_of(size))
            for asset, size in zip(ASSETS, book, strict=True)
            if size
        )
        said = {
            ahead_venue.feeds[asset]: Multipliers(wad_of(low), wad_of(high))
            for asset, low, high in zip(ASSETS, maintenance, initial, strict=True)
        }
        state = replace(ahead_venue.state(prices, 1_800_000_000, {}), multipliers=said)
        exposures = np.array([leg_notional(legs, ahead_venue, asset, prices) for asset in ASSETS])
        for which, multipliers in ((RiskSet.INITIAL, initial), (RiskSet.MAINTENANCE, maintenance)):
            exact = margin(Account(Wad(0), (), legs), state, which).requirement
            found = margins.cross(exposures, multipliers, which) + margins.impact(exposures, multipliers).sum()
            assert found == pytest.approx(dollars(exact), rel=1e-9)


def test_looks_at_once_are_looks_one_by_one(ahead_venue, ahead_market):
    """Products of matrices give what each look asks by itself, of whole accounts, in both sets."""
    random, margins = np.random.default_rng(2), Margins.of(ahead_venue, ASSETS)
    notionals = draw(random, 50, len(ASSETS))
    ratios = ahead_market.prices[:500] / ahead_market.prices[0]
    told = random.uniform(1, 1.75, ratios.shape)
    exposures = notionals * ratios[:, None, :]
    for which in (RiskSet.INITIAL, RiskSet.MAINTENANCE):
        alone = margins.cross(exposures, told[:, None, :], which)
        assert margins.cross_at(ratios, told, notionals, which) == pytest.approx(alone.T, rel=1e-9)
    charged = margins.impact(exposures, told[:, None, :])
    assert margins.impacts_at(ratios, told, notionals) == pytest.approx(charged.sum(axis=-1).T, rel=1e-9)
    gained = exposures - notionals
    assert margins.gains(ratios, notionals) == pytest.approx(gained.sum(axis=-1).T, rel=1e-6, abs=1e-6)
    tolls = (np.abs(exposures) * margins.tolls).sum(axis=-1)
    assert margins.tolls_at(ratios, notionals) == pytest.approx(tolls.T)
    lacking = alone + charged.sum(axis=-1) - gained.sum(axis=-1)
    assert margins.lacking_at(ratios, told, notionals, which) == pytest.approx(lacking.T, rel=1e-6, abs=1e-6)
    for asset in range(len(ASSETS)):
        own = exposures[..., asset]
        asked = np.abs(own) * margins.shocks[which][asset] * told[:, None, asset] + charged[..., asset]
        lacking = asked - gained[..., asset]
        found = margins.lacking_alone(ratios[:, asset], told[:, asset], notionals[:, asset], asset)
        assert found == pytest.approx(lacking.T, rel=1e-6, abs=1e-6)


def leg_notional(legs, venue, asset, prices):
    """Give the signed notional of an asset's leg [USD]."""
    sizes = [leg.size for leg in legs if leg.instrument == venue.perpetual(asset)]
    return dollars(sum(sizes) * price_of(prices[asset]) // WAD)


def test_paths_go_through_each_bar(ahead_market):
    """Twelve looks an hour, that reach its extremes and end at its close, and never leave it."""
    market = ahead_market
    assert market.prices.shape == (HOURS * STEPS, len(ASSETS))
    hour = market.prices[:, 0].reshape(-1, STEPS)
    opens = np.concatenate([[np.nan], hour[:-1, -1]])
    fell = hour[1:, -1] < opens[1:]
    assert hour[1:].max(axis=1) == pytest.approx(np.maximum(opens[1:], hour[1:, -1]) * 1.001)
    assert hour[1:].min(axis=1) == pytest.approx(np.minimum(opens[1:], hour[1:, -1]) * 0.999)
    assert (hour[1:].argmax(axis=1) < hour[1:].argmin(axis=1)).tolist() == fell.tolist()


def test_multipliers_rise_with_the_crash_within_their_limits(ahead_market, ahead_venue):
    """Nothing is told in calm; initial rises by less than a tenth an hour, and maintenance follows, never above it."""
    told = tell(ahead_market, ahead_venue, None, ("BTC", "ETH"))
    crash = 50 * 24
    assert (told.initial[:crash] == 1).all()
    assert told.initial[crash : crash + 24].max() > 1.2
    assert (told.initial[1:] / told.initial[:-1]).max() < 1.1
    assert (told.maintenance <= told.initial + 1e-12).all()
    first = [int(np.argmax(values[:, 0] > 1)) for values in (told.initial, told.maintenance)]
    assert crash < first[0] <= first[1] - 6


@pytest.fixture
def one_book():
    """Make a batch of one book, long 100,000 of bitcoin, whose price goes as it is told by look."""

    def make(path):
        prices = np.ones((HELD * STEPS, len(ASSETS)))
        prices[:, 0] = 100.0
        prices[: len(path), 0], prices[len(path) :, 0] = path, path[-1]
        return Batch(0, np.array([[100_000.0, 0, 0, 0]]), np.ones(1), prices)

    return make


@pytest.fixture(scope="module")
def terms(ahead_venue):
    """Give the terms of both auctions."""
    return Terms(ahead_venue.terms)


def constant(value):
    """Tell a multiplier for every hour of a batch."""
    return Told.constant(Market(ASSETS, np.arange(HELD), np.ones((1, 1)), ()), value)


def test_a_book_is_sold_where_margin_asks_for_more(one_book, ahead_venue, terms):
    """At the look at which equity is below maintenance; early where multipliers alone did it; what lacks is unpaid."""
    margins = Margins.of(ahead_venue, ASSETS)
    calm, dip = one_book([100.0, 100.0, 98.0]), one_book([100.0, 97.0, 80.0, 80.0])
    flat, high = (
        Rule("flat", constant(1.0)),
        Rule("high", replace(constant(1.0), maintenance=constant(1.75).maintenance)),
    )

    (stood,), (sold,), (early,) = (
        fates(calm, margins, [flat], terms),
        fates(dip, margins, [flat], terms),
        fates(calm, margins, [high], terms),
    )
    assert (stood.sold[0], stood.unpaid[0], stood.held[0]) == (-1, 0, HELD)
    asked = margins.cross(calm.notionals, np.ones(4), RiskSet.INITIAL)[0]
    asked += margins.impact(calm.notionals, np.ones(4)).sum()
    assert stood.asked[0] == stood.equity[0] == pytest.approx(asked)

    assert (sold.sold[0], sold.early[0]) == (2, 0)
    assert sold.unpaid[0] == pytest.approx(20_000 + 80_000 * 0.001 - asked)
    assert (early.early[0], early.unpaid[0]) == (1, 0)


@pytest.mark.parametrize("cross", [True, False], ids=["cross", "isolated"])
def test_impact_moves_with_the_multiplier_of_the_hour(one_book, ahead_venue, terms, cross):
    """At the opening by the initial one, later by that of maintenance; `sound at 1` asks for it without."""
    margins, prices = Margins.of(ahead_venue, ASSETS), np.full(HELD * STEPS, 100.0)
    large = replace(one_book(prices), notionals=np.array([[100_000_000.0, 0, 0, 0]]))
    rises = replace(constant(1.25), maintenance=np.repeat([1.25, 1.75], [24, HELD - 24])[:, None] * np.ones(4))
    opening = margins.opening(large.notionals, np.ones(4))[0]
    asked = margins.cross(large.notionals, np.ones(4), RiskSet.MAINTENANCE)[0]
    asked += margins.impact(large.notionals, np.ones(4)).sum()

    for part, sold in ((1 + 1e-9, -1), (1 - 1e-9, 24 * STEPS)):
        room = np.array([part * 1.75 * asked / (1.25 * opening)])
        (fate,) = fates(replace(large, room=room), margins, [Rule("rises", rises, cross=cross)], terms)
        assert fate.asked[0] == pytest.approx(1.25 * opening)
        assert (fate.sold[0], fate.early[0]) == (sold, sold >= 0)


def test_positions_that_secure_each_other_are_sold_later(ahead_venue, terms):
    """A hedge in another coin: alone each is sold, together they stand, and that sale was premature."""
    margins = Margins.of(ahead_venue, ASSETS)
    prices = np.full((HELD * STEPS, len(ASSETS)), 100.0)
    prices[5:, :2] = 85.0
    hedged = Batch(0, np.array([[100_000.0, -100_000.0, 0, 0]]), np.array([1.2]), prices)
    rules = [Rule("cross", constant(1.0)), Rule("alone", constant(1.0), cross=False)]
    cross, alone = fates(hedged, margins, rules, terms)
    assert cross.sold[0] == -1
    assert (alone.sold[0], alone.early[0]) == (5, 1)
    assert alone.asked[0] > cross.asked[0]


@pytest.fixture
def falling():
    """Make one book, long 1,000,000 and with 70,000 behind it, whose price falls by so much a look."""

    def make(*falls):
        ratios = np.cumprod([1.0, *(1 - fall for fall in falls)])[None]
        gains, shocks, tolls = (ratios - 1) * 1e6, ratios * 60_000, ratios * 1_000
        return Paths(np.array([70_000.0]), gains, shocks, np.zeros_like(gains), tolls)

    return make


def first_of(paths):
    """Find where each first lacks margin."""
    return first_below(paths.scenarios + paths.impact - paths.gains, paths.equity)


def test_an_auction_sells_in_slices_until_the_book_stands(falling, terms):
    """A slow fall takes slice after slice, and nothing is unpaid; what gaps through its equity is paid by others."""
    slow, gap, back = falling(*[0.02] * 20), falling(0.02, 0.10, *[0.0] * 3), falling(0.02, -0.02, *[0.0] * 3)
    assert auctioned(slow, first_of(slow), terms.venue) == pytest.approx([0])
    lacking = 1e6 * (1 - 0.98 * 0.90) - 70_000
    assert auctioned(gap, first_of(gap), terms.venue) == pytest.approx([lacking + 882], rel=1e-6)
    assert auctioned(back, first_of(back), terms.venue) == pytest.approx([0])


def test_a_discount_on_equity_waits_where_an_auction_does_not(falling, terms):
    """Little equity gives little discount: nobody bids, and the account goes bankrupt. By requirement somebody does."""
    path = falling(0.068, 0.0005, *[0.0005] * 8)
    first = first_of(path)
    assert auctioned(path, first, terms.venue) == pytest.approx([0])
    assert auctioned(path, first, terms.former)[0] > 0


def test_who_is_never_below_owes_nothing(falling, terms):
    """By either."""
    calm = falling(*[0.0] * 5)
    for each in (terms.venue, terms.former):
        assert auctioned(calm, first_of(calm), each) == pytest.approx([0])


def test_a_constant_asks_for_as_much(ahead_market, ahead_venue):
    """On the whole, of what the books ask for at their openings."""
    margins, told = Margins.of(ahead_venue, ASSETS), tell(ahead_market, ahead_venue, None, ("BTC", "ETH"))
    found = list(batches(ahead_market, BEGIN + 45 * 24, BEGIN + HOURS, Habits(30), 1))
    assert len(found) == 1
    value = equal_constant(found, margins, Told(told.initial + 0.25, told.maintenance))
    assert value == pytest.approx(1.25)


def test_the_command_leaves_tables_and_a_picture(folder, tmp_path):
    """Of every rule; the same seed gives the same tables."""
    command = ["ahead", "--data", str(folder), "--assets", ",".join(ASSETS), "--years", "2021", "2021", "--books", "5"]
    texts = []
    for name in ("one", "two"):
        told = CliRunner().invoke(main, [*command, "--out", str(tmp_path / name)])
        assert told.exit_code == 0, told.output
        texts.append((tmp_path / name / "ahead.md").read_text())
        assert (tmp_path / name / "ahead.png").stat().st_size > 10_000
    assert texts[0] == texts[1]
    rows = [line.split("|")[1].strip() for line in texts[0].splitlines() if line.startswith("| ")]
    assert {"static", "floor", "floor and forest", "isolated, static"} <= set(rows)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--assets", "BTC,ETH,XRP"), "neither XRP.csv nor XRP.parquet is there"),
        (("--assets", "BTC,LINK"), "--assets lacks ETH, whose variance forecasts ask for"),
        (("--years", "2015", "2016"), "no 336 hours of 2015 to 2016 are in the histories of every asset"),
    ],
)
def test_what_cannot_be_replayed_is_said(folder, options, said):
    """In a line."""
    told = CliRunner().invoke(main, ["ahead", "--data", str(folder), "--assets", "BTC,ETH", *options])
    assert told.exit_code == 1
    assert said in told.output
