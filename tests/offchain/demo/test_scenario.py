from decimal import Decimal
from pathlib import Path

import pytest

from crossmargin.errors import ScenarioError
from crossmargin.simulation.stage.prices import crash_of, generate
from crossmargin.simulation.stage.scenario import Scenario, find_scenario, scenario_names

SHIPPED = Path(__file__).parents[3] / "config" / "scenarios"


def load_text(tmp_path, text):
    """Load a scenario written as text."""
    path = tmp_path / "own.toml"
    path.write_text(text)
    return Scenario.load(path)


@pytest.mark.parametrize("name", scenario_names(SHIPPED))
def test_shipped_scenario_loads_and_generates(name):
    """What ships is valid."""
    scenario = Scenario.load(find_scenario(name, SHIPPED))
    series, crash = generate(scenario), crash_of(scenario)
    assert scenario.name == name
    assert len(crash) == scenario.clock.steps() + 1
    assert series.times[-len(crash) :] == crash.times


@pytest.mark.parametrize("name", scenario_names(SHIPPED))
def test_shipped_scenario_compares_a_book_held_in_both_ways(name):
    """Cross and isolated hold the same capital and the same positions."""
    accounts = Scenario.load(find_scenario(name, SHIPPED)).accounts
    for book in {account.book for account in accounts if account.book}:
        cross, isolated = (
            [each for each in accounts if each.book == book and each.held == held] for held in ("cross", "isolated")
        )
        assert len(cross) == 1
        assert len(isolated) > 1
        assert total(cross, "positions") == total(isolated, "positions")
        assert total(cross, "deposits") == total(isolated, "deposits")
        assert sum(each.borrow for each in cross) == sum(each.borrow for each in isolated)


def total(accounts, field):
    """Add up a field of several accounts by name."""
    sums = {}
    for account in accounts:
        for name, amount in getattr(account, field).items():
            sums[name] = sums.get(name, 0) + amount
    return sums


def test_october_has_options_and_their_volatility():
    """What is generated has a volatility for every series, at its points."""
    scenario = Scenario.load(find_scenario("october-2025", SHIPPED))
    series = generate(scenario)
    assert {f"{each.underlying}:{each.expiry}" for each in scenario.options.values()} == series.volatility.keys()
    assert series.volatility["ETH:weekly"][30] == pytest.approx(1.47 * 10**8)


def test_at_least_three_scenarios_ship():
    """There is a choice."""
    assert len(scenario_names(SHIPPED)) >= 3


def test_find_scenario_names_the_known_ones(tmp_path):
    """A wrong name is answered with the right ones."""
    with pytest.raises(ScenarioError, match=r"no scenario 'moon'; there are .*, or name a \.toml file"):
        find_scenario("moon", SHIPPED)


def test_find_scenario_takes_a_path(tmp_path):
    """A file of one's own needs no place in the project."""
    assert find_scenario(str(tmp_path / "own.toml"), SHIPPED) == tmp_path / "own.toml"


def test_load_reports_a_missing_file(tmp_path):
    """A wrong path is no traceback."""
    with pytest.raises(ScenarioError, match="No such file"):
        Scenario.load(tmp_path / "none.toml")


def test_load_reports_what_is_no_toml(tmp_path):
    """Neither is a broken file."""
    with pytest.raises(ScenarioError, match="not TOML"):
        load_text(tmp_path, "title = ")


def test_load_reports_every_fault_by_its_place(tmp_path):
    """The entry that is wrong is named."""
    text = (SHIPPED / f"{scenario_names(SHIPPED)[0]}.toml").read_text()
    with pytest.raises(ScenarioError, match=r"own\.toml:\d+: accounts\.leverage: no such field: there are name, .*"):
        load_text(tmp_path, text.replace("[[accounts]]", "[[accounts]]\nleverage = 3", 1))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("clock", "start"), "2025-10-10T20:50:00", "needs its zone"),
        (("clock", "step"), 7, "no multiple of the step"),
        (("clock", "minutes"), 500, "at most 400"),
        (("prices", "ETH", "start"), Decimal(0), "greater than 0"),
        (("prices", "ETH", "changes"), [(10, Decimal(-1))], "greater than -1"),
        (("prices", "ETH", "changes"), [(10, Decimal(0)), (5, Decimal(0))], "begin after minute 0 and go on in time"),
        (("prices", "ETH", "changes"), [(31, Decimal(0))], "minute 31 is after the end, clock.minutes = 30"),
        (("prices", "ETH", "changes"), [(Decimal("1.5"), Decimal(0))], "between two prices"),
        (("prices", "ETH", "noise"), 0.1, "write decimals as strings"),
        (
            ("volatility", "ETH", "weekly", "changes"),
            [(31, Decimal(0))],
            "volatility.ETH.weekly.changes: minute 31 is after",
        ),
        (("volatility", "ETH"), {}, "options.ETH-PUT.expiry: no \\[volatility.ETH.weekly\\]"),
        (("options", "ETH-PUT", "underlying"), "DOGE", "options.ETH-PUT.underlying: no \\[prices.DOGE\\]"),
        (("options", "ETH-PUT", "strike"), Decimal(6), "less than or equal to 5"),
        (("accounts", 0, "deposits"), {}, "deposits of long are empty"),
        (("accounts", 0, "positions"), {"ETH-PERP": 0}, "positions of long: one is 0"),
        (("accounts", 0, "name"), "maker", "accounts.0.name: another account or maker is called maker"),
    ],
)
def test_refuses(settings, place, value, message):
    """Every rule of a scenario is checked."""
    inner = settings
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(ValueError, match=message):
        Scenario.model_validate(settings)
