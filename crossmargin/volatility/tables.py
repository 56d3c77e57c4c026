"""The results of a backtest, in Markdown."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from crossmargin.model.units import PPM, Ppm
from crossmargin.volatility.backtest import FOREST, Results
from crossmargin.volatility.hourly import HOUR, Floats
from crossmargin.volatility.posted import announced, levels, multipliers
from crossmargin.volatility.scores import constant, score
from crossmargin.volatility.steward import UNIT as LEVEL_UNIT
from crossmargin.volatility.steward import Rule

__all__ = ["BOUNDS", "OLDEST", "figures", "report", "rule_of"]

OLDEST: Final = 7
"""Assets with two years of history before the first test: the table's means are theirs."""
BOUNDS: Final = (Ppm(500_000), Ppm(2_000_000))
"""Of multipliers."""


def rule_of(base: Ppm) -> Rule:
    """Take a base for the shock, the bounds, and 1 where nothing is known."""
    return Rule(base, *BOUNDS, Ppm(PPM))


def report(results: Results, names: Sequence[str]) -> str:
    """Write all tables."""
    oldest = range(min(OLDEST, len(names)))
    parts = [
        f"Horizon {results.horizon} h, quantile {100 * results.level:g} %, {len(results.moves):,} forecasts.",
        f"Means over {', '.join(names[: len(oldest)])}.",
        *_models(results, oldest),
        *_assets(results, names),
    ]
    if results.horizon == 1:
        parts += _posted(results, names)
    return "\n".join(parts) + "\n"


def figures(results: Results, names: Sequence[str]) -> dict[str, Any]:
    """Give what a card says of a backtest."""
    oldest = range(min(OLDEST, len(names)))
    hours = results.rows.rows.hours
    first, end = (datetime.fromtimestamp(int(hour) * HOUR, UTC).isoformat() for hour in (hours.min(), hours.max() + 1))
    told = {}
    for model in results.models:
        loss, saving, fewer = results.mean(model, oldest)
        told[model] = {"pinball": round(loss, 9), "saving": round(saving, 4), "fewer breaches": round(fewer, 3)}
    return {"tested": [first, end], "assets": list(names[: len(oldest)]), "models": told}


def _models(results: Results, oldest: Sequence[int]) -> Iterator[str]:
    yield "\n| model | pinball | saving | fewer breaches | beyond | unconditional | conditional | forest against it |"
    yield "|---|---|---|---|---|---|---|---|"
    for model in results.models:
        loss, saving, fewer = results.mean(model, oldest)
        number, order = results.passed(model, oldest)
        beyond = np.mean([results.of(model, place).coverage.beyond for place in oldest])
        against = "" if model == FOREST else f"{results.better(FOREST, model):+.1f}"
        yield (
            f"| {model} | {loss * 1e4:.3f}e-4 | {saving:.1%} | {fewer:.2f} | {beyond:.2%} | {number}/{len(oldest)} "
            f"| {order}/{len(oldest)} | {against} |"
        )


def _assets(results: Results, names: Sequence[str]) -> Iterator[str]:
    others = [model for model in results.models if model != FOREST]
    yield "\n| asset | forest's pinball | saving | beyond |" + "".join(f" {model} |" for model in others)
    yield "|---|---|---|---|" + "---|" * len(others)
    for place, name in enumerate(names):
        own = results.of(FOREST, place)
        chosen = results.rows.places == place
        compared = (
            f" {results.of(model, place).loss / own.loss - 1:+.1%} ({results.better(FOREST, model, chosen):+.1f}) |"
            for model in others
        )
        yield f"| {name} | {own.loss * 1e4:.3f}e-4 | {own.saving:.1%} | {own.coverage.beyond:.2%} |" + "".join(compared)


def _posted(results: Results, names: Sequence[str]) -> Iterator[str]:
    yield "\nAs posted: I initial, M maintenance margins."
    yield "\n| asset | I: saving | max/min | most rise in an hour | M: saving | max/min | forecast: saving |"
    yield "|---|---|---|---|---|---|---|"
    savings = []
    for place, name in enumerate(names):
        own = results.rows.places == place
        moves, forecasts = results.moves[own], results.models[FOREST][own]
        base = constant(moves, results.level)
        rule = rule_of(Ppm(round(base)))
        path = levels(np.maximum(forecasts, 1).astype(np.int64), rule)
        cells = []
        for each in (path, announced(path)):
            multiple = multipliers(each, LEVEL_UNIT)
            rise = f" {np.max(multiple[1:] / multiple[:-1]):.3f} |" if each is path else ""
            saved = _saved(moves, multiple * base, results.level)
            savings.append(saved)
            cells.append(f" {saved:.1%} | {multiple.max() / multiple.min():.2f} |{rise}")
        yield f"| {name} |{''.join(cells)} {score(moves, forecasts, results.level).saving:.1%} |"
    yield f"\nMean saving as posted: initial {np.mean(savings[::2]):.1%}, maintenance {np.mean(savings[1::2]):.1%}."


def _saved(moves: Floats, posted: Floats, level: float) -> float:
    """Save with what was posted, times the one factor that suits it best: levels are governance's."""
    factor = float(np.quantile(moves / posted, level))
    return score(moves, factor * posted, level).saving
