"""Grow a forest: fit its scale and season, boost its trees, correct its coverage, and round it to integers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from crossmargin.model.units import PPM, Ppm
from crossmargin.volatility.baselines import best_factor, har_weights
from crossmargin.volatility.features import WEIGHT_UNIT, Feature, Scaling
from crossmargin.volatility.forest import (
    DEPTH,
    LEAVES,
    MOST_THRESHOLD,
    NODES,
    PADDING,
    SEASON_UNIT,
    UNIT,
    Forest,
    Node,
    Tree,
)
from crossmargin.volatility.hourly import Floats
from crossmargin.volatility.hours import WEEK
from crossmargin.volatility.panel import Panel, Windows, forecasts, vectors

__all__ = ["Recipe", "grow", "wide"]

_USED: Final = Feature.PREMIUM
"""Features before this one are trained on."""
_QUANTILE: Final = Ppm(990_000)
_LEAST_SCALE: Final = Ppm(100)
_MOST_FACTOR: Final = 255
_TAIL_ROWS: Final = 13
_TAIL_RATE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training does. `first` trees learn the deviation of the next hour, `then` more the quantile."""

    quantile: Ppm = _QUANTILE
    horizon: int = 1
    first: int = 88
    then: int = 12
    rate: float = 0.065
    least_rows: int = 300
    every: int = 3
    """Rows are far from independent: learn from each third."""
    kept: float = 0.1
    """Share of the rows, the last in time, that only the conformal correction sees."""
    threads: int = 1
    seed: int = 1
    deep: bool = False
    """Whether trees may be larger than a contract's, and more."""

    @property
    def level(self) -> float:
        """Give the quantile as a part."""
        return self.quantile / PPM

    @property
    def settings(self) -> dict[str, Any]:
        """Give what LightGBM is told, the same in every run."""
        return {
            "num_leaves": 2 * LEAVES if self.deep else LEAVES,
            "max_depth": 2 * DEPTH if self.deep else DEPTH,
            "learning_rate": self.rate / 2 if self.deep else self.rate,
            "min_data_in_leaf": self.least_rows,
            "max_bin": 127,
            "num_threads": self.threads,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
        }

    @property
    def tail(self) -> dict[str, Any]:
        """Give what differs for the quantile: one row in a hundred decides, so trees are few and small."""
        return {
            "objective": "quantile",
            "alpha": self.level,
            "num_leaves": LEAVES // 2,
            "max_depth": DEPTH - 1,
            "min_data_in_leaf": _TAIL_ROWS * self.least_rows,
            "learning_rate": _TAIL_RATE,
        }


@dataclass(frozen=True, eq=False)
class _Lesson:
    """Rows as the booster sees them: features, unit (scale times season), move and deviation over it."""

    x: NDArray[np.float32]
    unit: Floats
    moves: Floats
    ahead: Floats


def grow(data: Panel, recipe: Recipe, number: int = 1) -> Forest:
    """Train on a panel; the same panel and recipe give the same bytes."""
    early, late = _parted(data, recipe)
    scaling = _scaling(early, recipe)
    season = _season(early.rows, scaling)
    base, boosters = _boost(_lesson(early.rows, scaling, season), recipe)
    hours = data.rows.hours
    raw = Forest(
        number=number,
        horizon=recipe.horizon,
        quantile=recipe.quantile,
        scaling=scaling,
        base=round(base * UNIT),
        first=int(hours.min()),
        end=int(hours.max()) + recipe.horizon,
        season=season,
        trees=tuple(tree for booster, times in boosters for tree in _trees(booster, times)),
    )
    return _scaled(raw, _correction(late.rows.moves, forecasts(raw, late.rows).astype(np.float64), recipe))


def wide(data: Panel, recipe: Recipe, rows: Windows) -> Floats:
    """Forecast with a forest that no contract could hold, in floating point: deeper trees, and more of them."""
    recipe = replace(recipe, deep=True)
    early, late = _parted(data, recipe)
    scaling = _scaling(early, recipe)
    season = _season(early.rows, scaling)
    base, boosters = _boost(_lesson(early.rows, scaling, season), recipe)

    def forecast(asked: Windows) -> Floats:
        lesson = _lesson(asked, scaling, season)
        ratio = base + sum(times * _predicted(booster, lesson.x) for booster, times in boosters)
        return np.maximum(ratio * lesson.unit, 0)

    return forecast(rows) * _correction(late.rows.moves, forecast(late.rows), recipe)


def _parted(data: Panel, recipe: Recipe) -> tuple[Panel, Panel]:
    """Give the rows to boost on, and the later ones that correct coverage."""
    thin = data.where((data.rows.hours * 7 + data.places) % recipe.every == 0)
    split = int(np.quantile(thin.rows.hours, 1 - recipe.kept))
    return thin.where(thin.rows.hours + recipe.horizon <= split), thin.where(thin.rows.hours > split)


