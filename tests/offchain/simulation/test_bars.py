import re

import numpy as np
import pytest

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.liquidations.bars import read_bars, read_csv
from crossmargin.simulation.liquidations.moves import from_files, from_folder

HEAD = "time,open,high,low,close\n"


def read(tmp_path, text):
    """Read a file written as text."""
    path = tmp_path / "ETH.csv"
    path.write_text(text)
    return read_csv(path)


def test_points_are_bars_without_extremes(tmp_path):
    """Two points make a bar between them."""
    bars = read(tmp_path, "time,price\n1760129400,4000\n2025-10-10T20:51:00Z,3900\n")
    assert (bars.begin, bars.end) == (1_760_129_400, 1_760_129_460)
    assert np.isnan(bars.highs).all()
    assert (bars.opens[0], bars.closes[0]) == (4_000, 3_900)


def test_a_gap_is_a_bar_that_nothing_is_known_of(tmp_path):
    """The least step is that of all bars; what lies between is bridged."""
    bars = read(tmp_path, HEAD + "60,1,3,1,2\n120,2,3,1,3\n240,4,4,4,4\n")
    assert list(bars.begins) == [60, 120, 180, 240]
    assert list(bars.ends) == [120, 180, 240, 300]
    assert list(np.isnan(bars.highs)) == [False, False, True, False]
    assert (bars.opens[2], bars.closes[2]) == (3, 4)


def test_bars_of_a_stretch(tmp_path):
    """A folder's file is cut to the stretch asked for."""
    (tmp_path / "ETH.csv").write_text(HEAD + "60,1,3,1,2\n120,2,3,1,3\n180,3,4,3,4\n")
    assert list(read_bars(tmp_path / "ETH", 120, 180).begins) == [120]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("when,price\n", "ETH.csv:1: the columns must be time,price or time,open,high,low,close"),
        ("time,price\n1,2\n", "1 rows of prices, at least 2 are needed"),
        ("time,price\n1,2\nsoon,2\n", "ETH.csv:3: 'soon' is neither a time"),
        ("time,price\n1,2\n2,much\n", "ETH.csv:3: 'much' is not a number"),
        ("time,price\n1,2\n2,0\n", "ETH.csv:3: the price 0 is not positive and finite"),
        ("time,price\n1,2\n2\n", "ETH.csv:3: 1 values, 2 are needed"),
        ("time,price\n2,2\n2,3\n", "time 1970-01-01 00:00:02 UTC is not after the row before"),
        ("time,price\n1,2\n9999999,3\n", "9999998 s of prices, at most 1209600 can be replayed"),
        (HEAD + "60,1,1,2,1\n120,1,1,1,1\n", "row 1: 2.0 1.0 1.0 1.0: low, open, close, high"),
        (HEAD + "1,1,1,1,1\n2,1,1,1,1\n", "bars of 1 s, at least 4 are needed"),
    ],
)
def test_csv_says_what_is_wrong(tmp_path, text, said):
    """Every fault is named with its file and place."""
    with pytest.raises(PriceHistoryError, match=re.escape(said)):
        read(tmp_path, text)


def test_a_folder_without_data_is_refused(tmp_path):
    """The message says what could be there."""
    with pytest.raises(PriceHistoryError, match=r"none of .*spot_1h/ETH"):
        list(from_folder(tmp_path, 1))


def test_a_folder_plays_what_it_holds(tmp_path):
    """One asset of one stretch is enough."""
    (tmp_path / "spot_1h").mkdir()
    rows = "".join(f"{1_583_992_800 + 3_600 * hour},200,210,190,200\n" for hour in range(30))
    (tmp_path / "spot_1h" / "ETH.csv").write_text("date,open,high,low,close\n" + rows)
    with pytest.raises(PriceHistoryError, match="no price between 2021-05-19"):
        list(from_folder(tmp_path, 1))


def test_a_file_is_named_by_its_asset(tmp_path):
    """What follows an underscore is the file's own."""
    path = tmp_path / "eth_crash.csv"
    path.write_text("time,price\n0,2\n600,1\n")
    (move,) = from_files([path], 1)
    assert (move.name, list(move.paths), move.sides) == ("eth_crash", ["ETH"], (1, -1))
