"""A long run leaves out what would expire in it."""

import dataclasses

import pytest

from crossmargin.deployment import NetworkConfig
from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.fit import fit_config
from crossmargin.simulation.demo.horizon import within_expiries
from crossmargin.simulation.stage.prices import generate
from crossmargin.simulation.stage.scenario import Scenario, find_scenario

DAY = 86_400


@pytest.fixture(scope="module")
def local():
    """Read the local configuration."""
    return NetworkConfig.load(REPOSITORY / "config" / "local.toml")


@pytest.fixture(scope="module")
def october():
    """Read the scenario with the most accounts."""
    return Scenario.load(find_scenario("october-2025", REPOSITORY / "config" / "scenarios"))


def stretched(scenario, days):
    """Play the same prices over so many days."""
    series = generate(scenario)
    count = len(series.times) - 1
    return dataclasses.replace(series, times=tuple(series.times[0] + days * DAY * i // count for i in range(count + 1)))


@pytest.mark.parametrize("name", ["october-2025", "march-2020", "depeg-2023"])
def test_what_ships_is_played_whole(local, name):
    """Nothing expires in the hours of a scenario."""
    scenario = Scenario.load(find_scenario(name, REPOSITORY / "config" / "scenarios"))
    series = generate(scenario)
    assert within_expiries(scenario, series, local) == (scenario, series, [])


def test_a_fortnight_leaves_out_weekly_options(local, october):
    """And whole books of accounts that hold them; what is quarterly stays."""
    scenario, series, notes = within_expiries(october, stretched(october, 14), local)
    assert list(scenario.options) == ["ETH-QUARTERLY-80-P", "ETH-QUARTERLY-100-P"]
    assert list(series.volatility) == ["ETH:quarterly"]
    names = {account.name for account in scenario.accounts}
    assert {"protected spot", "calendar spread", "book, cross"} <= names
    assert not any(name.startswith("options maker") or name == "naked put" for name in names)
    (note,) = notes
    assert note.startswith("left out, since what they hold expires before the end on 2025-10-25 00:45: options maker")


def test_a_year_leaves_out_futures_too(local, october):
    """The venue does not even list them."""
    scenario, series, _ = within_expiries(october, stretched(october, 365), local)
    assert not scenario.options
    assert "calendar spread" not in {account.name for account in scenario.accounts}
    assert "ETH-FUTURE" not in fit_config(local, scenario, series, local.governance.poster).instruments


def test_a_run_without_accounts_is_refused(local, october):
    """There would be nothing to see."""
    only = october.model_copy(update={"accounts": [each for each in october.accounts if each.name == "naked put"]})
    with pytest.raises(ScenarioError, match="every account holds something that expires in the run"):
        within_expiries(only, stretched(only, 30), local)
