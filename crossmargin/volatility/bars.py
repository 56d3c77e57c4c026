"""Bars of any vendor, as complete hours."""

from pathlib import Path
from typing import Final, Literal

import numpy as np
import polars as pl

from crossmargin.errors import ForestError
from crossmargin.model.units import PPM
from crossmargin.volatility.hourly import HOUR, Hourly, spread
from crossmargin.volatility.hours import DAY

__all__ = ["read"]

_BAD_PRINT: Final = 0.1
"""A bar whose low is below this part of its open and close, or whose high is above its inverse, is a bad print."""
_TIMES: Final = ("date", "time", "timestamp", "open_time")
_PRICES: Final = ("open", "high", "low", "close")


def read(path: Path) -> Hourly:
    """Read a history of bars of an hour or less.

    They have a time (UTC, when they open: a date, or seconds or milliseconds) and `open`, `high`, `low`, `close`.
    """
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, try_parse_dates=True)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ForestError(f"{path} cannot be read: {error}") from error
    time = next((name for name in _TIMES if name in frame.columns), None)
    missing = [name for name in _PRICES if name not in frame.columns]
    if time is None or missing:
        raise ForestError(f"{path} has no column {', '.join(missing) or ' or '.join(_TIMES)}; it has {frame.columns}")
    frame = frame.select(_seconds(frame[time]).alias("time"), *(pl.col(name).cast(pl.Float64) for name in _PRICES))
    frame = _clean(frame.drop_nulls().unique("time", keep="last").sort("time"))
    if len(frame) <= DAY:
        raise ForestError(f"{path} has {len(frame)} usable bars, a forecast needs a week of hours")
    step = int(frame["time"].diff().drop_nulls().mode().min())
    if HOUR % step:
        raise ForestError(f"{path} has bars of {step} s, not an hour or a part of one")
    return _complete(path.stem, frame, step)


def _seconds(times: pl.Series) -> pl.Series:
    """Take times as they come: dates, or numbers of seconds or milliseconds."""
    if times.dtype.is_temporal():
        return times.dt.epoch("s")
    numbers = times.cast(pl.Int64)
    largest = numbers.max()
    unit: Literal[1, 1000] = 1000 if isinstance(largest, int) and largest > 10**11 else 1
    return numbers // unit


def _clean(frame: pl.DataFrame) -> pl.DataFrame:
    body_low, body_high = pl.min_horizontal("open", "close"), pl.max_horizontal("open", "close")
    sound = (pl.col("low") > _BAD_PRINT * body_low) & (pl.col("high") < body_high / _BAD_PRINT)
    return frame.filter((pl.min_horizontal(*_PRICES) > 0) & sound)


def _complete(asset: str, frame: pl.DataFrame, step: int) -> Hourly:
    """Turn bars into every hour between the first and the last, gaps spread."""
    bars = frame.with_columns(pl.col(name).log() for name in _PRICES)
    square = pl.col("close").diff().fill_null(0) ** 2 if step < HOUR else _range_variance()
    hourly = (
        bars.with_columns(square.alias("variance"), (pl.col("time") // HOUR).alias("hour"))
        .group_by("hour", maintain_order=True)
        .agg(pl.col("close").last(), pl.col("variance").sum(), pl.len().alias("bars"))
    )
    hourly = hourly.filter(pl.col("bars") == HOUR // step)
    hours, logs = hourly["hour"].to_numpy(), np.floor(hourly["close"].to_numpy() * PPM).astype(np.int64)
    return spread(asset, hours, logs, hourly["variance"].to_numpy())


def _range_variance() -> pl.Expr:
    """Estimate the variance of a bar from its range and change (Garman and Klass)."""
    spread, change = pl.col("high") - pl.col("low"), pl.col("close") - pl.col("open")
    return 0.5 * spread**2 - (2 * np.log(2) - 1) * change**2
