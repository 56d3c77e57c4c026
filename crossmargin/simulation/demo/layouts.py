"""The layouts of price files that are known: which column is the time, which is the price, of which asset."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from crossmargin.errors import PriceHistoryError

__all__ = ["ACCEPTED", "Layout", "Places", "asset_in", "recognise"]

ACCEPTED: Final = (
    "Binance klines (12 columns, header or none), CoinGecko (snapped_at, price), Kraken OHLCVT (7 columns, no header), "
    "CryptoDataDownload (unix, symbol, close), Yahoo (Date, Close), TradingView (time, close), "
    "or one's own (time, then a column per asset)"
)
_TIMES: Final = (
    "open_time",
    "open time",
    "snapped_at",
    "unix",
    "unix timestamp",
    "timestamp",
    "time",
    "date",
    "datetime",
)
_CLOSES: Final = ("close", "price", "last")
_BARE: Final = {12: "Binance klines", 7: "Kraken OHLCVT"}
"""Without a header the number of columns tells; both have open, high, low and close behind the time."""
_BARE_CLOSE: Final = 4
_MARKS: Final = (
    ("snapped_at", "CoinGecko"),
    ("open_time", "Binance klines"),
    ("open time", "Binance klines"),
    ("symbol", "CryptoDataDownload"),
    ("adj close", "Yahoo"),
    ("date", "a daily history"),
    ("time", "TradingView"),
)
_ALIASES: Final = {"XBT": "BTC"}


@dataclass(frozen=True)
class Places:
    """What a column or a file may be of."""

    asset: str | None
    """The asset that the user names."""
    guess: str | None
    """The asset in the file's name."""
    assets: Sequence[str]
    slices: Sequence[str]


@dataclass(frozen=True)
class Layout:
    """Where things are in a file."""

    name: str
    width: int
    time: int
    columns: Mapping[str, int]
    """Place of each asset's or slice's values."""
    has_header: bool = True
    header: Sequence[str] = ()
    symbol: int | None = None
    """Place of a column that names the pair."""
    preamble: Sequence[str] = field(default=())
    """First cells of rows that belong to the header."""

    def label(self, name: str) -> str:
        """Name a column as the file does."""
        return repr(self.header[self.columns[name]]) if self.header else f"{self.columns[name] + 1}"

    def check_symbols(self, path: Path, cells: Any) -> None:  # noqa: ANN401 (pandas ships no types)
        """Refuse a file of another asset."""
        (asset,) = self.columns
        other = cells.map(lambda text: asset_in(text, [asset]) is None)
        if other.any():
            row = other.idxmax()
            raise PriceHistoryError(
                f"{path}:{row}: prices of {cells[row]}, not of {asset}; write PRICES={cells[row]}=..."
            )


def asset_in(text: str, assets: Sequence[str]) -> str | None:
    """Find the asset that a name begins with, or that begins a part of it: ETHUSDT, Binance_ETHUSDT_1h, eth-usd."""
    names = {**{asset: asset for asset in assets}, **{each: one for each, one in _ALIASES.items() if one in assets}}
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = re.search(rf"(?<![A-Za-z])({pattern})", text, re.IGNORECASE) if pattern else None
    return {name.upper(): asset for name, asset in names.items()}[found[1].upper()] if found else None


def recognise(where: str, header: Sequence[str], places: Places) -> Layout:
    """Tell a file's layout by its first row."""
    if _is_number(header[0]):
        return _bare(where, header, places)
    names = [cell.lower() for cell in header]
    close = next((names.index(each) for each in _CLOSES if each in names), None)
    if names[0] == "price" and close is not None:  # yfinance: three rows of header, the first begins with "Price"
        columns = {_asset(where, places): names.index("close") if "close" in names else close}
        return Layout("Yahoo", len(names), 0, columns, header=header, preamble=("ticker", "date", "datetime"))
    time = next((names.index(each) for each in _TIMES if each in names), None)
    if time is None:
        raise PriceHistoryError(f"{where}: no column of times in {_shown(header)}; accepted are {ACCEPTED}")
    if close is None:
        return _own(where, header, time, places)
    name = next((vendor for mark, vendor in _MARKS if mark in names), "prices")
    symbol = names.index("symbol") if "symbol" in names else None
    return Layout(name, len(names), time, {_asset(where, places): close}, header=header, symbol=symbol)


def _bare(where: str, cells: Sequence[str], places: Places) -> Layout:
    """Take a file without a header."""
    name = _BARE.get(len(cells))
    if name is None:
        raise PriceHistoryError(f"{where}: {len(cells)} columns and no header; accepted are {ACCEPTED}")
    try:
        _, high, low, close = (float(cell) for cell in cells[1 : _BARE_CLOSE + 1])
    except ValueError:
        high, low, close = 0.0, 1.0, 0.0
    if not low <= close <= high:
        raise PriceHistoryError(
            f"{where}: {len(cells)} columns without a header as in {name}, but columns 2 to 5 are not open, high, "
            f"low, close; accepted are {ACCEPTED}"
        )
    return Layout(name, len(cells), 0, {_asset(where, places): _BARE_CLOSE}, has_header=False)


def _own(where: str, header: Sequence[str], time: int, places: Places) -> Layout:
    """Take a file with a column for each asset and each slice of volatility."""
    known = {name.upper(): name for name in (*places.assets, *places.slices)}
    columns: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = known.get(cell.upper())
        if place == time:
            continue
        if name is None:
            raise PriceHistoryError(
                f"{where}: column {cell!r} is neither 'close' nor 'price' nor one of {', '.join(known.values())}; "
                f"accepted are {ACCEPTED}"
            )
        if name in columns:
            raise PriceHistoryError(f"{where}: two columns {cell!r}")
        columns[name] = place
    if not columns:
        raise PriceHistoryError(f"{where}: no column of prices in {_shown(header)}; accepted are {ACCEPTED}")
    return Layout("one's own", len(header), time, columns, header=header)


def _asset(where: str, places: Places) -> str:
    found = places.asset or places.guess
    if found is None:
        path = where.rpartition(":")[0]
        raise PriceHistoryError(
            f"{path}: of which asset? Its name does not say; write PRICES=ETH={path} (or {', '.join(places.assets)})"
        )
    return found


def _shown(header: Sequence[str]) -> str:
    return "'" + ", ".join(header)[:80] + "'"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
