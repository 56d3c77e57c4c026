"""The charts of docs/option-examples.md: requirement and value of books over the price, at three volatilities.

The same books give the same files, byte for byte, with one version of matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from option_books import VOLATILITY, Book, opened, venue

from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD

COLOURS: Final = {40: "#2f7ebc", VOLATILITY: "#3b3b3b", 90: "#d1662a"}
STYLES: Final[dict[RiskSet, Literal["-", "--"]]] = {RiskSet.INITIAL: "-", RiskSet.MAINTENANCE: "--"}
MOVES: Final = tuple(range(-30, 31, 2))
THOUSAND: Final = 1_000 * WAD
GRID: Final = "#e4e4e4"
TODAY: Final = "#9a9a9a"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure: file name, title, and the books of each row."""

    name: str
    title: str
    rows: tuple[tuple[Book, ...], ...]


def draw(chart: Chart, folder: Path) -> None:
    """Draw the figure: a pair of panels for each book, requirement above value."""
    columns = max(len(row) for row in chart.rows)
    with rc_context({"svg.hashsalt": chart.name, "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 8}):
        figure = Figure(figsize=(3.7 * columns, 4.3 * len(chart.rows) + 1), layout="constrained")
        FigureCanvasSVG(figure)
        figure.suptitle(chart.title, fontsize=11, fontweight="bold", x=0.01, ha="left")
        heights = [3, 2] * len(chart.rows)
        panels = figure.subplots(len(heights), columns, sharex=True, squeeze=False, height_ratios=heights)
        for place, row in enumerate(chart.rows):
            for column, book in enumerate(row):
                _requirement(panels[2 * place][column], book)
                _value(panels[2 * place + 1][column], book)
        figure.legend(handles=_key(), loc="outside lower center", ncols=6, frameon=False)
        path = folder / f"{chart.name}.svg"
        figure.savefig(path, facecolor="white", metadata={"Date": None, "Creator": None})


def _requirement(axes: Axes, book: Book) -> None:
    account = opened(book)
    for volatility, colour in COLOURS.items():
        states = [venue(book, move, volatility) for move in MOVES]
        for which, style in STYLES.items():
            needed = [margin(account, state, which).requirement / THOUSAND for state in states]
            axes.plot(MOVES, needed, color=colour, linestyle=style, linewidth=1.3)
    _frame(axes, "requirement R [thousand USD]")
    axes.set_title(book.title, loc="left", fontsize=9)
    axes.set_ylim(bottom=0)


def _value(axes: Axes, book: Book) -> None:
    account = opened(book)
    first = equity(account, venue(book))
    for volatility, colour in COLOURS.items():
        gains = [(equity(account, venue(book, move, volatility)) - first) / THOUSAND for move in MOVES]
        axes.plot(MOVES, gains, color=colour, linewidth=1.3)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -1), max(high, 1))
    _frame(axes, "profit [thousand USD]")
    axes.axhline(0, color=TODAY, linewidth=0.7)
    axes.tick_params(labelbottom=True)
    axes.set_xlabel("move of ether [%]")


def _frame(axes: Axes, label: str) -> None:
    axes.set_ylabel(label)
    axes.set_xlim(MOVES[0], MOVES[-1])
    axes.set_xticks(range(MOVES[0], MOVES[-1] + 1, 10))
    axes.grid(color=GRID, linewidth=0.6)
    axes.axvline(0, color=TODAY, linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)


def _key() -> Sequence[Line2D]:
    return [*_volatilities(), *_sets()]


def _volatilities() -> Iterator[Line2D]:
    for volatility, colour in COLOURS.items():
        yield Line2D([], [], color=colour, label=f"volatility {volatility} %")


def _sets() -> Iterator[Line2D]:
    names = {RiskSet.INITIAL: "R of IM", RiskSet.MAINTENANCE: "R of MM"}
    for which, style in STYLES.items():
        yield Line2D([], [], color=TODAY, linestyle=style, label=names[which])
