"""Prices and volatility: made from a scenario's points, the same for the same seed, or read from a user's file."""

import csv
import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Final

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.scenario import PathSettings, Scenario

__all__ = ["PRICE_DECIMALS", "PriceSeries", "generate", "load_history"]

PRICE_DECIMALS: Final = 8
_UNIT: Final = 10**PRICE_DECIMALS
_MINUTE: Final = 60
_MIN_ROWS: Final = 2
_MAX_ROWS: Final = 400
_MAX_PRICE: Final = Decimal(10**12)
_MAX_VOLATILITY: Final = Decimal(10)


@dataclass(frozen=True)
class PriceSeries:
    """Prices of several assets, and volatilities, at the same times."""

    times: tuple[int, ...]
    """[s since 1970], increasing."""
    prices: Mapping[str, tuple[int, ...]]
    """By asset [10^-8 USD]."""
    volatility: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """At the money, by slice such as `ETH:weekly` [10^-8 a year]."""

    def at(self, index: int) -> dict[str, int]:
        """Prices of the row `index`."""
        return {asset: values[index] for asset, values in self.prices.items()}

    def volatility_at(self, index: int) -> dict[str, int]:
        """Volatilities of the row `index`."""
        return {name: values[index] for name, values in self.volatility.items()}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.times)


def generate(scenario: Scenario) -> PriceSeries:
    """Draw every path through its points."""
    clock = scenario.clock
    start = int(clock.start.timestamp())
    times = tuple(start + clock.step * index for index in range(clock.steps() + 1))
    prices, volatility = (
        {
            name: _path(path, clock.steps(), clock.step, random.Random(f"{scenario.seed}/{name}"))  # noqa: S311 (a seed)
            for name, path in paths.items()
        }
        for paths in (scenario.prices, scenario.volatility_paths())
    )
    return PriceSeries(times, prices, volatility)


def _path(path: PathSettings, steps: int, step: int, rng: random.Random) -> tuple[int, ...]:
    """Go from point to point in equal relative steps, with noise that vanishes at each point."""
    points = [
        (0, 0.0),
        *((int(minute * _MINUTE) // step, math.log1p(float(change))) for minute, change in path.changes),
    ]
    if points[-1][0] < steps:
        points.append((steps, points[-1][1]))
    logs = [0.0]
    for (begin, low), (end, high) in pairwise(points):
        bridge = _bridge(end - begin, float(path.noise), rng)
        logs += [low + (high - low) * (i + 1) / (end - begin) + bridge[i] for i in range(end - begin)]
    return tuple(max(1, round(float(path.start) * math.exp(value) * _UNIT)) for value in logs)


def _bridge(length: int, noise: float, rng: random.Random) -> list[float]:
    """Draw a random walk that ends where it began."""
    walk, total = [], 0.0
    for _ in range(length):
        total += rng.gauss(0.0, noise) if noise else 0.0
        walk.append(total)
    return [value - total * (i + 1) / length for i, value in enumerate(walk)]


def load_history(path: Path, scenario: Scenario) -> PriceSeries:
    """Read a CSV file: a column `time` (ISO 8601 or seconds since 1970), then one column of USD prices per asset.

    Every asset whose price moves in the scenario needs its column; those that stand still there may be left out. A
    column per slice of volatility, such as `ETH:weekly`, may follow; without it the slice stays at its first value.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), start=1) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PriceHistoryError(f"{path}: cannot be read: {error}") from error
    if not rows:
        raise PriceHistoryError(f"{path}: the file is empty")
    assets = _columns(path, [name.strip() for name in rows[0][1]], scenario)
    if not _MIN_ROWS <= len(rows) - 1 <= _MAX_ROWS:
        raise PriceHistoryError(
            f"{path}: {len(rows) - 1} rows of prices, from {_MIN_ROWS} to {_MAX_ROWS} can be played"
        )
    times, columns = _read(path, rows[1:], assets)
    prices, volatility = (
        {name: tuple(columns.get(name) or [int(path.start * _UNIT)] * len(times)) for name, path in paths.items()}
        for paths in (scenario.prices, scenario.volatility_paths())
    )
    return PriceSeries(tuple(times), prices, volatility)


def _columns(path: Path, header: list[str], scenario: Scenario) -> list[str]:
    if header[0] != "time":
        raise PriceHistoryError(f"{path}:1: the first column must be 'time', not {header[0]!r}")
    assets, known = header[1:], [*scenario.prices, *scenario.volatility_paths()]
    for asset in assets:
        if asset not in known:
            raise PriceHistoryError(f"{path}:1: unknown asset {asset!r}; known are {', '.join(known)}")
        if assets.count(asset) > 1:
            raise PriceHistoryError(f"{path}:1: two columns {asset!r}")
    missing = [asset for asset, settings in scenario.prices.items() if settings.changes and asset not in assets]
    if missing:
        raise PriceHistoryError(f"{path}:1: missing columns: {', '.join(missing)}")
    return assets


def _read(
    path: Path, rows: Iterable[tuple[int, list[str]]], assets: list[str]
) -> tuple[list[int], dict[str, list[int]]]:
    times: list[int] = []
    columns: dict[str, list[int]] = {asset: [] for asset in assets}
    for number, row in rows:
        where = f"{path}:{number}"
        if len(row) != len(assets) + 1:
            raise PriceHistoryError(f"{where}: {len(row)} values, the header has {len(assets) + 1}")
        time = _time(where, row[0].strip())
        if times and time <= times[-1]:
            raise PriceHistoryError(f"{where}: time {row[0].strip()} is not after the row before")
        times.append(time)
        for asset, text in zip(assets, row[1:], strict=True):
            columns[asset].append(_price(where, asset, text.strip()))
    return times, columns


def _time(where: str, text: str) -> int:
    if text.isdecimal():
        return int(text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise PriceHistoryError(
            f"{where}: {text!r} is neither a time like 2025-10-10T20:50Z nor seconds since 1970"
        ) from error
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    if time.microsecond:
        raise PriceHistoryError(f"{where}: {text} has fractions of a second; a chain's clock counts whole ones")
    return int(time.timestamp())


def _price(where: str, asset: str, text: str) -> int:
    try:
        price = Decimal(text)
    except InvalidOperation as error:
        raise PriceHistoryError(f"{where}: {asset}: {text!r} is not a number") from error
    if not price.is_finite() or price <= 0:
        raise PriceHistoryError(f"{where}: {asset}: the price {text} is not positive")
    limit = _MAX_VOLATILITY if ":" in asset else _MAX_PRICE
    if price > limit:
        raise PriceHistoryError(f"{where}: {asset}: the price {text} is above {limit:,}")
    scaled = int((price * _UNIT).to_integral_value())
    if scaled == 0:
        raise PriceHistoryError(f"{where}: {asset}: the price {text} has more than {PRICE_DECIMALS} decimals")
    return scaled
