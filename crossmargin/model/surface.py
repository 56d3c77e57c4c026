"""Volatility surfaces: SVI slices, their forward and variance, and the checks of a post, as contracts compute them.

Mirrors contracts/pricing/SviMath.sol and the refusals of contracts/VolatilitySurface.sol, to the bit. Log-moneyness
k = ln(K / F), variances and volatilities are wad; divisions go toward zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Final

from crossmargin.errors import SurfaceError
from crossmargin.model.black76 import MAX_PRICE, deviation, root_time
from crossmargin.model.instruments import HOUR
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import (
    EPOCH,
    NO_PPM,
    PPM,
    PPM_TO_WAD,
    WAD,
    YEAR,
    Ppm,
    Seconds,
    Wad,
    ceil_div,
    clamp,
    trunc_div,
)

__all__ = [
    "MAX_VOLATILITY",
    "MIN_VOLATILITY",
    "OptionParams",
    "PostedSlice",
    "Slice",
    "check_post",
    "forward",
    "grid",
    "tenor_scale",
    "total",
    "volatility",
]

MIN_VOLATILITY: Final = Wad(WAD // 100)
MAX_VOLATILITY: Final = Wad(10 * WAD)
_MIN_VARIANCE: Final = 10**14
_MAX_VARIANCE: Final = 100 * WAD
_BUTTERFLY_TOLERANCE: Final = WAD // 100
_CALENDAR_TOLERANCE: Final = WAD // 100
_MAX_A: Final = 2**31 - 1
_MAX_B: Final = 2**32 - 1
_SHOCK_TENOR: Final = 30 * 86_400
_MIN_TENOR_SCALE: Final = WAD // 2
_MAX_TENOR_SCALE: Final = 2 * WAD
_GRID_SIDE: Final = 6
_MIN_GRID_DEVIATION: Final = WAD // 100
_LN_10: Final = 2_302_585_092_994_045_684
WINGS: Final = tuple(Wad(sign * (_LN_10 >> step)) for step in range(4) for sign in (-1, 1))
"""Log-moneyness in the wings at which a post is checked beside its grid, but for the calendar [wad]."""


@dataclass(frozen=True, slots=True)
class OptionParams:
    """Shocks of volatility and limits of posts, for one underlying: shocks and limits [ppm], ages [s]."""

    vol_shock_maintenance: Ppm
    vol_shock_initial: Ppm
    default_volatility: Ppm
    max_age: Seconds
    expiry_age: Seconds
    min_interval: Seconds
    max_step: Ppm
    max_carry: Ppm


@dataclass(frozen=True, slots=True)
class Slice:
    """One expiry of a surface: `a`, `b`, `m` and `sigma` in 1e-6, `rho` [ppm], `carry` [ppm a year]."""

    a: int
    b: int
    rho: Ppm
    m: int
    sigma: int
    carry: Ppm = NO_PPM

    def variance(self, k: Wad) -> Wad:
        """Give the annual variance at log-moneyness `k` [wad]."""
        distance, root = self._distance(k)
        return self._variance(distance, root)

    def variance_slope(self, k: Wad) -> Wad:
        """Give by how much the annual variance grows with log-moneyness at `k` [wad]."""
        distance, root = self._distance(k)
        return Wad(trunc_div(self.b * (self.rho * PPM_TO_WAD + trunc_div(distance * WAD, root)), PPM))

    def least_variance(self) -> Wad:
        """Give the least annual variance of any strike [wad]."""
        sine = isqrt((PPM**2 - self.rho**2) * PPM_TO_WAD**2)
        return Wad(self.a * PPM_TO_WAD + self.b * self.sigma * sine // PPM_TO_WAD)

    def durrleman(self, k: Wad, tau: Seconds) -> Wad:
        """Give Durrleman's g at `k` [wad]; a density is negative where it is."""
        distance, root = self._distance(k)
        v = max(self._variance(distance, root), _MIN_VARIANCE)
        years = tau * WAD // YEAR
        b, sigma = self.b * PPM_TO_WAD, self.sigma * PPM_TO_WAD
        slope = trunc_div(b * (self.rho * PPM_TO_WAD + trunc_div(distance * WAD, root)), WAD)
        curvature = b * (sigma * sigma // root) // root * WAD // root
        lean = WAD - trunc_div(k * slope, 2 * v)
        square = slope * slope // WAD
        bent = square * years // (4 * v) + square * years // WAD * years // (16 * WAD)
        return Wad(lean * lean // WAD - bent + curvature * years // (2 * WAD))

    def _distance(self, k: Wad) -> tuple[int, int]:
        """Give k - m and sqrt((k - m)^2 + sigma^2) [wad]."""
        distance = k - self.m * PPM_TO_WAD
        return distance, max(isqrt(distance**2 + (self.sigma * PPM_TO_WAD) ** 2), 1)

    def _variance(self, distance: int, root: int) -> Wad:
        wing = self.rho * distance + PPM * root
        return Wad(self.a * PPM_TO_WAD + trunc_div(self.b * wing, PPM_TO_WAD))


@dataclass(frozen=True, slots=True)
class PostedSlice:
    """A slice, its expiry and when it was posted [s]."""

    slice: Slice
    expiry: Seconds
    time: Seconds

    def status(self, params: OptionParams, now: Seconds, uncertain_until: Seconds = EPOCH) -> PriceStatus:
        """Tell how far the slice may be trusted; after its expiry nothing depends on it.

        `uncertain_until` is the end of the guardian's distrust [s].
        """
        if now >= self.expiry:
            return PriceStatus.VALID
        if now < uncertain_until:
            return PriceStatus.UNCERTAIN
        age = now - self.time
        if age <= params.max_age:
            return PriceStatus.VALID
        return PriceStatus.STALE if age <= params.expiry_age else PriceStatus.UNCERTAIN


def forward(index: Wad, carry: Ppm, tau: Seconds) -> Wad:
    """Carry an index to expiry: from half to one and a half of it, at least 1 wei [wad USD]."""
    drifted = index + trunc_div(index * carry * tau, PPM * YEAR)
    return Wad(clamp(drifted, index - index // 2, min(index + index // 2, MAX_PRICE)))


def volatility(annual: Wad) -> Wad:
    """Take the root of an annual variance, down, within its limits [wad a year]."""
    if annual <= _MIN_VARIANCE:
        return MIN_VOLATILITY
    return MAX_VOLATILITY if annual >= _MAX_VARIANCE else Wad(isqrt(annual * WAD))


def total(annual: Wad, tau: Seconds) -> Wad:
    """Give the total variance to expiry of an annual one [wad]."""
    return Wad(trunc_div(annual * tau, YEAR))


def tenor_scale(tau: Seconds) -> Wad:
    """Give how much shocks of volatility weigh so long before an expiry [wad], where the slice is Valid."""
    scale = isqrt(_SHOCK_TENOR * WAD**2 // tau) if tau else _MAX_TENOR_SCALE
    return Wad(clamp(scale, _MIN_TENOR_SCALE, _MAX_TENOR_SCALE))


def grid(checked: Slice, tau: Seconds) -> tuple[Wad, ...]:
    """List the log-moneyness at which a post is checked, ascending [wad]."""
    atm = deviation(volatility(checked.variance(Wad(0))), root_time(tau))
    step = max(atm, _MIN_GRID_DEVIATION)
    return tuple(Wad(trunc_div(i * step, 2)) for i in range(-_GRID_SIDE, _GRID_SIDE + 1))


def check_post(
    new: PostedSlice, surface: Sequence[PostedSlice], params: OptionParams, max_tenor: Seconds, shock: Ppm
) -> None:
    """Refuse what the contract refuses, in its order; `surface` are the slices of the underlying, `new` is posted now.

    `shock` is the derivative shock of maintenance. Raises SurfaceError with rule, actual value and limit.
    """
    _check_range(new, params, max_tenor)
    points = grid(new.slice, Seconds(new.expiry - new.time))
    _check_butterfly(new, (*points, *WINGS))
    _check_butterfly(_shocked(new, params), (*points, *WINGS))
    live = sorted((s for s in surface if s.expiry > new.time), key=lambda s: s.expiry)
    before = [s for s in live if s.expiry < new.expiry]
    after = [s for s in live if s.expiry > new.expiry]
    if before:
        _check_calendar(before[-1], new, points, new.time)
    if after:
        _check_calendar(new, after[0], points, new.time)
    for last in live:
        if last.expiry == new.expiry:
            _check_step(last, new, params, shock)


def _check_range(new: PostedSlice, params: OptionParams, max_tenor: Seconds) -> None:
    checked = new.slice
    if abs(checked.rho) >= PPM:
        raise SurfaceError("rho", checked.rho, PPM - 1)
    if checked.sigma == 0:
        raise SurfaceError("sigma", 0, 1)
    if checked.least_variance() < _MIN_VARIANCE:
        raise SurfaceError("least variance", checked.least_variance(), _MIN_VARIANCE)
    if abs(checked.carry) > params.max_carry:
        raise SurfaceError("carry", checked.carry, params.max_carry)
    if new.expiry <= new.time:
        raise SurfaceError("expiry", new.expiry, new.time)
    if new.expiry % HOUR:
        raise SurfaceError("expiry", new.expiry, new.expiry - new.expiry % HOUR)
    if new.expiry > new.time + max_tenor:
        raise SurfaceError("expiry", new.expiry, new.time + max_tenor)


def _check_butterfly(new: PostedSlice, points: Sequence[Wad]) -> None:
    for k in points:
        g = new.slice.durrleman(k, Seconds(new.expiry - new.time))
        if g < -_BUTTERFLY_TOLERANCE:
            raise SurfaceError(f"butterfly at {k}", g, -_BUTTERFLY_TOLERANCE)


def _shocked(new: PostedSlice, params: OptionParams) -> PostedSlice:
    """Give the slice after the shock of initial margin; what is free of butterflies there and now is so between."""
    factor = WAD + params.vol_shock_initial * tenor_scale(Seconds(new.expiry - new.time)) // PPM
    a, b = (trunc_div(each * factor**2, WAD**2) for each in (new.slice.a, new.slice.b))
    shocked = replace(new.slice, a=min(a, _MAX_A), b=min(b, _MAX_B))
    return replace(new, slice=shocked)


def _check_calendar(near: PostedSlice, far: PostedSlice, points: Sequence[Wad], now: Seconds) -> None:
    for k in points:
        nearer = total(near.slice.variance(k), Seconds(near.expiry - now))
        further = total(far.slice.variance(k), Seconds(far.expiry - now))
        if further * WAD < nearer * (WAD - _CALENDAR_TOLERANCE):
            raise SurfaceError(f"calendar at {k}", further, nearer)


def _check_step(last: PostedSlice, new: PostedSlice, params: OptionParams, shock: Ppm) -> None:
    tau = Seconds(new.expiry - new.time)
    if new.time - last.time <= params.expiry_age:
        # what is around the forward of one slice may lie between the points of the other
        for k in (*grid(new.slice, tau), *WINGS, *grid(last.slice, tau)):
            before, after = (volatility(each.slice.variance(k)) for each in (last, new))
            if abs(after - before) * PPM > before * params.max_step:
                raise SurfaceError(f"step at {k}", after, before)
        moved, limit = ceil_div(abs(new.slice.carry - last.slice.carry) * tau, YEAR), params.max_step * shock // PPM
        if moved > limit:
            raise SurfaceError("step of the forward", moved, limit)
    if new.time < last.time + params.min_interval:
        raise SurfaceError("interval", new.time, last.time + params.min_interval)
