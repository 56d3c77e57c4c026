import dataclasses
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.fit import fit_config


@pytest.fixture(scope="module")
def local():
    """Read the local configuration."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


POSTER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


def with_prices(series, **prices):
    """Let assets stand at prices [10^-8 USD]."""
    count = len(series)
    return dataclasses.replace(series, prices=series.prices | {name: (each,) * count for name, each in prices.items()})


def test_fit_config_begins_at_the_first_prices(local, scenario, series):
    """The deployed feeds start where the scenario does, so that the breaker sees no jump."""
    config = fit_config(local, scenario, series, POSTER)
    assert config.feeds["ETH"].primary.price == 4_000
    assert config.governance.poster == POSTER


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ({"DOGE": 10**8}, "prices.DOGE: the venue posts no prices of DOGE; it does of .*ETH"),
        (
            {"ETH": 1},
            r"prices.ETH: 0.00000001 USD on 2025-10-10 20:50 is outside .*local.toml:\d+: feeds.ETH",
        ),
    ],
)
def test_fit_config_refuses_prices(local, scenario, series, first, message):
    """A price that the venue cannot carry is refused before anything starts."""
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario, with_prices(series, **first), POSTER)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("deposits", {"DOGE": 5}, "long: deposits.DOGE: the venue has .*USDC"),
        ("positions", {"DOGE-PERP": 5}, "long: positions.DOGE-PERP: the venue has .*ETH-PERP"),
    ],
)
def test_fit_config_refuses_unknown_names(local, scenario, series, field, value, message):
    """So is a token or an instrument that the venue has not."""
    account = scenario.accounts[0].model_copy(update={field: value})
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario.model_copy(update={"accounts": [account]}), series, POSTER)


def test_fit_config_lists_the_scenarios_options_and_no_others(local, scenario, series):
    """Strikes are parts of the first price, rounded to four digits; caps are those of the venue's options."""
    config = fit_config(local, scenario, with_prices(series, ETH=4_321 * 10**8), POSTER)
    options = {name: each for name, each in config.instruments.items() if each.strike}
    assert options.keys() == {"ETH-PUT"}
    assert options["ETH-PUT"].strike == 4_105
    assert options["ETH-PUT"].open_interest_cap == local.instruments["ETH-WEEKLY-2000-P"].open_interest_cap
    assert config.instruments.keys() >= {"ETH-PERP", "ETH-FUTURE"}
    config.instrument_id("ETH-PUT", 1_760_129_400)


def test_fit_config_begins_at_the_first_volatility(local, scenario, series):
    """The slice keeps its shape and gets another level; others stay."""
    slices = fit_config(local, scenario, series, POSTER).surfaces["ETH"]
    weekly, own = slices["weekly"], local.surfaces["ETH"]["weekly"]
    assert (weekly.a + weekly.b * weekly.sigma).sqrt().quantize(Decimal("0.0001")) == Decimal("0.6000")
    assert (weekly.rho, weekly.m, weekly.sigma) == (own.rho, own.m, own.sigma)
    assert slices["quarterly"] == local.surfaces["ETH"]["quarterly"]


def test_fit_config_refuses_volatility_without_a_slice(local, scenario, series):
    """Nothing would be posted for it."""
    with pytest.raises(ScenarioError, match=r"volatility.LINK.weekly: the venue has no such slice, only ETH.weekly"):
        fit_config(local, scenario, dataclasses.replace(series, volatility={"LINK:weekly": (10**8,)}), POSTER)


@pytest.mark.parametrize(
    ("name", "underlying", "message"),
    [
        ("ETH-PERP", "ETH", "options.ETH-PERP: the venue has another instrument of this name"),
        ("LINK-PUT", "LINK", "options.LINK-PUT: the venue has no options on LINK"),
    ],
)
def test_fit_config_refuses_options(local, scenario, series, name, underlying, message):
    """An option needs a name of its own, and an underlying with options."""
    option = scenario.options["ETH-PUT"].model_copy(update={"underlying": underlying})
    changed = scenario.model_copy(update={"options": {name: option}})
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, changed, with_prices(series, LINK=22 * 10**8), POSTER)


def test_fit_config_refuses_a_price_that_leaves_the_band_later(local, scenario, series):
    """Every price is looked at, not the first alone."""
    falling = dataclasses.replace(series, prices=series.prices | {"ETH": (*series.prices["ETH"][:-1], 5 * 10**8)})
    with pytest.raises(ScenarioError, match=r"prices.ETH: 5 USD on 2025-10-10 21:20 is outside"):
        fit_config(local, scenario, falling, POSTER)


def test_fit_config_refuses_an_expiry_in_the_past(local, scenario, series):
    """A date of the configuration that the scenario's clock has passed."""
    past = {"expiry": datetime(2025, 9, 26, 8, tzinfo=UTC)}
    future = local.instruments["ETH-FUTURE"].model_copy(update=past)
    changed = local.model_copy(update={"instruments": local.instruments | {"ETH-FUTURE": future}})
    with pytest.raises(ScenarioError, match="ETH-FUTURE: expires on 2025-09-26, before the scenario begins"):
        fit_config(changed, scenario, series, POSTER)
