"""One file of prices, as an exchange or a data vendor wrote it: recognised, read by pandas, put in order.

What was done to it is said in notes; what cannot be used is refused in one line with the row.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from crossmargin.chain.times import minute_text, span_text
from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.demo.layouts import Layout, Places, asset_in, recognise
from crossmargin.simulation.demo.times import cell_times

__all__ = ["MAX_PRICE", "PriceFile", "read_prices"]

MAX_PRICE: Final = 10**12
"""The highest price that is taken for one [USD]."""
_MAX_VOLATILITY: Final = 10
_MISSING: Final = ("", "null", "nan", "none", "n/a", "na", "-")
_LINK: Final = re.compile(r"\s*(#|https?://|www\.)", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(?P<part>\.\d+)?")
"""Thousands by commas. Where commas do not separate columns, one without a decimal point may be a decimal comma."""
_RAGGED: Final = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_ODD_GAP: Final = 1.5  # of the usual distance between rows


@dataclass(frozen=True)
class PriceFile:
    """What a file says."""

    path: Path
    layout: str
    columns: Mapping[str, "pd.Series[float]"]
    """Values by asset or slice of volatility, indexed by time [s since 1970], increasing."""
    notes: tuple[str, ...]
    """What it is, and what was done to it."""


def read_prices(path: Path, asset: str | None, assets: Sequence[str], slices: Sequence[str] = ()) -> PriceFile:
    """Read a file of one asset (None: whichever it is of), or the own format with a column for each asset."""
    lines = _lines(path)
    skip = next((number for number, line in enumerate(lines) if line.strip() and not _LINK.match(line)), None)
    if skip is None:
        raise PriceHistoryError(f"{path}: the file is empty")
    separator = next((each for each in (";", "\t") if each in lines[skip] and "," not in lines[skip]), ",")
    header = [cell.strip().strip("\"'") for cell in lines[skip].split(separator)]
    layout = recognise(f"{path}:{skip + 1}", header, Places(asset, asset_in(path.name, assets), assets, slices))
    frame = _frame(path, lines, separator, skip, layout)
    values = _values(path, frame, layout, commas_separate=separator == ",")
    times, unit = cell_times(path, frame["time"])
    return _in_order(path, layout.name, times, values, unit)


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                names = [name for name in archive.namelist() if not name.endswith("/")]
                if len(names) != 1:
                    raise PriceHistoryError(f"{path}: {len(names)} files inside, one file of prices is accepted")
                raw = archive.read(names[0])
        return raw.decode("utf-8-sig").splitlines()
    except (OSError, zipfile.BadZipFile) as error:
        raise PriceHistoryError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    except UnicodeDecodeError as error:
        raise PriceHistoryError(f"{path}: is no text; a CSV file is accepted, or a zip of one") from error


def _frame(path: Path, lines: Sequence[str], separator: str, skip: int, layout: Layout) -> Any:  # noqa: ANN401 (pandas ships no types)
    """Read times and prices as text, indexed by row; rows without anything are left out."""
    begin = skip + (1 if layout.has_header else 0)
    wanted = [layout.time, *layout.columns.values(), *([layout.symbol] if layout.symbol is not None else [])]
    try:
        frame = pd.read_csv(
            io.StringIO("\n".join(lines[begin:])),
            sep=separator,
            header=None,
            names=range(layout.width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        found = _RAGGED.search(str(error))
        what = (
            f"{path}:{begin + int(found[2])}: {found[3]} values in {found[1]} columns" if found else f"{path}: {error}"
        )
        raise PriceHistoryError(what) from error
    frame = frame[wanted].fillna("").apply(lambda column: column.str.strip())
    frame.index = frame.index + begin + 1
    frame = frame[(frame != "").any(axis=1) & ~frame[layout.time].str.lower().isin(layout.preamble)]
    if layout.symbol is not None:
        layout.check_symbols(path, frame[layout.symbol])
    return frame.rename(columns={layout.time: "time", **{place: name for name, place in layout.columns.items()}})


def _values(path: Path, frame: Any, layout: Layout, *, commas_separate: bool) -> Any:  # noqa: ANN401
    """Give numbers; NaN where the file has none."""
    found = {}
    for name in layout.columns:
        odd = frame[name].map(lambda cell: "," in cell and not _is_grouped(cell, commas_separate=commas_separate))
        what = f"{layout.name}, column {layout.label(name)}"
        _refuse(path, frame[name], odd, f"{what}: {{}} has a comma: write 2500.5, or 2,500.5")
        text = frame[name].str.replace(",", "")
        numbers = pd.to_numeric(text.where(~text.str.lower().isin(_MISSING)), errors="coerce").astype("float64")
        missing = text.str.lower().isin(_MISSING)
        limit = _MAX_VOLATILITY if ":" in name else MAX_PRICE
        _refuse(path, frame[name], numbers.isna() & ~missing, f"{what}: {{}} is not a number")
        _refuse(path, frame[name], numbers <= 0, f"{what}: {{}} is not above 0")
        _refuse(path, frame[name], numbers > limit, f"{what}: {{}} is above {limit:,}")
        _refuse(path, frame[name], numbers < 0.5e-8, f"{what}: {{}} has more than 8 decimals")  # noqa: PLR2004
        found[name] = numbers
    return pd.DataFrame(found, index=frame.index)


def _is_grouped(cell: str, *, commas_separate: bool) -> bool:
    """Tell whether the commas of a number are certainly between thousands."""
    found = _GROUPED.fullmatch(cell)
    return found is not None and (commas_separate or found["part"] is not None)


def _refuse(path: Path, text: Any, wrong: Any, message: str) -> None:  # noqa: ANN401
    if wrong.any():
        row = wrong.idxmax()
        raise PriceHistoryError(f"{path}:{row}: " + message.format(repr(text[row])))


def _in_order(path: Path, layout: str, times: Any, values: Any, unit: str) -> PriceFile:  # noqa: ANN401
    """Sort by time, keep the last of rows with the same time, leave out rows without a price; say all that."""
    notes = []
    empty = values.isna().all(axis=1)
    if empty.any():
        notes.append(f"rows without a price left out: {int(empty.sum())} (first: row {empty.idxmax()})")
    times, values = times[~empty], values[~empty]
    if times.is_monotonic_decreasing and len(times) > 1:
        notes.append("newest first: turned round")
    elif not times.is_monotonic_increasing:
        row = times.index[int((times.diff() < 0).to_numpy().argmax())]
        notes.append(f"rows not in order (first: row {row}): sorted")
    values.index = pd.Index(times.to_numpy())
    values = values[::-1] if times.is_monotonic_decreasing else values
    repeated = values.index.duplicated(keep="last")
    if repeated.any():
        notes.append(f"rows of a time that comes again: {int(repeated.sum())}, the last of each kept")
    values = values[~repeated].sort_index()
    if len(values) < 2:  # noqa: PLR2004 (a path has two ends)
        raise PriceHistoryError(f"{path}: rows of prices: {len(values)}, at least 2 are needed")
    begin, end = int(values.index[0]), int(values.index[-1])
    step = int(pd.Series(values.index).diff().median())
    what = (
        f"{layout}, {len(values):,} rows of {span_text(step)}, {minute_text(begin)} to {minute_text(end)} UTC, "
        f"times in {unit}"
    )
    notes = [what, *notes, *_gaps(values.index, step)]
    return PriceFile(path, layout, {str(name): values[name].dropna() for name in values.columns}, tuple(notes))


def _gaps(times: Any, step: int) -> list[str]:  # noqa: ANN401
    distances = pd.Series(times).diff()
    long = distances > _ODD_GAP * step
    if not long.any():
        return []
    place = int(distances.idxmax())
    longest, begin = int(distances[place]), minute_text(int(times[place - 1]))
    return [
        f"gaps: {int(long.sum())}, the longest of {span_text(longest)} after {begin}; the last price stands in them"
    ]
