"""Years of bars of one asset, read whole from CSV or Parquet; what outages leave out is left out."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.liquidations.bars import Floats, parquet_table, seconds_of

__all__ = ["History", "find", "read"]

_PRICES: Final = ("open", "high", "low", "close")
_COLUMNS: Final = (*_PRICES, "volume")
_BAD_PRINT: Final = 0.1
"""A bar whose low is below this part of its open and close, or whose high is above its inverse, is a bad print."""
_YEAR: Final = 365.25 * 86_400
_LEAST: Final = 3


@dataclass(frozen=True, eq=False)
class History:
    """Bars of one asset: when each begins [s since 1970], prices [USD], volume [base units]; `step` is a bar [s]."""

    asset: str
    step: int
    times: NDArray[np.int64]
    opens: Floats
    highs: Floats
    lows: Floats
    closes: Floats
    volumes: Floats

    @property
    def years(self) -> float:
        """Give how much of a history there is, without its gaps [years]."""
        return len(self.times) * self.step / _YEAR

    def bars_in(self, horizon: int) -> int | None:
        """Give how many bars a horizon has [s], None where it is no multiple of one."""
        return None if horizon % self.step else horizon // self.step

    def follow(self, bars: int) -> NDArray[np.bool_]:
        """Tell of each close whether so many bars follow it without a gap; the last ones are left out."""
        followed: NDArray[np.bool_] = self.times[bars:] - self.times[:-bars] == bars * self.step
        return followed

    def extremes(self, bars: int) -> tuple[Floats, Floats]:
        """Give how far the price falls and rises within so many bars after each close, as parts of it."""
        known, closes = self.follow(bars), self.closes[:-bars]
        low, high = (sliding_window_view(each[1:], bars) for each in (self.lows, self.highs))
        return (1 - low.min(axis=1) / closes)[known], (high.max(axis=1) / closes - 1)[known]

    def days(self, bars: int) -> NDArray[np.int64]:
        """Give the day of each of those closes [days since 1970]."""
        days: NDArray[np.int64] = self.times[:-bars][self.follow(bars)] // 86_400
        return days


def find(folder: Path) -> dict[str, Path]:
    """Find the histories of a folder by asset; BTC_perp_15m is one of BTC."""
    if not folder.is_dir():
        return {}
    files = sorted(each for each in folder.iterdir() if each.suffix in (".csv", ".parquet"))
    return {each.stem: each for each in files}


def read(path: Path) -> History:
    """Read a file with the columns date (or time), open, high, low, close and, where it is known, volume."""
    times, prices, volumes = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    if len(times) < _LEAST or (np.diff(times) <= 0).any():
        raise PriceHistoryError(f"{path}: at least {_LEAST} bars are needed, each after the one before")
    opens, highs, lows, closes = prices
    least, most = np.minimum(opens, closes), np.maximum(opens, closes)
    sound = (lows > _BAD_PRINT * least) & (highs < most / _BAD_PRINT)
    step = int(np.diff(times).min())
    kept = (each[sound] for each in (opens, highs, lows, closes, volumes))
    return History(path.stem.split("_")[0], step, times[sound], *kept)


def _parquet(path: Path) -> tuple[NDArray[np.int64], Floats, Floats]:
    table = parquet_table(path, ("date", *_COLUMNS))
    times = table["date"].to_numpy().astype("datetime64[s]").astype(np.int64)
    columns = [table[name].to_numpy().astype(np.float64) for name in _COLUMNS]
    return times, np.asarray(columns[:-1]), columns[-1]


def _csv(path: Path) -> tuple[NDArray[np.int64], Floats, Floats]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        clock = "time" if rows and "time" in rows[0] else "date"
        times = [seconds_of(f"{path}:{number}", row[clock]) for number, row in enumerate(rows, start=2)]
        prices = [[float(row[name]) for row in rows] for name in _PRICES]
        volumes = [float(row.get("volume") or "nan") for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise PriceHistoryError(f"{path}: the columns must be date,open,high,low,close and volume: {error}") from error
    return np.asarray(times, dtype=np.int64), np.asarray(prices), np.asarray(volumes)
