"""Own prices: several files on one time axis, cut to a window, thinned, completed by the scenario."""

import pytest

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.own_prices import load_own, parse_files
from crossmargin.simulation.stage.prices import generate
from crossmargin.simulation.stage.scenario import MAX_STEPS

BEGIN = 1_722_816_000  # 5 August 2024, 00:00
MINUTE = 60


@pytest.fixture
def write(tmp_path):
    """Write a file of the own format: one price every so often."""

    def make(name, prices, step=MINUTE, begin=BEGIN, column="close"):
        path = tmp_path / name
        rows = "".join(f"{begin + step * index},{price}\n" for index, price in enumerate(prices))
        path.write_text(f"time,{column}\n{rows}")
        return path

    return make


def test_parse_files_takes_one_file_an_asset(tmp_path):
    """Names in any case; paths with spaces in quotes."""
    found = parse_files("eth=a.csv BTC='my prices/b.csv'", ["ETH", "BTC"])
    assert [(asset, str(path)) for asset, path in found] == [("ETH", "a.csv"), ("BTC", "my prices/b.csv")]


def test_parse_files_takes_a_file_whose_name_has_spaces(tmp_path):
    """Without quotes, if it is the only one."""
    path = tmp_path / "BINANCE_ETHUSDT, 60.csv"
    path.write_text("")
    assert parse_files(str(path), ["ETH"]) == [(None, path)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("DOGE=a.csv", "no asset 'DOGE'; the scenario has ETH, BTC"),
        ("ETH= BTC=b.csv", "'ETH=' names no file; write PRICES="),
        ("ETH='a.csv", "No closing quotation; write PRICES="),
    ],
)
def test_parse_files_refuses(text, message):
    """In one line."""
    with pytest.raises(PriceHistoryError, match=message):
        parse_files(text, ["ETH", "BTC"])


def test_a_file_replaces_the_scenarios_prices(write, scenario):
    """At the file's own times; what has no file comes from the scenario, and is said to."""
    own = load_own([("ETH", write("a.csv", [4000, 3900.5, 3800]))], scenario)
    assert own.series.times == (BEGIN, BEGIN + 60, BEGIN + 120)
    assert own.series.prices["ETH"] == (4000 * 10**8, 390_050_000_000, 3800 * 10**8)
    assert own.series.prices["USDT"] == (10**8,) * 3
    assert own.series.volatility["ETH:weekly"] == (6 * 10**7,) * 3
    assert own.notes[-1] == "volatility of ETH weekly: no file; stands at the scenario's first"


def test_what_has_no_file_is_stretched_over_the_time_played(write, scenario):
    """The scenario's half hour of ether over two hours of the stablecoin's file."""
    own = load_own([("USDT", write("a.csv", [1, 0.99, 0.98], step=3600))], scenario)
    ether = generate(scenario).prices["ETH"]
    assert own.series.prices["ETH"] == (ether[0], ether[15], ether[30])
    assert "ETH: no file; the scenario's prices, its 30 min stretched to 2 h" in own.notes


def test_files_of_other_steps_are_joined(write, scenario):
    """Only what both have is played; between its rows a price stands."""
    files = [
        ("ETH", write("a.csv", range(4000, 4010))),
        ("USDT", write("b.csv", [1, 0.5], step=240, begin=BEGIN + 120)),
    ]
    series = load_own(files, scenario).series
    assert (series.times[0], series.times[-1], len(series)) == (BEGIN + 120, BEGIN + 360, 5)
    assert series.prices["USDT"] == (10**8,) * 4 + (5 * 10**7,)
    assert series.prices["ETH"][0] == 4002 * 10**8


def test_a_column_of_volatility_is_played(tmp_path, scenario):
    """Of the own format; without one the scenario's first stands."""
    path = tmp_path / "own.csv"
    path.write_text(f"time,ETH,ETH:weekly\n{BEGIN},4000,0.7\n{BEGIN + 60},3900,1.05\n")
    own = load_own([(None, path)], scenario)
    assert own.series.volatility == {"ETH:weekly": (7 * 10**7, 105 * 10**6)}


