"""Times of price files, read in whatever unit they are written."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd

from crossmargin.errors import PriceHistoryError

__all__ = ["cell_times", "parse_window"]

_EPOCHS: Final = (("s", 1, 10**11), ("ms", 10**3, 10**14), ("µs", 10**6, 10**17), ("ns", 10**9, 10**20))
"""Units, parts of a second, and the number from which on it is none of that unit."""
_EARLIEST: Final = datetime(2009, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_ACCEPTED: Final = "ISO 8601 such as 2025-10-10T20:45Z, or seconds, ms or µs since 1970"
_OTHER_DATES: Final = ("%b %d, %Y", "%Y-%m-%d %I-%p")
"""As pages of prices are copied, Oct 10, 2025; as CryptoDataDownload wrote hours once, 2020-04-16 08-PM."""
_UNITS: Final = {"m": 60, "h": 3600, "d": 86_400}
_WINDOW: Final = "write WINDOW=2024-08-05T00:00/24h, or an end instead of 24h; lengths are in m, h or d, times in UTC"


def cell_times(path: Path, cells: Any) -> tuple[Any, str]:  # noqa: ANN401 (pandas ships no types)
    """Read a column of times, every cell for itself [s since 1970]; say in which unit they were."""
    numbers = pd.to_numeric(cells, errors="coerce")
    times, units = _from_epochs(numbers[numbers.notna()])
    dates = cells[numbers.isna()]
    if len(dates):
        times = pd.concat([times, _from_dates(path, dates)]).reindex(cells.index)
        units.append("ISO 8601")
    outside = (times < _EARLIEST.timestamp()) | (times >= _LATEST.timestamp())
    if outside.any():
        row = outside.idxmax()
        raise PriceHistoryError(
            f"{path}:{row}: {cells[row]!r} would be a time before 2009 or after 2099; accepted are {_ACCEPTED}"
        )
    return times, " and ".join(units)


def _from_epochs(numbers: Any) -> tuple[Any, list[str]]:  # noqa: ANN401
    """Tell units by size, row by row: some vendors changed from one to another in the middle of a file."""
    times, used, low = pd.Series(-1, index=numbers.index, dtype="int64"), [], 0.0
    for unit, scale, high in _EPOCHS:
        these = numbers[(numbers >= low) & (numbers < high)]
        times[these.index] = (these // scale).astype("int64")
        used += [unit] if len(these) else []
        low = high
    return times, used


def _from_dates(path: Path, cells: Any) -> Any:  # noqa: ANN401
    """Read dates; without a zone they are UTC."""
    text = cells.str.removesuffix(" UTC")
    read = pd.to_datetime(text, utc=True, format="ISO8601", errors="coerce")
    for other in _OTHER_DATES:
        if read.isna().all():
            read = pd.to_datetime(text, utc=True, format=other, errors="coerce")
    if read.isna().any():
        row = read.isna().idxmax()
        raise PriceHistoryError(f"{path}:{row}: {cells[row]!r} is no time; accepted are {_ACCEPTED}")
    return (read - pd.Timestamp(0, tz=UTC)) // pd.Timedelta(seconds=1)


def parse_window(text: str) -> tuple[int, int]:
    """Read `start/length` or `start/end`; give both ends [s since 1970]."""
    first, slash, second = text.partition("/")
    try:
        begin = _moment(first)
        end = begin + timedelta(seconds=_seconds(second)) if second[-1:] in _UNITS else _moment(second)
    except (ValueError, OverflowError) as error:
        raise PriceHistoryError(f"WINDOW {text!r}: {error if slash else 'no / in it'}; {_WINDOW}") from error
    if end <= begin:
        raise PriceHistoryError(f"WINDOW {text!r}: ends before it begins; {_WINDOW}")
    return int(begin.timestamp()), int(end.timestamp())


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _seconds(text: str) -> float:
    return float(text[:-1]) * _UNITS[text[-1]]
