"""Drift: a forest that fits raises no alert, one that asks for too little or too much does; so does the command."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from crossmargin.model.units import Ppm
from crossmargin.volatility import card
from crossmargin.volatility.baselines import best_factor, floor_deviations
from crossmargin.volatility.command import main
from crossmargin.volatility.drift import drift
from crossmargin.volatility.features import Scaling
from crossmargin.volatility.forest import LEAVES, NODES, PADDING, UNIT, Forest, Tree
from crossmargin.volatility.hours import STEPS, WEEK
from crossmargin.volatility.panel import forecasts, panel, windows

_WEEKS = 20


def _constant(factor):
    """Make a forest that says a factor of the scale, whatever it sees [2^-20]."""
    return Forest(
        number=1,
        horizon=1,
        quantile=Ppm(990_000),
        scaling=Scaling((26_000, 16_000, 13_000, 10_536), Ppm(10)),
        base=factor,
        first=400_000,
        end=400_001,
        season=(128,) * WEEK,
        trees=(Tree((PADDING,) * NODES, (0,) * LEAVES),),
    )


@pytest.fixture(scope="module")
def judged(two_histories):
    """Give the rows of two assets, a forest that fits both in the last weeks, and the floor's best multiple."""
    major, _ = two_histories
    data = panel([windows(each, [major], 1) for each in two_histories])
    last = data.where(data.rows.hours > data.rows.hours.max() - _WEEKS * WEEK)
    scale = forecasts(_constant(UNIT), last.rows).astype(float)
    fitting = _constant(int(UNIT * np.quantile(last.rows.moves / scale, 0.99)))
    floor = best_factor(data.rows.moves.astype(float), floor_deviations(data, two_histories), 0.99)
    return data, fitting, floor


def test_what_fits_raises_no_alert(judged, two_histories):
    """Of the weeks asked for, and no more; the floor's losses are beside."""
    data, fitting, floor = judged
    found = drift(fitting, data, two_histories, _WEEKS, floor)
    assert [each.asset for each in found] == ["BTC", "ALT"]
    for each in found:
        assert each.alerts == ()
        assert each.hours == _WEEKS * WEEK
        assert each.beyond == pytest.approx(0.01, abs=0.004)
        assert 0 < each.loss < 1.2 * each.floor


def test_a_forest_that_asks_for_too_little_is_told(judged, two_histories):
    """More moves than one in a hundred are beyond it."""
    data, fitting, floor = judged
    for each in drift(replace(fitting, base=fitting.base * 2 // 3), data, two_histories, _WEEKS, floor):
        assert each.beyond > 0.03
        assert any("of moves were beyond the forecast, 1.00% should be" in alert for alert in each.alerts)


def test_a_forest_that_the_floor_beats_is_told(judged, two_histories):
    """One that asks for four times too much is never exceeded, and costs more."""
    data, fitting, floor = judged
    for each in drift(replace(fitting, base=4 * fitting.base), data, two_histories, _WEEKS, floor):
        assert each.beyond == 0
        assert each.loss > 2 * each.floor
        assert "the floor forecast better" in each.alerts


@pytest.fixture
def watched(tmp_path):
    """Write what a venue observed in twelve weeks, and a forest; give the command's answer to a factor."""
    random = np.random.default_rng(7)
    steps = np.arange(12 * WEEK * STEPS) + 400_000 * STEPS
    changes = np.rint(random.normal(0, 900, len(steps))).astype(int)
    lines = "".join(f"{step},{change}\n" for step, change in zip(steps, changes, strict=True))
    (tmp_path / "BTC.csv").write_text("step,change\n" + lines)
    (tmp_path / "ETH.csv").write_text("step,change\n" + lines)

    def watch(factor, *options):
        forest = _constant(int(UNIT * factor))
        card.write(tmp_path / "forest", forest, card.of(forest, {}, [], {}))
        command = ["watch", str(tmp_path / "forest"), "--data", str(tmp_path), "--assets", "BTC,ETH", *options]
        return CliRunner().invoke(main, command)

    return watch


def test_watch_reads_what_fetch_wrote(watched):
    """Its exit status is 0 where all is well; a line an asset."""
    told = watched(2.6, "--weeks", "8", "--floor", "2.6")
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert [line.split()[0] for line in lines] == ["BTC", "ETH"]
    assert all("1,344 h" in line and line.endswith("as it should be") for line in lines)


def test_watch_ends_with_1_at_an_alert(watched):
    """So that a timer can tell somebody."""
    told = watched(1.2, "--floor", "2.6")
    assert told.exit_code == 1
    assert "of moves were beyond the forecast" in told.output


@pytest.mark.parametrize("rows", [1, 2])
def test_watch_judges_few_hours(watched, tmp_path, rows):
    """The first that a young venue can be judged by say nothing yet."""
    for name in ("BTC", "ETH"):
        lines = (tmp_path / f"{name}.csv").read_text().splitlines(keepends=True)
        (tmp_path / f"{name}.csv").write_text("".join(lines[: 2 + STEPS * (WEEK + 1 + rows)]))
    told = watched(2.6)
    assert told.exit_code == 0, told.output
    assert f"BTC         {rows} h" in told.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,close\n", "polars is not installed"),
        ("step,change\n4800000,1\n4800001,x\n", "BTC.csv: not a step and a change, whole numbers, in each line"),
        ("step,change\n4800000,1,2\n", "BTC.csv: not a step and a change, whole numbers, in each line"),
        ("step,change\n4800000,1\n4800001,2\n", "BTC: the observations close no hour"),
        (
            "step,change\n" + "".join(f"{4_800_000 + step},{step % 7}\n" for step in range(36)),
            "no hour of BTC can be forecast: a week of hours has to be closed before it",
        ),
    ],
)
def test_watch_says_what_it_cannot_judge(watched, tmp_path, monkeypatch, text, said):
    """In one line: bars without what reads them, a file that is none, and a history that is too short."""
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.delitem(sys.modules, "crossmargin.volatility.bars", raising=False)
    (tmp_path / "BTC.csv").write_text(text)
    told = watched(2.6)
    assert told.exit_code == 1
    assert told.output.startswith("Error: ")
    assert said in told.output
