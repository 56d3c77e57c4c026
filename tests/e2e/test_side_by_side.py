"""`make demo SCENARIO=may-2021` in short: a week is observed, margins move ahead, and both runs can be compared."""

from dataclasses import replace

import pytest

from crossmargin.deployment.artifacts import REPOSITORY
from crossmargin.simulation.demo.outcome import WAD
from crossmargin.simulation.demo.prepare import prepare
from crossmargin.simulation.demo.run import run_demo
from crossmargin.simulation.side_by_side.chart import draw_chart
from crossmargin.simulation.side_by_side.pair import FIRST, Pair, Side
from crossmargin.simulation.side_by_side.report import verdict
from crossmargin.simulation.side_by_side.show import WITH, WITHOUT, without
from crossmargin.simulation.stage.scenario import Scenario, find_scenario

KEPT = ("long, two days old", "the same, topped up", "long of the morning", "basis trade")
KEEPERS = 1
STEP = 4 * 3_600
NOTICE = 6 * 3_600


@pytest.fixture(scope="module")
def plan():
    """Prepare May 2021 with fewer accounts, a price every four hours before the crash, and a shorter crash."""
    scenario = Scenario.load(find_scenario("may-2021", REPOSITORY / "config" / "scenarios"))
    accounts = [each for each in scenario.accounts if each.name in KEPT]
    before = scenario.before.model_copy(update={"step": STEP, "changes": _coarse(scenario.before.changes)})
    clock = scenario.clock.model_copy(update={"step": 300})
    prices = {
        name: path.model_copy(update={"changes": [point for point in path.changes if point[0] % 5 == 0]})
        for name, path in scenario.prices.items()
    }
    changes = {"accounts": accounts, "before": before, "clock": clock, "prices": prices}
    return prepare(scenario.model_copy(update=changes))


def _coarse(changes):
    """Keep the points that have a price of their own."""
    return {name: [point for point in points if int(point[0]) * 3_600 % STEP == 0] for name, points in changes.items()}


@pytest.fixture(scope="module")
def pair(plan, artifacts, tmp_path_factory):
    """Play it both ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKIP_BUILD", "1")  # the fixture has built
        runs = [run_demo(each, keepers=KEEPERS, logs=tmp_path_factory.mktemp("logs")) for each in (plan, without(plan))]
    return Pair(Side(WITH, runs[0]), Side(WITHOUT, runs[1]), int(plan.scenario.clock.start.timestamp()))


def test_every_check_of_both_holds(pair):
    """Tokens, cash and positions add up; who was unhealthy was auctioned, and nobody is left below 1."""
    failed = [f"{side.name}: {check.name}: {check.detail}" for side in pair.sides for check in side.run.checks
              if not check.passed]  # fmt: skip
    assert failed == []


def test_margins_moved_before_the_crash(pair):
    """A week after the first price, initial margin first, and maintenance margin by notice alone; never without."""
    initial, maintenance = pair.risen(initial=True), pair.risen(initial=False)
    assert initial[0] < maintenance[0] < 0
    assert maintenance[1] > 1.2
    first = pair.ahead.run.blocks[0].time
    assert pair.start + initial[0] * 3_600 >= first + 7 * 86_400
    for block in pair.ahead.run.blocks:
        high, low = block.multipliers[FIRST]
        assert WAD <= low <= high
    told = [(block.time, *block.multipliers[FIRST]) for block in pair.ahead.run.blocks]
    assert all(late[2] <= early[1] for early in told for late in told if 0 <= late[0] - early[0] <= NOTICE)
    assert all(not block.multipliers for block in pair.still.run.blocks)


def test_the_crash_finds_less_to_break(pair):
    """Who opens as it begins is let open less for the same cash; a hedge is untouched either way."""
    rows = {name: (still, ahead) for name, still, ahead in pair.rows()}
    assert rows.keys() == set(KEPT)
    still, ahead = rows["long of the morning"]
    assert still.had == pytest.approx(ahead.had, rel=0.02)
    assert ahead.opened < still.opened * 0.9
    assert rows["basis trade"][0].after is rows["basis trade"][1].after is None


def test_who_tops_up_within_the_notice_is_not_sold_by_margins(pair):
    """Before the crash: the twin that stands still may be."""
    careful = next(ahead for name, _, ahead in pair.rows() if name == "the same, topped up")
    assert careful.after is None or careful.after > 0
    assert careful.had > 20_000 * WAD


def test_both_can_be_drawn_and_told(pair, tmp_path):
    """Picture and verdict of real runs."""
    draw_chart(pair, tmp_path / "demo.png")
    assert (tmp_path / "demo.png").stat().st_size > 20_000
    told = dict(verdict(pair))
    assert told["Conservation"].startswith("in both every token and every contract is accounted for")
    assert "initial margin of ETH rose" in told["Margins"]


def test_a_plan_without_is_the_same_otherwise(plan):
    """What differs is the source of multipliers."""
    assert replace(without(plan), config=plan.config) == plan
