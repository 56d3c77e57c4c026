"""The margin of an account taken apart: one record per leg, underlying, group, and the whole.

All amounts are wad USD unless said.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import WAD, ZERO, FeedId, InstrumentId, Seconds, Wad

__all__ = ["Doubt", "Doubts", "GroupMargin", "LegMargin", "Margin", "UnderlyingMargin"]

_DOUBTFUL_PART: Final = 1_000
_LARGE_PART: Final = 10
_LARGE_SUM: Final = 10 * WAD


class Doubt(IntEnum):
    """What prices in doubt are to a bidder for an account."""

    SMALL = 0
    """At most a tenth of the requirement, and ten dollars, may be wrong: it keeps nobody from bidding."""
    LARGE = 1
    HALTED = 2
    """Halted prices value more than a hundredth of its gross value."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What of an account is in doubt: see crossmargin.model.doubt.

    `doubtful` is what may be wrong, `lost` what of it can be lost, and `halted` tells whether Halted prices value more
    than a hundredth of all that it holds.
    """

    doubtful: Wad
    lost: Wad
    halted: bool


@dataclass(frozen=True, slots=True)
class LegMargin:
    """A leg at the price of the set; legs without open contracts have no notional.

    `value` is all of it, `paid` what counts in full, and `unpaid` what initial margin counts of the profit of open
    contracts. The price of an option is its mark, and `delta` its notional that moves with the index, negative where a
    rise loses. `doubtful` is what may be wrong of it, and `lost` what of that can be lost: see crossmargin.model.doubt.
    """

    instrument: InstrumentId
    price: Wad
    notional: Wad
    value: Wad
    paid: Wad
    unpaid: Wad
    crowd: Wad
    delta: Wad = ZERO
    doubtful: Wad = ZERO
    lost: Wad = ZERO


@dataclass(frozen=True, slots=True)
class UnderlyingMargin:
    """Every term of one underlying [wad USD; shocks and basis rate wad; tenor seconds].

    `long` and `short` are linear legs, `delta_long` and `delta_short` what options move like. With options,
    `scenarios` are the profits in scenarios.SCENARIOS of the set and `binding` the place of the one that decides, None
    where a floor or `limit`, the most that can be lost, does. `signed_scenario` is the number s
    that offsets are made of, `up` and `down` what bounds it. `over` is what futures that have expired can lose.
    """

    underlying: FeedId
    group: int
    collateral_shock: Wad
    derivative_shock: Wad
    spot: Wad
    long: Wad
    short: Wad
    exposure: Wad
    delta_long: Wad
    delta_short: Wad
    scenarios: tuple[Wad, ...]
    binding: int | None
    limit: Wad | None
    short_floor: Wad
    delta_floor: Wad
    scenario: Wad
    up: Wad
    down: Wad
    signed_scenario: Wad
    hedged: Wad
    matched: Wad
    tenor: Seconds
    unhedged: Wad
    basis: Wad
    impact: Wad
    depth: Wad
    crowd: Wad
    over: Wad
    haircut: Wad
    spot_impact: Wad
    unhedged_haircut: Wad

    @property
    def addons(self) -> Wad:
        """Give what no offset reduces: unhedged spot, basis, impact, depth, crowding, and what has expired."""
        return Wad(self.unhedged + self.basis + self.impact + self.depth + self.crowd + self.over)

    @property
    def stand_alone(self) -> Wad:
        """Give the requirement without offsets to other underlyings."""
        return Wad(self.scenario + self.addons)

    @property
    def assets(self) -> Wad:
        """Give the collateral's value after liquidity haircut and spot impact."""
        return Wad(self.spot - self.haircut - self.spot_impact)


@dataclass(frozen=True, slots=True)
class GroupMargin:
    """One correlation group: rho [wad], sums over its underlyings, and the offset that rho earns."""

    group: int
    rho: Wad
    scenario: Wad
    net_scenario: Wad
    addons: Wad
    offset: Wad

    @property
    def requirement(self) -> Wad:
        """Give the group's requirement."""
        return Wad(self.scenario - self.offset + self.addons)


@dataclass(frozen=True, slots=True)
class Margin:
    """The answer for one set, with all its terms.

    `balance` is B = cash + PnL, `requirement` is R before U moves to the asset side, `assets` and `liabilities` are
    N and Dn, the two sides of the health factor [wad], `paid_excess` is N - Dn without unpaid profit. `doubts` is
    what of it may be wrong.
    """

    which: RiskSet
    cash: Wad
    legs: tuple[LegMargin, ...]
    underlyings: tuple[UnderlyingMargin, ...]
    groups: tuple[GroupMargin, ...]
    profit_discount: Wad
    pnl: Wad
    balance: Wad
    collateral: Wad
    unhedged_haircut: Wad
    requirement: Wad
    assets: Wad
    liabilities: Wad
    excess: Wad
    paid_excess: Wad
    health_factor: int
    doubts: Doubts

    @property
    def prices_valid(self) -> bool:
        """Tell whether prices count as Valid: what is in doubt, a thousand times wrong, is not more than there is."""
        return self.doubts.doubtful == 0 or self.doubts.doubtful * _DOUBTFUL_PART <= self.paid_excess + self.requirement

    @property
    def doubt(self) -> Doubt:
        """Tell what prices in doubt are to a bidder for the account."""
        if self.doubts.halted:
            return Doubt.HALTED
        large = self.doubts.lost * _LARGE_PART > self.requirement + _LARGE_PART * _LARGE_SUM
        return Doubt.LARGE if large else Doubt.SMALL
