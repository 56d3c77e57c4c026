"""What the ledger keeps of the venue. Exact integers, as the events have them."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Asset", "Cash", "Globals", "Indices", "Market", "Position", "Underlying", "Window", "underlying_params"]


@dataclass(frozen=True, slots=True)
class Cash:
    """A balance [wad] and the interest index of its sign when it was written."""

    amount: int
    index: int


@dataclass(frozen=True, slots=True)
class Indices:
    """Interest indices [ray] when last accrued [s], and their growth since the time before [1/s]."""

    supply: int
    borrow: int
    time: int
    supply_growth: float
    borrow_growth: float

    def of(self, amount: int) -> int:
        """Give the index a balance of this sign grows with."""
        return self.supply if amount >= 0 else self.borrow


@dataclass(frozen=True, slots=True)
class Position:
    """A leg: size [wad base], basis [wad USD], share of market losses not yet collected [wad USD]."""

    size: int
    basis: int
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Asset:
    """A collateral asset."""

    token: str
    feed: int
    underlying: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Market:
    """An instrument: funding [wad USD per base] at a time [s], its rate [ppm per day]; its final price once known."""

    funding: int
    rate: int
    time: int
    final_price: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """An averaging window: its start [s], and the oracle whose prices it averages."""

    start: int
    oracle: str


@dataclass(frozen=True, slots=True)
class Underlying:
    """Maintenance parameters [ppm; impact wad per sqrt USD], the correlation group, and two of the initial set."""

    liquidity: int
    collateral: int
    derivative: int
    basis: int
    basis_per_year: int
    impact: int
    group: int
    initial_liquidity: int
    initial_collateral: int


@dataclass(frozen=True, slots=True)
class Globals:
    """Parameters of the whole venue [ppm; age s]."""

    stale_multiplier: int
    max_multiplier: int
    array_max_age: int
    array_max_move: int


def underlying_params(params: dict[str, Any]) -> Underlying:
    """Read the engine's UnderlyingParams."""
    maintenance, initial = params["maintenance"], params["initial"]
    return Underlying(
        liquidity=maintenance["liquidityHaircut"],
        collateral=maintenance["collateralShock"],
        derivative=maintenance["derivativeShock"],
        basis=maintenance["basisCharge"],
        basis_per_year=maintenance["basisChargePerYear"],
        impact=params["impactCoefficient"],
        group=params["group"],
        initial_liquidity=initial["liquidityHaircut"],
        initial_collateral=initial["collateralShock"],
    )
