import math
from decimal import Decimal

import pytest

from crossmargin.simulation.live.crash import Crash, Phase
from crossmargin.simulation.live.market import Market
from crossmargin.simulation.stage.scenario import Scenario

BEGIN = 1_000.0


@pytest.fixture
def played():
    """Play half an hour in which ether falls by a fifth and ends a tenth lower, ten times as fast."""
    scenario = Scenario.model_validate(
        {
            "name": "small",
            "title": "A small crash",
            "summary": "Ether falls by a fifth.",
            "sources": [{"name": "Nobody", "url": "-", "figure": "-20 %"}],
            "seed": 7,
            "clock": {"start": "2025-10-10T20:50:00Z", "minutes": 30},
            "prices": {"ETH": {"start": 4000, "changes": [(10, Decimal("-0.2")), (20, Decimal("-0.1"))]}},
            "options": {"PUT": {"kind": "put", "underlying": "ETH", "expiry": "weekly", "strike": 1}},
            "volatility": {"ETH": {"weekly": {"start": Decimal("0.6"), "changes": [(10, Decimal("0.5"))]}}},
            "makers": [{"name": "maker", "cash": 1}],
            "accounts": [{"name": "long", "about": "-", "owner": "trader", "deposits": {"USDC": 1}}],
        }
    )
    return Crash.of(scenario, BEGIN, speed=10.0)


@pytest.mark.parametrize(
    ("now", "phase", "text"),
    [
        (970, Phase.BEFORE, "small in 30 s"),
        (1_060, Phase.PLAYING, "small minute 10 of 30"),
        (1_200, Phase.RECOVERING, "small going back"),
        (1_800, Phase.OVER, "calm again"),
    ],
)
def test_phases_follow_the_clock(played, now, phase, text):
    """Ten times as fast as it was: 30 minutes take 180 seconds."""
    assert (played.phase(now), played.text(now)) == (phase, text)


@pytest.mark.parametrize(
    ("now", "change"), [(500, 0), (1_000, 0), (1_060, -0.2), (1_120, -0.1), (1_180, -0.1), (5_000, 0)]
)
def test_prices_go_through_the_scenarios_points(played, now, change):
    """And back to where they were when it is over."""
    assert math.expm1(played.price_move("ETH", now)) == pytest.approx(change, abs=1e-6)


def test_prices_between_two_points_lie_between(played):
    """What is posted every few seconds does not jump from minute to minute."""
    assert -0.2 < math.expm1(played.price_move("ETH", 1_057)) < math.expm1(played.price_move("ETH", 1_054)) < 0


def test_the_way_back_takes_its_time(played):
    """Half of it in ten minutes of the scenario's."""
    end = played.price_move("ETH", 1_180)
    assert played.price_move("ETH", 1_240) == pytest.approx(end / 2)


def test_volatility_moves_by_slice(played):
    """One that the scenario has; another stays."""
    assert math.expm1(played.volatility_move("ETH:weekly", 1_060)) == pytest.approx(0.5, abs=1e-6)
    assert played.volatility_move("ETH:quarterly", 1_060) == 0


def test_a_crash_begins_at_once_when_asked(played):
    """Only one that has not begun."""
    early, late = played.at_once(played.begin - 30), played.at_once(played.begin + 30)
    assert early.phase(played.begin - 31) is Phase.BEFORE
    assert early.phase(played.begin - 30) is Phase.PLAYING
    assert late == played


def test_a_market_adds_the_crash_to_the_walk(played, network):
    """An asset without a path in the scenario walks on as it would have."""
    calm, crashing = (Market(network, 1, 900) for _ in range(2))
    crashing.crash = played
    assert calm.at(950) == crashing.at(950)
    (prices, volatility), (fallen, raised) = calm.at(1_060), crashing.at(1_060)
    assert fallen["ETH"] == pytest.approx(0.8 * prices["ETH"], rel=1e-6)
    assert raised["ETH:weekly"] == pytest.approx(1.5 * volatility["ETH:weekly"], rel=1e-6)
    assert (fallen["BTC"], raised["BTC:weekly"]) == (prices["BTC"], volatility["BTC:weekly"])
    assert (calm.text(1_060), crashing.text(1_060)) == ("calm", "small minute 10 of 30")


def test_a_market_begins_at_the_configuration(network):
    """Prices of the posted feeds, volatilities of the first slices."""
    prices, volatility = Market(network, 1, 900).at(900)
    posted = {name: each for name, each in network.feeds.items() if each.primary.kind == "posted"}
    assert prices == {name: int(each.primary.price * 10**8) for name, each in posted.items()}
    assert volatility.keys() == {f"{name}:{expiry}" for name, slices in network.surfaces.items() for expiry in slices}
