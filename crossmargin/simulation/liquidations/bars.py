"""Prices as they are known: bars or points of one asset, read from CSV or Parquet files.

A bar is what happened between two times. High and low are nan where only the points themselves are known.
"""

import csv
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.chain.times import time_text
from crossmargin.errors import PriceHistoryError

__all__ = ["Bars", "Floats", "Rows", "of_points", "parquet_table", "read_bars", "read_csv", "seconds_of"]

Floats = NDArray[np.float64]
Rows = list[tuple[int, float, float, float, float]]
"""Open time [s since 1970], open, high, low, close [USD]."""

_NAN: Final = float("nan")
_COLUMNS: Final = ("open", "high", "low", "close")
_OF_MEDIAN: Final = 1.4826
"""Standard deviation of a normal number over the median of its absolute value."""
_MIN_POINTS: Final = 2
_MAX_SECONDS: Final = 14 * 86_400
_LEAST_BAR: Final = 4
_SECONDS_LIMIT: Final = 10**11


@dataclass(frozen=True)
class Bars:
    """Bars of one asset in order: begin and end [s since 1970], open, high, low, close [USD].

    `noise` is the volatility where no range is known [per square root of second].
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    opens: Floats
    highs: Floats
    lows: Floats
    closes: Floats
    noise: float

    @property
    def begin(self) -> int:
        """Give the first time [s since 1970]."""
        return int(self.begins[0])

    @property
    def end(self) -> int:
        """Give the last time [s since 1970]."""
        return int(self.ends[-1])

    def only(self, chosen: NDArray[np.bool_]) -> "Bars":
        """Give the chosen bars."""
        return Bars(
            self.begins[chosen],
            self.ends[chosen],
            self.opens[chosen],
            self.highs[chosen],
            self.lows[chosen],
            self.closes[chosen],
            self.noise,
        )


def of_points(times: Sequence[int], prices: Sequence[float], noise: float | None = None) -> Bars:
    """Make bars between points, whose highs and lows nobody knows; without `noise` the typical move tells it."""
    values = np.asarray(prices, dtype=float)
    unknown = np.full(len(values) - 1, _NAN)
    stamps = np.asarray(times, dtype=np.int64)
    typical = _typical(stamps[:-1], stamps[1:], values[:-1], values[1:])
    return Bars(stamps[:-1], stamps[1:], values[:-1], unknown, unknown, values[1:], typical if noise is None else noise)


def read_csv(path: Path) -> Bars:
    """Read `time,price` or `time,open,high,low,close`; a time is ISO 8601 or seconds since 1970, of a bar its begin."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [(number, row) for number, row in enumerate(csv.reader(file), start=1) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PriceHistoryError(f"{path}: cannot be read: {error}") from error
    if not lines:
        raise PriceHistoryError(f"{path}: the file is empty")
    header = [name.strip().lower() for name in lines[0][1]]
    clock = next((name for name in ("time", "date") if name in header), None)
    columns = _COLUMNS if all(name in header for name in _COLUMNS) else ("price",) * 4
    if clock is None or columns[0] not in header:
        raise PriceHistoryError(f"{path}:1: the columns must be time,price or time,open,high,low,close")
    places = [header.index(name) for name in (clock, *columns)]
    return _bars(path, [_row(f"{path}:{number}", row, places) for number, row in lines[1:]], columns == _COLUMNS)


def read_bars(stem: Path, begin: int, end: int) -> Bars:
    """Read the bars that begin in begin..end [s since 1970], of stem.csv or of stem.parquet, which needs pyarrow."""
    if (path := stem.with_suffix(".csv")).exists():
        whole = read_csv(path)
        inside = (whole.begins >= begin) & (whole.begins < end)
        if not inside.any():
            raise PriceHistoryError(f"{path}: no price between {time_text(begin)} and {time_text(end)}")
        return whole.only(inside)
    path = stem.with_suffix(".parquet")
    if not path.exists():
        raise PriceHistoryError(f"{stem}: there is neither a .csv nor a .parquet of this name")
    return _bars(path, _parquet(path, begin, end), known=True)


