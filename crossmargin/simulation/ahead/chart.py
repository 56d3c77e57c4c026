"""The picture: multipliers over each crash, and how many books were sold by then, with the forecast and without."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crossmargin.simulation.ahead.market import STEPS, Told
from crossmargin.simulation.ahead.results import CRASHES, Results

__all__ = ["draw_chart"]

_BEFORE: Final = 7 * 24
_AFTER: Final = 48
_COLOURS: Final = ("#8a8a8a", "#1f5fa8", "#c9a227", "#b0473c", "#6fa8dc")
_GRID: Final = "#e4e4e4"


def draw_chart(results: Results, told: Told, rules: Sequence[str], path: Path) -> None:
    """Draw into a PNG file, a column a crash: price, multipliers of the first asset, and books sold by each rule."""
    names = [name for name in CRASHES if results.alive(name).any()]
    figure = Figure(figsize=(3.6 * len(names) + 1, 9), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle("A week before each crash, and two days after it began", fontsize=14, x=0.01, ha="left")
    rows = figure.subplots(3, len(names), squeeze=False, sharex=True, sharey="row")
    for column, name in zip(rows.T, names, strict=True):
        _price(column[0], results, name)
        _multipliers(column[1], results, name, told)
        _sold(column[2], results, name, rules)
        column[0].set_title(name, loc="left", fontsize=10)
        column[2].set_xlabel("hours from its beginning", fontsize=9)
    asset = results.market.assets[0]
    labels = (
        (f"{asset}, as it began = 100", "lower left"),
        (f"multipliers of {asset}", "lower right"),
        ("books sold, %", "upper left"),
    )
    for row, (label, place) in zip(rows, labels, strict=True):
        row[0].set_ylabel(label, fontsize=9)
        row[0].legend(frameon=False, fontsize=8, loc=place)
    figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _window(results: Results, name: str) -> tuple[int, int, int]:
    first, _ = results.crash(name)
    return max(first - _BEFORE, 0), first, min(first + _AFTER, len(results.market.hours))


def _price(axes: Axes, results: Results, name: str) -> None:
    begin, first, end = _window(results, name)
    prices = results.market.prices[begin * STEPS : end * STEPS, 0]
    at = np.arange(len(prices)) / STEPS + begin - first
    axes.plot(at, prices / results.market.prices[first * STEPS, 0] * 100, color="#222222", linewidth=0.9, label="price")
    _dress(axes)


def _multipliers(axes: Axes, results: Results, name: str, told: Told) -> None:
    begin, first, end = _window(results, name)
    at = np.arange(begin, end) - first
    both = (("initial", told.initial, _COLOURS[2]), ("maintenance", told.maintenance, _COLOURS[3]))
    for label, values, colour in both:
        axes.plot(at, values[begin:end, 0], color=colour, linewidth=1.2, label=label)
    _dress(axes)


def _sold(axes: Axes, results: Results, name: str, rules: Sequence[str]) -> None:
    begin, first, end = _window(results, name)
    alive = results.alive(name)
    for rule, colour in zip(rules, _COLOURS, strict=False):
        counts = [(results.sold_in(rule, 0, place + 1) & alive).sum() for place in range(begin, end)]
        axes.plot(np.arange(begin, end) - first, np.array(counts) / alive.sum() * 100, color=colour, label=rule)
    axes.set_ylim(bottom=0)
    _dress(axes)


def _dress(axes: Axes) -> None:
    axes.axvline(0, color=_GRID, linewidth=1.5, zorder=0)
    axes.grid(axis="y", color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
