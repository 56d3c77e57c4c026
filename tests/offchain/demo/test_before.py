"""A scenario with a history: what was before the first price, who opens when, and both runs side by side."""

from dataclasses import replace
from decimal import Decimal

import pytest
from matplotlib.figure import Figure
from rich.console import Console

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.errors import ScenarioError
from crossmargin.simulation.demo.outcome import WAD, Check
from crossmargin.simulation.demo.prepare import prepare
from crossmargin.simulation.side_by_side.chart import draw_chart
from crossmargin.simulation.side_by_side.pair import Pair, Side
from crossmargin.simulation.side_by_side.report import report, verdict
from crossmargin.simulation.side_by_side.show import without
from crossmargin.simulation.stage.prices import crash_of, generate
from crossmargin.simulation.stage.scenario import Scenario, find_scenario

MAY = find_scenario("may-2021", REPOSITORY / "config" / "scenarios")
DAY, HOUR = 86_400, 3_600


@pytest.fixture
def before(settings):
    """Give the small scenario two days of history, and let its account open in them."""
    changes = {"ETH": [(-48, Decimal("0.5")), (-24, Decimal("0.25"))]}
    (account,) = settings["accounts"]
    return settings | {
        "options": {},
        "before": {"hours": 48, "changes": changes},
        "accounts": [account | {"opens": -12}],
    }


def test_history_ends_where_prices_begin(before):
    """By steps of its own through its points; what is not named stands still, and the crash is what it was."""
    scenario = Scenario.model_validate(before)
    series, crash = generate(scenario), crash_of(scenario)
    assert len(series) == 48 + len(crash)
    assert series.times[48:] == crash.times
    assert series.times[0] == crash.times[0] - 2 * DAY
    assert {later - earlier for earlier, later in zip(series.times[:48], series.times[1:49], strict=True)} == {HOUR}
    ether = series.prices["ETH"]
    assert [ether[hour] // 10**8 for hour in (0, 24, 48)] == [6_000, 5_000, 4_000]
    assert ether[48:] == crash.prices["ETH"]
    assert set(series.prices["USDT"]) == {10**8}


def test_accounts_open_at_their_hour(before):
    """Counted from the first price of the crash."""
    scenario = Scenario.model_validate(before)
    assert scenario.opening(0) == generate(scenario).times[48] - 12 * HOUR


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"changes": {"ETH": [(-47, Decimal(0))]}}, "changes.ETH must begin at hour -48"),
        ({"changes": {"ETH": [(-48, Decimal(0)), (0, Decimal(0))]}}, "changes.ETH must begin at hour -48"),
        ({"changes": {"ETH": [(-48, Decimal(0)), (Decimal("-1.5"), Decimal(0))]}}, "an hour is between two prices"),
        ({"changes": {"DOGE": [(-48, Decimal(0))]}}, "no [prices.DOGE]"),
        ({"hours": 11, "changes": {}}, "accounts.0.opens: nothing is played 12 hours before"),
        ({"hours": 900, "changes": {}}, "at most 400"),
    ],
)
def test_a_history_that_cannot_be_is_refused(before, change, said):
    """With its place."""
    with pytest.raises(ValueError, match=said.replace("[", r"\[").replace("]", r"\]")):
        Scenario.model_validate(before | {"before": before["before"] | change})


def test_nobody_opens_before_there_is_anything(settings):
    """A time without a history is a mistake."""
    (account,) = settings["accounts"]
    with pytest.raises(ValueError, match="nothing is played 12 hours before"):
        Scenario.model_validate(settings | {"accounts": [account | {"opens": -12}]})


def test_a_largest_position_is_one(settings):
    """Of two it would not be said which is to be cut."""
    (account,) = settings["accounts"]
    both = {"ETH-PERP": 1, "BTC-PERP": 1}
    with pytest.raises(ValueError, match="as_allowed = true needs one, there are 2"):
        Scenario.model_validate(settings | {"accounts": [account | {"as_allowed": True, "positions": both}]})