def parquet_table(
    path: Path, columns: Sequence[str], filters: Sequence[tuple[str, str, datetime]] | None = None
) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Read columns of a Parquet file as a table of pyarrow, which is only needed here."""
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise PriceHistoryError(f"{path}: Parquet needs pyarrow: pip install 'pyarrow<21', or give CSV") from error
    try:
        return parquet.read_table(path, columns=list(columns), filters=filters)
    except Exception as error:
        raise PriceHistoryError(f"{path}: cannot be read: {error}") from error


def _parquet(path: Path, begin: int, end: int) -> Rows:
    limits = [("date", ">=", datetime.fromtimestamp(begin, UTC)), ("date", "<", datetime.fromtimestamp(end, UTC))]
    table = parquet_table(path, ("date", *_COLUMNS), limits).to_pylist()
    return [(int(row["date"].timestamp()), row["open"], row["high"], row["low"], row["close"]) for row in table]


def _row(where: str, row: Sequence[str], places: Sequence[int]) -> tuple[int, float, float, float, float]:
    if len(row) <= max(places):
        raise PriceHistoryError(f"{where}: {len(row)} values, {max(places) + 1} are needed")
    time, *texts = (row[place].strip() for place in places)
    prices = []
    for text in texts:
        try:
            price = float(text)
        except ValueError as error:
            raise PriceHistoryError(f"{where}: {text!r} is not a number") from error
        if not 0 < price < float("inf"):
            raise PriceHistoryError(f"{where}: the price {text} is not positive and finite")
        prices.append(price)
    return (seconds_of(where, time), *prices)  # type: ignore[return-value]


def seconds_of(where: str, text: str) -> int:
    """Read a time, ISO 8601 or seconds since 1970 [s]; without a zone it is UTC."""
    if text.isdecimal() and int(text) < _SECONDS_LIMIT:
        return int(text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise PriceHistoryError(f"{where}: {text!r} is neither a time like 2025-10-10T20:50Z nor seconds") from error
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


def _bars(path: Path, rows: Rows, known: bool) -> Bars:  # noqa: FBT001 (private, named by its callers)
    """Check rows and make bars of them; a gap is bridged by a bar that nothing is known of."""
    if len(rows) < _MIN_POINTS:
        raise PriceHistoryError(f"{path}: {len(rows)} rows of prices, at least {_MIN_POINTS} are needed")
    times = [row[0] for row in rows]
    steps = np.diff(times)
    if (steps <= 0).any():
        row = int(np.argmax(steps <= 0)) + 1
        raise PriceHistoryError(f"{path}: row {row + 1}: time {time_text(times[row])} is not after the row before")
    if times[-1] - times[0] > _MAX_SECONDS:
        raise PriceHistoryError(f"{path}: {times[-1] - times[0]} s of prices, at most {_MAX_SECONDS} can be replayed")
    if not known:
        return of_points(times, [row[4] for row in rows])
    step = int(steps.min())
    if step < _LEAST_BAR:
        raise PriceHistoryError(f"{path}: bars of {step} s, at least {_LEAST_BAR} are needed; give time,price instead")
    return _joined(path, rows, step)


def _joined(path: Path, rows: Rows, step: int) -> Bars:
    parts: list[tuple[int, int, float, float, float, float]] = []
    for number, (time, opened, high, low, close) in enumerate(rows, start=1):
        if not low <= min(opened, close) <= max(opened, close) <= high:
            raise PriceHistoryError(f"{path}: row {number}: {low} {opened} {close} {high}: low, open, close, high")
        if parts and parts[-1][1] < time:
            parts.append((parts[-1][1], time, parts[-1][5], _NAN, _NAN, opened))
        parts.append((time, time + step, opened, high, low, close))
    begins, ends, *columns = (np.asarray(column) for column in zip(*parts, strict=True))
    opens, highs, lows, closes = (column.astype(float) for column in columns)
    noise = _typical(begins, ends, opens, closes)
    return Bars(begins.astype(np.int64), ends.astype(np.int64), opens, highs, lows, closes, noise)


def _typical(begins: NDArray[np.int64], ends: NDArray[np.int64], opens: Floats, closes: Floats) -> float:
    """Give the volatility that the median move tells [per square root of second]."""
    return float(np.median(np.abs(np.log(closes / opens)) / np.sqrt(ends - begins)) * _OF_MEDIAN)
