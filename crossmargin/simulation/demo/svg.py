"""Inline SVG of a run's panels: one user unit is one pixel of a 1,000 pixel wide page."""

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from crossmargin.simulation.demo.layout import (
    HEALTH_FLOOR,
    Axis,
    Series,
    Span,
    auction_rows,
    bid_weight,
    binding_rows,
    elapsed,
    keeper_colours,
    scenario_colours,
)
from crossmargin.simulation.demo.outcome import AuctionOutcome, BidOutcome, DemoRun
from crossmargin.simulation.stage.amounts import percent, usd

__all__ = ["LEFT", "RIGHT", "auction_panel", "binding_panel", "line_panel"]

LEFT: Final = 165.0
RIGHT: Final = 985.0
_TOP: Final = 14.0
_ROW: Final = 26.0
_TICKS: Final = 5
_LEVELS: Final = tuple(digit * 10.0**power for power in range(-1, 7) for digit in (1, 2, 5))


def line_panel(axis: Axis, series: Sequence[Series], height: float, mark: float | None = None) -> str:
    """Draw lines over time; with `mark` the axis is logarithmic, and that level is drawn."""
    values = [value for line in series for value in line.values if value is not None]
    scale = _linear if mark is None else math.log10
    low, high = _range(values) if mark is None else _decades(values)
    bottom = _TOP + height

    def y(value: float) -> float:
        return bottom - (scale(value) - scale(low)) / (scale(high) - scale(low)) * height

    parts = [_grid(axis, bottom)]
    for tick in _ticks(low, high) if mark is None else [each for each in _LEVELS if low <= each <= high]:
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(_label(LEFT - 8, y(tick) + 4, f"{tick:,g}", "end"))
    if mark is not None:
        parts.append(f'<line class="mark" x1="{LEFT}" x2="{RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>')
    for line in series:
        for points in _runs(axis.times, line.values):
            path = " ".join(f"{_x(axis, time):.1f},{y(value):.1f}" for time, value in points)
            parts.append(
                f'<polyline points="{path}" stroke="{line.colour}"><title>{escape(line.label)}</title></polyline>'
            )
    return _svg(bottom + 24, parts)


def auction_panel(run: DemoRun, axis: Axis) -> str:
    """Draw one bar per auction, one dot per bid."""
    rows = auction_rows(run)
    bottom = _TOP + _ROW * max(len(rows), 1)
    parts = [_grid(axis, bottom)]
    for level, (name, auctions) in enumerate(rows):
        middle = _TOP + _ROW * (level + 0.5)
        parts.append(_label(LEFT - 8, middle + 4, name, "end"))
        for auction in auctions:
            parts.append(_bar(run, axis, auction, middle))
            parts += [_dot(run, axis, bid, middle) for bid in auction.bids]
    if not rows:
        parts.append(_label(LEFT + 10, _TOP + 17, "no account was auctioned", "start"))
    return _svg(bottom + 24, parts)


def binding_panel(run: DemoRun, axis: Axis) -> str:
    """Draw one row per account with options, one bar per time that a scenario asked most of it."""
    rows, colours = binding_rows(run), scenario_colours(run)
    bottom = _TOP + _ROW * max(len(rows), 1)
    parts = [_grid(axis, bottom)]
    for level, (name, spans) in enumerate(rows):
        middle = _TOP + _ROW * (level + 0.5)
        parts.append(_label(LEFT - 8, middle + 4, name, "end"))
        parts += [_span(axis, span, middle, colours[span.scenario]) for span in spans]
    return _svg(bottom + 24, parts)


def _span(axis: Axis, span: Span, middle: float, colour: str) -> str:
    begin, end = _x(axis, span.begin), _x(axis, span.end)
    return (
        f'<rect fill="{colour}" x="{begin:.1f}" y="{middle - 8:.1f}" width="{end - begin:.1f}" height="16">'
        f"<title>{escape(span.scenario)}</title></rect>"
    )


def _bar(run: DemoRun, axis: Axis, auction: AuctionOutcome, middle: float) -> str:
    begin = _x(axis, elapsed(run, auction.started))
    end = _x(axis, axis.times[-1] if auction.ended is None else elapsed(run, auction.ended))
    kind = "insolvent" if auction.insolvent else "solvent"
    title = f"{escape(auction.account)}, auction {auction.number}, started by {escape(auction.starter)}"
    width = max(end - begin, 3)
    return (
        f'<rect class="{kind}" x="{begin:.1f}" y="{middle - 8:.1f}" width="{width:.1f}" height="16" rx="2">'
        f"<title>{title}</title></rect>"
    )


def _dot(run: DemoRun, axis: Axis, bid: BidOutcome, middle: float) -> str:
    x = _x(axis, elapsed(run, bid.time))
    colour = keeper_colours(run).get(bid.bidder, "#333")
    what = "a bundle" if bid.bundle else f"{percent(bid.fraction)} worth {usd(bid.taken)}"
    return (
        f'<circle cx="{x:.1f}" cy="{middle:.1f}" r="{3 + 6 * bid_weight(run, bid) ** 0.5:.1f}" fill="{colour}">'
        f"<title>{escape(bid.bidder)}: {what} for {usd(bid.payment)}</title></circle>"
    )


def _svg(height: float, parts: list[str]) -> str:
    cursor = f'<line class="cursor" y1="{_TOP}" y2="{height - 24:.0f}"/>'
    return f'<svg viewBox="0 0 1000 {height:.0f}" role="img">{"".join(parts)}{cursor}</svg>'


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _grid(axis: Axis, bottom: float) -> str:
    lines = []
    for tick in _ticks(axis.times[0], axis.times[-1]):
        x = _x(axis, tick)
        lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}"/>')
        lines.append(_label(x, bottom + 16, f"{tick:g} {axis.unit}", "middle"))
    return "".join(lines)


def _x(axis: Axis, time: float) -> float:
    begin, end = axis.times[0], axis.times[-1]
    return LEFT + (time - begin) / ((end - begin) or 1) * (RIGHT - LEFT)


def _linear(value: float) -> float:
    return value


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From a little below the least to a little above the greatest."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (high - low) * 0.06 or max(abs(high) * 0.05, 1.0)
    return low - margin, high + margin


def _decades(values: Sequence[float]) -> tuple[float, float]:
    """Hold every value of a logarithmic axis, and the level 1 in any case."""
    low, high = min(values, default=1.0), max(values, default=1.0)
    return max(min(low * 0.9, 0.8), HEALTH_FLOOR * 0.9), max(high * 1.1, 1.5)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, about five."""
    rough = (high - low) / _TICKS or 1.0
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = min((magnitude * factor for factor in (1, 2, 2.5, 5, 10)), key=lambda each: abs(each - rough))
    first = math.ceil(low / step)
    return [round(index * step, 10) for index in range(first, math.floor(high / step) + 1)]


def _runs(times: Sequence[float], values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Cut a line where it has no value."""
    runs: list[list[tuple[float, float]]] = [[]]
    for time, value in zip(times, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((time, value))
    return [run for run in runs if len(run) > 1]
