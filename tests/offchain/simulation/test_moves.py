"""Moves held against margins: histories of a few bars, worked out by hand."""

import numpy as np
import pytest
from click.testing import CliRunner

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.__main__ import main
from crossmargin.simulation.calibration.history import History, find, read
from crossmargin.simulation.calibration.measures import bad_day, extremes, gap

HEAD = "date,open,high,low,close,volume\n"
HOUR = 3_600
DAY = 24 * HOUR


def history(closes, *, step=HOUR, wick=0.0, volumes=None, times=None):
    """Make a history whose bars open at the last close; `wick` is how far highs and lows are beyond both."""
    closes = np.asarray(closes, dtype=float)
    opens = np.concatenate([closes[:1], closes[:-1]])
    return History(
        "ETH",
        step,
        np.arange(len(closes)) * step if times is None else np.asarray(times),
        opens,
        np.maximum(opens, closes) * (1 + wick),
        np.minimum(opens, closes) * (1 - wick),
        closes,
        np.ones(len(closes)) if volumes is None else np.asarray(volumes, dtype=float),
    )


def written(folder, name, rows):
    """Write bars of an hour into a folder's file."""
    folder.mkdir(exist_ok=True)
    lines = [f"{HOUR * number},{row}" for number, row in enumerate(rows)]
    path = folder / name
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def test_extremes_are_the_worst_after_each_close():
    """Within two bars: 100 -> 80 is a fall of a fifth, 80 -> 120 a rise of a half, though it ends at 100."""
    found = extremes(history([100, 80, 120, 100]), 2, [0.3, 0.6])
    assert found.fall == pytest.approx(0.2)
    assert found.rise == pytest.approx(0.5)
    assert found.beyond == pytest.approx((365.25 * DAY / (4 * HOUR), 0))


def test_extremes_do_not_reach_over_a_gap():
    """What happened in an outage is no move within an hour."""
    found = extremes(history([100, 101, 50, 50.5], times=[0, HOUR, 5 * HOUR, 6 * HOUR]), 1, [])
    assert found.fall == 0
    assert found.rise == pytest.approx(0.01)


def test_gap_is_between_the_same_closes():
    """Ether gains a tenth while the other loses one; then both gain alike."""
    found = gap(history([100, 110, 121]), history([50, 45, 49.5]), 1, [0.15])
    assert found.most == pytest.approx(0.2)
    assert found.beyond == pytest.approx((365.25 * DAY / (2 * HOUR),))


def test_gap_moves_with_correlation():
    """What moves alike is correlated in all, and does not part."""
    closes = 100 * np.exp(np.cumsum(np.sin(np.arange(300))) / 50)
    found = gap(history(closes), history(3 * closes), 1, [])
    assert (found.correlation, found.crash_correlation) == pytest.approx((1, 1))
    assert found.most == pytest.approx(0)


def test_bad_day_is_held_against_ordinary_ones():
    """One day of a hundred has four times the range and the volume: sqrt(4) more impact."""
    hours = np.arange(100 * 24)
    bad = hours // 24 == 95
    closes = 100 * np.exp(np.where(hours % 2, 1, -1) * np.where(bad, 0.04, 0.01) / 2)
    found = bad_day(history(closes, volumes=np.where(bad, 4, 1)))
    assert found.volatility_times == pytest.approx(4, rel=0.05)
    assert found.volume_times == pytest.approx(4, rel=0.05)
    assert found.scale == pytest.approx(2, rel=0.05)


def test_read_leaves_bad_prints_out(tmp_path):
    """A low of a ten-thousandth is no price."""
    path = written(tmp_path, "ETH.csv", ["2,2,2,2,1", "2,2,0.0001,2,1", "2,3,1,2,1"])
    found = read(path)
    assert list(found.times) == [0, 2 * HOUR]
    assert (found.asset, found.step, found.bars_in(900), found.bars_in(2 * HOUR)) == ("ETH", HOUR, None, 2)


def test_find_names_histories(tmp_path):
    """By their files; a folder that is not there has none."""
    written(tmp_path, "BTC_perp_15m.csv", [])
    (tmp_path / "README.md").write_text("")
    assert list(find(tmp_path)) == ["BTC_perp_15m"]
    assert find(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "0,1,1,1,1,1\n", "at least 3 bars are needed"),
        (HEAD + "0,1,1,1,1,1\n0,1,1,1,1,1\n1,1,1,1,1,1\n", "each after the one before"),
        ("date,open,high,low\n0,1,1,1\n", "the columns must be date,open,high,low,close and volume"),
        (HEAD + "0,1,1,1,much,1\n", "the columns must be .*'much'"),
        (HEAD + "soon,1,1,1,1,1\n", "ETH.csv:2: 'soon' is neither a time"),
    ],
)
def test_read_says_what_is_wrong(tmp_path, text, said):
    """With the file's name."""
    path = tmp_path / "ETH.csv"
    path.write_text(text)
    with pytest.raises(PriceHistoryError, match=said):
        read(path)


def test_command_holds_a_folder_against_the_configuration(tmp_path):
    """Two assets of a group: moves of both, the pair, bad days; the tables are left in a file."""
    rng = np.random.default_rng(1)
    for asset, price in (("BTC", 60_000), ("ETH", 2_000)):
        closes = price * np.exp(np.cumsum(rng.normal(0, 0.01, 72)))
        rows = [f"{close},{close * 1.01},{close * 0.99},{close},5" for close in closes]
        written(tmp_path / "spot_1h", f"{asset}.csv", rows)
    out = tmp_path / "moves.md"
    result = CliRunner().invoke(main, ["moves", "--data", str(tmp_path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    text = out.read_text()
    assert "| BTC / ETH | 60 min |" in text
    assert "| BTC | 60 min |" in text
    assert "## Bad days" in text


def test_command_needs_a_history(tmp_path):
    """An empty folder is named."""
    result = CliRunner().invoke(main, ["moves", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "neither spot_1h nor intraday has a history" in result.output
