"""The model's accounts and configurations as the words that a RiskEngine reads, and its answers beside the model's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crossmargin.model.account import Account, Spot, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.breakdown import Margin, UnderlyingMargin
from crossmargin.model.instruments import Instrument, Kind
from crossmargin.model.ledger import MarketLeg, filled
from crossmargin.model.margin import equity, margin
from crossmargin.model.options import OptionLeg
from crossmargin.model.parameters import RiskParams, RiskSet, SetParams, UnderlyingParams
from crossmargin.model.positions import Leg, Market, index_now, raw_value
from crossmargin.model.prices import UNIT_MULTIPLIERS, Price, Shock
from crossmargin.model.scenarios import SCENARIOS, scenario_terms
from crossmargin.model.units import MAX_UINT256, WAD, ZERO, FeedId, Seconds, Wad
from tests.helpers.handles import Handle

GAS = 10**12
FLAG_LISTED = 1
COUNT = 25
"""Scenarios of a view; behind them, none."""
NO_OPTION = OptionLeg(
    Instrument(Kind.CALL, FeedId(1), 0, 1),
    ZERO,
    RiskArray.unpack(0, 0),
    ZERO,
    ZERO,
    0,
    0,
    RiskSet.INITIAL,
    is_over=False,
)
"""A leg of no size, which wins nothing in any scenario."""


@dataclass(frozen=True)
class Trade:
    """A change of one leg."""

    instrument: int
    size: int
    price: int


@dataclass(frozen=True)
class Case:
    """An account in a venue, and a what-if: trades, amounts by asset index, cash, price moves."""

    account: Account
    state: State
    assets: tuple[Spot, ...]
    """Every listed asset, amounts aside; the account's spots are some of them."""
    trades: tuple[Trade, ...] = ()
    amounts: tuple[tuple[int, int], ...] = ()
    cash: int = 0
    shocks: tuple[Shock, ...] = ()


def set_words(values: SetParams) -> tuple[int, ...]:
    """Order one set as the contract's struct."""
    return (
        values.liquidity_haircut,
        values.collateral_shock,
        values.derivative_shock,
        values.basis_charge,
        values.basis_charge_per_year,
    )


def underlying_words(values: UnderlyingParams) -> tuple[Any, ...]:
    """Order one underlying's parameters as the contract's struct."""
    return (
        set_words(values.maintenance),
        set_words(values.initial),
        values.impact_coefficient,
        values.group,
        values.crowding_slope,
        values.max_tenor,
        values.exposure_unit,
        values.exposure_cap,
    )


def parameter_words(params: RiskParams) -> tuple[Any, ...]:
    """Order a configuration as the arguments of `setParameters`."""
    return (
        list(params.underlyings),
        [underlying_words(values) for values in params.underlyings.values()],
        list(params.groups),
        [(values.maintenance, values.initial) for values in params.groups.values()],
        (
            params.profit_weight,
            params.profit_cover,
            params.stale_multiplier,
            params.max_multiplier,
            params.short_floor,
            params.min_delta,
            params.age_charge,
            params.array_max_age,
            params.array_max_move,
        ),
    )


def position_word(size: int, basis: int) -> int:
    """Pack a position without entry, losses and claims: basis in the low 100 bits, size in the next 96."""
    return basis % 2**100 | size % 2**96 << 100


def market_word(market: Market) -> int:
    """Pack a market."""
    return (
        market.funding_index % 2**88
        | market.open_interest << 88
        | market.updated_at << 184
        | market.rate % 2**24 << 216
        | market.utilisation << 240
        | FLAG_LISTED << 248
    )


def as_read(leg: Leg, state: State) -> Leg:
    """Give a leg as the clearinghouse does: a settled one without contracts, its value a claim or a debt."""
    market = state.market(leg.instrument)
    if market.final_price is None:
        return leg
    index = index_now(market, state.price(market.terms.underlying).mid, state.now)
    made = raw_value(leg, market.final_price, index)
    return credited(replace(leg, size=ZERO, basis=ZERO), made, longs=leg.size > 0)


def credited(leg: Leg, made: int, *, longs: bool) -> Leg:
    """Add what closed contracts of a side made; here claims are those of longs, and debts those of shorts."""
    amounts = (leg.claims + made, -leg.debts) if longs else (leg.claims, made - leg.debts)
    claims, debts = (Wad(sum(max(0, sign * amount) for amount in amounts)) for sign in (1, -1))
    return replace(leg, claims=claims, debts=debts)


def traded(leg: Leg, trade: Trade, funding: Wad) -> Leg:
    """Fill a leg: what the trade closes makes its profit at once, the rest is opened."""
    after = filled(MarketLeg(leg.size, leg.basis), trade.size, Wad(trade.price), funding, ZERO)
    return credited(replace(leg, size=after.size, basis=after.basis), after.claims - after.debts, longs=leg.size > 0)


