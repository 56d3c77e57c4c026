"""Interest on quote cash: scaled balances, the kinked rate, and the two indices.

Lenders earn on what was lent of theirs. Cash that a market has collected and not yet paid out was theirs a moment
ago, or will be: it counts as lent like theirs, so that moving cash there and back changes no rate.
"""

from dataclasses import dataclass, replace
from typing import Final

from crossmargin.model.units import PPM, RAY, WAD, YEAR, ZERO, Ppm, Ray, Seconds, Wad, ceil_div, floor_div, wad_of_ppm

__all__ = [
    "FIRST_INDEX",
    "LAST_INDEX",
    "MAX_SCALED",
    "MAX_YEARLY_RATE",
    "SCALED_ONE",
    "RateCurve",
    "Reserves",
    "accrued",
    "cash_of",
    "compact_down",
    "compact_up",
    "leaving_part",
    "rate_per_year",
    "scaled_of",
    "total_debt",
    "total_supply",
    "utilisation",
]

FIRST_INDEX: Final = Ray(RAY)
"""Where both indices start."""
LAST_INDEX: Final = Ray(RAY * 2**145)
"""Beyond it nothing accrues, for lenders and borrowers alike: more than e^100, a century at the highest rate."""
MAX_YEARLY_RATE: Final = Ppm(PPM)
"""Highest yearly rate that a curve may ask."""
SCALED_ONE: Final = 2**128
"""What a wei is, scaled, at an index of 1: a century later a scaled unit is still below 10^6 wei."""
MAX_SCALED: Final = SCALED_ONE * 2**109
"""Most that an account has or owes, scaled: 2^109 wei at an index of 1, 6 * 10^14 USD."""

_MANTISSA: Final = 96
_BASE: Final = SCALED_ONE * RAY


@dataclass(frozen=True, slots=True)
class RateCurve:
    """The kinked borrow rate: yearly rates and fractions, all ppm."""

    base: Ppm
    slope1: Ppm
    slope2: Ppm
    kink: Ppm
    reserve_factor: Ppm


@dataclass(frozen=True, slots=True)
class Reserves:
    """The pool of quote cash: scaled totals, indices [ray], what markets collected and did not pay yet [wad]."""

    supply_scaled: int
    borrow_scaled: int
    supply_index: Ray = FIRST_INDEX
    borrow_index: Ray = FIRST_INDEX
    pools: Wad = ZERO


def compact_down(value: int) -> int:
    """Keep the 96 leading bits of a number."""
    shift = max(0, value.bit_length() - _MANTISSA)
    return value >> shift << shift


def compact_up(value: int) -> int:
    """Round a number up to one of 96 leading bits."""
    down = compact_down(value)
    return down if down == value else down + (1 << value.bit_length() - _MANTISSA)


def cash_of(scaled: int, supply_index: Ray, borrow_index: Ray) -> Wad:
    """Give a balance from its scaled form [wad USD]: what is owned rounded down, what is owed rounded up."""
    return Wad(floor_div(scaled * (supply_index if scaled >= 0 else borrow_index), _BASE))


def scaled_of(cash: Wad, supply_index: Ray, borrow_index: Ray) -> int:
    """Scale a balance for storage, to 96 leading bits: what is owned rounded down, what is owed rounded up."""
    if cash >= 0:
        return compact_down(floor_div(cash * _BASE, supply_index))
    return -compact_up(ceil_div(-cash * _BASE, borrow_index))


def total_debt(reserves: Reserves) -> Wad:
    """Give all borrowed cash [wad USD], rounded up."""
    return Wad(ceil_div(reserves.borrow_scaled * reserves.borrow_index, _BASE))


def total_supply(reserves: Reserves) -> Wad:
    """Give all supplied cash [wad USD], rounded down."""
    return Wad(floor_div(reserves.supply_scaled * reserves.supply_index, _BASE))


def leaving_part(amount: int, gap: Wad, supply: Wad, of_fund: Wad) -> int:
    """Give what stays of `amount` of lent cash that leaves, in its unit, rounded up.

    It is the part that a loss in sight beyond the insurance, `gap`, is of what others than the fund have lent (and a
    wei, for it divides), at most all: whoever leaves bears it as those do who stay.
    """
    lent = supply - of_fund + 1
    return ceil_div(amount * min(gap, lent), lent)


def utilisation(reserves: Reserves) -> Wad:
    """Give min(1, debt / (supply + pools)) [wad], rounded down; 1 where there is neither."""
    debt = floor_div(reserves.borrow_scaled * reserves.borrow_index, _BASE)
    lent = ceil_div(reserves.supply_scaled * reserves.supply_index, _BASE) + reserves.pools
    return Wad(WAD if debt >= lent else floor_div(debt * WAD, lent))


def rate_per_year(curve: RateCurve, used: Wad) -> Wad:
    """Give the yearly borrow rate at a utilisation [wad], rounded down."""
    kink, base = wad_of_ppm(curve.kink), wad_of_ppm(curve.base)
    if used <= kink:
        return Wad(base + (floor_div(curve.slope1 * used, curve.kink) if curve.kink else 0))
    return Wad(base + wad_of_ppm(curve.slope1) + floor_div(curve.slope2 * (used - kink), PPM - curve.kink))


def accrued(reserves: Reserves, curve: RateCurve, elapsed: Seconds) -> Reserves:
    """Grow both indices over `elapsed`: borrowers' rounded up, lenders' down, so the pool never owes more.

    Linear within one accrual. Lenders' index grows by the rate on the part that is lent, after the reserve: never by
    more than the rate. What borrowers pay beyond that stays with the pool.
    """
    if elapsed == 0 or reserves.borrow_scaled == 0:
        return reserves
    used = utilisation(reserves)
    growth = rate_per_year(curve, used) * elapsed
    borrow = compact_up(reserves.borrow_index + ceil_div(reserves.borrow_index * growth, WAD * YEAR))
    if borrow > LAST_INDEX:
        return reserves
    part = used * (PPM - curve.reserve_factor)
    supply = compact_down(
        reserves.supply_index + floor_div(reserves.supply_index * growth * part, WAD * YEAR * WAD * PPM)
    )
    return replace(reserves, supply_index=Ray(supply), borrow_index=Ray(borrow))
