"""A user's own prices: files joined on one time axis, cut to a window, thinned to what can be played.

What has no file comes from the scenario. Everything that was decided is said in notes.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pandas as pd

from crossmargin.chain.times import minute_text, span_text
from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.price_files import PriceFile, read_prices
from crossmargin.simulation.demo.times import parse_window
from crossmargin.simulation.stage.prices import PRICE_UNIT, PriceSeries, generate
from crossmargin.simulation.stage.scenario import MAX_STEPS, Scenario

__all__ = ["OwnPrices", "load_own", "parse_files"]

_STEPS: Final = (1, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400)
"""Distances between played prices that read well [s]; beyond them whole days."""
_DAY: Final = 86_400
_PLAYED: Final = 200
"""Steps that a longer history is thinned to at most: it should last a minute or two."""
_MISSED: Final = 0.01  # a low that is so much lower than what is played is worth a note


@dataclass(frozen=True)
class OwnPrices:
    """What is played, and where it comes from."""

    series: PriceSeries
    notes: tuple[str, ...]
    files: tuple[PriceFile, ...]


def parse_files(text: str, assets: Sequence[str]) -> list[tuple[str | None, Path]]:
    """Take `ETH=a.csv BTC=b.csv`, or a file alone; paths with spaces are quoted."""
    if Path(text).is_file():
        return [(None, Path(text))]
    known = {asset.upper(): asset for asset in assets}
    try:
        parts = shlex.split(text)
    except ValueError as error:
        raise PriceHistoryError(f"PRICES {text!r}: {error}; write PRICES=\"ETH=a.csv BTC='my file.csv'\"") from error
    found: list[tuple[str | None, Path]] = []
    for part in parts:
        name, equals, path = part.partition("=")
        if equals and not path:
            raise PriceHistoryError(f'PRICES: {part!r} names no file; write PRICES="ETH=a.csv"')
        if not equals or Path(part).is_file():
            found.append((None, Path(part)))
        elif name.upper() in known:
            found.append((known[name.upper()], Path(path)))
        else:
            raise PriceHistoryError(f"PRICES: no asset {name!r}; the scenario has {', '.join(assets)}")
    return found


def load_own(files: Sequence[tuple[str | None, Path]], scenario: Scenario, window: str | None = None) -> OwnPrices:
    """Read all files and bring them onto one time axis."""
    assets, slices = list(scenario.prices), list(scenario.volatility_paths())
    read = [read_prices(path, asset, assets, slices) for asset, path in files]
    columns: dict[str, pd.Series[float]] = {}
    for file in read:
        for name, values in file.columns.items():
            if name in columns:
                raise PriceHistoryError(f"{file.path}: {name} has another file already; one file an asset")
            columns[name] = values
    if not any(":" not in name for name in columns):
        raise PriceHistoryError("PRICES: no prices of any asset")
    notes = [f"{', '.join(file.columns)}: {file.path.name}: {'; '.join(file.notes)}" for file in read]
    begin, end, cut = _bounds(columns, window)
    times, thinned = _axis(columns, begin, end)
    taken = {name: _at(values, times) for name, values in columns.items()}
    notes += [*cut, *thinned, *_missed(columns, taken, times)]
    series, filled = _with_scenario(times, taken, scenario)
    return OwnPrices(series, (*notes, *filled), tuple(read))


def _bounds(columns: Mapping[str, Any], window: str | None) -> tuple[int, int, list[str]]:
    """Find the time that all files have, or the window's part of it."""
    spans = {name: (int(values.index[0]), int(values.index[-1])) for name, values in columns.items()}
    begin, end = max(first for first, _ in spans.values()), min(last for _, last in spans.values())
    where = "; ".join(f"{name} {minute_text(first)} to {minute_text(last)}" for name, (first, last) in spans.items())
    if begin >= end:
        raise PriceHistoryError(f"PRICES: the files have no time in common: {where}")
    if window is None:
        return begin, end, []
    first, last = parse_window(window)
    if last <= begin or first >= end:
        raise PriceHistoryError(f"WINDOW {window!r}: no prices then; the files have {where}")
    notes = []
    if first < begin or last > end:
        notes.append(f"the window is longer than the files: played from {minute_text(max(first, begin))} "
                     f"to {minute_text(min(last, end))}")  # fmt: skip
    return max(first, begin), min(last, end), notes


def _axis(columns: Mapping[str, Any], begin: int, end: int) -> tuple[list[int], list[str]]:
    """Take the files' own times, or if they are too many, every so many seconds."""
    times = sorted({begin, end}.union(*(values.index[(values.index >= begin) & (values.index <= end)]
                                        for values in columns.values())))  # fmt: skip
    if len(times) <= MAX_STEPS + 1:
        return [int(time) for time in times], []
    least = -(-(end - begin) // _PLAYED)
    step = next((each for each in _STEPS if each >= least), -(-least // _DAY) * _DAY)
    thinned = list(range(begin, end + 1, step))
    note = (
        f"{len(times):,} times are thinned to {len(thinned)}, {span_text(step)} apart "
        f"(up to {MAX_STEPS + 1} are played as they are; WINDOW=2024-08-05T00:00/24h plays a part)"
    )
    return thinned, [note]


def _at(values: Any, times: Sequence[int]) -> tuple[int, ...]:  # noqa: ANN401 (pandas ships no types)
    """Give the last value at each time, scaled."""
    places = values.index.searchsorted(times, side="right") - 1
    return tuple(max(1, round(float(value) * PRICE_UNIT)) for value in values.to_numpy()[places.clip(0)])


def _missed(columns: Mapping[str, Any], taken: Mapping[str, Sequence[int]], times: Sequence[int]) -> list[str]:
    """Say where a low of the file fell between the times that are played."""
    notes = []
    for name, values in columns.items():
        part = values[(values.index >= times[0]) & (values.index <= times[-1])]
        low, played = float(part.min()), min(taken[name]) / PRICE_UNIT
        if len(part) and low < played * (1 - _MISSED):
            notes.append(f"{name}: the lowest in the file is {low:g}, of those played {played:g}")
    return notes


def _with_scenario(
    times: Sequence[int], taken: Mapping[str, tuple[int, ...]], scenario: Scenario
) -> tuple[PriceSeries, list[str]]:
    """Take what no file has from the scenario: its prices, stretched over the time played; volatility stands."""
    own = generate(scenario)
    length = times[-1] - times[0]
    places = [(time - times[0]) * (len(own) - 1) // length for time in times]
    prices = {name: taken.get(name) or tuple(values[i] for i in places) for name, values in own.prices.items()}
    volatility = {name: taken.get(name) or (values[0],) * len(times) for name, values in own.volatility.items()}
    notes = []
    absent = [name for name, values in own.prices.items() if name not in taken and len(set(values)) > 1]
    if absent:
        span = span_text(own.times[-1] - own.times[0])
        notes.append(
            f"{', '.join(absent)}: no file; the scenario's prices, its {span} stretched to {span_text(length)}"
        )
    still = [name.replace(":", " ") for name in own.volatility if name not in taken]
    if still:
        notes.append(f"volatility of {', '.join(still)}: no file; stands at the scenario's first")
    assert all(later > earlier for earlier, later in pairwise(times))  # noqa: S101 (by construction)
    return PriceSeries(tuple(times), prices, volatility), notes