def leg_words(leg: Leg, state: State) -> list[int]:
    """Give a leg's four words."""
    read = as_read(leg, state)
    market = state.market(leg.instrument)
    unpaid = read.claims | -read.debts % 2**128 << 128
    return [leg.instrument, position_word(read.size, read.basis), market_word(market), unpaid]


def is_free(account: Account, state: State) -> bool:
    """Tell whether an account has neither debt nor legs: one settled at a value of nothing is none."""
    return replace(account, legs=tuple(as_read(leg, state) for leg in account.legs)).is_free


def spot_word(spot: Spot, index: int) -> int:
    """Pack a balance with what the engine must know of its asset."""
    return spot.amount | spot.decimals << 128 | spot.feed << 136 | spot.underlying << 144 | index << 152


def feed_words(feed: int, price: Price, state: State) -> tuple[int, int, int, int]:
    """Give a feed's id, mid with status, edges, and multipliers."""
    multiplier = state.multipliers.get(feed, UNIT_MULTIPLIERS)
    return (
        feed,
        price.mid | price.status << 128,
        price.low | price.high << 128,
        multiplier.maintenance | multiplier.initial << 128,
    )


def _index_of(spot: Spot, assets: Sequence[Spot]) -> int:
    return next(i for i, each in enumerate(assets) if replace(each, amount=0) == replace(spot, amount=0))


def state_words(case: Case) -> tuple[Any, ...]:
    """Order an account and its venue as the probe's state."""
    state = case.state
    return (
        case.account.cash,
        [spot_word(spot, _index_of(spot, case.assets)) for spot in case.account.spots],
        [word for leg in case.account.legs for word in leg_words(leg, state)],
        [feed_words(feed, price, state) for feed, price in state.prices.items()],
        [(m.instrument, market_word(m)) for m in state.markets.values()],
        [("0x" + "00" * 20, a.decimals, a.feed, a.underlying, 0, 0, 0) for a in case.assets],
        [(instrument, *array.pack()) for instrument, array in state.arrays.items()],
    )


def case_words(case: Case) -> tuple[Any, ...]:
    """Order a case as the probe's struct."""
    change = (
        [trade.instrument for trade in case.trades],
        [trade.size for trade in case.trades],
        [trade.price for trade in case.trades],
        [index for index, _ in case.amounts],
        [amount for _, amount in case.amounts],
        case.cash,
    )
    return state_words(case), change, [(shock.feed, shock.move) for shock in case.shocks]


def changed(case: Case, now: Seconds) -> tuple[Account, State]:
    """Apply a case's what-if in the model."""
    state = replace(case.state, now=now).moved(case.shocks)
    legs = {leg.instrument: leg for leg in case.account.legs}
    for trade in case.trades:
        market = state.market(trade.instrument)
        index = index_now(market, state.price(market.terms.underlying).mid, now)
        leg = legs.get(trade.instrument, Leg(trade.instrument, ZERO, ZERO))
        legs[trade.instrument] = traded(leg, trade, index)
    spots = {_index_of(spot, case.assets): spot for spot in case.account.spots}
    for index, amount in case.amounts:
        held = spots.get(index, replace(case.assets[index], amount=0))
        spots[index] = replace(held, amount=held.amount + amount)
    read = tuple(as_read(leg, state) for leg in legs.values())
    account = Account(case.account.cash + case.cash, tuple(spots.values()), read)
    return account, state


def expected_margin(account: Account, state: State, which: RiskSet) -> dict[str, Any]:
    """Compute a margin by the model, with the names of the contract's struct."""
    return margin_words(account, state, margin(account, state, which))


def margin_words(account: Account, state: State, result: Margin) -> dict[str, Any]:
    """Name a margin of the model as the contract's struct does."""
    return {
        "excess": result.excess,
        "paidExcess": result.paid_excess,
        "numerator": max(result.assets, 0),
        "denominator": result.liabilities,
        "requirement": result.requirement,
        "unhedgedHaircut": result.unhedged_haircut,
        "equity": equity(account, state),
        "pricesValid": result.prices_valid,
        "doubt": result.doubt,
        "free": is_free(account, state),
    }


def exposures(account: Account, state: State) -> dict[int, tuple[int, int]]:
    """Compute units of auction exposure and caps by underlying; options count with their delta."""
    found: dict[int, tuple[int, int]] = {}
    for leg in account.legs:
        market = state.market(leg.instrument)
        if not leg.size or market.final_price is not None:
            continue
        key = market.terms.underlying
        params = state.params.underlying(key)
        size = abs(leg.size)
        if market.terms.kind.is_option:
            size = size * abs(state.array(leg.instrument).delta) >> 14
        units = size // params.exposure_unit + found.get(key, (0, 0))[0]
        if units:
            found[key] = units, params.exposure_cap
    return found


def scenario_views(account: Account, state: State, result: Margin) -> dict[int, dict[str, Any]]:
    """Compute the scenarios behind a margin by underlying, with the names of the contract's struct."""
    used = {spot.underlying for spot in account.spots if spot.amount}
    markets = [state.market(leg.instrument) for leg in account.legs if leg.size]
    used |= {market.terms.underlying for market in markets if market.final_price is None}
    return {u.underlying: _scenario_view(u, state, result.which) for u in result.underlyings if u.underlying in used}


