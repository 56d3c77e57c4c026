"""What accounts are valued with at one block, as floats: rules of underlyings, prices, contracts, risk arrays. Pure.

Made once a look. What is not known of an option is nan, and so is whoever holds it: nobody takes that for healthy.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from crossmargin.model.arrays import TAIL_DOWN, TAIL_UP, RiskArray, tail_move
from crossmargin.model.funding import FUNDING_WINDOW
from crossmargin.model.instruments import Kind, decode, strike_of
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.prices import Multipliers, PriceStatus, effective_multiplier
from crossmargin.model.units import PPM, WAD, AssetIndex, FeedId, InstrumentId, Seconds, Wad
from keepers.mirror.column import Flags, Floats, Ints
from keepers.mirror.ledger import Ledger
from keepers.mirror.state import MarketState
from keepers.units import GroupId

__all__ = ["LANES", "Board", "Contracts", "Prices", "Rules", "Series", "board_of"]

LANES: Final = (*range(8), TAIL_UP, TAIL_DOWN)
"""Places of a risk array that maintenance reads."""

_WAD: Final = 1e18  # as a float
_PPM: Final = 1e6
_DAY: Final = 86_400
_HOUR: Final = 3_600
_AGE_GRACE: Final = 600
_COLUMNS: Final = 11


@dataclass(frozen=True, slots=True)
class Prices:
    """Mid prices [USD] and the codes of their status by feed, volatility multipliers by underlying.

    `arrays` are risk arrays that no event has told, as the chain computes them now.
    """

    mids: Mapping[FeedId, Wad]
    statuses: Mapping[FeedId, int]
    multipliers: Mapping[FeedId, Wad]
    arrays: Mapping[InstrumentId, RiskArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """Maintenance parameters of an underlying as they are now; `weight` is the least that collateral counts for.

    `configured` is the derivative shock before its multiplier, which `impact` has too, `tail` how far tails move,
    `short_floor` and `delta` the least charges on shorts and deltas as parts of their notional.
    """

    mid: float
    multiplier: float
    xc: float
    xd: float
    configured: float
    tail: float
    short_floor: float
    delta: float
    liquidity: float
    impact: float
    weight: float
    basis: float
    basis_per_year: float
    group: GroupId


@dataclass(frozen=True, slots=True)
class Contracts:
    """Every instrument that anybody has had, by its number in the legs.

    `over` says what has expired, `net` is what a contract is worth less the funding it owes [USD], 0 of open options,
    which `Series` values; `tenor` is in seconds.
    """

    feeds: Ints
    linear: Flags
    options: Flags
    over: Flags
    net: Floats
    tenor: Floats


@dataclass(frozen=True, slots=True)
class Series:
    """Open options by their number in the legs: terms, and the risk array with its age.

    `floor` and `ceil` are the mark at the refresh for who is long and short [USD], `unit` is worth one step of a lane
    [USD], `aged` the part of the derivative shock that age adds,
    `exposed` how far beyond its notional it may be moved, `over` whether it has expired.
    """

    call: Flags
    over: Flags
    expiry: Ints
    lanes: Floats
    strike: Floats
    ref: Floats
    floor: Floats
    ceil: Floats
    delta: Floats
    drift: Floats
    unit: Floats
    gap: Floats
    bow: Floats
    exposed: Floats
    aged: Floats


@dataclass(frozen=True, slots=True)
class Board:
    """All of it; `spot` is the price of a token unit by asset, with its underlying; cash grows by `supply` or `borrow`.

    `offsets` are those of groups.
    """

    rules: Mapping[FeedId, Rules]
    spot: Mapping[AssetIndex, tuple[FeedId, float]]
    contracts: Contracts
    series: Series
    supply: float
    borrow: float
    offsets: Mapping[int, float]


def board_of(ledger: Ledger, prices: Prices, now: Seconds) -> Board:
    """Put a block's board together."""
    params = ledger.risk_params()
    indices = ledger.venue.indices
    passed = max(0, now - indices.time) if indices.time else 0
    return Board(
        rules={key: _rules(key, params, prices) for key in params.underlyings} if params is not None else {},
        spot={
            index: (asset.underlying, prices.mids.get(asset.feed, 0) / _WAD / 10**asset.decimals)
            for index, asset in ledger.assets.items()
        },
        contracts=_contracts(ledger, prices, now),
        series=_series(ledger, prices, now),
        supply=indices.supply * (1 + indices.supply_growth * passed),
        borrow=indices.borrow * (1 + indices.borrow_growth * passed),
        offsets={group: one.maintenance / _PPM for group, one in ledger.offsets.items() if group},
    )


