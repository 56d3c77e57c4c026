"""The margin of an account taken apart: one record per leg, underlying, group, and the whole.

All amounts are wad USD unless said.
"""

from dataclasses import dataclass

from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import FeedId, InstrumentId, Seconds, Wad

__all__ = ["GroupMargin", "LegMargin", "Margin", "UnderlyingMargin"]


@dataclass(frozen=True, slots=True)
class LegMargin:
    """A leg at the price of the set; settled and flat legs have no notional. `weight` is that of profit [wad]."""

    instrument: InstrumentId
    price: Wad
    notional: Wad
    value: Wad
    weight: Wad
    crowd: Wad


@dataclass(frozen=True, slots=True)
class UnderlyingMargin:
    """Every term of one underlying [wad USD; shocks and basis rate wad; tenor seconds]."""

    underlying: FeedId
    group: int
    collateral_shock: Wad
    derivative_shock: Wad
    spot: Wad
    long: Wad
    short: Wad
    exposure: Wad
    scenario: Wad
    hedged: Wad
    matched: Wad
    tenor: Seconds
    unhedged: Wad
    basis: Wad
    impact: Wad
    crowd: Wad
    haircut: Wad
    spot_impact: Wad
    unhedged_haircut: Wad

    @property
    def signed_scenario(self) -> Wad:
        """Give the scenario loss with the sign of the exposure."""
        return Wad(self.scenario if self.exposure > 0 else -self.scenario)

    @property
    def addons(self) -> Wad:
        """Give what no offset reduces: unhedged spot, basis, impact and crowding."""
        return Wad(self.unhedged + self.basis + self.impact + self.crowd)

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
    N and Dn, the two sides of the health factor [wad].
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
    health_factor: int
