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
_NO_GROUP: Final = GroupId(0)


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
    """Running sums over underlyings, and over those of one group."""

    assets: Floats
    unhedged: Floats
    addons: Floats
    scenario: dict[GroupId, Floats]
    signed: dict[GroupId, Floats]


def evaluate(ledger: Ledger, prices: Prices, now: Seconds) -> HealthFactors:
    """Compute the maintenance health of every row at time `now`."""
    rows = len(ledger.accounts)
    cash = _cash(ledger, now) + _profit(ledger, prices, now)
    sums = _Sums(np.zeros(rows), np.zeros(rows), np.zeros(rows), {}, {})
    for underlying in ledger.underlyings:
        _add_underlying(sums, underlying, ledger, prices, now)
    requirement = sums.addons
    for group, scenario in sums.scenario.items():
        rho = ledger.offsets.get(group, 0) / _PPM if group else 0.0
        requirement = requirement + (1 - rho) * scenario + rho * np.abs(sums.signed[group])
    numerator = sums.assets - sums.unhedged + np.maximum(cash, 0.0)
    denominator = np.maximum(requirement - sums.unhedged, 0.0) + np.maximum(-cash, 0.0)
    return HealthFactors(numerator, denominator)


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


def _add_underlying(sums: _Sums, key: FeedId, ledger: Ledger, prices: Prices, now: Seconds) -> None:
    params = ledger.underlyings[key]
    spot = _spot(key, ledger, prices)
    long, short, tenor = _legs(key, ledger, prices, now)
    if not (spot.any() or long.any() or short.any()):
        return
    limits = ledger.venue.limits
    multiplier = prices.multipliers.get(key, WAD) / _WAD
    if prices.statuses.get(key, 0) != PriceStatus.VALID and limits is not None:
        multiplier *= limits.stale_multiplier / _PPM
    xc, xd = params.collateral / _PPM * multiplier, params.derivative / _PPM * multiplier
    exposure = spot + long - short
    hedged = np.minimum(spot, np.maximum(short - long, 0.0))
    matched = np.minimum(spot + long, short)
    impact = params.impact / _WAD
    liquidity = params.liquidity / _PPM
    scenario = np.abs(exposure) * xd
    basis = (params.basis + params.basis_per_year * tenor / _YEAR) / _PPM
    net = np.abs(long - short)
    sums.addons += (xc - xd) * (spot - hedged) + basis * matched + impact * net * np.sqrt(net)
    sums.assets += spot * (1 - liquidity) - _spot_impact(spot, impact, _impact_weight(params, ledger))
    sums.unhedged += xc * (spot - hedged)
    zero = np.zeros(len(spot))
    sums.scenario[params.group] = sums.scenario.get(params.group, zero) + scenario
    if params.group:
        sums.signed[params.group] = sums.signed.get(params.group, zero) + np.sign(exposure) * scenario
    else:
        sums.signed[_NO_GROUP] = zero


def _impact_weight(params: UnderlyingRisk, ledger: Ledger) -> float:
    """Give what a unit of collateral counts at the very least: initial, at the largest multiplier."""
    worst = 1.0
    limits = ledger.venue.limits
    if limits is not None:
        worst = limits.max_multiplier / _PPM * limits.stale_multiplier / _PPM
    return max(0.0, 1 - (params.initial_liquidity + params.initial_collateral * worst) / _PPM)


def _spot(key: FeedId, ledger: Ledger, prices: Prices) -> Floats:
    total = np.zeros(len(ledger.accounts))
    for index, asset in ledger.assets.items():
        units = ledger.accounts.collateral_floats(index)
        if asset.underlying == key and units is not None:
            total += units * (prices.mids.get(asset.feed, 0) / _WAD / 10**asset.decimals)
    return total


def _legs(key: FeedId, ledger: Ledger, prices: Prices, now: Seconds) -> tuple[Floats, Floats, Floats]:
    """Give long and short notional [USD] and the longest time to expiry [s]; options are not counted."""
    rows, legs = len(ledger.accounts), ledger.accounts.legs
    counted = [_is_linear_and_open(ledger, instrument, key) for instrument in legs.instruments]
    left = np.array([max(0, expiry_of(one) - now) if expiry_of(one) else 0 for one in legs.instruments] or [0])
    entries = np.flatnonzero(np.array(counted or [False])[legs.which])
    which, holders = legs.which[entries], legs.rows[entries]
    notional = legs.size[entries] * (prices.mids.get(key, 0) / _WAD)
    long = _by_row(holders, np.maximum(notional, 0.0), rows)
    short = _by_row(holders, np.maximum(-notional, 0.0), rows)
    tenor = np.zeros(rows)
    np.maximum.at(tenor, holders, np.where(notional != 0.0, left[which], 0))
    return long, short, tenor


def _is_linear_and_open(ledger: Ledger, instrument: InstrumentId, key: FeedId) -> bool:
    market = ledger.markets.get(instrument)
    known = market is not None and market.final_price is None
    return known and underlying_of(instrument) == key and not is_option(instrument)


def _spot_impact(value: Floats, impact: float, weight: float) -> Floats:
    """Charge on collateral [USD], frozen past its peak, where it grows by the weight only."""
    if impact == 0:
        return np.zeros(len(value))
    peak = (2 * weight / (3 * impact)) ** 2
    past = 2 * weight * peak / 3 + weight * (value - peak)
    return np.where(value <= peak, impact * value * np.sqrt(value), past)
