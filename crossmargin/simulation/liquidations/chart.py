"""The picture of a run: what rules cost and leave unpaid, as a PNG."""

from itertools import cycle
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crossmargin.simulation.liquidations.population import HEDGED, OPTIONS, PERPETUAL
from crossmargin.simulation.liquidations.results import Cell, Results, columns

__all__ = ["draw_chart"]

_COLOURS: Final = (
    "#1f5fa8",
    "#b0473c",
    "#7fb069",
    "#6fa8dc",
    "#c9a227",
    "#8d6bb0",
    "#8a8a8a",
    "#222222",
    "#5fb3b3",
    "#d98fb0",
    "#a0724f",
)
_GRID: Final = "#e4e4e4"
_FAMILIES: Final = (("perpetuals", (PERPETUAL,)), ("hedged books", HEDGED), ("option books", OPTIONS))
_MEASURES: Final = (
    ("insolvent", "insolvent, % of liquidated accounts"),
    ("unpaid", "bad debt, bp of notional"),
    ("cost", "cost, % of equity"),
)


def draw_chart(results: Results, patience: float, path: Path) -> None:
    """Draw what every rule comes to, by kind of keeper and family of books, into a PNG file."""
    figure = Figure(figsize=(15, 10), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle("Liquidations replayed: latency in seconds / price of risk", fontsize=14, x=0.01, ha="left")
    axes = figure.subplots(len(_MEASURES), len(_FAMILIES))
    heads = tuple(columns(patience))
    for row, (measure, label) in zip(axes, _MEASURES, strict=True):
        for each, (family, kinds) in zip(row, _FAMILIES, strict=True):
            _bars(each, results, heads, kinds, measure)
            each.set_title(f"{family}: {label}", loc="left", fontsize=10, color="#333333")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False, fontsize=9)
    figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _bars(axes: Axes, results: Results, heads: tuple[str, ...], kinds: tuple[str, ...], measure: str) -> None:
    """Draw a group of bars for every kind of keeper."""
    rules = results.rules
    width = 0.85 / len(rules)
    for place, (rule, colour) in enumerate(zip(rules, cycle(_COLOURS), strict=False)):
        cells = [results.cell(rule, head, lambda each: each.subject.kind in kinds) for head in heads]
        heights = [_height(cell, measure) for cell in cells]
        at = np.arange(len(heads)) + (place - (len(rules) - 1) / 2) * width
        axes.bar(at, heights, width, color=colour, label=rule)
    axes.set_xticks(range(len(heads)), heads, fontsize=9)
    axes.grid(axis="y", color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_ylim(bottom=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=9)


def _height(cell: Cell | None, measure: str) -> float:
    return 0.0 if cell is None else float(getattr(cell, measure))