def _scenario_view(u: UnderlyingMargin, state: State, which: RiskSet) -> dict[str, Any]:
    profits, binding = u.scenarios, u.binding
    if not profits:
        terms = scenario_terms(u.underlying, u.exposure, (NO_OPTION,), state, which)
        profits = terms.profits
        least = min(profits)
        binding = SCENARIOS[which][profits.index(least)].place if least < 0 else None
    lanes = {scenario.place: profit for scenario, profit in zip(SCENARIOS[which], profits, strict=True)}
    return {
        "profits": tuple(lanes.get(place, 0) for place in range(COUNT)),
        "binding": COUNT if binding is None else binding,
        "floor": max(u.short_floor, u.delta_floor),
        "scenario": u.scenario,
        "offset": u.signed_scenario,
        "addOns": u.addons,
    }


def gate_words(words: dict[str, Any]) -> dict[str, Any]:
    """Leave of an initial set what the gate is told: no equity, and of who has neither debt nor legs nothing else."""
    if words["free"]:
        return {**dict.fromkeys(words, 0), "pricesValid": True, "free": True}
    return {**words, "equity": 0}


def expected(case: Case, now: Seconds) -> dict[str, Any]:
    """Compute everything the probe asks of engine and simulator by the model."""
    state = replace(case.state, now=now)
    account = replace(case.account, legs=tuple(as_read(leg, state) for leg in case.account.legs))
    initial, maintenance = (margin(account, state, which) for which in (RiskSet.INITIAL, RiskSet.MAINTENANCE))
    words = margin_words(account, state, initial)
    after, moved = changed(case, now)
    tried = {which: margin(after, moved, which) for which in RiskSet}
    return {
        "initial": words,
        "maintenance": margin_words(account, state, maintenance),
        "health": maintenance.health_factor,
        "gate": gate_words(words),
        "simulatedInitial": margin_words(after, moved, tried[RiskSet.INITIAL]),
        "simulatedMaintenance": margin_words(after, moved, tried[RiskSet.MAINTENANCE]),
        "announced": margin_words(after, moved, margin(after, moved.announced(), RiskSet.MAINTENANCE)),
        "exposures": exposures(account, state),
        "initialScenarios": scenario_views(after, moved, tried[RiskSet.INITIAL]),
        "maintenanceScenarios": scenario_views(after, moved, tried[RiskSet.MAINTENANCE]),
    }


def run(
    probe: Handle, engine: Handle, simulator: Handle, params: RiskParams, cases: Iterable[Case]
) -> tuple[int, list[dict[str, Any]]]:
    """Ask about every case in one call that changes nothing; gives the block's time and the answers."""
    words = [case_words(case) for case in cases]
    call = probe.contract.functions.run(engine.address, simulator.address, parameter_words(params), words)
    time, results = call.call({"gas": GAS})
    entry = next(each for each in probe.contract.abi if each.get("name") == "run")
    return time, answers(results, entry)


def answers(results: Iterable[Any], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Name what the probe's function `run`, whose ABI entry this is, returned of each case."""
    return [_answer(result, entry["outputs"][1]["components"]) for result in results]


def _answer(result: Any, components: Sequence[dict[str, Any]]) -> dict[str, Any]:
    named = {c["name"]: _named(value, c) for c, value in zip(components, result, strict=True)}
    units = zip(named.pop("units"), named.pop("caps"), strict=True)
    named["exposures"] = dict(zip(named.pop("underlyings"), units, strict=True))
    for views in ("initialScenarios", "maintenanceScenarios"):
        named[views] = {view.pop("underlying"): view for view in named[views]}
    return named


def _named(value: Any, component: dict[str, Any]) -> Any:
    if component["type"] == "tuple[]":
        return [_named(each, {**component, "type": "tuple"}) for each in value]
    if component["type"] != "tuple":
        return tuple(value) if isinstance(value, list) else value
    return {c["name"]: _named(v, c) for c, v in zip(component["components"], value, strict=True)}


def fits(case: Case) -> bool:
    """Tell whether a case's numbers fit the words they travel in."""
    moved = {
        trade.instrument: (
            abs(trade.size),
            abs(trade.size) * (trade.price + abs(case.state.markets[trade.instrument].funding_index)) // WAD,
        )
        for trade in case.trades
    }
    none = 0, 0
    return (
        all(
            abs(leg.size) + moved.get(leg.instrument, none)[0] < 2**94
            and abs(leg.basis) + 4 * moved.get(leg.instrument, none)[1] < 2**98
            for leg in case.account.legs
        )
        and all(size < 2**94 and 4 * basis < 2**98 for size, basis in moved.values())
        and all(spot.amount < 2**128 for spot in case.account.spots)
        and all(market.open_interest < 2**96 for market in case.state.markets.values())
        and abs(case.account.cash) < MAX_UINT256
    )
