"""Moves of the market that are replayed: built in, from a folder of market data, or from files.

Built in are the scenarios of the demo, whose points are published figures, and two shapes of our own. Of market data
only names and times stand here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path as File
from typing import Final

from crossmargin.errors import PriceHistoryError
from crossmargin.simulation.liquidations.bars import Bars, of_points, read_bars, read_csv
from crossmargin.simulation.liquidations.paths import Path, draw_together
from crossmargin.simulation.stage.prices import PRICE_DECIMALS, generate
from crossmargin.simulation.stage.scenario import Scenario, find_scenario

__all__ = ["BUILT_IN", "Move", "built_in", "from_files", "from_folder"]

LONG: Final = 1
SHORT: Final = -1


@dataclass(frozen=True, eq=False)
class Move:
    """A move: name, which sides are replayed (1 long, -1 short), whether it is a wick, one path an asset."""

    name: str
    sides: tuple[int, ...]
    paths: Mapping[str, Path]
    wick: bool = False


@dataclass(frozen=True)
class _Stretch:
    """A stretch of market data: from, to (UTC), the file of each asset below the folder, side that loses."""

    begin: str
    end: str
    files: Mapping[str, str]
    side: int = LONG
    wick: bool = False


def _hourly(*assets: str) -> dict[str, str]:
    return {asset: f"spot_1h/{asset}" for asset in assets}


_STRETCHES: Final = {
    "2020-03-12": _Stretch("2020-03-12T06:00Z", "2020-03-13T06:00Z", _hourly("ETH", "BTC")),
    "2021-05-19": _Stretch("2021-05-19T00:00Z", "2021-05-20T00:00Z", _hourly("ETH", "BTC", "LINK", "DOGE")),
    "2022-11-08": _Stretch("2022-11-08T12:00Z", "2022-11-10T00:00Z", _hourly("ETH", "BTC", "SOL")),
    "2024-08-05": _Stretch(
        "2024-08-04T18:00Z",
        "2024-08-05T18:00Z",
        {asset: f"intraday/{asset}_perp_15m" for asset in ("ETH", "BTC", "SOL")},
    ),
    "2025-10-10": _Stretch(
        "2025-10-10T14:00Z",
        "2025-10-11T06:00Z",
        {
            "ETH": "intraday/ETH_perp_15m",
            "BTC": "intraday/BTC_perp_15m",
            "SOL": "intraday/SOL_perp_15m",
        },
    ),
    "2025-10-10 DOGE": _Stretch("2025-10-10T14:00Z", "2025-10-11T06:00Z", {"DOGE": "intraday/DOGE_perp_5m"}, wick=True),
    "2019-10-25 squeeze": _Stretch("2019-10-25T12:00Z", "2019-10-26T12:00Z", _hourly("ETH", "BTC"), SHORT),
    "2021-01-28 squeeze": _Stretch("2021-01-28T06:00Z", "2021-01-29T02:00Z", _hourly("DOGE"), SHORT),
    "2023-07-13 squeeze": _Stretch("2023-07-13T06:00Z", "2023-07-14T02:00Z", _hourly("XRP", "ADA"), SHORT),
    "2024-05-20 squeeze": _Stretch(
        "2024-05-20T12:00Z",
        "2024-05-21T06:00Z",
        {asset: f"intraday/{asset}_perp_15m" for asset in ("ETH", "BTC")},
        SHORT,
    ),
}
_COINS: Final = ("BTC", "ETH", "ADA", "LTC", "XRP", "LINK", "SOL", "DOGE", "DOT")
BUILT_IN: Final = ("march-2020", "october-2025")
"""Scenarios of the demo that are replayed."""
_MOVING: Final = ("ETH", "BTC", "LINK")

_START: Final = 1_760_000_400
_WICK: Final = ((0, 0.23), (60, 0.225), (90, 0.22), (96, 0.19), (101, 0.105), (104, 0.11), (107, 0.09), (111, 0.145),
                (117, 0.17), (150, 0.18), (240, 0.19))  # fmt: skip
_SQUEEZE: Final = ((0, 3_000.0), (60, 3_020.0), (75, 3_300.0), (90, 3_600.0), (120, 4_050.0), (180, 3_900.0))
"""Minutes and USD: a dog coin that loses three fifths in a quarter of an hour and is back at four fifths half an hour
later; ether that gains a third in an hour."""


def built_in(seed: int, scenarios: File) -> Iterator[Move]:
    """Draw the moves that come with the code."""
    for name in BUILT_IN:
        series = generate(Scenario.load(find_scenario(name, scenarios)))
        scale = 10.0**-PRICE_DECIMALS
        bars = {asset: of_points(series.times, [price * scale for price in series.prices[asset]]) for asset in _MOVING}
        yield Move(name, (LONG,), draw_together(bars, seed))
    yield Move("wick", (LONG,), draw_together({"DOGE": _shape(_WICK, 0.0012)}, seed), wick=True)
    yield Move("squeeze", (SHORT,), draw_together({"ETH": _shape(_SQUEEZE, 0.0003)}, seed))


def from_folder(folder: File, seed: int, *, many: bool = False) -> Iterator[Move]:
    """Draw the stretches of a folder of market data that it holds; none at all is an error.

    With `many` each has hourly bars of every coin there is.
    """
    found = False
    for name, stretch in (_with_every_coin() if many else _STRETCHES).items():
        held = {asset: folder / file for asset, file in stretch.files.items() if _exists(folder / file)}
        if not held:
            continue
        begin, end = (int(datetime.fromisoformat(text).timestamp()) for text in (stretch.begin, stretch.end))
        bars = {asset: found_bars for asset, stem in held.items() if (found_bars := _bars(stem, begin, end, many=many))}
        if not bars:
            continue
        found = True
        yield Move(name, (stretch.side,), draw_together(bars, seed), wick=stretch.wick)
    if not found:
        wanted = sorted({file for stretch in _STRETCHES.values() for file in stretch.files.values()})
        raise PriceHistoryError(f"{folder}: none of {', '.join(wanted)} is there, as .csv or .parquet")


def from_files(files: Sequence[File], seed: int) -> Iterator[Move]:
    """Draw a move of each CSV file, whose name begins with its asset: ETH.csv, ETH_crash.csv."""
    for file in files:
        asset = file.stem.split("_")[0].upper()
        yield Move(file.stem, (LONG, SHORT), draw_together({asset: read_csv(file)}, seed))


def _with_every_coin() -> dict[str, _Stretch]:
    return {name: replace(each, files=_hourly(*_COINS)) for name, each in _STRETCHES.items() if not each.wick}


def _bars(stem: File, begin: int, end: int, *, many: bool) -> Bars | None:
    """Read bars; of many coins some were not traded yet."""
    try:
        return read_bars(stem, begin, end)
    except PriceHistoryError:
        if many:
            return None
        raise


def _exists(stem: File) -> bool:
    return any(stem.with_suffix(suffix).exists() for suffix in (".csv", ".parquet"))


def _shape(points: Sequence[tuple[int, float]], noise: float) -> Bars:
    """Make bars of minutes and prices [USD] with noise [per square root of second]."""
    return of_points([_START + minute * 60 for minute, _ in points], [price for _, price in points], noise)
