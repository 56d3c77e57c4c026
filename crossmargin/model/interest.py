"""Interest on quote cash: scaled balances, the kinked rate, and the two indices."""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.units import RAY, WAD, YEAR, Ray, Seconds, Wad, ceil_div, floor_div

__all__ = [
    "FIRST_INDEX",
    "RateCurve",
    "Reserves",
    "accrued",
    "cash_of",
    "rate_per_year",
    "scaled_of",
    "total_debt",
    "total_supply",
    "utilisation",
]

FIRST_INDEX: Final = Ray(RAY)
"""Where both indices start."""


@dataclass(frozen=True, slots=True)
class RateCurve:
    """The kinked borrow rate: yearly rates and fractions, all wad."""

    base: Wad
    slope1: Wad
    slope2: Wad
    kink: Wad
    reserve_factor: Wad


@dataclass(frozen=True, slots=True)
class Reserves:
    """The pool of quote cash: scaled totals [wad], indices [ray]."""

    supply_scaled: Wad
    borrow_scaled: Wad
    supply_index: Ray = FIRST_INDEX
    borrow_index: Ray = FIRST_INDEX


def cash_of(scaled: Wad, supply_index: Ray, borrow_index: Ray) -> Wad:
    """Give a balance from its scaled form [wad USD]: what is owned rounded down, what is owed rounded up."""
    return Wad(floor_div(scaled * (supply_index if scaled >= 0 else borrow_index), RAY))


def scaled_of(cash: Wad, supply_index: Ray, borrow_index: Ray) -> Wad:
    """Scale a balance for storage [wad]: what is owned rounded down, what is owed rounded up."""
    return Wad(floor_div(cash * RAY, supply_index if cash >= 0 else borrow_index))


def total_debt(reserves: Reserves) -> Wad:
    """Give all borrowed cash [wad USD], rounded up."""
    return Wad(ceil_div(reserves.borrow_scaled * reserves.borrow_index, RAY))


def total_supply(reserves: Reserves) -> Wad:
    """Give all supplied cash [wad USD], rounded down."""
    return Wad(floor_div(reserves.supply_scaled * reserves.supply_index, RAY))


def utilisation(reserves: Reserves) -> Wad:
    """Give min(1, debt/supply) [wad], rounded down; 0 without supply."""
    supply = total_supply(reserves)
    return Wad(0 if supply == 0 else min(WAD, floor_div(total_debt(reserves) * WAD, supply)))


def rate_per_year(curve: RateCurve, used: Wad) -> Wad:
    """Give the yearly borrow rate at a utilisation [wad], rounded down."""
    if used <= curve.kink:
        return Wad(curve.base + floor_div(curve.slope1 * used, curve.kink))
    return Wad(curve.base + curve.slope1 + floor_div(curve.slope2 * (used - curve.kink), WAD - curve.kink))


def accrued(reserves: Reserves, curve: RateCurve, elapsed: Seconds) -> Reserves:
    """Grow both indices over `elapsed`: borrowers' rounded up, suppliers' down, so the pool never owes more.

    Linear within one accrual; the reserve factor's part of the interest stays with the pool.
    """
    if elapsed == 0 or reserves.borrow_scaled == 0:
        return reserves
    rate = rate_per_year(curve, utilisation(reserves))
    growth = ceil_div(reserves.borrow_index * rate * elapsed, WAD * YEAR)
    grown = replace(reserves, borrow_index=Ray(reserves.borrow_index + growth))
    interest = total_debt(grown) - total_debt(reserves)
    to_suppliers = interest - ceil_div(interest * curve.reserve_factor, WAD)
    if reserves.supply_scaled == 0:
        return grown
    earned = floor_div(to_suppliers * RAY, reserves.supply_scaled)
    return replace(grown, supply_index=Ray(reserves.supply_index + earned))
