"""Pictures of a backtest: forecast against realised, coverage by regime, multipliers over crashes, calibration."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from crossmargin.model.units import PPM, Ppm
from crossmargin.volatility.backtest import FLOOR, FOREST, Results
from crossmargin.volatility.hourly import HOUR
from crossmargin.volatility.posted import announced, levels, multipliers
from crossmargin.volatility.scores import constant
from crossmargin.volatility.steward import UNIT
from crossmargin.volatility.tables import BOUNDS, rule_of

__all__ = ["draw"]

_SIZE: Final = (9.0, 4.5)
_COLOURS: Final = {FOREST: "#0b6e4f", FLOOR: "#b5651d", "HAR": "#5b5ea6", "move": "#999999"}
_CRASHES: Final = ("2021-05-19", "2022-11-08", "2024-08-05", "2025-10-10")
_DAY: Final = 24
_REGIMES: Final = 10
_BINS: Final = 12


def draw(results: Results, names: Sequence[str], folder: Path, say: Callable[[str], None]) -> None:
    """Write the pictures as PNG files, the same bytes for the same results."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"realised": _realised, "coverage": _coverage, "crashes": _crashes, "calibration": _calibration}
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        for name, picture in pictures.items():
            figure = Figure(figsize=_SIZE, layout="constrained")
            picture(figure, results, names)
            path = folder / f"volatility-{name}.png"
            figure.savefig(path, dpi=110, metadata={"Software": None})
            say(str(path))


def _hour_of(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) // HOUR


def _dates(hours: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return hours.astype("datetime64[h]")


def _realised(figure: Figure, results: Results, names: Sequence[str]) -> None:
    """Show a month around a crash of the second asset: bars of moves, lines of forecasts."""
    axes = figure.subplots()
    middle, place = _hour_of(_CRASHES[2]), min(1, len(names) - 1)
    own = (results.rows.places == place) & (np.abs(results.rows.rows.hours - middle) < 10 * _DAY)
    hours = _dates(results.rows.rows.hours[own])
    axes.bar(hours, results.moves[own] / 1e4, width=0.05, color=_COLOURS["move"], label="move of the hour")
    for model in (FOREST, FLOOR):
        axes.plot(hours, results.models[model][own] / 1e4, color=_COLOURS[model], lw=1.2, label=model)
    axes.set(title=f"{names[place]}: moves of an hour and their forecast 99 % quantile", ylabel="%")
    axes.legend(frameon=False)
    axes.tick_params(axis="x", rotation=20)


def _coverage(figure: Figure, results: Results, _names: Sequence[str]) -> None:
    """Show breaches by how high volatility is, and by year."""
    left, right = figure.subplots(1, 2, sharey=True)
    regime = results.models[FLOOR]
    edges = np.quantile(regime, np.linspace(0, 1, _REGIMES + 1)[1:-1])
    years = _dates(results.rows.rows.hours).astype("datetime64[Y]").astype(int) + 1970
    for axes, groups, label in (
        (left, np.digitize(regime, edges) + 1, "tenth of hours by floor, calm to wild"),
        (right, years, "year"),
    ):
        keys = np.unique(groups)
        for model in (FOREST, FLOOR, "HAR"):
            beyond = results.moves > results.models[model]
            shares = [100 * float(beyond[groups == key].mean()) for key in keys]
            axes.plot(keys, shares, marker="o", ms=3, color=_COLOURS[model], label=model)
        axes.axhline(100 * (1 - results.level), color="black", lw=0.8, ls=":")
        axes.set(xlabel=label, ylim=(0, None), xticks=keys)
    left.set(ylabel="moves beyond the forecast, %")
    left.legend(frameon=False)


def _crashes(figure: Figure, results: Results, names: Sequence[str]) -> None:
    """Show what the steward would have posted for the first asset around four crashes."""
    own = results.rows.places == 0
    hours, moves = results.rows.rows.hours[own], results.moves[own]
    rule = rule_of(Ppm(round(constant(moves, results.level))))
    path = levels(np.maximum(results.models[FOREST][own], 1).astype(np.int64), rule)
    initial, maintenance = multipliers(path, UNIT), multipliers(announced(path), UNIT)
    for axes, day in zip(figure.subplots(1, len(_CRASHES), sharey=True), _CRASHES, strict=True):
        near = np.abs(hours - _hour_of(day) - _DAY // 2) < 2 * _DAY
        since = hours[near] - _hour_of(day)
        axes.bar(since, moves[near] / 1e4, width=1, color=_COLOURS["move"], label="move, %")
        axes.plot(since, initial[near], color=_COLOURS[FLOOR], label="initial")
        axes.plot(since, maintenance[near], color=_COLOURS[FOREST], label="maintenance")
        axes.axhline(BOUNDS[1] / PPM, color="black", lw=0.6, ls=":")
        axes.set(title=day, xlabel="hours")
    figure.axes[0].set(ylabel=f"{names[0]}: multiplier")
    figure.axes[0].legend(frameon=False, loc="upper left")


def _calibration(figure: Figure, results: Results, _names: Sequence[str]) -> None:
    """Show the quantile that came true against the one that was forecast."""
    axes = figure.subplots()
    for model in (FOREST, FLOOR, "HAR"):
        forecast = results.models[model]
        group = np.digitize(forecast, np.quantile(forecast, np.linspace(0, 1, _BINS + 1)[1:-1]))
        said = [float(forecast[group == each].mean()) / 1e4 for each in range(_BINS)]
        true = [constant(results.moves[group == each], results.level) / 1e4 for each in range(_BINS)]
        axes.plot(said, true, marker="o", ms=3, color=_COLOURS[model], label=model)
    axes.axline((0, 0), slope=1, color="black", lw=0.8, ls=":")
    axes.set(xlabel="forecast 99 % quantile, %", ylabel="99 % quantile of what happened, %", xscale="log", yscale="log")
    axes.legend(frameon=False)
