"""How books are sold, many at once: in slices by an auction, with what a keeper asks for. Floats."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossmargin.model.auction import LEAST_PART, AuctionTerms
from crossmargin.simulation.ahead.market import STEPS
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.rules import FORMER_TERMS
from crossmargin.simulation.liquidations.venue import dollars
from crossmargin.volatility.hourly import HOUR, Integers

__all__ = ["NEVER", "Paths", "Terms", "at_looks", "auctioned", "first_below"]

NEVER: Final = -1
"""Look of what does not happen."""
_LOOK: Final = HOUR // STEPS
_ROUNDS: Final = 64
"""Sales of one book at most; what is left then stands."""
_WAITS: Final = 24
"""Looks that an auction is followed."""
_START, _FAST, _SLOW = 0.02, 0.20, 1.0
"""Of a discount on equity: at first, after the fast part, at the end."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of both auctions."""

    venue: AuctionTerms
    former: AuctionTerms = FORMER_TERMS


@dataclass(frozen=True, eq=False)
class Paths:
    """Books and looks: equity at the opening, what positions gained since, and what is asked of the whole [USD]."""

    equity: Floats
    gains: Floats
    scenarios: Floats
    impact: Floats
    tolls: Floats

    def of(self, chosen: Integers) -> "_Sold":
        """Take some books."""
        return _Sold(*(each[chosen] for each in (self.gains, self.scenarios, self.impact, self.tolls)))


@dataclass(frozen=True, eq=False)
class _Sold:
    """The same of books that are sold."""

    gains: Floats
    scenarios: Floats
    impact: Floats
    tolls: Floats

    def of(self, kept: NDArray[np.bool_]) -> "_Sold":
        """Keep some of them."""
        return _Sold(self.gains[kept], self.scenarios[kept], self.impact[kept], self.tolls[kept])

    def at(self, looks: Integers) -> "_Sold":
        """Give each book at its look."""
        rows = np.arange(len(looks))
        return _Sold(*(each[rows, looks] for each in (self.gains, self.scenarios, self.impact, self.tolls)))


def first_below(lacking: Floats, equity: Floats) -> Integers:
    """Find the look at which each book first lacks more than its equity, `NEVER` where it does not."""
    below = lacking > equity[:, None]
    first = below.argmax(axis=1)
    return np.where(below[np.arange(len(first)), first], first, NEVER)


def at_looks(values: Floats, looks: Integers) -> Floats:
    """Take each book's value at its look."""
    return np.asarray(values[np.arange(len(looks)), looks], np.float64)


@dataclass
class _Rest:
    """What is left of books: part of their positions, cash beside what these gained, and the look they stand at."""

    part: Floats
    cash: Floats
    look: Integers


def auctioned(paths: Paths, first: Integers, terms: AuctionTerms) -> Floats:
    """Give what is left unpaid of books that fall below their margin at a look, `NEVER` for none [USD].

    A keeper comes every few seconds and asks for what closing costs. It takes the largest slice as soon as the reward
    is so much, at the price of the next look of the book. Whose price comes back before that is sold no more. A book
    that is worth nothing is closed whole, and others pay what it lacks.
    """
    unpaid = np.zeros(len(first))
    chosen = np.flatnonzero(first != NEVER)
    own = paths.of(chosen)
    rest = _Rest(np.ones(len(chosen)), paths.equity[chosen], first[chosen])
    for _ in range(_ROUNDS):
        if not len(chosen):
            break
        lost, goes_on = _sell(own, rest, terms)
        unpaid[chosen] += lost
        fell = _next(own, rest)
        kept = goes_on & (fell != NEVER)
        chosen, own = chosen[kept], own.of(kept)
        rest = _Rest(rest.part[kept], rest.cash[kept], fell[kept])
    return unpaid


def _sell(own: _Sold, rest: _Rest, terms: AuctionTerms) -> tuple[Floats, NDArray[np.bool_]]:
    """Follow each book's auction from its look to a sale or its end: what is unpaid, and whether a part is left."""
    lost, waiting = np.zeros(len(rest.part)), np.ones(len(rest.part), bool)
    goes_on = np.ones(len(rest.part), bool)
    last = own.gains.shape[1] - 1
    begun = rest.look.copy()
    for wait in range(1, _WAITS + 1):
        look = np.minimum(begun + wait, last)
        now = own.at(look)
        value = rest.cash + rest.part * now.gains
        required = rest.part * now.scenarios + rest.part**1.5 * now.impact
        toll = rest.part * now.tolls
        ended = waiting & (value >= required)
        broken = waiting & (value <= 0)
        lost[broken] = (toll - value)[broken]
        most, least = _rewards(terms, value, required, wait * _LOOK)
        sold = waiting & ~ended & ~broken & (most >= toll)
        reward = np.maximum(toll, least)
        fraction = _largest(terms, value, required, reward)
        part = np.where(sold, rest.part * (1 - fraction), rest.part)
        rest.cash = np.where(sold, value - fraction * reward - part * now.gains, rest.cash)
        rest.part = part
        rest.look = np.where(waiting, look, rest.look)
        goes_on &= ~(broken | (sold & (part == 0)) | (waiting & (look == last)))
        waiting &= ~(ended | broken | sold | (look == last))
        if not waiting.any():
            break
    return lost, goes_on


def _next(own: _Sold, rest: _Rest) -> Integers:
    """Find the look, from its own on, at which each book falls below its margin again."""
    begin = int(rest.look.min())
    part = rest.part[:, None]
    values = rest.cash[:, None] + part * own.gains[:, begin:]
    below = values < part * own.scenarios[:, begin:] + part**1.5 * own.impact[:, begin:]
    below &= np.arange(begin, own.gains.shape[1]) >= rest.look[:, None]
    return np.where(below.any(axis=1), below.argmax(axis=1) + begin, NEVER)


def _rewards(terms: AuctionTerms, value: Floats, required: Floats, time: int) -> tuple[Floats, Floats]:
    """Give the reward of the whole at a time of the auction [s], and the least that it began with."""
    fast, slow = min(time / terms.fast, 1.0), min(max((time - terms.fast) / terms.slow, 0.0), 1.0)
    if terms.knee_reward:
        start, knee = dollars(terms.start_reward), dollars(terms.knee_reward)
        most = required * (start + (knee - start) * fast + (1 - knee) * slow)
        return np.minimum(value, most), np.minimum(value, required * start)
    discount = 1 - (1 - _START - (_FAST - _START) * fast) * (_SLOW - slow)
    return value * discount, value * _START


def _largest(terms: AuctionTerms, value: Floats, required: Floats, reward: Floats) -> Floats:
    """Give the largest fraction as the model does."""
    missing = dollars(terms.target_buffer) * required - (value - required)
    fraction = missing / np.maximum(value - reward + missing, 1e-9)
    least = dollars(LEAST_PART)
    fraction = np.where(fraction > 1 - least, 1.0, np.maximum(fraction, least))
    return np.asarray(np.where(value <= dollars(terms.small_account), 1.0, fraction), np.float64)