def _rules(key: FeedId, params: RiskParams, prices: Prices) -> Rules:
    values, source = params.underlying(key), prices.multipliers.get(key, Wad(WAD))
    maintenance, status = values.maintenance, PriceStatus(prices.statuses.get(key, 0))
    multiplier = effective_multiplier(Multipliers(source, source), status, params, RiskSet.MAINTENANCE) / _WAD
    configured = maintenance.derivative_shock / _PPM
    return Rules(
        mid=prices.mids.get(key, 0) / _WAD,
        multiplier=multiplier,
        xc=maintenance.collateral_shock / _PPM * multiplier,
        xd=configured * multiplier,
        configured=configured,
        tail=tail_move(values.initial.derivative_shock) / _PPM,
        short_floor=configured * multiplier * params.short_floor / _PPM,
        delta=configured * multiplier * params.min_delta / _PPM,
        liquidity=maintenance.liquidity_haircut / _PPM,
        impact=values.impact_coefficient / _WAD * multiplier,
        weight=max(0.0, params.impact_weight(key) / _WAD),
        basis=maintenance.basis_charge / _PPM,
        basis_per_year=maintenance.basis_charge_per_year / _PPM,
        group=GroupId(values.group),
    )


def _contracts(ledger: Ledger, prices: Prices, now: Seconds) -> Contracts:
    instruments = ledger.accounts.legs.instruments
    terms = [decode(one) for one in instruments]
    markets = [ledger.markets.get(one) for one in instruments]
    is_open = np.array([one is not None and one.final_price is None for one in markets], np.bool_)
    is_option = np.array([one.kind.is_option for one in terms], np.bool_)
    net = [
        0.0 if market is None else _net(market, prices.mids.get(one.underlying, Wad(0)), now)
        for one, market in zip(terms, markets, strict=True)
    ]
    return Contracts(
        feeds=np.array([one.underlying for one in terms], np.int64),
        linear=is_open & ~is_option,
        options=is_open & is_option,
        over=np.array([one.expiry is not None and one.expiry <= now for one in terms], np.bool_),
        net=np.where(is_open & is_option, 0.0, net),
        tenor=np.array([max(0, one.expiry - now) if one.expiry else 0 for one in terms], np.float64),
    )


def _net(market: MarketState, mid: Wad, now: Seconds) -> float:
    """Give what a linear contract is worth less the funding it owes, one of a known final price at that [USD]."""
    if market.final_price is not None:
        return (market.final_price - market.funding) / _WAD
    paid = -math.expm1(-max(0, now - market.time) / FUNDING_WINDOW) * FUNDING_WINDOW / _DAY
    return mid / _WAD - market.funding / _WAD - mid / _WAD * market.rate / _PPM * paid


def _series(ledger: Ledger, prices: Prices, now: Seconds) -> Series:
    """Lay the risk arrays of open options out; whatever is no option, or not known, is nan."""
    instruments, params = ledger.accounts.legs.instruments, ledger.risk_params()
    age_charge = 0 if params is None else params.age_charge
    count = len(instruments)
    call, expiry = np.zeros(count, np.bool_), np.zeros(count, np.int64)
    columns, lanes = np.full((count, _COLUMNS), np.nan), np.full((count, len(LANES)), np.nan)
    for number, instrument in enumerate(instruments):
        terms = decode(instrument)
        if not terms.kind.is_option:
            continue
        call[number], expiry[number] = terms.kind is Kind.CALL, terms.expiry or 0
        array = prices.arrays.get(instrument) or ledger.arrays.get(instrument)
        shock = 0 if params is None else params.underlying(terms.underlying).maintenance.derivative_shock
        if array is not None:
            aged = min(PPM, age_charge * max(0, now - array.time - _AGE_GRACE) // _HOUR)
            columns[number] = _columns(array, strike_of(terms.strike), shock * aged / _PPM / _PPM)
            lanes[number] = [array.lanes[place] for place in LANES]
    return Series(call, expiry <= now, expiry, lanes, *columns.T)


def _columns(array: RiskArray, strike: Wad, aged: float) -> tuple[float, ...]:
    """Give strike, ref, floor, ceil, delta, drift, unit, gap, bow, exposed and aged: a series' columns in order."""
    ref = array.ref / _WAD
    return (
        strike / _WAD,
        ref,
        array.mark_floor / _WAD,
        array.mark_ceil / _WAD,
        array.delta / 2**14,
        array.drift / 2**10,
        ref / 2 ** (14 + array.exponent),
        float(array.gap_maintenance),
        float(array.bow_maintenance),
        1 + array.reach / 2**7,
        aged,
    )
