"""The picture: price and multipliers over the days before the crash, health in it, and what everybody kept."""

import textwrap
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from crossmargin.simulation.demo.outcome import WAD
from crossmargin.simulation.side_by_side.pair import FIRST, Pair, Side
from crossmargin.simulation.side_by_side.report import verdict

__all__ = ["draw_chart"]

_GRID: Final = "#e4e4e4"
_LINES: Final = ("#2f6db3", "#d1662b", "#3b8f5a", "#8a5cb8", "#b8902f", "#c04b6e", "#4a9aa8", "#6f6f6f")
_STILL: Final = "#9a9a9a"
_AHEAD: Final = "#2f6db3"
_UNPAID: Final = "#c04b4b"
_SHOWN: Final = 3.0
"""Health is drawn from so long before the crash on [h]."""
_LEAST: Final = 0.2
_MOST: Final = 5.0
_WIDTH: Final = 150
"""Of a line of the verdict [characters]."""


def draw_chart(pair: Pair, path: Path) -> None:
    """Draw both runs into a PNG file."""
    lines = [textwrap.fill(f"{about}: {text}", _WIDTH, subsequent_indent="    ") for about, text in verdict(pair)]
    said = "\n".join(lines)
    heights = [0.5 + 0.19 * (said.count("\n") + 1), 2.2, 2.0, 3.2, 0.42 * len(pair.accounts) + 1]
    with rc_context({"text.parse_math": False}):  # a $ in a title is a dollar
        figure = Figure(figsize=(13, sum(heights) + 0.4), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
        _say(figure.add_subplot(grid[0, :]), pair.still.run.title, said)
        top = figure.add_subplot(grid[1, :])
        _prices(top, pair)
        _multipliers(figure.add_subplot(grid[2, :], sharex=top), pair)
        left = figure.add_subplot(grid[3, 0])
        _health(left, pair, pair.still)
        right = figure.add_subplot(grid[3, 1], sharey=left)
        _health(right, pair, pair.ahead)
        _name(right)
        _kept(figure.add_subplot(grid[4, :]), pair)
        figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _say(axes: Axes, title: str, text: str) -> None:
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=14, fontweight="bold")
    axes.text(0, 1, text, transform=axes.transAxes, va="top", fontsize=9.5, linespacing=1.35)


def _prices(axes: Axes, pair: Pair) -> None:
    _frame(axes, "Prices, % of the first of the crash")
    blocks = pair.still.run.blocks
    begin = next(block for block in blocks if block.time >= pair.start)
    times = [pair.hours(block.time) for block in blocks]
    steered = pair.ahead.run.blocks[-1].multipliers
    moving = [name for name in begin.prices if name in steered and len({block.prices[name] for block in blocks}) > 1]
    for name, colour in zip(moving, _LINES, strict=False):
        values = [block.prices[name] / begin.prices[name] * 100 for block in blocks]
        axes.plot(times, values, color=colour, linewidth=1.2, label=name)
    _name(axes)


def _multipliers(axes: Axes, pair: Pair) -> None:
    when = "initial at once, maintenance after six to eight hours"
    _frame(axes, f"What multiplies shocks and impact of {FIRST} in margins: {when}")
    found = [(pair.hours(block.time), block.multipliers[FIRST]) for block in pair.ahead.run.blocks
             if FIRST in block.multipliers]  # fmt: skip
    times = [time for time, _ in found]
    for place, (name, style) in enumerate((("initial, with", "-"), ("maintenance, with", "--"))):
        axes.plot(times, [both[place] / WAD for _, both in found], style, color=_AHEAD, label=name)
    axes.axhline(1, color=_STILL, linewidth=1.5, label="both, without")
    _name(axes)
    axes.set_xlabel("hours from the beginning of the crash", fontsize=8)


def _health(axes: Axes, pair: Pair, side: Side) -> None:
    _frame(axes, f"Health factors, {side.name} (logarithmic; dots: auctions)")
    blocks = [block for block in side.run.blocks if pair.hours(block.time) >= -_SHOWN]
    for name, colour in zip(pair.accounts, _LINES, strict=False):
        points = [(pair.hours(block.time), block.health.get(name)) for block in blocks]
        values = [float("nan") if value is None else min(max(value / WAD, _LEAST), _MOST) for _, value in points]
        axes.plot([time for time, _ in points], values, color=colour, linewidth=1.4, label=name)
        starts = [pair.hours(each.started) for each in side.run.auctions if each.account == name]
        axes.scatter(starts, [1.0] * len(starts), color=colour, s=26, zorder=3, edgecolor="white", linewidth=0.6)
    axes.axhline(1, color=_UNPAID, linewidth=1, linestyle="--")
    axes.set_yscale("log")
    axes.set_ylim(_LEAST * 0.95, _MOST * 1.05)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("hours from the beginning of the crash", fontsize=8)


def _kept(axes: Axes, pair: Pair) -> None:
    _frame(axes, "What everybody put in (outlined) and kept, and what others had to pay (red) [thousand USD]")
    axes.grid(axis="y", visible=False)
    for level, (_, *both) in enumerate(pair.rows()):
        for offset, sale, colour in zip((-0.2, 0.2), both, (_STILL, _AHEAD), strict=True):
            had, kept, unpaid = (value / WAD / 1000 for value in (sale.had, sale.kept, sale.unpaid))
            axes.barh(level + offset, had, height=0.36, facecolor="none", edgecolor=colour, linewidth=1)
            axes.barh(level + offset, max(kept, 0), height=0.36, color=colour)
            axes.barh(level + offset, -unpaid, height=0.36, color=_UNPAID)
    axes.set_yticks(range(len(pair.accounts)), pair.accounts, fontsize=8)
    axes.set_ylim(len(pair.accounts) - 0.4, -0.6)
    axes.axvline(0, color="#777777", linewidth=0.8)
    for name, colour in (("without", _STILL), ("with margins that move ahead", _AHEAD), ("bad debt", _UNPAID)):
        axes.barh(0, 0, color=colour, label=name)
    _name(axes)


def _name(axes: Axes) -> None:
    """Say beside the axes, where no line is, what is drawn in them."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02), fontsize=8, frameon=False)


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color="#333333")
    axes.grid(color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