def test_may_2021_is_played_with_and_without():
    """The shipped one has a week before it; without is the same but for the source of multipliers."""
    plan = prepare(Scenario.load(MAY))
    other = without(plan)
    assert plan.series.times[0] <= plan.scenario.clock.start.timestamp() - 7 * DAY
    assert plan.config.volatility is not None
    assert other.config.volatility is None
    assert other.config.model_copy(update={"volatility": plan.config.volatility}) == plan.config
    assert other.series == plan.series


@pytest.fixture
def pair(run):
    """Make two runs of the made-up one: with margins that move ahead nobody is left in debt, and one opens less."""
    blocks = tuple(
        replace(block, multipliers={"ETH": (WAD + index * WAD // 20, WAD + max(0, index - 8) * WAD // 20)})
        for index, block in enumerate(run.blocks)
    )
    accounts = tuple(
        replace(each, opened=60_000 * WAD, equity_after=1_000 * WAD) if each.name == "gone" else each
        for each in run.accounts
    )
    checks = (Check("tokens", passed=True, detail="12 = 12"),)
    ahead = replace(run, blocks=blocks, accounts=accounts, losses=(), checks=checks)
    still = replace(run, accounts=tuple(replace(each, opened=90_000 * WAD) for each in run.accounts), checks=checks)
    return Pair(Side("with margins that move ahead", ahead), Side("without", still), run.blocks[20].time)


def test_both_are_told_side_by_side(pair):
    """Who was sold when, what was kept, what others paid, and what it cost."""
    told = dict(verdict(pair))
    assert told["Bad debt"] == "without 150 USD; with margins that move ahead 0 USD."
    assert "gone opened 60,000 USD instead of 90,000" in told["What it cost"]
    assert told["Margins"].endswith("times.")
    assert "to 2.00 times; maintenance margin from 0 hours before on, to 1.60 times." in told["Margins"]
    assert told["Conservation"].startswith("in both every token")
    rows = {name: (still, ahead) for name, still, ahead in pair.rows()}
    assert rows["gone"][0].unpaid == 150 * WAD
    assert rows["gone"][1].unpaid == 0
    assert rows["idle"][0].after is None
    assert rows["long"][0].after == pytest.approx((540 - 1_200) / HOUR)


def test_a_failed_check_of_either_is_told(pair):
    """And the pair has not passed."""
    broken = replace(pair.ahead.run, checks=(Check("tokens", passed=False, detail="12, not 11"),))
    worse = replace(pair, ahead=replace(pair.ahead, run=broken))
    assert (pair.passed, worse.passed) == (True, False)
    console = Console(width=160, record=True)
    console.print(report(worse))
    said = console.export_text()
    assert "with margins that move ahead: tokens: 12, not 11" in said
    assert "BROKEN" in said


def test_a_picture_is_drawn(pair, tmp_path):
    """Of both."""
    draw_chart(pair, tmp_path / "demo.png")
    assert (tmp_path / "demo.png").stat().st_size > 20_000


def test_no_legend_lies_over_a_line(pair, tmp_path, monkeypatch):
    """Each is beside the axes, inside the picture."""
    drawn = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    draw_chart(pair, tmp_path / "demo.png")
    (figure,) = drawn
    figure.canvas.draw()
    legends = [axes.get_legend() for axes in figure.axes if axes.get_legend()]
    assert len(legends) == 4
    for legend in legends:
        place = legend.get_window_extent()
        assert [axes.get_title(loc="left") for axes in figure.axes if axes.bbox.overlaps(place)] == []
        assert figure.bbox.x0 <= place.x0 < place.x1 <= figure.bbox.x1


def test_a_mistake_in_a_history_names_its_line(tmp_path):
    """As everywhere in a scenario."""
    path = tmp_path / "own.toml"
    path.write_text(MAY.read_text().replace("hours = 216", "hours = -1"))
    with pytest.raises(ScenarioError, match=r"own\.toml:\d+: before\.hours = -1: must be above 0"):
        Scenario.load(path)
