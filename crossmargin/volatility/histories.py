"""Histories in a folder, a file an asset, and the panel made of them. What `fetch` wrote is read without packages."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossmargin.errors import ForestError
from crossmargin.volatility.folds import audit
from crossmargin.volatility.hourly import Hourly
from crossmargin.volatility.observations import hours_of
from crossmargin.volatility.panel import Panel, panel, windows

__all__ = ["MAJORS", "OBSERVED", "Data", "find", "load"]

MAJORS: Final = ("BTC", "ETH")
OBSERVED: Final = ("step", "change")
"""Columns of a venue's own observations."""


@dataclass(frozen=True, eq=False)
class Data:
    """Histories, and the panel made of them."""

    hourly: tuple[Hourly, ...]
    rows: Panel


def load(folder: Path, assets: Sequence[str], horizon: int, majors: Sequence[str] = MAJORS) -> Data:
    """Read histories and compute their features; refuse features that look ahead."""
    hourly = {name: _read(find(folder, name)) for name in dict.fromkeys((*assets, *majors))}
    chief = [hourly[name] for name in majors]
    parts = [audit(windows, hourly[name], chief, horizon) for name in assets]
    return Data(tuple(hourly[name] for name in assets), panel(parts))


def find(folder: Path, asset: str) -> Path:
    """Find the file of an asset in a folder."""
    for ending in ("parquet", "csv"):
        if (path := folder / f"{asset}.{ending}").is_file():
            return path
    raise ForestError(f"{folder} has neither {asset}.parquet nor {asset}.csv")


def _read(path: Path) -> Hourly:
    """Read observations as `fetch` writes them, or bars of an hour or less."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) == OBSERVED:
                return _of_observations(path, list(rows))
    from crossmargin.volatility.bars import read  # noqa: PLC0415 - needs a package of training

    return read(path)


def _of_observations(path: Path, rows: list[list[str]]) -> Hourly:
    try:
        observations = sorted((int(step), int(change)) for step, change in rows)
    except ValueError as error:
        raise ForestError(f"{path}: not a step and a change, whole numbers, in each line: {error}") from error
    return hours_of(path.stem, observations)
