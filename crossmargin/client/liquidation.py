"""At which prices an account would be sold, and which scenarios ask for its margin: by the exact model. Plans."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from crossmargin.chain.decimals import of_wad
from crossmargin.client.names import Names
from crossmargin.client.option_views import SCENARIOS
from crossmargin.client.plans import Head, Plan
from crossmargin.client.snapshot import Snapshot, snapshot
from crossmargin.model import scenarios
from crossmargin.model.breakdown import UnderlyingMargin
from crossmargin.model.margin import margin, passes
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD, AccountId, FeedId, Wad, ceil_div

__all__ = ["LiquidationPrice", "ScenarioLoss", "liquidation_prices", "requirement_by_scenario"]

_STEP: Final = 97
"""Prices looked at are so many percent of the one before: what stands at two of them is taken to stand between."""
_FURTHEST_FALL: Final = 100
_FURTHEST_RISE: Final = 10


@dataclass(frozen=True, slots=True)
class LiquidationPrice:
    """Where health falls below 1 when one underlying moves and the others do not [USD]."""

    underlying: str
    index: Decimal
    below: Decimal | None
    """Nearest price below the index at which the account may be sold; None: it stands down to a hundredth."""
    above: Decimal | None
    """Nearest one above; None: it stands up to tenfold."""
    exact: tuple[Wad | None, Wad | None]
    """Both [wad USD]."""


@dataclass(frozen=True, slots=True)
class ScenarioLoss:
    """What each scenario of an underlying asks for [USD]."""

    underlying: str
    losses: Mapping[str, Decimal]
    """By scenario: what is lost there, charges included; 0 where it wins."""
    binding: str | None
    """The scenario that decides; None where a floor or the most that can be lost does, or nothing is asked."""
    requirement: Decimal
    """For scenarios, before offsets of other underlyings."""
    add_ons: Decimal
    exact: UnderlyingMargin


def liquidation_prices(account: AccountId, names: Names, head: Head) -> Plan[list[LiquidationPrice]]:
    """Find them for each underlying of an account; the index itself where the account may be sold now."""
    taken = yield from snapshot(account, head)
    touched = [each.underlying for each in taken.margins()[1].underlyings]
    return [_prices(taken, underlying, names) for underlying in touched]


def _prices(taken: Snapshot, underlying: FeedId, names: Names) -> LiquidationPrice:
    index = taken.state.price(underlying).mid

    def stands(price: Wad) -> bool:
        result = margin(taken.account, taken.at(underlying, price), RiskSet.MAINTENANCE)
        return passes(taken.account, result)

    below: Wad | None = index
    above: Wad | None = index
    if stands(index):
        below = _crossing(stands, index, Wad(index // _FURTHEST_FALL))
        above = _crossing(stands, index, Wad(index * _FURTHEST_RISE))
    return LiquidationPrice(
        underlying=names.underlying(underlying),
        index=of_wad(index),
        below=None if below is None else of_wad(below),
        above=None if above is None else of_wad(above),
        exact=(below, above),
    )


def _crossing(stands: Callable[[Wad], bool], index: Wad, end: Wad) -> Wad | None:
    """Find the price nearest to the index, toward `end`, at which the account does not stand."""
    good = index
    for price in _steps(index, end):
        if not stands(price):
            return _nearest(stands, good, price)
        good = price
    return None


def _steps(index: Wad, end: Wad) -> Iterator[Wad]:
    price = index
    while price > end if end < index else price < end:
        price = Wad(price * _STEP // 100) if end < index else Wad(ceil_div(price * 100, _STEP))
        yield price


def _nearest(stands: Callable[[Wad], bool], good: Wad, bad: Wad) -> Wad:
    while abs(good - bad) > 1:
        middle = Wad((good + bad) // 2)
        good, bad = (middle, bad) if stands(middle) else (good, middle)
    return bad


def requirement_by_scenario(account: AccountId, names: Names, head: Head, which: RiskSet) -> Plan[list[ScenarioLoss]]:
    """Say what each scenario of each underlying asks for."""
    taken = yield from snapshot(account, head)
    result = margin(taken.account, taken.state, which)
    return [_losses(each, names, which) for each in result.underlyings]


def _losses(term: UnderlyingMargin, names: Names, which: RiskSet) -> ScenarioLoss:
    if term.scenarios:
        places = [each.place for each in scenarios.SCENARIOS[which]]
        losses = {SCENARIOS[place]: max(0, -won) for place, won in zip(places, term.scenarios, strict=True)}
        binding = None if term.binding is None else SCENARIOS[term.binding]
    else:
        # without options there are two: the price moves by the shock, up or down
        moves = {"rise": -term.exposure, "fall": term.exposure}
        losses = {name: max(0, ceil_div(lost * term.derivative_shock, WAD)) for name, lost in moves.items()}
        binding = max(losses, key=lambda name: losses[name]) if term.scenario else None
    return ScenarioLoss(
        underlying=names.underlying(term.underlying),
        losses={name: of_wad(lost) for name, lost in losses.items()},
        binding=binding,
        requirement=of_wad(term.scenario),
        add_ons=of_wad(term.addons),
        exact=term,
    )
