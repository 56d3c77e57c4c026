"""Accounts that are replayed, and what their margin is at every second: floats, equal to the exact model but for dust.

A book is opened at the prices of a second with its equity in cash. Leverage, size and time are drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from crossmargin.model.account import Account, Spot, State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.breakdown import Margin
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.units import PPM, WAD, InstrumentId, Wad
from crossmargin.simulation.liquidations.bars import Floats
from crossmargin.simulation.liquidations.moves import Move
from crossmargin.simulation.liquidations.venue import MAJORS, Venue, dollars, price_of, wad_of

__all__ = ["Book", "Holding", "Profile", "exact", "linear_profile", "mark_value", "toll_of"]

_MAJOR_TOLL: Final = 0.0010
_OTHER_TOLL: Final = 0.0030
"""What closing costs a keeper, of gross notional."""


@dataclass(frozen=True)
class Holding:
    """What a book has of one asset: collateral and perpetuals [base units, negative when sold]."""

    asset: str
    spot: float = 0.0
    perpetual: float = 0.0


@dataclass(frozen=True)
class Book:
    """A book: kind, move, the second it is opened at, holdings, equity at that second [USD]."""

    kind: str
    move: Move
    entry: int
    holdings: tuple[Holding, ...]
    equity: float

    @property
    def begin(self) -> int:
        """Give the time of the move's first second [s since 1970]."""
        return next(iter(self.move.paths.values())).begin

    def prices(self, second: int) -> dict[str, float]:
        """Give prices of the book's assets at a second of the move [USD]."""
        return {each.asset: float(self.move.paths[each.asset].prices[second]) for each in self.holdings}

    def arrays(self, venue: Venue, second: int) -> Mapping[InstrumentId, RiskArray]:  # noqa: ARG002
        """Give the risk arrays of its options: a book of this class has none."""
        return {}

    def legs(self, venue: Venue) -> tuple[Leg, ...]:
        """Give the legs as they were opened."""
        entered = self.prices(self.entry)
        return tuple(
            Leg(venue.perpetual(each.asset), size, Wad(size * price_of(entered[each.asset]) // WAD))
            for each in self.holdings
            if (size := wad_of(each.perpetual))
        )

    def account(self, venue: Venue) -> Account:
        """Open it: what spot costs beyond the equity is borrowed."""
        entered = self.prices(self.entry)
        paid = sum(each.spot * entered[each.asset] for each in self.holdings)
        spots = tuple(
            Spot(wad_of(each.spot), 18, venue.feeds[each.asset], venue.feeds[each.asset])
            for each in self.holdings
            if each.spot
        )
        return Account(wad_of(self.equity - paid), spots, self.legs(venue))

    def state(self, venue: Venue, second: int) -> State:
        """Give the venue at a second of the move."""
        return venue.state(self.prices(second), self.begin + second, self.arrays(venue, second))

    def profile(self, venue: Venue) -> "Profile":
        """Give its margin at every second from its opening on."""
        return linear_profile(self, venue)


@dataclass(frozen=True)
class Profile:
    """A whole book at every second from `entry` on [USD].

    `haircut` is what value exceeds requirement and excess by, `impact` the part of the requirement that grows with the
    power 3/2 of size. `toll` is what closing costs by notional; `swing` and `risk` are volatility times notional, gross
    and net [per square root of second].
    """

    value: Floats
    requirement: Floats
    haircut: Floats
    impact: Floats
    gross: Floats
    toll: Floats
    swing: Floats
    risk: Floats

    def every(self, step: int, phase: int) -> "Profile":
        """Give every `step`-th second from `phase` on."""
        return Profile(*(getattr(self, name)[phase::step] for name in self.__dataclass_fields__))

    def part(self, begin: int, end: int) -> "Profile":
        """Give the looks begin..end."""
        return Profile(*(getattr(self, name)[begin:end] for name in self.__dataclass_fields__))

    @property
    def excess(self) -> Floats:
        """The maintenance excess."""
        return self.value - self.haircut - self.requirement


def toll_of(asset: str) -> float:
    """Give what closing costs, of notional."""
    return _MAJOR_TOLL if asset in MAJORS else _OTHER_TOLL


def linear_profile(book: Book, venue: Venue) -> Profile:
    """Work the maintenance margin of a book without options out as docs/margin-model.md says, in floats."""
    account = book.account(venue)
    parts = [_of_asset(each, book, venue) for each in book.holdings]
    summed = {name: sum((part[name] for part in parts), np.zeros(1)) for name in parts[0] if name != "signed"}
    scenarios = _after_offsets(book, venue, [part["signed"] for part in parts])
    value = dollars(account.cash - sum(leg.basis for leg in account.legs)) + summed.pop("worth")
    requirement = scenarios + summed.pop("addons") + summed["impact"]
    return Profile(value=value, requirement=requirement, **summed)


def _of_asset(held: Holding, book: Book, venue: Venue) -> dict[str, Floats]:
    path, params = book.move.paths[held.asset], venue.params.underlying(venue.feeds[held.asset])
    prices, sigma = path.prices[book.entry :], path.sigma[book.entry :]
    xc, xd = (params.maintenance.collateral_shock / PPM, params.maintenance.derivative_shock / PPM)
    spot, turnover = held.spot * prices, abs(held.perpetual) * prices
    net = held.perpetual * prices
    hedged = np.minimum(spot, np.maximum(0.0, -net))
    matched = np.minimum(spot + np.maximum(net, 0.0), np.maximum(-net, 0.0))
    coefficient = dollars(params.impact_coefficient)
    gross = spot + turnover
    return {
        "worth": spot + net,
        "signed": (spot + net) * xd,
        "addons": (xc - xd) * (spot - hedged) + params.maintenance.basis_charge / PPM * matched,
        "impact": coefficient * turnover**1.5,
        "haircut": spot * (params.maintenance.liquidity_haircut / PPM) + _spot_impact(spot, coefficient, held, venue),
        "gross": gross,
        "toll": gross * toll_of(held.asset),
        "swing": gross * sigma,
        "risk": np.abs(spot + net) * sigma,
    }


def _spot_impact(spot: Floats, coefficient: float, held: Holding, venue: Venue) -> Floats:
    if not held.spot:
        return np.zeros(1)
    weight = dollars(venue.params.impact_weight(venue.feeds[held.asset]))
    peak = (2 * weight / (3 * coefficient)) ** 2
    beyond = 2 * weight * peak / 3 + weight * (spot - peak)
    return np.where(spot <= peak, coefficient * spot**1.5, beyond)


def _after_offsets(book: Book, venue: Venue, signed: Sequence[Floats]) -> Floats:
    """Add up the scenarios of assets less what groups offset."""
    total = np.zeros(1)
    groups = [venue.params.underlying(venue.feeds[each.asset]).group for each in book.holdings]
    for group in sorted(set(groups)):
        members = [each for each, of in zip(signed, groups, strict=True) if of == group]
        rho = venue.params.offset(group, RiskSet.MAINTENANCE) / PPM
        lost = sum((np.abs(each) for each in members), np.zeros(1))
        total = total + lost - rho * (lost - np.abs(sum(members, np.zeros(1))))
    return total


def exact(account: Account, state: State) -> Margin:
    """Compute the exact maintenance margin of what is left of an account."""
    return margin(account, state, RiskSet.MAINTENANCE)


def mark_value(account: Account, result: Margin, state: State) -> Wad:
    """Give the mark value behind a margin [wad USD]."""
    spot = sum(balance.value(state.price(balance.feed).mid) for balance in account.spots)
    return Wad(spot + result.balance)
