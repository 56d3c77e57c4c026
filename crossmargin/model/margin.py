"""The margin of an account: requirement, excess and health factor, with every term on the way.

Formulas and roundings are those of docs/margin-model.md, from "Parameters of an underlying" on: assets down,
requirements up. All amounts are wad USD unless said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crossmargin.model.account import Account, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.breakdown import Doubts, GroupMargin, LegMargin, Margin, UnderlyingMargin
from crossmargin.model.doubt import asked_at_worst, doubtful_leg, doubts_of
from crossmargin.model.options import OptionLeg, option_leg, option_mark
from crossmargin.model.parameters import CROWDING_START, RiskParams, RiskSet
from crossmargin.model.positions import Leg, Market, index_now, is_over, raw_value
from crossmargin.model.prices import Shock
from crossmargin.model.scenarios import scenario_terms
from crossmargin.model.units import (
    MAX_UINT256,
    WAD,
    YEAR,
    ZERO,
    FeedId,
    InstrumentId,
    Seconds,
    Wad,
    ceil_div,
    floor_div,
    sqrt_up,
    wad_of_ppm,
)

__all__ = ["equity", "impact", "margin", "passes", "simulate", "spot_impact"]


_MAX_IMPACT_NOTIONAL: Final = 2**140
"""Notionals beyond 1.4e24 USD are charged the impact of that [wad USD]."""


def margin(account: Account, state: State, which: RiskSet) -> Margin:
    """Compute one set's margin of an account.

    Cash must be accrued to `state.now`; funding accrues here.
    """
    legs = tuple(_leg(leg, state, which) for leg in account.legs)
    underlyings = tuple(
        _underlying(_holdings(key, account, legs, state, which), state, which) for key in _touched(account, state)
    )
    groups = tuple(
        _group(group, [u for u in underlyings if u.group == group], state.params, which)
        for group in sorted({u.group for u in underlyings})
    )
    return _assemble(account.cash, legs, underlyings, groups, which, doubts=doubts_of(account, legs, state))


def simulate(
    account: Account,
    state: State,
    which: RiskSet,
    shocks: Iterable[Shock],
    arrays: Mapping[InstrumentId, RiskArray] | None = None,
) -> Margin:
    """Compute the margin an account would have after the given price moves, everything else the same.

    Risk arrays are inputs: they stay at the index of their refresh, as they would until somebody refreshes, but for
    those that `arrays` gives to use after the move.
    """
    return margin(account, state.moved(shocks, arrays), which)


def equity(account: Account, state: State) -> Wad:
    """Give the mark value of an account at mid prices [wad USD], each part rounded down."""
    mark = RiskSet.MAINTENANCE
    spot = sum(balance.value(state.price(balance.feed).mid) for balance in account.spots)
    legs = sum(_mark(leg, state, mark)[1] + leg.claims - leg.debts for leg in account.legs)
    return Wad(spot + account.cash + legs)


def passes(account: Account, result: Margin) -> bool:
    """Tell whether an account meets a set: its excess is not negative, or nothing is required of it."""
    return account.is_free or result.excess >= 0


def impact(notional: Wad, coefficient: Wad) -> Wad:
    """Give k*X*sqrt(X) [wad USD], every step rounded up; X counts up to _MAX_IMPACT_NOTIONAL."""
    moved = min(notional, _MAX_IMPACT_NOTIONAL)
    return Wad(ceil_div(ceil_div(coefficient * moved, WAD) * sqrt_up(moved * WAD), WAD))


def spot_impact(value: Wad, coefficient: Wad, weight: Wad) -> Wad:
    """Give the impact charge on collateral [wad USD], rounded up; `weight` is RiskParams.impact_weight.

    Past the peak, where the charge on the next unit would exceed that unit's weight, it grows by the weight only: more
    collateral then adds nothing, but never takes away.
    """
    if coefficient == 0 or value == 0:
        return Wad(0)
    root = floor_div(2 * weight * WAD, 3 * coefficient)
    peak = floor_div(root * root, WAD)
    if value <= peak:
        return impact(value, coefficient)
    return Wad(ceil_div(2 * weight * peak, 3 * WAD) + ceil_div(weight * (value - peak), WAD))


def _touched(account: Account, state: State) -> list[FeedId]:
    spots = {balance.underlying for balance in account.spots}
    return sorted(spots | {state.market(leg.instrument).terms.underlying for leg in account.legs if _open(leg, state)})


def _open(leg: Leg, state: State) -> bool:
    return leg.size != 0 and state.market(leg.instrument).final_price is None


def _option(leg: Leg, state: State) -> bool:
    return _open(leg, state) and state.market(leg.instrument).terms.kind.is_option


def _index(market: Market, state: State) -> Wad:
    """Give the funding index now; an option has none."""
    terms = market.terms
    return ZERO if terms.kind.is_option else index_now(market, state.price(terms.underlying).mid, state.now)


def _mark(leg: Leg, state: State, which: RiskSet) -> tuple[Wad, Wad]:
    """Give the set's price of a leg, the final one once settled, and the value of its open contracts there."""
    market = state.market(leg.instrument)
    if market.final_price is not None:
        price = market.final_price
    elif _option(leg, state):
        price = option_mark(leg, state, which)
    else:
        price = state.edge(market.terms.underlying, which, owned=leg.size > 0)
    return price, raw_value(leg, price, _index(market, state))


