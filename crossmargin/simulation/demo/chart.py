"""The picture: prices, health, auctions and fund over scenario time, as a PNG."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from crossmargin.simulation.demo.layout import (
    HEALTH_TOP,
    Series,
    auction_rows,
    bid_weight,
    fund_series,
    health_series,
    keeper_colours,
    minutes,
    price_series,
)
from crossmargin.simulation.demo.outcome import AuctionOutcome, DemoRun

__all__ = ["draw_chart"]

_GRID = "#e4e4e4"
_BAR = "#b9c7d6"
_INSOLVENT = "#e3b3b3"


def draw_chart(run: DemoRun, path: Path) -> None:
    """Draw the run into a PNG file."""
    rows = auction_rows(run)
    heights = [3.0, 3.6, max(1.2, 0.42 * len(rows) + 0.6), 1.5]
    figure = Figure(figsize=(12, sum(heights) + 1.4), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(run.title, fontsize=14, fontweight="bold", x=0.01, ha="left")
    prices, health, auctions, fund = figure.subplots(4, 1, sharex=True, height_ratios=heights)
    times = [minutes(run, block.time) for block in run.blocks]

    _lines(prices, times, price_series(run), "Prices, % of the first")
    _lines(health, times, health_series(run), f"Health factor (cut at {HEALTH_TOP:g})")
    health.axhline(1, color="#c04b4b", linewidth=1, linestyle="--")
    _auctions(auctions, run)
    _lines(fund, times, fund_series(run), "Insurance fund and deficit ledger, thousand USD")
    fund.set_ylim(bottom=min(0, fund.get_ylim()[0]))
    fund.set_xlabel("minutes since the first price")
    fund.set_xlim(times[0], times[-1])
    figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _lines(axes: Axes, times: list[float], series: list[Series], title: str) -> None:
    _frame(axes, title)
    for line in series:
        values = [float("nan") if value is None else value for value in line.values]
        axes.plot(times, values, color=line.colour, linewidth=1.5, label=line.label)
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02), fontsize=8, frameon=False)


def _auctions(axes: Axes, run: DemoRun) -> None:
    rows = auction_rows(run)
    _frame(axes, "Auctions, with the bids of each keeper (size: value taken)")
    colours = keeper_colours(run)
    for level, (_, auctions) in enumerate(rows):
        for auction in auctions:
            _auction(axes, run, auction, level)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    handles = [Line2D([], [], marker="o", linestyle="", color=colour, label=name) for name, colour in colours.items()]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.005, 1.05), fontsize=8, frameon=False)
    if not rows:
        axes.text(0.5, 0.5, "no account was auctioned", transform=axes.transAxes, ha="center", color="#777777")


def _auction(axes: Axes, run: DemoRun, auction: AuctionOutcome, level: int) -> None:
    last = minutes(run, run.blocks[-1].time)
    begin = minutes(run, auction.started)
    end = last if auction.ended is None else minutes(run, auction.ended)
    colour = _INSOLVENT if auction.insolvent else _BAR
    axes.barh(level, max(end - begin, last / 400), left=begin, height=0.5, color=colour)
    for bid in auction.bids:
        axes.scatter(
            minutes(run, bid.time),
            level,
            s=18 + 120 * bid_weight(run, bid),
            color=keeper_colours(run).get(bid.bidder, "#333333"),
            edgecolor="white",
            linewidth=0.6,
            zorder=3,
        )


def _frame(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=10, color="#333333")
    axes.grid(color=_GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
