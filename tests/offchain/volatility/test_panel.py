"""Whole histories at once equal the reference hour by hour, gaps included; and no feature looks ahead."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from crossmargin.errors import ForestError
from crossmargin.model.units import Ppm
from crossmargin.volatility.features import Feature, Market, Scaling, features, sums
from crossmargin.volatility.folds import EMBARGO, Fold, audit, check, first_hour, folds
from crossmargin.volatility.forest import Forest, Node, Tree, forecast
from crossmargin.volatility.hourly import spread
from crossmargin.volatility.hours import WEEK, Hour, SquaredPpm
from crossmargin.volatility.panel import evaluate, forecasts, isqrt, panel, vectors, windows
from crossmargin.volatility.verify import compare, compare_code, random_vectors

_SCALING = Scaling((21_000, 9_000, 17_000, 18_000), Ppm(100))


def _forest(seed=3, trees=20):
    random = Random(seed)

    def tree():
        nodes = tuple(Node(random.randrange(Feature.PREMIUM), random.randint(0, 3_000)) for _ in range(15))
        return Tree(nodes, tuple(random.randint(-200_000, 300_000) for _ in range(16)))

    season = tuple(random.randint(90, 180) for _ in range(WEEK))
    return Forest(1, 1, Ppm(990_000), _SCALING, 2_500_000, 0, 1, season, tuple(tree() for _ in range(trees)))


def _hours(hourly, end):
    """Give the week before an hour, as the reference takes it."""
    last = end - int(hourly.numbers[0])
    rows = range(last - WEEK, last)
    return [
        Hour(int(hourly.numbers[row]), Ppm(int(hourly.net[row])), SquaredPpm(int(hourly.variance[row]))) for row in rows
    ]


def test_roots_are_exact():
    """Squares, and what is one beside them, up to the largest ratio."""
    roots = np.array([0, 1, 2, 3, 1_000, 2**20 - 1, 2**30, 2**31 - 1])
    for shift in (-1, 0, 1):
        values = np.maximum(roots * roots + shift, 0)
        exact = isqrt(values)
        assert np.all(exact * exact <= values)
        assert np.all((exact + 1) * (exact + 1) > values)


def test_vectors_and_forecasts_are_the_references(two_histories):
    """Thirty hours of an asset with a major beside it."""
    major, asset = two_histories
    rows = windows(asset, [major], 1)
    forest = _forest()
    whole, said = vectors(rows, _SCALING), forecasts(forest, rows)
    for row in np.linspace(0, len(rows.hours) - 1, 30).astype(int):
        hour = int(rows.hours[row])
        market = Market((sums(_hours(major, hour)),))
        assert features(_hours(asset, hour), market, _SCALING) == tuple(whole[row])
        assert forecast(forest, _hours(asset, hour), market) == said[row]


def test_evaluations_agree_on_random_vectors():
    """Half of the vectors lie at thresholds and beside them."""
    forest = _forest()
    assert compare(forest, random_vectors(forest, 3_000, seed=5)) == 3_000
    compare_code(forest, b"\0" + forest.pack())
    with pytest.raises(ForestError):
        compare_code(forest, forest.pack())


def test_a_comparison_finds_one_leaf(monkeypatch):
    """An evaluation that is off by one in one tree is caught."""
    forest = _forest()
    other = replace(forest, base=forest.base + 1)
    monkeypatch.setattr("crossmargin.volatility.verify.evaluate", lambda _, vectors: evaluate(other, vectors))
    with pytest.raises(ForestError):
        compare(forest, random_vectors(forest, 10, seed=5))


def test_gaps_are_spread_and_not_forecast():
    """Three hours without a bar share the move; after more than a day a week must pass."""
    hours = np.array([*range(10), *range(13, 300), *range(400, 600)])
    hourly = spread("GAP", hours, hours * 1_000, np.full(len(hours), 1e-6))
    assert hourly.net[10:14].tolist() == [1_000] * 4
    assert hourly.variance[10:14].tolist() == [4_000**2 // 4] * 4
    assert hourly.known[9:15].tolist() == [True, False, False, False, False, True]
    rows = windows(hourly, [], 1)
    assert rows.hours.min() == WEEK + 1
    assert not any(300 <= hour <= 400 + WEEK for hour in rows.hours)


def test_moves_are_what_then_happened(two_histories):
    """Of one hour and of a day."""
    _, asset = two_histories
    for horizon in (1, 24):
        rows = windows(asset, [], horizon)
        start = int(rows.hours[100] - asset.numbers[0])
        assert rows.moves[100] == abs(asset.net[start : start + horizon].sum())
        assert rows.ahead[100] == asset.variance[start : start + horizon].sum() // horizon


def test_a_look_ahead_is_caught(two_histories):
    """Features that know the hour they forecast, by a shift of one, or the majors' by another, are refused."""
    major, asset = two_histories
    audit(windows, asset, [major], 1)

    def shifted(hourly, majors, horizon):
        later = replace(hourly, variance=np.roll(hourly.variance, -1))
        return replace(windows(hourly, majors, horizon), sums=windows(later, majors, horizon).sums)

    def majors_shifted(hourly, majors, horizon):
        return windows(hourly, [replace(each, variance=np.roll(each.variance, -1)) for each in majors], horizon)

    def normalised(hourly, majors, horizon):
        rows = windows(hourly, majors, horizon)
        return replace(rows, span=rows.span * 1_000 // int(np.abs(hourly.net).mean()))

    for cheat in (shifted, majors_shifted, normalised):
        with pytest.raises(ForestError, match="look-ahead"):
            audit(cheat, asset, [major], 1)


def test_folds_expand_and_keep_their_embargo(two_histories):
    """What is learnt from is over a week before the first test; a fold without the embargo is refused."""
    major = two_histories[0]
    data = panel([windows(each, [major], 24) for each in two_histories])
    found = list(folds(data, 24, 2016, 2017))
    assert [fold.name for fold in found] == ["2016", "2017"]
    hours = data.rows.hours
    for fold in found:
        assert hours[fold.learn].max() + 24 + EMBARGO <= first_hour(int(fold.name))
        assert not np.any(fold.learn & fold.test)
    assert found[0].learn.sum() < found[1].learn.sum()
    with pytest.raises(ForestError, match="look-ahead"):
        check(Fold("late", hours < first_hour(2017), found[1].test), hours, 24)
