"""Mistakes in a scenario or a configuration: one line with file, line and remedy, before anything starts."""

import re

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import CrossMarginError
from crossmargin.simulation.demo.prepare import prepare
from crossmargin.simulation.stage.scenario import Scenario

OCTOBER = (REPOSITORY / "config" / "scenarios" / "october-2025.toml").read_text()
CONFIG = REPOSITORY / "config"
LOCAL = (CONFIG / "local.toml").read_text().replace('forest = "', f'forest = "{CONFIG}/')


@pytest.fixture
def refusal(tmp_path):
    """Change a scenario or a configuration, prepare a run, and give what is said, less the folder."""

    def make(scenario=OCTOBER, config=LOCAL):
        files = {"own.toml": scenario, "venue.toml": config}
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        with pytest.raises(CrossMarginError) as caught:
            prepare(Scenario.load(tmp_path / "own.toml"), config_file=tmp_path / "venue.toml")
        return str(caught.value).replace(f"{tmp_path}/", "")

    return make


def changed(text, old, new):
    """Replace what is there once or first; give the number of its line, too."""
    assert old in text
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "start = 4300",
            "start = 5",
            r"prices.ETH: 5 USD on 2025-10-10 20:45 is outside .* 10 to 1000000 .*feeds.ETH\)",
        ),
        ("start = 4300", "start = -1", r"prices.ETH.start = -1: must be above 0"),
        ("start = 4300", 'start = "4300 USD"', r'prices.ETH.start = "4300 USD": must be a number, without quotes .*'),
        (
            "start = 4300",
            "start = 4300\nbegin = 1",
            r"prices.ETH.begin: no such field: there are start, changes, noise",
        ),
        ("noise = 0.002", "nois = 0.002", r"prices.ETH.nois: no such field: did you mean noise\?"),
        ("noise = 0.002", "noise = 2", r"prices.ETH.noise = 2: must be at most 0.1"),
        ("[[5, -0.01]", "[[5, -1.01]", r"prices.ETH.changes = -1.01: must be above -1"),
        ("[[5, -0.01]", "[[500, -0.01]", r"prices.ETH: changes must begin after minute 0 and go on in time"),
        ("minutes = 60", "minutes = 30", r"prices.ETH.changes: minute 36 is after the end, clock.minutes = 30"),
        ("step = 60", "step = 7", r"clock: minutes = 60 is no multiple of the step of 7 s: change one of them"),
        ("minutes = 60", "minutes = 600", r"clock: step = 60 s makes 600 prices, at most 400 are played: lengthen it"),
        ("2025-10-10T20:45:00Z", "2025-10-10T20:45:00", r"clock.start: 2025-10-10 20:45:00: a time needs its zone, .*"),
        ("2025-10-10T20:45:00Z", '"Friday"', r'clock.start = "Friday": must be a time with its zone, such as .*'),
        ('kind = "call"', 'kind = "cal"', r"options.ETH-WEEKLY-100-C.kind = \"cal\": must be 'call' or 'put'"),
        ('expiry = "weekly"', "expiry = 2020-01-03", r"options.*expiry = 2020-01-03: must be 'weekly' or 'quarterly'"),
        ("strike = 1.15", "strike = 4300", r"options.ETH-WEEKLY-115-C.strike = 4300: must be at most 5"),
        ("deposits = { USDC = 12_500 }", "deposits = {}", r"accounts: deposits of leveraged long are empty: .*"),
        (
            "deposits = { USDC = 12_500 }",
            "deposits = { USD = 1 }",
            r"leveraged long: deposits.USD: the venue has LINK, .*",
        ),
        ("positions = { ETH-PERP", "positions = { ETH-PERPS", r"leveraged long: positions.ETH-PERPS: the venue has .*"),
        (
            'name = "basis trade"',
            'name = "maker 1"',
            r"accounts.name: another account or maker is called maker 1: .*",
        ),
        ("deposits = { USDC = 12_500 }", "deposits = 5", r"accounts.deposits = 5: must be a table: { NAME = 1 }"),
        ("start = 4300", "start = 1e99", r"prices.ETH.start = 1E\+99: must be at most 1E\+12"),
        ("settle_minutes = 240", "settle_minutes = 1000000", r"clock.settle_minutes = 1000000: must be at most 10080"),
        ("2025-10-10T20:45:00Z", "9999-10-10T20:45:00Z", r"clock.start: 9999-10-10: must be from 2009 to 2099"),
        ("start = 0.72", "start = 72", r"volatility.ETH.quarterly.start: 72 a year must be at most 10 .*"),
        ("start = 4300", "start = true", r"prices.ETH.start = true: must be a number, without quotes or units"),
        ('owner = "trader 1"', "", r"accounts.owner is missing: add it"),
        ('title = "10 Oct', 'title = "\\n10 Oct', r"title = .*: must be one line"),
    ],
)
def test_a_mistake_in_a_scenario_is_named(refusal, old, new, message):
    """File, line, field, value, what to write instead."""
    text, line = changed(OCTOBER, old, new)
    found = refusal(scenario=text)
    assert re.fullmatch(rf"own\.toml:\d+: {message}", found.splitlines()[0])
    assert abs(int(found.split(":")[1]) - line) <= 8  # the table's line, where a rule is about several fields


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("delay = 60", "delay = 0", r"governance.delay = 0: must be at least 1"),
        ("minimum = 10", "minimum = 2_000_000", r"feeds.ETH: minimum 2000000 is above maximum 1000000: lower one .*"),
        ("[rules.LINK]", "[rules.USDT]", r"instruments.LINK-PERP: no rules for fills of LINK: add \[rules.LINK\] .*"),
        (
            "y = 3",
            "y = 3e9",
            r"underlyings.ETH.impact: y \* sigma_day / sqrt\(adv\) is 125 times what it may be: .*",
        ),
        (
            "max_funding_rate = 0.02",
            "max_funding_rate = 2",
            r"instruments.ETH-PERP.max_funding_rate = 2: must be .* 0.15",
        ),
        (
            '"quarterly"\nopen',
            "2020-03-27T08:00:00Z\nopen",
            r"instruments.ETH-FUTURE: expires on 2020-03-27, before .*",
        ),
        (
            'expiry = "quarterly"',
            'expiry = "monthly"',
            r".*expiry = \"monthly\": must be 'weekly' or 'quarterly' or a .*",
        ),
        (
            'class = "ether"',
            'class = "ethers"',
            r"underlyings.ETH.class: no class named ethers; there are stablecoin, .*",
        ),
    ],
)
def test_a_mistake_in_the_configuration_is_named(refusal, old, new, message):
    """The same way."""
    text, line = changed(LOCAL, old, new)
    found = refusal(config=text)
    assert re.fullmatch(rf"venue\.toml:\d+: {message}", found)
    assert int(found.split(":")[1]) == line or "no rules" in found


def test_every_mistake_has_a_line_of_its_own(refusal):
    """All are said at once."""
    text, _ = changed(OCTOBER, "start = 4300", "start = 0")
    text, _ = changed(text, "start = 121_000", "start = 0")
    lines = refusal(scenario=text).splitlines()
    assert [line.partition(": ")[2] for line in lines] == [
        f"prices.{name}.start = 0: must be above 0" for name in ("ETH", "BTC")
    ]


def test_what_is_no_toml_is_named(refusal):
    """With the line, as the parser has it."""
    assert re.fullmatch(r"own\.toml:3: not TOML: invalid value, in column 5", refusal(scenario="a = 1\n\nb = = 2\n"))


def test_no_line_speaks_of_the_parser(refusal):
    """No class names of libraries, no links to their manuals, no types."""
    for old, new in (("start = 4300", "start = {}"), ("changes = [[", "changes = [["), ("step = 60", "step = 1.5")):
        text, _ = changed(OCTOBER, old, new + "x" if old == new else new)
        found = refusal(scenario=text)
        assert not re.search(r"pydantic|Decimal|Value error|Input should|validation|Traceback", found)
