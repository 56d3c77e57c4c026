"""What the replay comes to: every rule over the years, and each crash by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.simulation.ahead.market import STEPS, Market, Told
from crossmargin.simulation.ahead.replay import Fate
from crossmargin.simulation.liquidations.tables import Sheet
from crossmargin.volatility.hourly import HOUR

__all__ = ["CRASHES", "Results", "hour_of", "sheets"]

CRASHES: Final = {
    "19 May 2021": ("2021-05-19T00:00", 24),
    "13 June 2022": ("2022-06-12T12:00", 48),
    "9 November 2022": ("2022-11-08T12:00", 36),
    "17 August 2023": ("2023-08-17T18:00", 12),
    "5 August 2024": ("2024-08-04T18:00", 24),
    "10 October 2025": ("2025-10-10T18:00", 12),
}
"""Where each began (UTC), and how long it took [hours]."""
_YEAR: Final = 365.25 * 24
_SALES: Final = {"whole": "unpaid", "discount": "former", "auction": "slices"}
"""How books are sold, and where a fate has what is left unpaid by it."""
_HEADS: Final = (
    "rule",
    "accounts sold",
    "sound at 1",
    *(f"bad debt a year, {sale}" for sale in _SALES),
    "margin asked",
    "leverage",
)


def hour_of(text: str) -> int:
    """Give the number of an hour, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // HOUR


@dataclass(frozen=True, eq=False)
class Results:
    """Fates of all books by rule, and the place of the hour that each was opened in."""

    market: Market
    fates: Mapping[str, Fate]
    opened: NDArray[np.int64]
    held: int
    """How long each is held [hours]."""

    def crash(self, name: str) -> tuple[int, int]:
        """Give the first place of a crash, and the one after its last."""
        begin, length = CRASHES[name]
        place = self.market.place(hour_of(begin))
        return place, place + length

    def alive(self, name: str) -> NDArray[np.bool_]:
        """Choose the books that were opened before a crash, and would be held through its beginning."""
        first, _ = self.crash(name)
        return (self.opened < first) & (self.opened + self.held > first)

    def sold_in(self, rule: str, first: int, end: int) -> NDArray[np.bool_]:
        """Choose the books that were sold between two places."""
        hours = self.fates[rule].sold // STEPS
        return (self.fates[rule].sold >= 0) & (hours >= first) & (hours < end)


def sheets(results: Results, told: Mapping[str, Told]) -> Iterator[Sheet]:
    """Give the rules over the years, and by crash the accounts sold and the multipliers."""
    rows = tuple(_row(name, each) for name, each in results.fates.items())
    yield Sheet(f"All years, {len(results.opened):,} books", _HEADS, rows)
    names = [name for name in CRASHES if results.alive(name).any()]
    heads = ("crash", "books", *results.fates)
    cells = tuple((name, f"{results.alive(name).sum():,}", *_crash(results, name)) for name in names)
    yield Sheet("Crashes: sold before it / in it, % of books / bad debt, bp of notional", heads, cells)
    for rule, each in told.items():
        assets = tuple(results.market.assets)
        moved = tuple((name, *_told(results, name, each)) for name in names)
        title = f"{rule}: initial and maintenance multiplier as the crash began, and highest in it"
        yield Sheet(title, ("crash", *assets), moved)


def _row(name: str, each: Fate) -> tuple[str, ...]:
    total = each.notional.sum()
    years = (each.notional * each.held).sum() / _YEAR
    return (
        name,
        _percent((each.sold >= 0).mean()),
        _percent(each.early.mean()),
        *(f"{getattr(each, name).sum() / years * 1e4:.1f} bp" for name in _SALES.values()),
        _percent(each.asked.sum() / total),
        f"{total / each.equity.sum():.2f}",
    )


def _crash(results: Results, name: str) -> Iterator[str]:
    (first, end), alive = results.crash(name), results.alive(name)
    for rule, each in results.fates.items():
        before = results.sold_in(rule, 0, first) & alive
        during = results.sold_in(rule, first, end) & alive
        unpaid = each.slices[during].sum() / each.notional[alive].sum() * 1e4
        yield f"{before.sum() / alive.sum() * 100:.1f} / {during.sum() / alive.sum() * 100:.1f} / {unpaid:.1f}"


def _told(results: Results, name: str, told: Told) -> Iterator[str]:
    first, end = results.crash(name)
    for place in range(len(results.market.assets)):
        both = [
            f"{values[first, place]:.2f} to {values[first:end, place].max():.2f}"
            for values in (told.initial, told.maintenance)
        ]
        yield " / ".join(both)


def _percent(part: float) -> str:
    return f"{part:.2%}"
