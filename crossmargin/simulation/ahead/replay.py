"""Books through the years: opened every week, looked at every five minutes, sold where margins ask for too much.

A sale takes the whole, at the prices of the next look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.parameters import RiskSet
from crossmargin.simulation.ahead.books import Margins, draw, room
from crossmargin.simulation.ahead.market import STEPS, Market, Told
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.volatility.hourly import Integers

__all__ = ["HELD", "Batch", "Fate", "Rule", "batches", "equal_constant", "fates"]

HELD: Final = 14 * 24
"""How long a book is held [hours]."""
_WEEK: Final = 7 * 24
_NEVER: Final = -1


@dataclass(frozen=True, eq=False)
class Batch:
    """Books that are opened together: place of the hour, what each has at its opening [USD], room, prices by look."""

    place: int
    notionals: Floats
    room: Floats
    prices: Floats

    @property
    def exposures(self) -> Floats:
        """Give notionals by look, book and asset [USD]."""
        return np.asarray(self.notionals * (self.prices / self.prices[0])[:, None, :], np.float64)

    def hourly(self, values: Floats) -> Floats:
        """Give values of hours at each look, with an axis for books."""
        hours = values[self.place : self.place + len(self.prices) // STEPS]
        return np.asarray(np.repeat(hours, STEPS, axis=0)[:, None, :], np.float64)


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
    multiplier 1, positions taken together, was met then; `unpaid` is what closing left unpaid; `held` the hours held.
    """

    notional: Floats
    equity: Floats
    asked: Floats
    sold: Integers
    early: Integers
    unpaid: Floats
    held: Floats

    @staticmethod
    def joined(parts: "list[Fate]") -> "Fate":
        """Put batches together."""
        return Fate(*(np.concatenate([getattr(each, name) for each in parts]) for name in Fate.__dataclass_fields__))


def batches(market: Market, first: int, last: int, count: int, seed: int) -> Iterator[Batch]:
    """Draw so many books each week whose hours, from the first to the last, are all known."""
    begin, end = max(market.place(first), 0), min(market.place(last), len(market.hours)) - HELD
    for number, place in enumerate(range(begin, end + 1, _WEEK)):
        random = np.random.default_rng((seed, number))
        prices = market.prices[place * STEPS : (place + HELD) * STEPS]
        yield Batch(place, draw(random, count, len(market.assets)), room(random, count), prices)


def fates(batch: Batch, margins: Margins, rules: Sequence[Rule]) -> list[Fate]:
    """Follow a batch by every rule: equity is what its initial margin asks at the opening, and the drawn room."""
    seen = _Seen(batch, margins)
    return [_fate(seen, rule) for rule in rules]


class _Seen:
    """What all rules see alike of a batch, by look: positions, what they gained, impact, tolls, and margins at 1."""

    def __init__(self, batch: Batch, margins: Margins) -> None:
        self.batch, self.margins = batch, margins
        self.exposures = batch.exposures
        self.gains = self.exposures - batch.notionals
        self.impact = margins.impact(self.exposures)
        self.tolls = margins.closing(self.exposures)
        ones = np.ones(self.exposures.shape[-1])
        self.flat = margins.cross(self.exposures, ones, RiskSet.MAINTENANCE) + self.impact.sum(axis=-1)

    def whole(self, values: Floats, rule: Rule) -> Floats:
        """Add up what positions have where they secure each other."""
        return np.asarray(values.sum(axis=-1), np.float64) if rule.cross else values


def _fate(seen: _Seen, rule: Rule) -> Fate:
    batch, margins = seen.batch, seen.margins
    scenarios = margins.cross if rule.cross else margins.isolated
    opening = scenarios(batch.notionals, rule.told.initial[batch.place], RiskSet.INITIAL)
    asked = opening + seen.whole(seen.impact[0], rule)
    equity = asked * (batch.room if rule.cross else batch.room[:, None])
    required = scenarios(seen.exposures, batch.hourly(rule.told.maintenance), RiskSet.MAINTENANCE)
    values = equity + seen.whole(seen.gains, rule)
    below = values < required + seen.whole(seen.impact, rule)
    place = np.where(below.any(axis=0), below.argmax(axis=0), _NEVER)
    closed = np.minimum(place + 1, len(values) - 1)
    left = _at(values, closed) - _at(seen.whole(seen.tolls, rule), closed)
    unpaid = np.where(place == _NEVER, 0, np.maximum(-left, 0))
    if not rule.cross:
        asked, equity, unpaid = (each.sum(axis=-1) for each in (asked, equity, unpaid))
        place = np.where(below.any(axis=(0, 2)), below.any(axis=2).argmax(axis=0), _NEVER)
    sound = equity + seen.gains.sum(axis=-1) >= seen.flat
    sold = place != _NEVER
    return Fate(
        notional=np.abs(batch.notionals).sum(axis=-1),
        equity=equity,
        asked=asked,
        sold=np.where(sold, batch.place * STEPS + place, _NEVER),
        early=(sold & _at(sound, place)).astype(np.int64),
        unpaid=unpaid,
        held=np.where(sold, place, len(values)) / STEPS,
    )


def _at(values: Floats, looks: Integers) -> Floats:
    """Take each book's, or position's, value at its look."""
    return np.asarray(np.take_along_axis(values, looks[None], axis=0)[0], values.dtype)


def equal_constant(found: list[Batch], margins: Margins, told: Told) -> float:
    """Find the constant multiplier that asks for as much initial margin on the whole as what is told."""
    asked = flat = 0.0
    for batch in found:
        ones = np.ones(batch.notionals.shape[-1])
        asked += float(margins.cross(batch.notionals, told.initial[batch.place], RiskSet.INITIAL).sum())
        flat += float(margins.cross(batch.notionals, ones, RiskSet.INITIAL).sum())
    return asked / flat
