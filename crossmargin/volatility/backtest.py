"""Train year after year on what was known, forecast the next year, and score every model on the same hours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.volatility import baselines
from crossmargin.volatility.conformal import adaptive
from crossmargin.volatility.folds import EMBARGO, first_hour, folds
from crossmargin.volatility.grow import Recipe, grow, wide
from crossmargin.volatility.histories import Data
from crossmargin.volatility.hourly import Floats
from crossmargin.volatility.panel import Panel, forecasts
from crossmargin.volatility.scores import Score, diebold_mariano, pinball, score

__all__ = ["ADAPTIVE", "BEST", "FLOOR", "FOREST", "Results", "run"]

FLOOR: Final = "EWMA, the floor"
FOREST: Final = "forest, as on chain"
BEST: Final = "wide forest, floats"
ADAPTIVE: Final = "wide forest, adaptive"

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Results:
    """Tested rows, and what each model forecast for them [ppm]."""

    rows: Panel
    level: float
    horizon: int
    models: Mapping[str, Floats]

    @property
    def moves(self) -> Floats:
        """Give what happened [ppm]."""
        return self.rows.rows.moves.astype(np.float64)

    def of(self, model: str, place: int) -> Score:
        """Score a model on one asset."""
        own = self.rows.places == place
        return score(self.moves[own], self.models[model][own], self.level, self.horizon)

    def mean(self, model: str, places: Sequence[int]) -> tuple[float, float, float]:
        """Give loss, saving and times fewer breaches, as means over assets."""
        scores = [self.of(model, place) for place in places]
        parts = [(each.loss, each.saving, each.fewer) for each in scores]
        loss, saving, fewer = (float(value) for value in np.mean(parts, axis=0))
        return loss, saving, fewer

    def passed(self, model: str, places: Sequence[int]) -> tuple[int, int]:
        """Count assets whose coverage is not refused at 1 %: the number of breaches, and with it their order."""
        tests = [self.of(model, place).coverage for place in places]
        return sum(each.unconditional > _REFUSED for each in tests), sum(each.conditional > _REFUSED for each in tests)

    def better(self, model: str, other: str, chosen: NDArray[np.bool_] | None = None) -> float:
        """Compare two models' losses by Diebold and Mariano, pooled; below 0 the first is better."""
        kept = np.ones(len(self.moves), bool) if chosen is None else chosen
        losses = [pinball(self.moves[kept], self.models[name][kept], self.level) for name in (model, other)]
        return diebold_mariano(losses[0], losses[1], self.rows.rows.hours[kept], self.horizon)


_REFUSED: Final = 0.01


def run(data: Data, recipe: Recipe, first: int, last: int, say: Say, *, garch: bool = True) -> Results:
    """Walk forward over the years; GARCH is the slowest of all and may be left out."""
    level, parts, tested = recipe.level, [], []
    for fold in folds(data.rows, recipe.horizon, first, last):
        say(f"{fold.name}: learns from {int(fold.learn.sum()):,} hours")
        learn, test = data.rows.where(fold.learn), data.rows.where(fold.test)
        moves = learn.rows.moves.astype(np.float64)
        parts.append({FOREST: forecasts(grow(learn, recipe), test.rows).astype(np.float64)})
        parts[-1][BEST] = wide(learn, recipe, test.rows)
        for name, majors in (("HAR", False), ("HAR with majors", True)):
            weights = baselines.har_weights(learn.rows, level, majors=majors)
            parts[-1][name] = baselines.har(test.rows, weights)
        floor = baselines.floor_deviations(data.rows, data.hourly)
        parts[-1][FLOOR] = floor[fold.test] * baselines.best_factor(moves, floor[fold.learn], level)
        if garch:
            parts[-1]["GARCH"] = _garch(data, fold.learn, fold.test, first_hour(int(fold.name)) - EMBARGO, level)
        tested.append(fold.test)
    chosen = np.logical_or.reduce(tested)
    models = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    rows = data.rows.where(chosen)
    models[ADAPTIVE] = adaptive(rows, models[BEST], level, recipe.horizon)
    return Results(rows, level, recipe.horizon, models)


def _garch(data: Data, learn: NDArray[np.bool_], test: NDArray[np.bool_], end: int, level: float) -> Floats:
    """Scale each year's GARCH deviations by the factor that was best until then."""
    deviations = baselines.garch_deviations(data.rows, data.hourly, end)
    seen = learn & np.isfinite(deviations)
    factor = baselines.best_factor(data.rows.rows.moves[seen].astype(np.float64), deviations[seen], level)
    return deviations[test] * factor
