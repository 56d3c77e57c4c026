"""The picture: prices, volatility, health, scenarios, auctions and fund over scenario time, as a PNG."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from crossmargin.simulation.demo.layout import (
    HEALTH_TOP,
    Series,
    auction_rows,
    bid_weight,
    binding_rows,
    fund_series,
    health_series,
    keeper_colours,
    minutes,
    option_health_series,
    price_series,
    requirement_series,
    scenario_colours,
    volatility_series,
)
from crossmargin.simulation.demo.outcome import AuctionOutcome, DemoRun

__all__ = ["draw_chart"]

_GRID = "#e4e4e4"
_BAR = "#b9c7d6"
_INSOLVENT = "#e3b3b3"


def draw_chart(run: DemoRun, path: Path) -> None:
    """Draw the run into a PNG file."""
    panels = _panels(run)
    heights = [height for height, _ in panels]
    figure = Figure(figsize=(13, sum(heights) + 1.4), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(run.title, fontsize=14, fontweight="bold", x=0.01, ha="left")
    axes = figure.subplots(len(panels), 1, sharex=True, height_ratios=heights)
    for each, (_, draw) in zip(axes, panels, strict=True):
        draw(each)
    axes[-1].set_xlabel("minutes since the first price")
    axes[-1].set_xlim(0, minutes(run, run.blocks[-1].time))
    figure.savefig(path, dpi=110, facecolor="white", metadata={"Software": None})


def _panels(run: DemoRun) -> list[tuple[float, Callable[[Axes], None]]]:
    """List the panels: height [inches], and what draws it; those of options only where there are any."""
    panels: list[tuple[float, Callable[[Axes], None]]] = [
        (2.6, lambda axes: _lines(axes, run, price_series(run), "Prices, % of the first")),
        (3.2, lambda axes: _health(axes, run, health_series(run), "without")),
    ]
    if option_health_series(run):
        volatility, required = "Volatility at the money, % a year", "Maintenance of accounts with options, thousand USD"
        panels.insert(1, (1.5, lambda axes: _lines(axes, run, volatility_series(run), volatility)))
        panels += [
            (2.8, lambda axes: _health(axes, run, option_health_series(run), "with")),
            (2.0, lambda axes: _lines(axes, run, requirement_series(run), required)),
            (0.32 * len(binding_rows(run)) + 0.5, lambda axes: _binding(axes, run)),
        ]
    auctions = max(1.2, 0.36 * len(auction_rows(run)) + 0.6)
    return [*panels, (auctions, lambda axes: _auctions(axes, run)), (1.3, lambda axes: _fund(axes, run))]


def _health(axes: Axes, run: DemoRun, series: list[Series], which: str) -> None:
    _lines(axes, run, series, f"Health factor of accounts {which} options (cut at {HEALTH_TOP:g})")
    axes.axhline(1, color="#c04b4b", linewidth=1, linestyle="--")


def _fund(axes: Axes, run: DemoRun) -> None:
    _lines(axes, run, fund_series(run), "Insurance fund and deficit ledger, thousand USD")
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))


def _lines(axes: Axes, run: DemoRun, series: list[Series], title: str) -> None:
    _frame(axes, title)
    times = [minutes(run, block.time) for block in run.blocks]
    for line in series:
        values = [float("nan") if value is None else value for value in line.values]
        axes.plot(times, values, color=line.colour, linewidth=1.5, label=line.label)
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.02), fontsize=8, frameon=False)


def _binding(axes: Axes, run: DemoRun) -> None:
    rows, colours = binding_rows(run), scenario_colours(run)
    _frame(axes, "Which scenario asks most of accounts with options (price, volatility)")
    for level, (_, spans) in enumerate(rows):
        for span in spans:
            axes.barh(level, span.end - span.begin, left=span.begin, height=0.62, color=colours[span.scenario])
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    handles = [Patch(color=colour, label=name) for name, colour in colours.items()]
    axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.005, 1.05), fontsize=8, frameon=False)


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