def _leg(leg: Leg, state: State, which: RiskSet) -> LegMargin:
    market = state.market(leg.instrument)
    price, value = _mark(leg, state, which)
    if not _open(leg, state):
        return LegMargin(leg.instrument, price, ZERO, Wad(value + leg.claims - leg.debts), *_closed(leg, value, which))
    underlying = market.terms.underlying
    notional = Wad(ceil_div(abs(leg.size) * state.price(underlying).mid, WAD))
    crowd = ZERO
    is_option = market.terms.kind.is_option
    if which is RiskSet.INITIAL and not (is_option and leg.size > 0):
        slope = wad_of_ppm(state.params.underlying(underlying).crowding_slope)
        charge = floor_div(slope * max(0, market.utilisation - CROWDING_START), CROWDING_START)
        crowd = Wad(ceil_div(ceil_div(notional * state.shocks(underlying, which)[1], WAD) * charge, WAD))
    worth = Wad(ceil_div(abs(leg.size) * price, WAD)) if is_option else notional
    doubtful, lost = doubtful_leg(leg, state, which, value, worth)
    return LegMargin(
        instrument=leg.instrument,
        price=price,
        notional=notional,
        value=Wad(value + leg.claims - leg.debts),
        paid=Wad(_paid(leg, value, which) - asked_at_worst(leg, state, which, lost)),
        unpaid=_unpaid(value, worth, state, which),
        crowd=crowd,
        delta=option_leg(leg, state, which).delta_notional if is_option else ZERO,
        doubtful=doubtful,
        lost=lost,
    )


def _closed(leg: Leg, value: Wad, which: RiskSet) -> tuple[Wad, Wad, Wad]:
    """Give what counts of a leg without open contracts: what is paid for, unpaid profit, crowding."""
    return _paid(leg, value, which), ZERO, ZERO


def _paid(leg: Leg, value: Wad, which: RiskSet) -> Wad:
    """Give what counts of a leg in full [wad USD]: all of it for maintenance, for initial losses and debts."""
    if which is RiskSet.MAINTENANCE:
        return Wad(value + leg.claims - leg.debts)
    return Wad(min(value, 0) - leg.debts)


def _unpaid(value: Wad, worth: Wad, state: State, which: RiskSet) -> Wad:
    """Give what initial margin counts of an open leg's profit [wad USD]: by weight, up to a part of its worth, down."""
    if which is RiskSet.MAINTENANCE or value <= 0:
        return ZERO
    most = floor_div(wad_of_ppm(state.params.profit_cover) * worth, WAD)
    return Wad(floor_div(wad_of_ppm(state.params.profit_weight) * min(value, most), WAD))


@dataclass(frozen=True, slots=True)
class _Holdings:
    """What an account has in one underlying: sums of spot and linear legs, options, the longest time to expiry.

    Futures that have expired are none of the linear legs: `over` is their notional.
    """

    underlying: FeedId
    spot: int
    long: int
    short: int
    over: tuple[Wad, ...]
    tenor: int
    crowd: int
    options: tuple[OptionLeg, ...]


def _holdings(key: FeedId, account: Account, legs: tuple[LegMargin, ...], state: State, which: RiskSet) -> _Holdings:
    mine = [
        (leg, charged, state.market(leg.instrument).terms)
        for leg, charged in zip(account.legs, legs, strict=True)
        if _open(leg, state) and state.market(leg.instrument).terms.underlying == key
    ]
    forwards = [(leg, charged, is_over(terms, state.now)) for leg, charged, terms in mine if not terms.kind.is_option]
    linear = [(leg, charged) for leg, charged, over in forwards if not over]
    expiries = [terms.expiry for _, _, terms in mine if terms.expiry is not None]
    spots = [balance for balance in account.spots if balance.underlying == key]
    return _Holdings(
        underlying=key,
        spot=sum(balance.value(state.edge(balance.feed, which, owned=True)) for balance in spots),
        long=sum(charged.notional for leg, charged in linear if leg.size > 0),
        short=sum(charged.notional for leg, charged in linear if leg.size < 0),
        over=tuple(charged.notional for _, charged, over in forwards if over),
        tenor=max((max(0, expiry - state.now) for expiry in expiries), default=0),
        crowd=sum(charged.crowd for _, charged, _ in mine),
        options=tuple(option_leg(leg, state, which) for leg, _, terms in mine if terms.kind.is_option),
    )


