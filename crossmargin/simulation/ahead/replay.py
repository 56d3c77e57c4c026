"""Books through the years: opened again and again, looked at every five minutes, sold where they lack margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.parameters import RiskSet
from crossmargin.simulation.ahead.books import Margins, draw, room
from crossmargin.simulation.ahead.market import STEPS, Market, Told
from crossmargin.simulation.ahead.sales import NEVER, Paths, Terms, at_looks, auctioned
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
    """What all rules see alike of a batch, by look and book: gains, tolls, and the whole margin at multiplier 1."""

    def __init__(self, batch: Batch, margins: Margins) -> None:
        self.batch, self.margins, self.ratios = batch, margins, batch.ratios
        self.gains = margins.gains(self.ratios, batch.notionals)
        self.tolls = margins.tolls_at(self.ratios, batch.notionals)
        scenarios, impact = self._maintenance(np.ones_like(self.ratios))
        self.flat = scenarios + impact

    def together(self, rule: Rule, terms: Terms) -> Fate:
        """Follow whole accounts."""
        batch, margins = self.batch, self.margins
        asked = margins.opening(batch.notionals, rule.told.initial[batch.place])
        equity = asked * batch.room
        scenarios, impact = self._maintenance(batch.hourly(rule.told.maintenance))
        paths = Paths(equity, self.gains, scenarios, impact, self.tolls)
        place = paths.first_below()
        closed = np.minimum(place + 1, len(scenarios) - 1)
        left = equity + at_looks(self.gains, closed) - at_looks(self.tolls, closed)
        unpaid = np.where(place == NEVER, 0, np.maximum(-left, 0))
        sales = auctioned(paths, place, terms.former), auctioned(paths, place, terms.venue)
        return self._fate(asked, equity, place, (unpaid, *sales))

    def isolated(self, rule: Rule) -> Fate:
        """Follow each position by itself; an account is sold with the first of them."""
        batch, margins = self.batch, self.margins
        told = batch.hourly(rule.told.maintenance)
        initial = rule.told.initial[batch.place]
        asked = margins.isolated(batch.notionals, initial, RiskSet.INITIAL) + margins.impact(batch.notionals, initial)
        equities = asked * batch.room[:, None]
        first, unpaid = np.full(len(batch.room), len(told)), np.zeros(len(batch.room))
        for asset in range(batch.notionals.shape[1]):
            own, ratio = batch.notionals[:, asset], self.ratios[:, asset, None]
            values = equities[:, asset] + own * (ratio - 1)
            size = np.abs(own)
            shock, coefficient = margins.shocks[RiskSet.MAINTENANCE][asset], margins.impacts[asset]
            asks = size * ratio * shock + coefficient * size**1.5 * ratio**1.5
            below = values < asks * told[:, asset, None]
            place = np.where(below.any(axis=0), below.argmax(axis=0), NEVER)
            closed = values - size * ratio * margins.tolls[asset]
            left = at_looks(closed, np.minimum(place + 1, len(values) - 1))
            unpaid += np.where(place == NEVER, 0, np.maximum(-left, 0))
            first = np.where(place == NEVER, first, np.minimum(first, place))
        place = np.where(first == len(told), NEVER, first)
        return self._fate(asked.sum(axis=-1), equities.sum(axis=-1), place, (unpaid, unpaid, unpaid))

    def _maintenance(self, multipliers: Floats) -> tuple[Floats, Floats]:
        """Give what maintenance margin asks of whole accounts by multipliers of looks: scenarios, impact."""
        margins, ratios, notionals = self.margins, self.ratios, self.batch.notionals
        scenarios = margins.cross_at(ratios, multipliers, notionals, RiskSet.MAINTENANCE)
        return scenarios, margins.impacts_at(ratios, multipliers, notionals)

    def _fate(self, asked: Floats, equity: Floats, place: Integers, unpaid: tuple[Floats, Floats, Floats]) -> Fate:
        batch, sold = self.batch, place != NEVER
        sound = equity + at_looks(self.gains, place) >= at_looks(self.flat, place)
        return Fate(
            notional=np.abs(batch.notionals).sum(axis=-1),
            equity=equity,
            asked=asked,
            sold=np.where(sold, batch.place * STEPS + place, NEVER),
            early=(sold & sound).astype(np.int64),
            unpaid=unpaid[0],
            former=unpaid[1],
            slices=unpaid[2],
            held=np.where(sold, place, len(self.gains)) / STEPS,
        )


def equal_constant(found: list[Batch], margins: Margins, told: Told) -> float:
    """Find the constant multiplier that asks for as much initial margin on the whole as what is told."""
    asked = flat = 0.0
    for batch in found:
        ones = np.ones(batch.notionals.shape[-1])
        asked += float(margins.opening(batch.notionals, told.initial[batch.place]).sum())
        flat += float(margins.opening(batch.notionals, ones).sum())
    return asked / flat
