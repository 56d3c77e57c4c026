"""Maintenance margin of every account at once, in float64: the screen that says whom to look at exactly.

The formula is that of docs/margin-model.md without its roundings, whose sum is far below the screen's margin. Pure:
reads ledger and prices, changes neither.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.funding import FUNDING_WINDOW
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD, FeedId, InstrumentId, Seconds, Wad
from keepers.mirror.column import Floats, Ints
from keepers.mirror.ledger import Ledger
from keepers.mirror.state import UnderlyingRisk
from keepers.units import GroupId
from keepers.views import expiry_of, is_option, underlying_of

__all__ = ["HealthFactors", "Prices", "evaluate"]

_WAD: Final = 1e18  # as a float
_PPM: Final = 1e6
_DAY: Final = 86_400
_YEAR: Final = 365 * _DAY
_CHUNK: Final = 1 << 15  # rows whose sums fit into the processor's cache


@dataclass(frozen=True, slots=True)
class Prices:
    """Mid prices [USD] and the codes of their status by feed, volatility multipliers by underlying."""

    mids: Mapping[FeedId, Wad]
    statuses: Mapping[FeedId, int]
    multipliers: Mapping[FeedId, Wad]


@dataclass(frozen=True, slots=True)
class HealthFactors:
    """Numerator and denominator of the health factor [USD], by row."""

    numerator: Floats
    denominator: Floats

    @property
    def excess(self) -> Floats:
        """Margin excess [USD]."""
        return np.asarray(self.numerator - self.denominator)


@dataclass(slots=True)
class _Sums:
    """Running sums over underlyings by row, and over those of one group."""

    assets: Floats
    unhedged: Floats
    addons: Floats
    scenario: dict[GroupId, Floats]
    signed: dict[GroupId, Floats]

    def group(self, group: GroupId) -> tuple[Floats, Floats]:
        """Give the sums of a group: of scenarios, and of those that others of the group may make up for."""
        for sums in (self.scenario, self.signed):
            if group not in sums:
                sums[group] = np.zeros(len(self.assets))
        return self.scenario[group], self.signed[group]


@dataclass(frozen=True, slots=True)
class _Rules:
    """Parameters of an underlying as they are now, as floats; `weight` is the least that collateral counts for."""

    xc: float
    xd: float
    liquidity: float
    impact: float
    weight: float
    basis: float
    basis_per_year: float
    group: GroupId


def evaluate(ledger: Ledger, prices: Prices, now: Seconds) -> HealthFactors:
    """Compute the maintenance health of every row at time `now`."""
    rows = len(ledger.accounts)
    cash = _cash(ledger, now) + _profit(ledger, prices, now)
    sums = _Sums(np.zeros(rows), np.zeros(rows), np.zeros(rows), {}, {})
    for underlying in ledger.underlyings:
        rules = _rules(underlying, ledger, prices)
        spot = _spot(underlying, ledger, prices)
        if spot is not None:
            for first in range(0, rows, _CHUNK):
                _add_spot(sums, rules, spot, slice(first, first + _CHUNK))
        _add_legs(sums, rules, underlying, spot, ledger=ledger, prices=prices, now=now)
    requirement = sums.addons
    for group, scenario in sums.scenario.items():
        rho = ledger.offsets.get(group, 0) / _PPM if group else 0.0
        requirement += (1 - rho) * scenario + rho * np.abs(sums.signed[group]) if rho else scenario
    numerator = sums.assets - sums.unhedged + np.maximum(cash, 0.0)
    denominator = np.maximum(requirement - sums.unhedged, 0.0) + np.maximum(-cash, 0.0)
    return HealthFactors(numerator, denominator)


def _rules(key: FeedId, ledger: Ledger, prices: Prices) -> _Rules:
    params, limits = ledger.underlyings[key], ledger.venue.limits
    multiplier = prices.multipliers.get(key, WAD) / _WAD
    if prices.statuses.get(key, 0) != PriceStatus.VALID and limits is not None:
        multiplier *= limits.stale_multiplier / _PPM
    return _Rules(
        xc=params.collateral / _PPM * multiplier,
        xd=params.derivative / _PPM * multiplier,
        liquidity=params.liquidity / _PPM,
        impact=params.impact / _WAD,
        weight=_impact_weight(params, ledger),
        basis=params.basis / _PPM,
        basis_per_year=params.basis_per_year / _PPM,
        group=params.group,
    )


def _add_spot(sums: _Sums, rules: _Rules, spot: Floats, part: slice) -> None:
    """Add collateral as if there were no leg, for so many rows that what is in between stays in the processor."""
    value = spot[part]
    scenario, signed = sums.group(rules.group)
    move = rules.xd * value
    sums.assets[part] += value * (1 - rules.liquidity) - _spot_impact(value, rules.impact, rules.weight)
    sums.unhedged[part] += rules.xc * value
    sums.addons[part] += (rules.xc - rules.xd) * value
    scenario[part] += move
    if rules.group:
        signed[part] += move


def _add_legs(
    sums: _Sums,
    rules: _Rules,
    key: FeedId,
    all_spot: Floats | None,
    *,
    ledger: Ledger,
    prices: Prices,
    now: Seconds,
) -> None:
    """Add what the legs of an underlying change, for the rows that have any."""
    rows, long, short, tenor = _legs(key, ledger, prices, now)
    if not len(rows):
        return
    spot = np.zeros(len(rows)) if all_spot is None else all_spot[rows]
    scenario, signed = sums.group(rules.group)
    exposure = spot + long - short
    hedged = np.minimum(spot, np.maximum(short - long, 0.0))
    matched = np.minimum(spot + long, short)
    basis = rules.basis + rules.basis_per_year * tenor / _YEAR
    net = np.abs(long - short)
    sums.unhedged[rows] -= rules.xc * hedged
    sums.addons[rows] += basis * matched + rules.impact * net * np.sqrt(net) - (rules.xc - rules.xd) * hedged
    scenario[rows] += rules.xd * (np.abs(exposure) - spot)
    signed[rows] += rules.xd * (exposure - spot)


def _cash(ledger: Ledger, now: Seconds) -> Floats:
    indices = ledger.venue.indices
    passed = max(0, now - indices.time) if indices.time else 0
    supply = indices.supply * (1 + indices.supply_growth * passed)
    borrow = indices.borrow * (1 + indices.borrow_growth * passed)
    cash = ledger.accounts.cash_floats
    return np.asarray(cash * np.where(cash >= 0, supply, borrow) / ledger.accounts.index_floats)


def _profit(ledger: Ledger, prices: Prices, now: Seconds) -> Floats:
    """Value of all legs at mid, those of a known final price at that; claims and debts of closed contracts."""
    legs = ledger.accounts.legs
    net = np.array([_net(ledger, instrument, prices, now) for instrument in legs.instruments] or [0.0])
    value = legs.size * net[legs.which] + legs.paid_and_owed
    return _by_row(legs.rows, value, len(ledger.accounts))


def _by_row(rows: Ints, values: Floats, count: int) -> Floats:
    """Add up the values of entries by their row."""
    return np.asarray(np.bincount(rows, values, count), dtype=np.float64)


def _net(ledger: Ledger, instrument: InstrumentId, prices: Prices, now: Seconds) -> float:
    """Give what a contract is worth less the funding it owes [USD]."""
    market = ledger.markets.get(instrument)
    if market is None:  # a reorganisation has taken the listing back
        return 0.0
    if market.final_price is not None:
        return (market.final_price - market.funding) / _WAD
    mid = prices.mids.get(underlying_of(instrument), 0)
    paid = -math.expm1(-max(0, now - market.time) / FUNDING_WINDOW) * FUNDING_WINDOW / _DAY
    return mid / _WAD - market.funding / _WAD - mid / _WAD * market.rate / _PPM * paid


def _impact_weight(params: UnderlyingRisk, ledger: Ledger) -> float:
    """Give what a unit of collateral counts at the very least: initial, at the largest multiplier."""
    worst = 1.0
    limits = ledger.venue.limits
    if limits is not None:
        worst = limits.max_multiplier / _PPM * limits.stale_multiplier / _PPM
    return max(0.0, 1 - (params.initial_liquidity + params.initial_collateral * worst) / _PPM)


def _spot(key: FeedId, ledger: Ledger, prices: Prices) -> Floats | None:
    """Give the value of collateral in an underlying [USD] by row; None where nobody has had any."""
    total: Floats | None = None
    for index, asset in ledger.assets.items():
        units = ledger.accounts.collateral_floats(index)
        if asset.underlying == key and units is not None:
            value = units * (prices.mids.get(asset.feed, 0) / _WAD / 10**asset.decimals)
            total = value if total is None else total + value
    return total


def _legs(key: FeedId, ledger: Ledger, prices: Prices, now: Seconds) -> tuple[Ints, Floats, Floats, Floats]:
    """Give the rows with legs, their long and short notional [USD], and the longest time to expiry [s].

    Options are not counted.
    """
    legs = ledger.accounts.legs
    counted = [_is_linear_and_open(ledger, instrument, key) for instrument in legs.instruments]
    left = np.array([max(0, expiry_of(one) - now) if expiry_of(one) else 0 for one in legs.instruments] or [0])
    entries = np.flatnonzero(np.array(counted or [False])[legs.which])
    rows, places = np.unique(legs.rows[entries], return_inverse=True)
    notional = legs.size[entries] * (prices.mids.get(key, 0) / _WAD)
    long = _by_row(places, np.maximum(notional, 0.0), len(rows))
    short = _by_row(places, np.maximum(-notional, 0.0), len(rows))
    tenor = np.zeros(len(rows))
    np.maximum.at(tenor, places, np.where(notional != 0.0, left[legs.which[entries]], 0))
    return rows, long, short, tenor


def _is_linear_and_open(ledger: Ledger, instrument: InstrumentId, key: FeedId) -> bool:
    market = ledger.markets.get(instrument)
    known = market is not None and market.final_price is None
    return known and underlying_of(instrument) == key and not is_option(instrument)


def _spot_impact(value: Floats, impact: float, weight: float) -> Floats | float:
    """Charge on collateral [USD], frozen past its peak, where it grows by the weight only."""
    if impact == 0:
        return 0.0
    peak = (2 * weight / (3 * impact)) ** 2
    charge = impact * value * np.sqrt(value)
    if value.max(initial=0.0) <= peak:
        return np.asarray(charge)
    return np.where(value <= peak, charge, 2 * weight * peak / 3 + weight * (value - peak))