def _underlying(held: _Holdings, state: State, which: RiskSet) -> UnderlyingMargin:
    params = state.params.underlying(held.underlying)
    values, (xc, xd) = params.of(which), state.shocks(held.underlying, which)
    coefficient = state.impact_coefficient(held.underlying, which)
    liquidity = wad_of_ppm(values.liquidity_haircut)
    exposure = Wad(held.spot + held.long - held.short)
    terms = scenario_terms(held.underlying, exposure, held.options, state, which)
    hedged = min(held.spot, max(0, held.short - held.long))
    long, short = held.long + terms.delta_long, held.short + terms.delta_short
    matched = max(min(held.spot + held.long, held.short), min(long, short))
    per_year = ceil_div(wad_of_ppm(values.basis_charge_per_year) * held.tenor, YEAR)
    return UnderlyingMargin(
        underlying=held.underlying,
        group=params.group,
        collateral_shock=xc,
        derivative_shock=xd,
        spot=Wad(held.spot),
        long=Wad(held.long),
        short=Wad(held.short),
        exposure=exposure,
        delta_long=terms.delta_long,
        delta_short=terms.delta_short,
        scenarios=terms.profits,
        binding=terms.binding,
        limit=terms.limit,
        short_floor=terms.short_floor,
        delta_floor=terms.delta_floor,
        scenario=terms.scenario,
        up=terms.up,
        down=terms.down,
        signed_scenario=terms.directional,
        hedged=Wad(hedged),
        matched=Wad(matched),
        tenor=Seconds(held.tenor),
        unhedged=Wad(ceil_div((xc - xd) * (held.spot - hedged), WAD)),
        basis=Wad(ceil_div((wad_of_ppm(values.basis_charge) + per_year) * matched, WAD)),
        impact=impact(Wad(abs(long - short)), coefficient),
        depth=impact(terms.open_vega, coefficient),
        crowd=Wad(held.crowd),
        over=Wad(sum(ceil_div(notional * xd, WAD) for notional in held.over)),
        haircut=Wad(ceil_div(held.spot * liquidity, WAD)),
        spot_impact=spot_impact(Wad(held.spot), coefficient, state.params.impact_weight(held.underlying)),
        unhedged_haircut=Wad(ceil_div(xc * (held.spot - hedged), WAD)),
    )


def _group(group: int, members: list[UnderlyingMargin], params: RiskParams, which: RiskSet) -> GroupMargin:
    rho = wad_of_ppm(params.offset(group, which))
    scenario = sum(u.scenario for u in members)
    net = abs(sum(u.signed_scenario for u in members))
    offset = sum(abs(u.signed_scenario) for u in members) - net
    kept = ceil_div(WAD * scenario - rho * offset, WAD)
    addons = Wad(sum(u.addons for u in members))
    return GroupMargin(group, rho, Wad(scenario), Wad(net), addons, Wad(scenario - kept))


def _assemble(
    cash: Wad,
    legs: tuple[LegMargin, ...],
    underlyings: tuple[UnderlyingMargin, ...],
    groups: tuple[GroupMargin, ...],
    which: RiskSet,
    *,
    doubts: Doubts,
) -> Margin:
    requirement = sum(g.requirement for g in groups)
    # unpaid profit covers requirements, and no debt
    unpaid = min(sum(leg.unpaid for leg in legs), requirement)
    pnl = sum(leg.paid for leg in legs) + unpaid
    balance = cash + pnl
    collateral = sum(u.assets for u in underlyings)
    unhedged = min(requirement, sum(u.unhedged_haircut for u in underlyings))
    assets = collateral - unhedged + max(balance, 0)
    liabilities = requirement - unhedged + max(-balance, 0)
    return Margin(
        which=which,
        cash=cash,
        legs=legs,
        underlyings=underlyings,
        groups=groups,
        profit_discount=Wad(sum(leg.value for leg in legs) - pnl),
        pnl=Wad(pnl),
        balance=Wad(balance),
        collateral=Wad(collateral),
        unhedged_haircut=Wad(unhedged),
        requirement=Wad(requirement),
        assets=Wad(assets),
        liabilities=Wad(liabilities),
        excess=Wad(assets - liabilities),
        paid_excess=Wad(assets - liabilities - unpaid),
        health_factor=MAX_UINT256 if liabilities == 0 else floor_div(max(assets, 0) * WAD, liabilities),
        doubts=doubts,
    )