def _correction(moves: NDArray[np.int64], forecast: Floats, recipe: Recipe) -> float:
    """Give the factor on forecasts that covers the share of moves which it must (split conformal)."""
    return _best_quantile(moves / np.maximum(forecast, 1), recipe.level)


def _best_quantile(ratios: Floats, level: float) -> float:
    rank = min(int(np.ceil((len(ratios) + 1) * level)), len(ratios)) - 1
    return float(np.partition(ratios, rank)[rank])


def _scaled(forest: Forest, factor: float) -> Forest:
    trees = tuple(replace(tree, leaves=tuple(round(leaf * factor) for leaf in tree.leaves)) for tree in forest.trees)
    return replace(forest, base=round(forest.base * factor), trees=trees)


def _scaling(data: Panel, recipe: Recipe) -> Scaling:
    weights = har_weights(data.rows, recipe.level)
    hour, six, day, week = (int(each) for each in np.rint(weights / weights.sum() * (WEIGHT_UNIT - 2)))
    return Scaling((hour, six, day, week), _LEAST_SCALE)


def _season(rows: Windows, scaling: Scaling) -> tuple[int, ...]:
    """Compare what followed with the scale, by hour of the week."""
    scale = vectors(rows, scaling)[:, Feature.SCALE].astype(np.float64)
    ahead, hour = np.sqrt(rows.ahead.astype(np.float64)), rows.hours % WEEK
    above, below = np.bincount(hour, ahead, WEEK), np.bincount(hour, scale, WEEK)
    ratios = np.where(below > 0, above / np.maximum(below, 1), ahead.sum() / scale.sum())
    factors = np.clip(np.rint(ratios / ratios.mean() * SEASON_UNIT), 1, _MOST_FACTOR)
    return tuple(int(factor) for factor in factors)


def _lesson(rows: Windows, scaling: Scaling, season: tuple[int, ...]) -> _Lesson:
    vector = vectors(rows, scaling)
    unit = vector[:, Feature.SCALE] * np.array(season)[rows.hours % WEEK] / SEASON_UNIT
    ahead = np.sqrt(rows.ahead.astype(np.float64))
    return _Lesson(vector[:, :_USED].astype(np.float32), unit, rows.moves.astype(np.float64), ahead)


def _boost(lesson: _Lesson, recipe: Recipe) -> tuple[float, list[tuple[lgb.Booster, float]]]:
    """Learn the deviation first, all rows say something of it; then, from there, the quantile of the move."""
    weight = lesson.unit / PPM
    target = lesson.ahead / lesson.unit
    mean = float(np.average(target, weights=weight))
    rows = lgb.Dataset(lesson.x, target - mean, weight=weight)
    first = _train(recipe.settings | {"objective": "regression"}, rows, recipe.first)
    deviation = mean + _predicted(first, lesson.x)
    factor = best_factor(lesson.moves, deviation * lesson.unit, recipe.level)
    rows = lgb.Dataset(lesson.x, lesson.moves / lesson.unit, weight=weight, init_score=factor * deviation)
    second = _train(recipe.settings | recipe.tail, rows, recipe.then)
    return factor * mean, [(first, factor), (second, 1.0)]


def _train(settings: dict[str, Any], rows: lgb.Dataset, rounds: int) -> lgb.Booster:
    # LightGBM would begin at the mean of the target by itself, and would not say so in the trees.
    return lgb.train(settings | {"boost_from_average": False}, rows, rounds)


def _predicted(booster: lgb.Booster, x: NDArray[np.float32]) -> Floats:
    return np.asarray(booster.predict(x, num_threads=1), np.float64)


def _trees(booster: lgb.Booster, times: float) -> Iterator[Tree]:
    """Pad a booster's trees to their full depth, in integers."""
    for each in booster.dump_model()["tree_info"]:
        nodes, leaves = [PADDING] * NODES, [0] * LEAVES
        _fill(each["tree_structure"], 0, nodes, leaves, times)
        yield Tree(tuple(nodes), tuple(leaves))


def _fill(branch: dict[str, Any], at: int, nodes: list[Node], leaves: list[int], times: float) -> None:
    if at >= NODES:
        leaves[at - NODES] = round(branch["leaf_value"] * times * UNIT)
    elif "leaf_value" in branch:
        _fill(branch, 2 * at + 1, nodes, leaves, times)
        _fill(branch, 2 * at + 2, nodes, leaves, times)
    else:
        threshold = int(np.floor(branch["threshold"]))  # features are integers
        nodes[at] = Node(int(branch["split_feature"]), min(max(threshold, -MOST_THRESHOLD), MOST_THRESHOLD))
        _fill(branch["left_child"], 2 * at + 1, nodes, leaves, times)
        _fill(branch["right_child"], 2 * at + 2, nodes, leaves, times)
