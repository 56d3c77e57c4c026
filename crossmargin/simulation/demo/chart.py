"""The picture: verdict, prices, health, auctions and losses over scenario time, as a PNG; the page has more."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from crossmargin.simulation.demo.layout import (
    Series,
    auction_rows,
    bid_weight,
    elapsed,
    health_series,
    keeper_colours,
    loss_series,
    option_health_series,
    price_series,
    time_axis,
)
from crossmargin.simulation.demo.outcome import AuctionOutcome, DemoRun
from crossmargin.simulation.demo.verdict import verdict

__all__ = ["draw_chart"]

_GRID = "#e4e4e4"
_BAR = "#b9c7d6"
_INSOLVENT = "#e3b3b3"
_WIDTH: Final = 140
"""Of a line of the verdict [characters]."""


def draw_chart(run: DemoRun, path: Path) -> None:
    """Draw the run into a PNG file."""
    panels = _panels(run)
    heights = [height for height, _ in panels]
    with rc_context({"text.parse_math": False}):  # a $ in a title is a dollar
        figure = Figure(figsize=(13, sum(heights) + 0.3), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(len(panels), 1, height_ratios=heights)
        for each, (_, draw) in zip(axes, panels, strict=True):
            draw(each)
        for each in axes[1:]:
            each.set_xlim(0, elapsed(run, run.blocks[-1].time))
        axes[-1].set_xlabel(f"time since the first price, {time_axis(run).unit}")
        figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _panels(run: DemoRun) -> list[tuple[float, Callable[[Axes], None]]]:
    """List the panels: height [inches], and what draws it; those of options only where there are any."""
    text = _verdict(run)
    panels: list[tuple[float, Callable[[Axes], None]]] = [
        (0.45 + 0.19 * (text.count("\n") + 1), lambda axes: _say(axes, run.title, text)),
        (2.0, lambda axes: _lines(axes, run, price_series(run), "Prices, % of the first")),
        (2.8, lambda axes: _health(axes, run, health_series(run), "without")),
    ]
    if option_health_series(run):
        panels.append((2.3, lambda axes: _health(axes, run, option_health_series(run), "with")))
    auctions = max(1.2, 0.3 * len(auction_rows(run)) + 0.6)
    return [*panels, (auctions, lambda axes: _auctions(axes, run)), (1.4, lambda axes: _losses(axes, run))]


def _verdict(run: DemoRun) -> str:
    lines = [textwrap.fill(f"{about}: {text}", _WIDTH, subsequent_indent="    ") for about, text in verdict(run)]
    return "\n".join(lines)


def _say(axes: Axes, title: str, text: str) -> None:
    axes.set_axis_off()
    axes.set_title(title, loc="left", fontsize=14, fontweight="bold")
    axes.text(0, 1, text, transform=axes.transAxes, va="top", fontsize=9.5, linespacing=1.35)


def _health(axes: Axes, run: DemoRun, series: list[Series], which: str) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.axhline(1, color="#c04b4b", linewidth=1, linestyle="--", label="below: auctioned")
    _lines(axes, run, series, f"Health factor of accounts {which} options (logarithmic)")


def _losses(axes: Axes, run: DemoRun) -> None:
    _lines(axes, run, loss_series(run), "What was lost beyond equity, USD: added up, by who bore it")
    low, high = axes.get_ylim()
    if high - low < 1:
        axes.set_ylim(-1, 1)


def _lines(axes: Axes, run: DemoRun, series: list[Series], title: str) -> None:
    _frame(axes, title)
    times = [elapsed(run, block.time) for block in run.blocks]
    for line in series:
        values = [float("nan") if value is None else value for value in line.values]
        axes.plot(times, values, color=line.colour, linewidth=1.5, label=line.label)
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02), fontsize=8, frameon=False)


def _auctions(axes: Axes, run: DemoRun) -> None:
    rows = auction_rows(run)
    _frame(axes, "Auctions: each dot is a bid, its size the value taken")
    colours = keeper_colours(run)
    for level, (_, auctions) in enumerate(rows):
        for auction in auctions:
            _auction(axes, run, auction, level)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    handles: list[Artist] = [
        Line2D([], [], marker="o", linestyle="", color=colour, label=f"bid of {name}")
        for name, colour in colours.items()
    ]
    handles += [Patch(color=_BAR, label="auction"), Patch(color=_INSOLVENT, label="auction of an insolvent account")]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.005, 1.05), fontsize=8, frameon=False)
    if not rows:
        axes.text(0.5, 0.5, "no account was auctioned", transform=axes.transAxes, ha="center", color="#777777")


def _auction(axes: Axes, run: DemoRun, auction: AuctionOutcome, level: int) -> None:
    last = elapsed(run, run.blocks[-1].time)
    begin = elapsed(run, auction.started)
    end = last if auction.ended is None else elapsed(run, auction.ended)
    colour = _INSOLVENT if auction.insolvent else _BAR
    axes.barh(level, max(end - begin, last / 400), left=begin, height=0.5, color=colour)
    for bid in auction.bids:
        axes.scatter(
            elapsed(run, bid.time),
            level,
            s=18 + 120 * bid_weight(run, bid),
            color=keeper_colours(run).get(bid.bidder, "#333333"),
            edgecolor="white",
            linewidth=0.6,
            zorder=3,
            clip_on=False,
        )


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color="#333333")
    axes.grid(color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
