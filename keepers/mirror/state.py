"""What the ledger keeps of the venue. Exact integers, as the events have them. Pure values: touches nothing."""

from dataclasses import dataclass
from typing import Any, Final

from crossmargin.model.parameters import SetParams, UnderlyingParams
from crossmargin.model.units import EPOCH, RAY, ZERO, FeedId, Ppm, Ray, Seconds, Wad
from keepers.errors import MirrorError
from keepers.units import Address, Decimals

__all__ = [
    "NO_ADDRESS",
    "Asset",
    "Cash",
    "EngineLimits",
    "Indices",
    "MarketState",
    "Oracles",
    "Position",
    "VenueState",
    "Window",
    "engine_limits",
    "underlying_params",
]

NO_ADDRESS: Final = Address("0x" + "00" * 20)
_NOT_TOLD: Final = Address("")


@dataclass(frozen=True, slots=True)
class Cash:
    """A balance and the interest index of its sign when it was written."""

    amount: Wad
    index: Ray


@dataclass(frozen=True, slots=True)
class Indices:
    """Interest indices when last accrued, and their growth since the time before [1/s]."""

    supply: Ray
    borrow: Ray
    time: Seconds
    supply_growth: float
    borrow_growth: float

    def of(self, amount: Wad) -> Ray:
        """Give the index a balance of this sign grows with."""
        return self.supply if amount >= 0 else self.borrow


@dataclass(frozen=True, slots=True)
class Position:
    """A leg: size [base], basis [USD], what its closed contracts are owed and owe [USD]."""

    size: Wad
    basis: Wad
    claims: Wad = ZERO
    debts: Wad = ZERO


@dataclass(frozen=True, slots=True)
class Asset:
    """A collateral asset."""

    token: Address
    feed: FeedId
    underlying: FeedId
    decimals: Decimals


@dataclass(frozen=True, slots=True)
class MarketState:
    """An instrument: funding [USD per base] and its rate [ppm per day] at a time; its final price once known."""

    funding: Wad
    rate: Ppm
    time: Seconds
    final_price: Wad | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What was observed for an average: how often, when last, and of which oracle."""

    observations: int
    last: Seconds
    oracle: Address


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """The risk engine's parameters of the whole venue, as the model has them."""

    profit_weight: Ppm
    profit_cover: Ppm
    stale_multiplier: Ppm
    max_multiplier: Ppm
    short_floor: Ppm
    min_delta: Ppm
    age_charge: Ppm
    array_max_age: Seconds
    array_max_move: Ppm


@dataclass(frozen=True, slots=True)
class Oracles:
    """The oracles the clearinghouse reads; empty until it was told."""

    prices: Address = _NOT_TOLD
    options: Address = _NOT_TOLD


@dataclass(frozen=True, slots=True)
class VenueState:
    """What there is once in a venue."""

    indices: Indices = Indices(Ray(RAY), Ray(RAY), EPOCH, 0.0, 0.0)
    limits: EngineLimits | None = None
    volatility_source: Address = NO_ADDRESS
    oracles: Oracles = Oracles()
    paused_until: Seconds = EPOCH

    def known_limits(self) -> EngineLimits:
        """Give the engine's limits; it is an error that they were never set."""
        if self.limits is None:
            msg = "the risk engine's global parameters were never set"
            raise MirrorError(msg)
        return self.limits


def engine_limits(params: dict[str, Any]) -> EngineLimits:
    """Read the engine's GlobalParams."""
    return EngineLimits(
        profit_weight=params["profitWeight"],
        profit_cover=params["profitCover"],
        stale_multiplier=params["staleMultiplier"],
        max_multiplier=params["maxMultiplier"],
        short_floor=params["shortFloor"],
        min_delta=params["minDelta"],
        age_charge=params["ageCharge"],
        array_max_age=params["arrayMaxAge"],
        array_max_move=params["arrayMaxMove"],
    )


def underlying_params(params: dict[str, Any]) -> UnderlyingParams:
    """Read the engine's UnderlyingParams."""
    return UnderlyingParams(
        maintenance=_set_params(params["maintenance"]),
        initial=_set_params(params["initial"]),
        impact_coefficient=params["impactCoefficient"],
        group=params["group"],
        crowding_slope=params["crowdingSlope"],
        max_tenor=params["maxTenor"],
        exposure_unit=params["exposureUnit"],
        exposure_cap=params["exposureCap"],
    )


def _set_params(params: dict[str, Any]) -> SetParams:
    return SetParams(
        liquidity_haircut=params["liquidityHaircut"],
        collateral_shock=params["collateralShock"],
        derivative_shock=params["derivativeShock"],
        basis_charge=params["basisCharge"],
        basis_charge_per_year=params["basisChargePerYear"],
    )
