"""Who is replayed: accounts drawn by kind, whose health may pass 1 along a move."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final

import numpy as np
from numpy.random import Generator

from crossmargin.model.instruments import Kind
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.simulation.liquidations.books import Book, Holding
from crossmargin.simulation.liquidations.moves import Move
from crossmargin.simulation.liquidations.options import OptionBook, delta, series
from crossmargin.simulation.liquidations.paths import TAIL
from crossmargin.simulation.liquidations.venue import MAJORS, Venue, dollars

__all__ = ["BASIS", "HEDGED", "KINDS", "OPTIONS", "PAIR", "PERPETUAL", "PUT_SPREAD", "STRADDLE", "Counts", "population"]

PERPETUAL: Final = "perpetual"
BASIS: Final = "basis trade"
PAIR: Final = "pair"
STRADDLE: Final = "hedged straddle"
PUT_SPREAD: Final = "put spread"
HEDGED: Final = (BASIS, PAIR)
OPTIONS: Final = (STRADDLE, PUT_SPREAD)
KINDS: Final = (PERPETUAL, *HEDGED, *OPTIONS)

_LEAST: Final = 5_000.0
_MOST: Final = {True: 5_000_000.0, False: 500_000.0}
"""Notionals, of majors and of others [USD]."""
_CUSHION: Final = {PERPETUAL: 4.0, BASIS: 1.25, PAIR: 1.5, STRADDLE: 3.0, PUT_SPREAD: 1.6}
"""Equity is between once and so many times what initial margin asks."""
_ENTRIES: Final = 4
"""Times at which the option books of a move are opened: they share series."""


@dataclass(frozen=True)
class Counts:
    """How many accounts are drawn an asset (of pairs: a pair) and side, of each family of kinds."""

    perpetuals: int = 60
    hedged: int = 40
    options: int = 24


def population(venue: Venue, move: Move, counts: Counts, seed: int) -> Iterator[Book]:
    """Draw the books of a move, the same for the same seed."""
    rng = np.random.default_rng([seed, *move.name.encode()])
    for side in move.sides:
        for asset in move.paths:
            yield from (_perpetual(venue, move, asset, side, rng) for _ in range(counts.perpetuals))
    for asset in move.paths:
        yield from (_basis(venue, move, asset, rng) for _ in range(counts.hedged))
        if asset in venue.config.options:
            yield from _options(venue, move, asset, counts.options, rng)
    for bought, sold in permutations(move.paths, 2):
        if venue.settings(bought).group == venue.settings(sold).group is not None:
            yield from (_pair(venue, move, bought, sold, rng) for _ in range(counts.hedged))


def _perpetual(venue: Venue, move: Move, asset: str, side: int, rng: Generator) -> Book:
    second, size = _second(move, asset, side, rng), _size(move, rng, asset)
    return _funded(venue, Book(PERPETUAL, move, second, (Holding(asset, perpetual=side * size),), 0.0), rng)


def _basis(venue: Venue, move: Move, asset: str, rng: Generator) -> Book:
    """Hold spot, sell four fifths of it to a little more than all."""
    second, size = _second(move, asset, _side(move, rng), rng), _size(move, rng, asset)
    held = Holding(asset, spot=size, perpetual=-size * rng.uniform(0.8, 1.1))
    return _funded(venue, Book(BASIS, move, second, (held,), 0.0), rng)


def _pair(venue: Venue, move: Move, bought: str, sold: str, rng: Generator) -> Book:
    """Buy one and sell as much of another of its group, give or take a tenth."""
    second, size = _second(move, bought, _side(move, rng), rng), _size(move, rng, bought, sold)
    ratio = move.paths[bought].prices[second] / move.paths[sold].prices[second]
    legs = (Holding(bought, perpetual=size), Holding(sold, perpetual=-size * ratio * rng.uniform(0.9, 1.1)))
    return _funded(venue, Book(PAIR, move, second, legs, 0.0), rng)


def _options(venue: Venue, move: Move, asset: str, count: int, rng: Generator) -> Iterator[Book]:
    """Sell straddles and hedge them, and sell put spreads."""
    begin, seconds = move.paths[asset].begin, [_second(move, asset, _side(move, rng), rng) for _ in range(_ENTRIES)]
    for number in range(count):
        second, size = seconds[number % _ENTRIES], _size(move, rng, asset)
        spot = float(move.paths[asset].prices[second])
        call, put = (series(venue, asset, kind, spot, begin) for kind in (Kind.CALL, Kind.PUT))
        high, low = (series(venue, asset, Kind.PUT, spot * part, begin) for part in (0.95, 0.85))
        alone = (Holding(asset),)
        straddle = OptionBook(STRADDLE, move, second, alone, 0.0, ((call, -1.0), (put, -1.0)), size)
        hedge = -delta(venue, straddle) * size
        yield _funded(venue, replace(straddle, holdings=(Holding(asset, perpetual=hedge),)), rng)
        yield _funded(venue, OptionBook(PUT_SPREAD, move, second, alone, 0.0, ((high, -1.0), (low, 1.0)), size), rng)


def _funded(venue: Venue, book: Book, rng: Generator) -> Book:
    """Give a book once to `_CUSHION` times the equity that initial margin asks, more often less."""
    needed = -dollars(margin(book.account(venue), book.state(venue, book.entry), RiskSet.INITIAL).excess)
    return replace(book, equity=needed * math.exp(rng.uniform(0.0, math.log(_CUSHION[book.kind]))))


def _second(move: Move, asset: str, side: int, rng: Generator) -> int:
    """Draw a second before the worst one of a side."""
    prices = move.paths[asset].prices[:-TAIL]
    worst = int(np.argmin(prices) if side > 0 else np.argmax(prices))
    return int(rng.integers(0, max(worst, 1)))


def _side(move: Move, rng: Generator) -> int:
    return move.sides[int(rng.integers(len(move.sides)))]


def _size(move: Move, rng: Generator, asset: str, *beside: str) -> float:
    """Draw a size [base units]: its notional at the beginning is as likely of any magnitude, most of majors alone."""
    majors = all(each in MAJORS for each in (asset, *beside))
    notional = math.exp(rng.uniform(math.log(_LEAST), math.log(_MOST[majors])))
    return notional / float(move.paths[asset].prices[0])
