"""Training on a made-up history, where its packages are installed: exact, repeatable, and better than a constant."""

import numpy as np
import pytest

from crossmargin.volatility.hours import WEEK
from crossmargin.volatility.panel import forecasts, panel, vectors, windows
from crossmargin.volatility.scores import score
from crossmargin.volatility.verify import compare

lightgbm = pytest.importorskip("lightgbm", reason="packages of training are not installed")

from crossmargin.volatility import grow as growing  # noqa: E402 - not before what it needs is known to be there
from crossmargin.volatility import tables  # noqa: E402
from crossmargin.volatility.backtest import run  # noqa: E402
from crossmargin.volatility.grow import Recipe, grow, wide  # noqa: E402
from crossmargin.volatility.histories import Data  # noqa: E402

_RECIPE = Recipe(first=12, then=3, least_rows=40, every=1)


@pytest.fixture(scope="module")
def lesson(two_histories):
    """Give the first rows to learn from, and the last to be tested on."""
    major, _ = two_histories
    data = panel([windows(each, [major], 1) for each in two_histories])
    cut = np.quantile(data.rows.hours, 0.8)
    return data.where(data.rows.hours < cut - WEEK), data.where(data.rows.hours >= cut)


def test_a_forest_is_better_than_a_constant(lesson):
    """It saves, covers, and is nearly as good as one that no contract holds."""
    learn, test = lesson
    forest = grow(learn, _RECIPE)
    moves = test.rows.moves.astype(float)
    found = score(moves, forecasts(forest, test.rows).astype(float), 0.99)
    other = score(moves, wide(learn, _RECIPE, test.rows), 0.99)
    assert found.saving > 0.1
    assert found.coverage.beyond == pytest.approx(0.01, abs=0.007)
    assert found.loss < other.loss * 1.1
    assert compare(forest, vectors(test.rows, forest.scaling)[:500]) == 500


def test_the_same_rows_give_the_same_bytes(lesson):
    """Twice, whatever ran before."""
    learn, _ = lesson
    assert grow(learn, _RECIPE).pack() == grow(learn, _RECIPE).pack()


def test_integers_route_as_the_booster_does(lesson):
    """Rounded trees differ from LightGBM's by their leaves' rounding alone: no threshold sends a row elsewhere."""
    learn, test = lesson
    x = vectors(learn.rows, grow(learn, _RECIPE).scaling)[:, :13].astype(np.float32)
    target = np.sqrt(learn.rows.ahead) / np.maximum(x[:, 12], 1)
    settings = _RECIPE.settings | {"objective": "regression", "boost_from_average": False}
    booster = lightgbm.train(settings, lightgbm.Dataset(x, target), 12)
    trees = list(growing._trees(booster, 1.0))
    rows = vectors(test.rows, grow(learn, _RECIPE).scaling)
    exact = booster.predict(rows[:, :13].astype(np.float32), num_threads=1)
    for row in range(0, len(rows), 97):
        assert sum(tree.leaf(rows[row].tolist()) for tree in trees) / 2**20 == pytest.approx(exact[row], abs=12 / 2**20)


def test_a_second_backtest_gives_every_figure_again(two_histories):
    """Forecasts of every model to the bit, and with them tables and card."""
    major, _ = two_histories
    data = Data(two_histories, panel([windows(each, [major], 1) for each in two_histories]))
    one, two = (run(data, _RECIPE, 2016, 2016, lambda _: None, garch=False) for _ in range(2))
    assert one.models.keys() == two.models.keys()
    assert all(np.array_equal(values, two.models[name]) for name, values in one.models.items())
    names = ["BTC", "ALT"]
    assert tables.report(one, names) == tables.report(two, names)
    assert tables.figures(one, names) == tables.figures(two, names)
