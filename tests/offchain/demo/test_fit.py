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
FIRST = {"ETH": 4_000 * 10**8}
VOLATILITY = {"ETH:weekly": 6 * 10**7}


def test_fit_config_begins_at_the_first_prices(local, scenario):
    """The deployed feeds start where the scenario does, so that the breaker sees no jump."""
    config = fit_config(local, scenario, FIRST, VOLATILITY, POSTER)
    assert config.feeds["ETH"].primary.price == 4_000
    assert config.governance.poster == POSTER


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ({"DOGE": 10**8}, "prices.DOGE: no posted feed of the venue; there are .*ETH"),
        ({"ETH": 1}, "prices.ETH: 1E-8 is outside the feed's band"),
    ],
)
def test_fit_config_refuses_prices(local, scenario, first, message):
    """A price that the venue cannot carry is refused before anything starts."""
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario, first, VOLATILITY, POSTER)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("deposits", {"DOGE": 5}, "long: deposits.DOGE: the venue has .*USDC"),
        ("positions", {"DOGE-PERP": 5}, "long: positions.DOGE-PERP: the venue has .*ETH-PERP"),
    ],
)
def test_fit_config_refuses_unknown_names(local, scenario, field, value, message):
    """So is a token or an instrument that the venue has not."""
    account = scenario.accounts[0].model_copy(update={field: value})
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, scenario.model_copy(update={"accounts": [account]}), FIRST, {}, POSTER)


def test_fit_config_lists_the_scenarios_options_and_no_others(local, scenario):
    """Strikes are parts of the first price, rounded to four digits; caps are those of the venue's options."""
    config = fit_config(local, scenario, {"ETH": 4_321 * 10**8}, VOLATILITY, POSTER)
    options = {name: each for name, each in config.instruments.items() if each.strike}
    assert options.keys() == {"ETH-PUT"}
    assert options["ETH-PUT"].strike == 4_105
    assert options["ETH-PUT"].open_interest_cap == local.instruments["ETH-WEEKLY-2000-P"].open_interest_cap
    assert config.instruments.keys() >= {"ETH-PERP", "ETH-FUTURE"}
    config.instrument_id("ETH-PUT", 1_760_129_400)


def test_fit_config_begins_at_the_first_volatility(local, scenario):
    """The slice keeps its shape and gets another level; others stay."""
    slices = fit_config(local, scenario, FIRST, VOLATILITY, POSTER).surfaces["ETH"]
    weekly, own = slices["weekly"], local.surfaces["ETH"]["weekly"]
    assert (weekly.a + weekly.b * weekly.sigma).sqrt().quantize(Decimal("0.0001")) == Decimal("0.6000")
    assert (weekly.rho, weekly.m, weekly.sigma) == (own.rho, own.m, own.sigma)
    assert slices["quarterly"] == local.surfaces["ETH"]["quarterly"]


def test_fit_config_refuses_volatility_without_a_slice(local, scenario):
    """Nothing would be posted for it."""
    with pytest.raises(
        ScenarioError, match=r"volatility.LINK.weekly: no such slice of the venue; there are ETH.weekly"
    ):
        fit_config(local, scenario, FIRST, {"LINK:weekly": 10**8}, POSTER)


@pytest.mark.parametrize(
    ("name", "underlying", "message"),
    [
        ("ETH-PERP", "ETH", "options.ETH-PERP: the venue has another instrument of this name"),
        ("LINK-PUT", "LINK", "options.LINK-PUT: the venue has no options on LINK"),
    ],
)
def test_fit_config_refuses_options(local, scenario, name, underlying, message):
    """An option needs a name of its own, and an underlying with options."""
    series = scenario.options["ETH-PUT"].model_copy(update={"underlying": underlying})
    changed = scenario.model_copy(update={"options": {name: series}})
    with pytest.raises(ScenarioError, match=message):
        fit_config(local, changed, {"ETH": 4_000 * 10**8, "LINK": 22 * 10**8}, VOLATILITY, POSTER)
