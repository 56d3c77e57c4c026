"""Options of many accounts in one underlying at once, in float64: "Options" of docs/margin-model.md at maintenance.

The formulas are those of crossmargin.model.scenarios without their roundings. A book is what an account has in the
underlying, an expiry what of it settles at one price. Pure.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from keepers.mirror.board import Rules, Series
from keepers.mirror.column import Flags, Floats, Ints, summed

__all__ = ["Held", "OptionTerms", "option_terms", "value_of"]

_DIRECTIONS: Final = np.array([0, 0, 1, 1, 1, -1, -1, -1, 1, -1])
"""Of the lanes of a board: eight of the set's own shock, then the tails."""
_EXPIRY_BITS: Final = 40
_UP, _DOWN = 8, 9
_TAIL_CAP: Final = 0.1
_TAIL_PART: Final = 4
_APART: Final = ((0, 1, None, 0), (2, 3, 4, 1), (5, 6, 7, -1))
"""Lanes of volatility up, down and unchanged, and the direction, of scenarios in which one expiry's moves alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """Legs: number of the instrument, size [base], and the book they belong to."""

    which: Ints
    size: Floats
    book: Ints


@dataclass(frozen=True, slots=True)
class OptionTerms:
    """What the options of each book ask for and offset [USD], as ScenarioTerms of the model."""

    scenario: Floats
    directional: Floats
    delta_long: Floats
    delta_short: Floats
    open_vega: Floats


@dataclass(frozen=True, slots=True)
class _Legs:
    """Option legs beside their series: size [base], mark [USD], number of the expiry they belong to."""

    which: Ints
    size: Floats
    mark: Floats
    call: Flags
    over: Flags
    strike: Floats
    expiry: Ints
    nodes: Floats
    charge: Floats
    notional: Floats
    delta: Floats
    delta_floor: Floats


@dataclass(frozen=True, slots=True)
class _Books:
    """Sums of legs by expiry and book; `book` is that of each expiry.

    Scenarios count on nothing that has expired: what it loses in the worst of them is a charge, and `nodes` are 0.
    """

    book: Ints
    nodes: Floats
    all_nodes: Floats
    charge: Floats
    vega: Floats
    sold_calls: Floats
    sold_puts: Floats
    floor: Floats


def value_of(series: Series, which: Ints, size: Floats, mid: Floats) -> Floats:
    """Give what open options are worth at their marks [USD]: down for who is long, up for who is short."""
    return np.asarray(size * _mark(series, which, size, mid))


def option_terms(series: Series, rules: Rules, held: Held, exposure: Floats) -> OptionTerms:
    """Compute the terms of books, whose spot and linear legs come to `exposure`, with these option legs [USD]."""
    with np.errstate(invalid="ignore"):  # what is not known is nan
        return _terms(series, rules, held, exposure)


def _terms(series: Series, rules: Rules, held: Held, exposure: Floats) -> OptionTerms:
    keys, expiry = np.unique((held.book << _EXPIRY_BITS) + series.expiry[held.which], return_inverse=True)
    of_expiry, count = keys >> _EXPIRY_BITS, len(exposure)
    legs = _legs(series, rules, held.which, held.size, expiry)
    books = _sums(legs, rules, of_expiry, count)
    gains = exposure[:, None] * _DIRECTIONS * rules.configured
    profits, apart = _profits(books, rules, exposure)
    loss = -np.minimum(profits.min(axis=1), apart.min(axis=1))
    limit = _limit(series, rules, legs, of_expiry, exposure)
    required = np.minimum(np.maximum(np.maximum(loss, books.floor), 0.0), limit)
    delta = summed(expiry, legs.delta, len(of_expiry))
    return OptionTerms(
        scenario=required,
        directional=_directional(books.all_nodes[:, :_UP] + gains[:, :_UP], profits, apart, required),
        delta_long=summed(of_expiry, np.maximum(delta, 0.0), count),
        delta_short=summed(of_expiry, np.maximum(-delta, 0.0), count),
        open_vega=books.vega / rules.configured,
    )


def _mark(series: Series, which: Ints, size: Floats, mid: Floats | float) -> Floats:
    tangent = series.delta[which] * (mid - series.ref[which])
    return np.asarray(np.maximum(0.0, np.where(size > 0, series.floor[which], series.ceil[which]) + tangent))


def _legs(series: Series, rules: Rules, which: Ints, size: Floats, expiry: Ints) -> _Legs:
    units, long = np.abs(size), size > 0
    lanes, mark = series.lanes[which], _mark(series, which, size, rules.mid)
    worth = (units * series.unit[which])[:, None]
    nodes = np.where(long[:, None], lanes, -(lanes + 1)) * worth
    notional = units * rules.mid
    moving = notional * np.abs(series.delta[which])
    widening = notional * series.exposed[which] * (rules.xd - rules.configured + series.aged[which])
    widening += units * np.abs(rules.mid - series.ref[which]) * series.drift[which]
    most = units * mark + np.maximum(0.0, np.maximum(nodes[:, 2], nodes[:, 5]))
    bent = np.where(long, series.gap[which], series.bow[which]) * worth[:, 0] + widening
    charge = np.where(long, np.minimum(bent, most), bent)
    least = moving * rules.delta
    return _Legs(
        which=which,
        size=size,
        mark=mark,
        call=series.call[which],
        over=series.over[which],
        strike=series.strike[which],
        expiry=expiry,
        nodes=nodes,
        charge=charge,
        notional=notional,
        delta=np.where(size * series.delta[which] > 0, moving, -moving),
        delta_floor=np.where(long, np.minimum(least, units * mark), least),
    )


def _sums(legs: _Legs, rules: Rules, of_expiry: Ints, books: int) -> _Books:
    count, book = len(of_expiry), of_expiry[legs.expiry]
    nodes = np.stack([summed(legs.expiry, lane, count) for lane in legs.nodes.T], axis=1)
    over = np.zeros(count, np.bool_)
    over[legs.expiry[legs.over]] = True
    worst = np.where(over, np.maximum(0.0, -nodes[:, :_UP].min(axis=1)), 0.0)
    vega = np.abs(nodes[:, 0] - nodes[:, 1]) + np.abs(nodes[:, 4] + nodes[:, 7])
    nodes[over] = 0.0
    sold = np.where(legs.size < 0, legs.notional, 0.0)
    short = _short(legs, count) * rules.mid * rules.short_floor
    return _Books(
        book=of_expiry,
        nodes=nodes,
        all_nodes=np.stack([summed(of_expiry, lane, books) for lane in nodes.T], axis=1),
        charge=summed(book, legs.charge, books) + summed(of_expiry, worst, books),
        vega=summed(of_expiry, vega, books),
        sold_calls=summed(book, np.where(legs.call, sold, 0.0), books),
        sold_puts=summed(book, np.where(legs.call, 0.0, sold), books),
        floor=np.maximum(summed(of_expiry, short, books), summed(book, legs.delta_floor, books)),
    )


def _short(legs: _Legs, count: int) -> Floats:
    """Give as many contracts of each expiry as the money ever has sold beyond those bought, calls and puts [base]."""
    order = np.argsort(legs.expiry, kind="stable")
    expiry, size = legs.expiry[order], legs.size[order]
    strike, call = legs.strike[order], legs.call[order]
    point, other = _pairs(expiry, count)
    above = strike[point] - strike[other]
    nearer = (call[point] == call[other]) & (np.where(call[point], above, -above) >= 0)
    net = summed(point, np.where(nearer, size[other], 0.0), len(expiry))
    total = np.zeros(count)
    for calls in (True, False):
        most, mine = np.zeros(count), np.flatnonzero(call == calls)
        np.maximum.at(most, expiry[mine], -net[mine])
        total += most
    return total


def _pairs(expiry: Ints, count: int) -> tuple[Ints, Ints]:
    """List every two legs of one expiry, both ways and each with itself; legs are in the order of expiries."""
    many = np.bincount(expiry, minlength=count)
    first = np.cumsum(many) - many
    point = np.repeat(np.arange(len(expiry)), many[expiry])
    within = np.arange(len(point)) - np.repeat(np.cumsum(many[expiry]) - many[expiry], many[expiry])
    return point, np.asarray(first[expiry[point]] + within)


def _profits(books: _Books, rules: Rules, exposure: Floats) -> tuple[Floats, Floats]:
    """Give P_j of lanes and tails, and of no move and the scenarios in which volatilities move apart."""
    moves = np.where(np.arange(len(_DIRECTIONS)) < _UP, rules.configured, rules.tail)
    gain = exposure[:, None] * (_DIRECTIONS * moves)
    linear = np.where(gain >= 0, gain, gain * rules.multiplier)
    profits = books.all_nodes + linear - books.charge[:, None]
    for tail, sold in ((_UP, books.sold_calls), (_DOWN, books.sold_puts)):
        kept = np.maximum(profits[:, tail], -sold * _TAIL_CAP)
        profits[:, tail] = np.where(kept < 0, kept / _TAIL_PART, kept)
    apart = [-books.charge]
    for up, down, same, direction in _APART:
        still = np.zeros(len(books.book)) if same is None else books.nodes[:, same]
        least = np.minimum(np.minimum(books.nodes[:, up], books.nodes[:, down]) - still, 0.0)
        worst = np.zeros(len(exposure))
        np.minimum.at(worst, books.book, least)
        moved = exposure * direction * rules.configured
        lost = np.where(moved >= 0, moved, moved * rules.multiplier)
        apart.append(summed(books.book, still, len(exposure)) + worst + lost - books.charge)
    return profits, np.stack(apart, axis=1)


def _limit(series: Series, rules: Rules, legs: _Legs, of_expiry: Ints, exposure: Floats) -> Floats:
    """Give the most that can be lost [USD], infinite where nothing was bought.

    That is what marks can lose until expiry without the calls sold beyond those bought, and what scenarios say of
    these, as calls of the highest strike sold, beside spot and linear legs.
    """
    count, books = len(of_expiry), len(exposure)
    bought = np.zeros(books, np.bool_)
    bought[of_expiry[legs.expiry[legs.size > 0]]] = True
    net = summed(legs.expiry, np.where(legs.call, legs.size, 0.0), count)
    sold = np.flatnonzero(legs.call & (legs.size < 0) & (net < 0)[legs.expiry])
    order = sold[np.lexsort((legs.strike[sold], legs.expiry[sold]))]
    top = order[np.append(legs.expiry[order][1:] != legs.expiry[order][:-1], np.ones(min(1, len(order)), np.bool_))]
    spare = _legs(series, rules, legs.which[top], net[legs.expiry[top]], legs.expiry[top])
    rest = _sums(spare, rules, of_expiry, books)
    profits, apart = _profits(rest, rules, exposure)
    loss = -np.minimum(profits.min(axis=1), apart.min(axis=1))
    most = summed(of_expiry, _most_lost(legs, spare, count), books)
    return np.where(bought, most + np.maximum(0.0, np.maximum(loss, rest.floor)), np.inf)


def _most_lost(legs: _Legs, spare: _Legs, count: int) -> Floats:
    """Give the most that each expiry's marks can lose without its spare calls: their payoff bends at strikes alone."""
    expiry = np.concatenate([legs.expiry, spare.expiry])
    order = np.argsort(expiry, kind="stable")
    expiry = expiry[order]
    size = np.concatenate([legs.size, -spare.size])[order]
    strike = np.concatenate([legs.strike, spare.strike])[order]
    call = np.concatenate([legs.call, spare.call])[order]
    mark = np.concatenate([legs.mark, spare.mark])[order]
    now = summed(expiry, size * mark, count)
    least = summed(expiry, np.where(call, 0.0, size * strike), count)
    point, other = _pairs(expiry, count)
    above = strike[point] - strike[other]
    paid = size[other] * np.maximum(0.0, np.where(call[other], above, -above))
    np.minimum.at(least, expiry, summed(point, paid, len(expiry)))
    return np.asarray(np.maximum(0.0, now - least))


def _directional(nodes: Floats, profits: Floats, apart: Floats, limit: Floats) -> Floats:
    """Give the signed number s of offsets: what one direction wins, at most what the other loses and is required."""
    up, down = (_least(nodes, direction) for direction in (1, -1))
    won = {
        direction: np.minimum(
            np.minimum(np.minimum(_least(nodes, direction), _least(profits, direction)), apart[:, place]),
            profits[:, tail],
        )
        for direction, place, tail in ((1, 2, _UP), (-1, 3, _DOWN))
    }
    rises = np.where((down < 0) & (won[1] > 0), np.minimum(np.minimum(limit, -down), won[1]), 0.0)
    falls = np.where((up < 0) & (won[-1] > 0), np.minimum(np.minimum(limit, -up), won[-1]), 0.0)
    return np.where(rises > 0, rises, -falls)


def _least(values: Floats, direction: int) -> Floats:
    return np.asarray(values[:, :_UP][:, _DIRECTIONS[:_UP] == direction].min(axis=1))
