from decimal import Decimal
from itertools import pairwise

import pytest

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.prices import generate, load_history
from crossmargin.simulation.demo.scenario import Scenario


def history(tmp_path, scenario, text):
    """Load a history written as text."""
    path = tmp_path / "prices.csv"
    path.write_text(text)
    return load_history(path, scenario)


def test_generate_goes_through_every_point(scenario):
    """Noise vanishes at the points of a path."""
    prices = generate(scenario).prices["ETH"]
    assert prices[0] == 4_000 * 10**8
    assert prices[10] == 3_200 * 10**8
    assert prices[20] == 3_600 * 10**8
    assert prices[30] == 3_600 * 10**8


def test_generate_is_the_same_for_the_same_seed(scenario):
    """A scenario plays the same prices each time."""
    assert generate(scenario) == generate(scenario)


def test_generate_differs_for_another_seed(settings, scenario):
    """The seed draws the noise."""
    other = Scenario.model_validate(settings | {"seed": 8})
    assert generate(other).prices["ETH"] != generate(scenario).prices["ETH"]


def test_generate_steps_in_scenario_time(scenario):
    """Prices are a step apart from the start on."""
    times = generate(scenario).times
    assert times[0] == 1_760_129_400
    assert {later - earlier for earlier, later in pairwise(times)} == {60}


def test_generate_keeps_what_has_no_points(scenario):
    """A path without points is constant."""
    assert set(generate(scenario).prices["USDT"]) == {10**8}


def test_generate_without_noise_is_monotone(settings):
    """Between two points a price without noise goes straight."""
    settings["prices"]["ETH"]["noise"] = Decimal(0)
    prices = generate(Scenario.model_validate(settings)).prices["ETH"]
    assert all(later < earlier for earlier, later in pairwise(prices[:11]))


def test_history_reads_seconds_and_dates(tmp_path, scenario):
    """Both ways to write a time are read."""
    series = history(tmp_path, scenario, "time,ETH,USDT\n1760129400,4000.5,1\n2025-10-10T20:51:00Z,3900,0.99\n")
    assert series.times == (1_760_129_400, 1_760_129_460)
    assert series.at(1) == {"ETH": 3_900 * 10**8, "USDT": 99 * 10**6}


def test_history_fills_in_what_stands_still(tmp_path, scenario):
    """An asset that does not move in the scenario needs no column."""
    series = history(tmp_path, scenario, "time,ETH\n1760129400,4000\n\n1760129460,3900\n")
    assert series.prices["USDT"] == (10**8, 10**8)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("date,ETH\n1,2\n2,2\n", r"csv:1: the first column must be 'time', not 'date'"),
        ("time,USDT\n1,1\n2,1\n", "csv:1: missing columns: ETH"),
        ("time,ETH,DOGE\n1,1,1\n2,1,1\n", "csv:1: unknown asset 'DOGE'; known are ETH, USDT"),
        ("time,ETH,ETH\n1,1,1\n2,1,1\n", "csv:1: two columns 'ETH'"),
        ("time,ETH\n1,4000\n", "1 rows of prices, from 2 to 400"),
        ("time,ETH\n" + "".join(f"{i},1\n" for i in range(401)), "401 rows of prices"),
        ("time,ETH\n10,4000\n10,3900\n", "csv:3: time 10 is not after the row before"),
        ("time,ETH\n10,4000\n9,3900\n", "csv:3: time 9 is not after the row before"),
        ("time,ETH\n10,4000\n11,0\n", "csv:3: ETH: the price 0 is not positive"),
        ("time,ETH\n10,4000\n11,-5\n", "csv:3: ETH: the price -5 is not positive"),
        ("time,ETH\n10,4000\n11,nan\n", "csv:3: ETH: the price nan is not positive"),
        ("time,ETH\n10,4000\n11,\n", "csv:3: ETH: '' is not a number"),
        ("time,ETH\n10,4000\n11,x\n", "csv:3: ETH: 'x' is not a number"),
        ("time,ETH\n10,4000\n11,1e13\n", "csv:3: ETH: the price 1e13 is above"),
        ("time,ETH\n10,4000\n11,0.000000001\n", "more than 8 decimals"),
        ("time,ETH\n10,4000\n11,1,2\n", "csv:3: 3 values, the header has 2"),
        ("time,ETH\nnoon,4000\n11,1\n", "csv:2: 'noon' is neither a time like"),
        ("time,ETH\n2025-10-10T20:50:00.5Z,4000\n11,1\n", "csv:2: .* fractions of a second"),
    ],
)
def test_history_refuses(tmp_path, scenario, text, message):
    """Every fault is named with its line."""
    with pytest.raises(PriceHistoryError, match=message):
        history(tmp_path, scenario, text)


def test_history_reports_a_missing_file(tmp_path, scenario):
    """A wrong path is no traceback."""
    with pytest.raises(PriceHistoryError, match="cannot be read"):
        load_history(tmp_path / "none.csv", scenario)


def test_history_reports_what_is_no_text(tmp_path, scenario):
    """Neither is a binary file."""
    path = tmp_path / "prices.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PriceHistoryError, match="cannot be read"):
        load_history(path, scenario)


def test_generate_draws_volatility(scenario):
    """Through its points, as prices."""
    series = generate(scenario)
    assert [series.volatility["ETH:weekly"][minute] for minute in (0, 10, 30)] == [6 * 10**7, 9 * 10**7, 9 * 10**7]
    assert series.volatility_at(10) == {"ETH:weekly": 9 * 10**7}


def test_a_history_may_have_volatility(tmp_path, scenario):
    """Without a column it stays at its first value."""
    text = "time,ETH,ETH:weekly\n0,4000,0.7\n60,3900,1.05\n"
    assert history(tmp_path, scenario, text).volatility == {"ETH:weekly": (7 * 10**7, 105 * 10**6)}
    assert history(tmp_path, scenario, "time,ETH\n0,4000\n60,3900\n").volatility == {"ETH:weekly": (6 * 10**7,) * 2}


def test_a_history_refuses_absurd_volatility(tmp_path, scenario):
    """A volatility in percent is a mistake."""
    with pytest.raises(PriceHistoryError, match="ETH:weekly: the price 70 is above 10"):
        history(tmp_path, scenario, "time,ETH,ETH:weekly\n0,4000,70\n60,3900,70\n")
