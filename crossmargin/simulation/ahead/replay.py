"""Books through the years: opened again and again, looked at every five minutes, sold where they lack margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.parameters import RiskSet
from crossmargin.simulation.ahead.books import Margins, draw, room
from crossmargin.simulation.ahead.market import STEPS, Market, Told
from crossmargin.simulation.ahead.sales import NEVER, Paths, Terms, at_looks, auctioned, first_below
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.volatility.hourly import Integers

__all__ = ["HELD", "Batch", "Fate", "Habits", "Rule", "batches", "equal_constant", "fates"]

HELD: Final = 14 * 24
"""How long a book is held by default [hours]."""
_WEEK: Final = 7 * 24


@dataclass(frozen=True, slots=True)
class Habits:
    """How books are opened: so many every so many hours, held so long [hours], with so much beyond initial margin."""

    count: int
    every: int = _WEEK
    held: int = HELD
    room: float = 0.5


@dataclass(frozen=True, eq=False)
class Batch:
    """Books that are opened together: place of the hour, what each has at its opening [USD], room, prices by look."""

    place: int
    notionals: Floats
    room: Floats
    prices: Floats

    @property
    def ratios(self) -> Floats:
        """Give prices over those of the opening, by look and asset."""
        return np.asarray(self.prices / self.prices[0], np.float64)

    def hourly(self, values: Floats) -> Floats:
        """Give values of hours at each look, by asset."""
        hours = values[self.place : self.place + len(self.prices) // STEPS]
        return np.asarray(np.repeat(hours, STEPS, axis=0), np.float64)


@dataclass(frozen=True, eq=False)
class Rule:
    """What multiplies margins, and whether positions secure each other."""

    name: str
    told: Told
    cross: bool = True


@dataclass(frozen=True, eq=False)
class Fate:
    """What became of books, one place each: amounts [USD].

    `sold` is the look of the first sale since the first hour of all, -1 for none; `early` says that the margin at
    multiplier 1, positions taken together, was met then; `held` the hours held. `unpaid` is what is left unpaid where
    the whole is sold at the next look, `former` by a discount on equity, `slices` by the venue's auction; of isolated
    positions all three are the first.
    """

    notional: Floats
    equity: Floats
    asked: Floats
    sold: Integers
    early: Integers
    unpaid: Floats
    former: Floats
    slices: Floats
    held: Floats

    @staticmethod
    def joined(parts: "list[Fate]") -> "Fate":
        """Put batches together."""
        return Fate(*(np.concatenate([getattr(each, name) for each in parts]) for name in Fate.__dataclass_fields__))


def batches(market: Market, first: int, last: int, habits: Habits, seed: int) -> Iterator[Batch]:
    """Draw books whose hours, from the first to the last, are all known."""
    begin, end = max(market.place(first), 0), min(market.place(last), len(market.hours)) - habits.held
    for number, place in enumerate(range(begin, end + 1, habits.every)):
        random = np.random.default_rng((seed, number))
        prices = market.prices[place * STEPS : (place + habits.held) * STEPS]
        drawn = draw(random, habits.count, len(market.assets))
        yield Batch(place, drawn, room(random, habits.count, habits.room), prices)


def fates(batch: Batch, margins: Margins, rules: Sequence[Rule], terms: Terms) -> list[Fate]:
    """Follow a batch by every rule: equity is what its initial margin asks at the opening, and the drawn room."""
    seen = _Seen(batch, margins)
    return [seen.together(rule, terms) if rule.cross else seen.isolated(rule) for rule in rules]


class _Seen:
    """What all rules see alike of a batch."""

    def __init__(self, batch: Batch, margins: Margins) -> None:
        self.batch, self.margins, self.ratios = batch, margins, batch.ratios

    def together(self, rule: Rule, terms: Terms) -> Fate:
        """Follow whole accounts."""
        batch, margins = self.batch, self.margins
        asked = margins.opening(batch.notionals, rule.told.initial[batch.place])
        equity = asked * batch.room
        told = batch.hourly(rule.told.maintenance)
        place = first_below(margins.lacking_at(self.ratios, told, batch.notionals, RiskSet.MAINTENANCE), equity)
        sold = np.flatnonzero(place != NEVER)
        paths, first = self._paths(told, equity, sold), place[sold]
        closed = np.minimum(first + 1, len(told) - 1)
        left = paths.equity + at_looks(paths.gains, closed) - at_looks(paths.tolls, closed)
        sales = auctioned(paths, first, terms.former), auctioned(paths, first, terms.venue)
        unpaid = np.zeros((3, len(place)))
        unpaid[:, sold] = np.maximum(-left, 0), *sales
        return self._fate(asked, equity, place, (unpaid[0], unpaid[1], unpaid[2]))

    def _paths(self, told: Floats, equity: Floats, books: Integers) -> Paths:
        """Take some books, each part of what is asked by itself."""
        own, margins = self.batch.notionals[books], self.margins
        return Paths(
            equity=equity[books],
            gains=margins.gains(self.ratios, own),
            scenarios=margins.cross_at(self.ratios, told, own, RiskSet.MAINTENANCE),
            impact=margins.impacts_at(self.ratios, told, own),
            tolls=margins.tolls_at(self.ratios, own),
        )

    def isolated(self, rule: Rule) -> Fate:
        """Follow each position by itself; an account is sold with the first of them."""
        batch, margins = self.batch, self.margins
        told = batch.hourly(rule.told.maintenance)
        initial = rule.told.initial[batch.place]
        asked = margins.isolated(batch.notionals, initial, RiskSet.INITIAL) + margins.impact(batch.notionals, initial)
        equities = asked * batch.room[:, None]
        first, unpaid = np.full(len(batch.room), len(told)), np.zeros(len(batch.room))
        for asset in range(batch.notionals.shape[1]):
            held = np.flatnonzero(batch.notionals[:, asset])
            own, equity, ratio = batch.notionals[held, asset], equities[held, asset], self.ratios[:, asset]
            place = first_below(margins.lacking_alone(ratio, told[:, asset], own, asset), equity)
            closed = ratio[np.minimum(place + 1, len(ratio) - 1)]
            left = equity + own * (closed - 1) - np.abs(own) * closed * margins.tolls[asset]
            unpaid[held] += np.where(place == NEVER, 0, np.maximum(-left, 0))
            first[held] = np.where(place == NEVER, first[held], np.minimum(first[held], place))
        place = np.where(first == len(told), NEVER, first)
        return self._fate(asked.sum(axis=-1), equities.sum(axis=-1), place, (unpaid, unpaid, unpaid))

    def _is_sound(self, equity: Floats, place: Integers) -> NDArray[np.bool_]:
        """Tell whether whole accounts met the margin at multiplier 1, each at its look."""
        margins, notionals = self.margins, self.batch.notionals
        exposures, ones = notionals * self.ratios[place], np.ones(notionals.shape[1])
        asked = margins.cross(exposures, ones, RiskSet.MAINTENANCE) + margins.impact(exposures, ones).sum(axis=-1)
        return np.asarray(equity + (exposures - notionals).sum(axis=-1) >= asked, np.bool_)

    def _fate(self, asked: Floats, equity: Floats, place: Integers, unpaid: tuple[Floats, Floats, Floats]) -> Fate:
        batch, sold = self.batch, place != NEVER
        return Fate(
            notional=np.abs(batch.notionals).sum(axis=-1),
            equity=equity,
            asked=asked,
            sold=np.where(sold, batch.place * STEPS + place, NEVER),
            early=(sold & self._is_sound(equity, place)).astype(np.int64),
            unpaid=unpaid[0],
            former=unpaid[1],
            slices=unpaid[2],
            held=np.where(sold, place, len(self.ratios)) / STEPS,
        )


def equal_constant(found: list[Batch], margins: Margins, told: Told) -> float:
    """Find the constant multiplier that asks for as much initial margin on the whole as what is told."""
    asked = flat = 0.0
    for batch in found:
        ones = np.ones(batch.notionals.shape[-1])
        asked += float(margins.opening(batch.notionals, told.initial[batch.place]).sum())
        flat += float(margins.opening(batch.notionals, ones).sum())
    return asked / flat
