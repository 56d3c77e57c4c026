"""The portfolios of docs/option-examples.md, and the venue they are margined in: flat surfaces, fresh arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from worked_examples import BTC, ETH, FUTURE, HOURS, PRICES, STATE, leg, perpetual, spot, usd

from crossmargin.model.account import Account, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import Instrument, Kind, decode, encode, strike_code, strike_of
from crossmargin.model.options import option_mark
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Price, Shock
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.surface import OptionParams, PostedSlice, Slice
from crossmargin.model.units import PPM, WAD, FeedId, InstrumentId, Ppm, Seconds, Wad

VOLATILITY: Final = 60
NEAR, FAR = 30, 90
OPTIONS: Final = OptionParams(
    vol_shock_maintenance=Ppm(250_000),
    vol_shock_initial=Ppm(400_000),
    default_volatility=Ppm(800_000),
    max_age=Seconds(3_600),
    expiry_age=Seconds(6 * 3_600),
    min_interval=Seconds(60),
    max_step=Ppm(200_000),
    max_carry=Ppm(300_000),
)
"""Parameters of every surface; a surface is at `VOLATILITY` [percent] unless said, expiries are in days."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Some units of collateral, or where there is an instrument, of that; negative when sold."""

    size: int
    underlying: FeedId
    instrument: InstrumentId | None = None

    @property
    def terms(self) -> Instrument | None:
        """Give what the instrument is; None for collateral."""
        return None if self.instrument is None else decode(self.instrument)


@dataclass(frozen=True, slots=True)
class Book:
    """A portfolio: a name, and what it holds."""

    title: str
    holdings: tuple[Holding, ...]

    def apart(self) -> Iterator[Book]:
        """Give each holding in an account of its own."""
        for holding in self.holdings:
            yield replace(self, holdings=(holding,))


def collateral(size: int) -> Holding:
    """Hold ether."""
    return Holding(size, ETH)


def future(size: int) -> Holding:
    """Buy or sell the future on ether."""
    return Holding(size, ETH, FUTURE)


def swap(size: int) -> Holding:
    """Buy or sell the perpetual on ether."""
    return Holding(size, ETH, perpetual(ETH))


def call(size: int, strike: int, days: int = NEAR, underlying: FeedId = ETH) -> Holding:
    """Buy or sell calls."""
    return _option(Kind.CALL, size, strike, days, underlying)


def put(size: int, strike: int, days: int = NEAR, underlying: FeedId = ETH) -> Holding:
    """Buy or sell puts."""
    return _option(Kind.PUT, size, strike, days, underlying)


def _option(kind: Kind, size: int, strike: int, days: int, underlying: FeedId) -> Holding:
    terms = Instrument(kind, underlying, HOURS + days * 24, strike_code(usd(strike)))
    return Holding(size, underlying, encode(terms))


BASIS_TRADE: Final = Book("A basis trade", (collateral(100), future(-100)))
ETHER_ALONE: Final = Book("Ether alone", (collateral(100),))
COVERED_CALL: Final = Book("A covered call", (collateral(100), call(-100, 2_200)))
PROTECTIVE_PUT: Final = Book("A protective put", (collateral(100), put(100, 1_800)))
SYNTHETIC: Final = Book("A synthetic future against a perpetual", (call(100, 2_000), put(-100, 2_000), swap(-100)))
STRADDLE: Final = Book("A long straddle", (call(100, 2_000), put(100, 2_000)))
HEDGED_STRADDLE: Final = Book("A short straddle, hedged", (call(-100, 2_000), put(-100, 2_000), swap(7)))
CALENDAR: Final = Book("A calendar spread of calls", (call(-100, 2_000), call(100, 2_000, FAR)))
NAKED_PUT: Final = Book("A naked short put", (put(-100, 1_800),))
BUTTERFLY: Final = Book("A butterfly", (call(100, 1_800), call(-200, 2_000), call(100, 2_200)))
BOX: Final = Book("A box", (call(100, 1_800), put(-100, 1_800), call(-100, 2_200), put(100, 2_200)))
SHORTS: Final = Book(
    "Short calls on ether, short puts on bitcoin",
    (call(-300, 2_200), put(-10, 54_000, underlying=BTC)),
)
REVERSALS: Final = Book(
    "Two risk reversals, opposed",
    (
        *(call(300, 2_200), put(-300, 1_800)),
        *(call(-10, 66_000, underlying=BTC), put(10, 54_000, underlying=BTC)),
    ),
)


def venue(book: Book, move: int = 0, volatility: int = VOLATILITY) -> State:
    """Give the state with the book's series listed and just refreshed, ether moved, at a volatility [both percent]."""
    series = [each.instrument for each in book.holdings if each.instrument and decode(each.instrument).kind.is_option]
    listed = replace(STATE, markets={**STATE.markets, **{each: Market(each) for each in series}})
    moved = listed.moved([Shock(ETH, Wad(move * WAD // 100))])
    arrays = {each: _array(each, moved.price(decode(each).underlying), volatility) for each in series}
    return moved.moved([], arrays)


@cache
def _array(instrument: InstrumentId, index: Price, volatility: int) -> RiskArray:
    """Refresh a series' array at an index and a flat volatility [percent]."""
    terms = decode(instrument)
    expiry = Seconds(terms.expiry_hours * 3_600)
    params = STATE.params.underlying(terms.underlying)
    flat = Slice(a=volatility**2 * PPM // 10_000, b=0, rho=Ppm(0), m=0, sigma=1)
    view = View(
        index=index.mid,
        status=index.status,
        posted=PostedSlice(flat, expiry, STATE.now),
        params=OPTIONS,
        shock_maintenance=params.maintenance.derivative_shock,
        shock_initial=params.initial.derivative_shock,
        now=STATE.now,
    )
    return refreshed(Series(terms.kind is Kind.PUT, strike_of(terms.strike), expiry), view)


def opened(book: Book) -> Account:
    """Open the book without cash, each leg at its mark at `VOLATILITY` and the first index."""
    state = venue(book)
    spots = tuple(spot(each.underlying, each.size) for each in book.holdings if each.instrument is None)
    return Account(usd(0), spots, tuple(_leg(book.holdings, state)))


def _leg(holdings: Iterable[Holding], state: State) -> Iterator[Leg]:
    for each in holdings:
        if each.instrument is None:
            continue
        entered = leg(each.instrument, each.size, PRICES[each.underlying])
        if each.instrument in state.arrays:
            mark = option_mark(entered, state, RiskSet.MAINTENANCE)
            entered = replace(entered, basis=Wad(each.size * mark))
        yield entered


def mark(holding: Holding, state: State) -> int:
    """Give the mark of one unit, rounded against who holds it [wad USD]; of what is not an option the index."""
    if holding.instrument is None or holding.instrument not in state.arrays:
        return state.price(holding.underlying).mid
    return option_mark(leg(holding.instrument, holding.size, 0), state, RiskSet.MAINTENANCE)
