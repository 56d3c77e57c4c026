"""Maintenance margin of many accounts at once, in float64: the screen that says whom to look at exactly.

The formula is that of docs/margin-model.md without its roundings, whose sum is far below the screen's margin. Pure:
reads ledger and board, changes neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from crossmargin.model.units import FeedId
from keepers.mirror.board import Board, Contracts, Rules
from keepers.mirror.column import Floats, Ints, summed
from keepers.mirror.ledger import Ledger
from keepers.mirror.options import Held, option_terms, value_of
from keepers.units import GroupId

__all__ = ["HealthFactors", "Part", "evaluate"]

_YEAR: Final = 365 * 86_400
_FIRM: Final = 2.0  # more than any charge but the impact's gains from its price, in parts of itself

Part = slice | Ints
"""Rows to look at: a range of them, or some in rising order."""


@dataclass(frozen=True, slots=True)
class HealthFactors:
    """Numerator and denominator of the health factor [USD], by place in the part that was evaluated.

    `gross` bounds how far prices move the two: when all move by a part of themselves, excess and denominator move by
    at most that part of it [USD]. Infinite where options are held. `impact` is what it charges, on collateral too
    [USD]: when every coefficient moves by a part of itself, the two move by at most that part of it.
    """

    numerator: Floats
    denominator: Floats
    gross: Floats
    impact: Floats

    @property
    def excess(self) -> Floats:
        """Margin excess [USD]."""
        return np.asarray(self.numerator - self.denominator)


@dataclass(frozen=True, slots=True)
class _Entries:
    """Legs of a part that hold something: place, instrument, size; and the value of all legs by place."""

    places: Ints
    which: Ints
    size: Floats
    value: Floats


@dataclass(slots=True)
class _Sums:
    """Running sums over underlyings by place; of groups the signed numbers of scenarios, with and without sign."""

    assets: Floats
    unhedged: Floats
    addons: Floats
    gross: Floats
    impact: Floats
    scenario: Floats
    groups: dict[GroupId, tuple[Floats, Floats]] = field(default_factory=dict)

    def add_scenario(self, group: GroupId, rows: Part, asked: Floats, signed: Floats, known: Floats | float) -> None:
        """Add what scenarios ask for, and their signed number, which others of the group may make up for.

        `known` is what was added of the underlying before, as asked and signed.
        """
        self.scenario[rows] += asked - known
        if not group:
            return
        if group not in self.groups:
            self.groups[group] = np.zeros(len(self.assets)), np.zeros(len(self.assets))
        net, gross = self.groups[group]
        net[rows] += signed - known
        gross[rows] += np.abs(signed) - known

    def offset(self, offsets: Mapping[int, float]) -> Floats | float:
        """Give what underlyings of a group make up for."""
        found = ((offsets.get(group, 0.0), *sums) for group, sums in self.groups.items())
        return sum((rho * (gross - np.abs(net)) for rho, net, gross in found if rho), 0.0)


def evaluate(ledger: Ledger, board: Board, part: Part) -> HealthFactors:
    """Compute the maintenance health of some rows."""
    written = ledger.accounts.cash_floats[part]
    cash = written * np.where(written >= 0, board.supply, board.borrow) / ledger.accounts.index_floats[part]
    count = len(cash)
    entries = _entries(ledger, board, part, count)
    balance = cash + entries.value
    sums = _Sums(np.zeros(count), np.zeros(count), np.zeros(count), np.abs(cash), np.zeros(count), np.zeros(count))
    for key, rules in board.rules.items():
        spot = _spot(key, ledger, board, part)
        if spot is not None:
            _add_spot(sums, rules, spot)
        _add_legs(sums, rules, key, spot, entries=entries, board=board)
    requirement = sums.addons + sums.scenario - sums.offset(board.offsets)
    unhedged = np.minimum(requirement, sums.unhedged)
    numerator = sums.assets - unhedged + np.maximum(balance, 0.0)
    denominator = requirement - unhedged + np.maximum(-balance, 0.0)
    return HealthFactors(numerator, denominator, sums.gross, sums.impact)


def _entries(ledger: Ledger, board: Board, part: Part, count: int) -> _Entries:
    legs, contracts = ledger.accounts.legs, board.contracts
    if isinstance(part, slice):
        mine = np.flatnonzero((legs.rows >= part.start) & (legs.rows < part.stop))
        places = legs.rows[mine] - part.start
    else:
        wanted = np.zeros(len(ledger.accounts), np.bool_)
        wanted[part] = True
        mine = np.flatnonzero(wanted[legs.rows])
        places = np.searchsorted(part, legs.rows[mine])
    which, size = legs.which[mine], legs.size[mine]
    value = size * contracts.net[which] + legs.paid_and_owed(mine)
    options = np.flatnonzero(contracts.options[which] & (size != 0))
    mids = np.array([board.rules[feed].mid if feed in board.rules else np.nan for feed in contracts.feeds.tolist()])
    value[options] += value_of(board.series, which[options], size[options], mids[which[options]])
    held = np.flatnonzero((contracts.linear | contracts.options)[which] & (size != 0))
    return _Entries(places[held], which[held], size[held], summed(places, value, count))


def _add_spot(sums: _Sums, rules: Rules, value: Floats) -> None:
    """Add collateral as if there were no leg."""
    move = rules.xd * value
    impact = _spot_impact(value, rules.impact, rules.weight)
    sums.impact += impact
    sums.assets += value * (1 - rules.liquidity) - impact
    sums.unhedged += rules.xc * value
    sums.addons += (rules.xc - rules.xd) * value
    sums.gross += _share(rules, 0.0) * value
    sums.add_scenario(rules.group, slice(None), move, move, 0.0)


def _add_legs(
    sums: _Sums, rules: Rules, key: FeedId, all_spot: Floats | None, *, entries: _Entries, board: Board
) -> None:
    """Add what the legs of an underlying change, for the places that have any."""
    contracts = board.contracts
    mine = np.flatnonzero(contracts.feeds[entries.which] == key)
    if not len(mine):
        return
    rows, book = np.unique(entries.places[mine], return_inverse=True)
    held = Held(entries.which[mine], entries.size[mine], book)
    long, short, tenor = _linear(contracts, rules, held, len(rows))
    over = _over(contracts, rules, held, len(rows))
    spot = np.zeros(len(rows)) if all_spot is None else all_spot[rows]
    exposure = spot + long - short
    required, directional, depth = rules.xd * np.abs(exposure), rules.xd * exposure, np.zeros(len(rows))
    matched = np.minimum(spot + long, short)
    gross = _share(rules, tenor) * (long + short + over) + _FIRM * _impact(np.abs(long - short), rules.impact)
    net = long - short
    options = np.flatnonzero(contracts.options[held.which])
    if len(options):
        at, of = np.unique(book[options], return_inverse=True)
        mixed = Held(held.which[options], held.size[options], of)
        terms = option_terms(board.series, rules, mixed, exposure[at])
        required[at], directional[at] = terms.scenario, terms.directional
        longs, shorts = long[at] + terms.delta_long, short[at] + terms.delta_short
        matched[at] = np.maximum(matched[at], np.minimum(longs, shorts))
        net[at], depth[at], gross[at] = longs - shorts, _impact(terms.open_vega, rules.impact), np.inf
    hedged = np.minimum(spot, np.maximum(short - long, 0.0))
    basis = rules.basis + rules.basis_per_year * tenor / _YEAR
    sums.unhedged[rows] -= rules.xc * hedged
    impact = _impact(np.abs(net), rules.impact) + depth
    sums.impact[rows] += impact
    sums.addons[rows] += basis * matched + impact + rules.xd * over
    sums.addons[rows] -= (rules.xc - rules.xd) * hedged
    sums.gross[rows] += gross + rules.basis_per_year * tenor / _YEAR * spot
    sums.add_scenario(rules.group, rows, required, directional, rules.xd * spot)


def _share(rules: Rules, tenor: Floats | float) -> Floats | float:
    """Give how much of a holding's value the numbers of an account move by at most when its price moves by a part."""
    return 1 + 2 * rules.xc + rules.basis + rules.basis_per_year * tenor / _YEAR