def test_any_length_is_thinned_to_what_can_be_played(write, scenario):
    """A day of minutes: every tenth; what was lost by that is said."""
    prices = [4000.0] * 1441
    prices[701] = 3000.0
    own = load_own([("ETH", write("a.csv", prices))], scenario)
    assert len(own.series) == 145
    assert {later - earlier for earlier, later in zip(own.series.times, own.series.times[1:], strict=False)} == {600}
    notes = " | ".join(own.notes)
    assert "1,441 times are thinned to 145, 10 min apart" in notes
    assert "ETH: the lowest in the file is 3000, of those played 4000" in notes


@pytest.mark.parametrize("days", [401, 402, 3000])
def test_years_of_days_are_thinned_to_whole_days(write, scenario, days):
    """The longest histories there are."""
    series = load_own([("ETH", write("a.csv", range(2000, 2000 + days), step=86_400))], scenario).series
    assert len(series) <= MAX_STEPS + 1
    assert (series.times[1] - series.times[0]) % 86_400 == 0


def test_a_window_picks_a_part(write, scenario):
    """By its length or its end; prices of its minutes only."""
    files = [("ETH", write("a.csv", range(4000, 4600)))]
    for window in ("2024-08-05T01:00/30m", "2024-08-05T01:00Z/2024-08-05T03:30+02:00"):
        series = load_own(files, scenario, window).series
        assert (series.times[0], series.times[-1]) == (BEGIN + 3600, BEGIN + 5400)
        assert series.prices["ETH"][0] == 4060 * 10**8


def test_a_window_that_is_longer_than_the_file_is_cut(write, scenario):
    """And that is said."""
    own = load_own([("ETH", write("a.csv", range(4000, 4010)))], scenario, "2024-08-04/7d")
    assert (own.series.times[0], own.series.times[-1]) == (BEGIN, BEGIN + 540)
    assert "the window is longer than the files: played from 2024-08-05 00:00 to 2024-08-05 00:09" in own.notes


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ("2024-08-05", "no / in it; write WINDOW=2024-08-05T00:00/24h"),
        ("yesterday/24h", "Invalid isoformat string: 'yesterday'; write WINDOW"),
        ("2024-08-05/24x", "write WINDOW"),
        ("2024-08-05/xh", "write WINDOW"),
        ("2024-08-05/2024-08-04", "ends before it begins"),
        ("2025-01-01/1d", "no prices then; the files have ETH 2024-08-05 00:00 to 2024-08-05 00:02"),
    ],
)
def test_a_wrong_window_is_refused(write, scenario, window, message):
    """In one line, with an example or with what there is."""
    with pytest.raises(PriceHistoryError, match=message) as caught:
        load_own([("ETH", write("a.csv", [1, 2, 3]))], scenario, window)
    assert "\n" not in str(caught.value)


def test_two_files_of_an_asset_are_refused(write, scenario):
    """It would not be clear which is meant."""
    with pytest.raises(PriceHistoryError, match=r"b\.csv: ETH has another file already"):
        load_own([("ETH", write("a.csv", [1, 2])), ("ETH", write("b.csv", [1, 2]))], scenario)


def test_files_without_a_common_time_are_refused(write, scenario):
    """With the times of each."""
    files = [("ETH", write("a.csv", [1, 2])), ("USDT", write("b.csv", [1, 1], begin=BEGIN + 86_400))]
    with pytest.raises(PriceHistoryError, match=r"no time in common: ETH 2024-08-05 .* 00:01; USDT 2024-08-06"):
        load_own(files, scenario)


def test_a_file_of_volatility_alone_is_refused(tmp_path, scenario):
    """There are no prices in it."""
    path = tmp_path / "own.csv"
    path.write_text(f"time,ETH:weekly\n{BEGIN},0.7\n{BEGIN + 60},0.8\n")
    with pytest.raises(PriceHistoryError, match="no prices of any asset"):
        load_own([(None, path)], scenario)
