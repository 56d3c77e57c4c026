"""Books of options: legs beside those of `Book`, risk arrays refreshed at every price, volatility that rises in falls.

Time to expiry stands still while a move is replayed; volatility is `FEAR` times as much higher as the price is lower
than at the move's beginning, in logarithms.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from crossmargin.model.account import Account, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.instruments import HOUR, Instrument, Kind, decode, encode, strike_code, strike_of
from crossmargin.model.options import option_mark
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.prices import PriceStatus
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.surface import PostedSlice, Slice
from crossmargin.model.units import WAD, InstrumentId, Seconds, Wad
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.books import Book, Holding, Profile, exact, mark_value, toll_of
from crossmargin.simulation.liquidations.venue import Venue, dollars, price_of, wad_of
from crossmargin.simulation.stage.surface import moved

__all__ = ["OptionBook", "delta", "series"]

FEAR: Final = 2.0
CALM: Final = 0.6
"""Volatility at the money at the move's beginning, a year."""
_MOST: Final = 2.0
_TENOR: Final = 30 * 24
"""Hours to expiry."""
_NODES: Final = 80
"""Prices at which a book's margin is computed; in between it is interpolated."""
_VOLATILITY_UNIT: Final = 10**8
_DELTA_UNIT: Final = 2**14
_STRIKE_DIGITS: Final = 4
_HEDGE_DIGITS: Final = 9


@dataclass(frozen=True)
class OptionBook(Book):
    """A book of options on its one asset, and of its perpetual.

    It has `size` contracts of each option, times the option's weight, which is negative when sold.
    """

    options: tuple[tuple[InstrumentId, float], ...] = ()
    size: float = 1.0

    @property
    def asset(self) -> str:
        """Name the underlying."""
        return self.holdings[0].asset

    def arrays(self, venue: Venue, second: int) -> Mapping[InstrumentId, RiskArray]:
        """Refresh the arrays of its options at a second of the move."""
        return self.arrays_at(venue, float(self.move.paths[self.asset].prices[second]))

    def arrays_at(self, venue: Venue, price: float) -> Mapping[InstrumentId, RiskArray]:
        """Refresh them at a price [USD]."""
        first = float(self.move.paths[self.asset].prices[0])
        return {each: _array(venue, each, price, first=first, now=self.begin) for each, _ in self.options}

    def legs(self, venue: Venue) -> tuple[Leg, ...]:
        """Give its legs, options at their marks."""
        state = self.state(venue, self.entry)
        opened = [Leg(each, wad_of(self.size * weight), Wad(0)) for each, weight in self.options]
        marks = [option_mark(leg, state, RiskSet.MAINTENANCE) for leg in opened]
        bought = [
            Leg(leg.instrument, leg.size, Wad(leg.size * mark // WAD)) for leg, mark in zip(opened, marks, strict=True)
        ]
        return (*super().legs(venue), *bought)

    def profile(self, venue: Venue) -> Profile:
        """Give its margin at every second: computed at nodes for one contract, interpolated between them."""
        path = self.move.paths[self.asset]
        prices, sigma = path.prices[self.entry :], path.sigma[self.entry :]
        unit = replace(self, holdings=(self._hedge,), equity=0.0, size=1.0)
        nodes, rows = _unit_rows(venue, unit)
        value, requirement, haircut, impact, net = (np.interp(prices, nodes, column) for column in rows.T)
        grown = self.size * (self.size**0.5 - 1) * impact
        gross = self.size * prices * (abs(self._hedge.perpetual) + sum(abs(weight) for _, weight in self.options))
        return Profile(
            value=self.equity + self.size * value,
            requirement=self.size * requirement + grown,
            haircut=self.size * haircut,
            impact=self.size**1.5 * impact,
            gross=gross,
            toll=gross * toll_of(self.asset),
            swing=gross * sigma,
            risk=np.abs(net) * self.size * sigma,
        )

    @property
    def _hedge(self) -> Holding:
        """What there is of the perpetual for one contract, in digits that do not depend on the number."""
        held = self.holdings[0]
        return replace(held, perpetual=round(held.perpetual / self.size, _HEDGE_DIGITS))

    def state(self, venue: Venue, second: int) -> State:
        """Give the venue at a second of the move; its clock stands still."""
        return venue.state(self.prices(second), self.begin, self.arrays(venue, second))


def series(venue: Venue, asset: str, kind: Kind, strike: float, begin: int) -> InstrumentId:
    """Name an option with four digits of strike [USD] that expires `_TENOR` hours after a move's begin."""
    digits = _STRIKE_DIGITS - 1 - math.floor(math.log10(strike))
    rounded = price_of(round(strike, digits))
    return encode(Instrument(kind, venue.feeds[asset], begin // HOUR + _TENOR, strike_code(rounded)))


def delta(venue: Venue, book: OptionBook) -> float:
    """Give the delta of one contract of a book's options when it is opened [base units]."""
    arrays = book.arrays(venue, book.entry)
    return sum(arrays[each].delta / _DELTA_UNIT * weight for each, weight in book.options)


@lru_cache(maxsize=256)
def _unit_rows(venue: Venue, unit: OptionBook) -> tuple[Floats, Floats]:
    """Compute a book of one contract at prices along the move: prices, and a row for each [USD]."""
    path = unit.move.paths[unit.asset].prices
    nodes = np.geomspace(path.min() * 0.999, path.max() * 1.001, _NODES)
    account = unit.account(venue)
    return nodes, np.asarray([_row(venue, unit, account, float(price)) for price in nodes])


def _row(venue: Venue, unit: OptionBook, account: Account, price: float) -> tuple[float, ...]:
    """Compute value, requirement, haircut, impact and net delta notional at a price [all USD]."""
    state = venue.state({unit.asset: price}, unit.begin, unit.arrays_at(venue, price))
    result = exact(account, state)
    value = mark_value(account, result, state)
    only = result.underlyings[0]
    net = only.long + only.delta_long - only.short - only.delta_short
    amounts = (value, result.requirement, value - result.requirement - result.excess, only.impact, net)
    return tuple(dollars(amount) for amount in amounts)


@lru_cache(maxsize=100_000)
def _array(venue: Venue, instrument: InstrumentId, price: float, *, first: float, now: int) -> RiskArray:
    """Refresh an array at a price and the volatility that goes with it."""
    level = min(_MOST, CALM * (1 + FEAR * max(0.0, math.log(first / price))))
    terms = decode(instrument)
    asset, params = venue.asset(terms.underlying), venue.params.underlying(terms.underlying)
    expiry = Seconds(terms.expiry_hours * HOUR)
    shape = Slice(*moved(venue.smile(asset), round(level * _VOLATILITY_UNIT)).encode())
    view = View(
        index=price_of(price),
        status=PriceStatus.VALID,
        posted=PostedSlice(shape, expiry, Seconds(now)),
        params=venue.option_params(asset),
        shock_maintenance=params.maintenance.derivative_shock,
        shock_initial=params.initial.derivative_shock,
        now=Seconds(now),
    )
    return refreshed(Series(terms.kind is Kind.PUT, strike_of(terms.strike), expiry), view)
