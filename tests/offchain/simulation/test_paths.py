import numpy as np
import pytest

from crossmargin.simulation.liquidations.bars import Bars, of_points
from crossmargin.simulation.liquidations.paths import TAIL, draw, draw_together, volatility

OPEN, HIGH, LOW, CLOSE = (np.array(column, dtype=float) for column in ((100, 90), (101, 95), (80, 89), (90, 94)))
BEGINS = np.array([86_000, 86_300])
BARS = Bars(BEGINS, BEGINS + 300, OPEN, HIGH, LOW, CLOSE, 0.001)


@pytest.mark.parametrize("seed", range(20))
def test_draw_keeps_high_low_open_and_close(seed):
    """Every bar is met by its seconds: begin, end, both extremes, nothing beyond them."""
    prices = draw("ETH", BARS, seed)
    for place in range(2):
        inside = prices[300 * place : 300 * place + 300]
        assert inside[0] == pytest.approx(OPEN[place])
        assert inside[-1] == pytest.approx(CLOSE[place])
        assert inside.max() == pytest.approx(HIGH[place])
        assert inside.min() == pytest.approx(LOW[place])


def test_draw_is_the_same_for_the_same_seed():
    """A seed says everything."""
    assert (draw("ETH", BARS, 7) == draw("ETH", BARS, 7)).all()
    assert (draw("ETH", BARS, 7) != draw("ETH", BARS, 8)).any()


def test_draw_goes_to_extremes_of_all_assets_at_the_same_time():
    """Assets crash together, whatever their names."""
    low = [int(np.argmin(draw(asset, BARS, 7))) for asset in ("ETH", "BTC")]
    assert low[0] == low[1]


def test_draw_goes_through_points():
    """Where only points are known, the path meets them."""
    prices = draw("ETH", of_points([0, 60, 180], [100, 110, 90]), 1)
    assert prices[[0, 60]] == pytest.approx([100, 110])
    assert prices[-1] == pytest.approx(90)


def test_draw_without_noise_goes_straight():
    """Without noise logarithms are linear between points."""
    prices = draw("ETH", of_points([0, 60], [100, 110], 0.0), 1)
    assert (np.diff(prices) > 0).all()
    assert np.log(prices[30]) == pytest.approx((np.log(100) * 29 + np.log(110) * 30) / 59)


def test_together_takes_the_time_that_all_know():
    """Paths begin and end at the same second, and then stand still."""
    paths = draw_together({"ETH": of_points([0, 100], [1, 2]), "BTC": of_points([20, 200], [5, 4])}, 1)
    assert {len(path.prices) for path in paths.values()} == {80 + TAIL}
    assert {path.begin for path in paths.values()} == {20}
    assert len(set(paths["ETH"].prices[80:])) == 1


def test_volatility_knows_nothing_of_what_comes():
    """The volatility of a second is that of the seconds before it."""
    quiet = np.full(2_000, 100.0)
    jump = quiet.copy()
    jump[1_000:] = 110.0
    assert volatility(jump)[:1_000] == pytest.approx(volatility(quiet)[:1_000])
    assert volatility(jump)[1_000] == pytest.approx(np.log(1.1) / 600**0.5)
    assert volatility(jump)[1_700] == 0