def _linear(contracts: Contracts, rules: Rules, held: Held, count: int) -> tuple[Floats, Floats, Floats]:
    """Give long and short notional of living linear legs [USD], and the longest time to expiry of all [s], by book."""
    alive = contracts.linear[held.which] & ~contracts.over[held.which]
    notional = np.where(alive, held.size * rules.mid, 0.0)
    tenor = np.zeros(count)
    np.maximum.at(tenor, held.book, contracts.tenor[held.which])
    long = summed(held.book, np.maximum(notional, 0.0), count)
    return long, summed(held.book, np.maximum(-notional, 0.0), count), tenor


def _over(contracts: Contracts, rules: Rules, held: Held, count: int) -> Floats:
    """Give the notional of futures that have expired [USD] by book: they pay an average, and hedge nothing."""
    mine = contracts.linear[held.which] & contracts.over[held.which]
    return summed(held.book, np.where(mine, np.abs(held.size) * rules.mid, 0.0), count)


def _spot(key: FeedId, ledger: Ledger, board: Board, part: Part) -> Floats | None:
    """Give the value of collateral in an underlying [USD] by place; None where nobody has had any."""
    total: Floats | None = None
    for index, (underlying, price) in board.spot.items():
        units = ledger.accounts.collateral_floats(index)
        if underlying == key and units is not None:
            value = units[part] * price
            total = value if total is None else total + value
    return total


def _impact(notional: Floats, coefficient: float) -> Floats:
    """Give k*X*sqrt(X) [USD]."""
    return np.asarray(coefficient * notional * np.sqrt(notional))


def _spot_impact(value: Floats, impact: float, weight: float) -> Floats | float:
    """Charge on collateral [USD], frozen past its peak, where it grows by the weight only."""
    if impact == 0:
        return 0.0
    peak = (2 * weight / (3 * impact)) ** 2
    charge = _impact(value, impact)
    if value.max(initial=0.0) <= peak:
        return charge
    return np.where(value <= peak, charge, 2 * weight * peak / 3 + weight * (value - peak))
