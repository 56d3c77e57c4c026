"""Risk parameters, the check every configuration must pass, and the default classes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import isqrt
from typing import Final

from crossmargin.errors import ConfigurationError, UnknownKeyError
from crossmargin.model.units import NO_PPM, PPM, WAD, YEAR, ZERO, FeedId, Ppm, Seconds, Wad, ceil_div, wad_of_ppm

__all__ = [
    "AGE_CHARGE",
    "ALTCOINS",
    "ARRAY_MAX_AGE",
    "ARRAY_MAX_MOVE",
    "CROWDING_SLOPE",
    "CROWDING_START",
    "MAJORS",
    "MAX_GROUP",
    "MAX_MULTIPLIER",
    "MIN_DELTA",
    "NO_GROUP",
    "NO_OFFSET",
    "PROFIT_COVER",
    "PROFIT_WEIGHT",
    "SHORT_FLOOR",
    "STABLECOINS",
    "STALE_MULTIPLIER",
    "AssetClass",
    "GroupOffsets",
    "RiskParams",
    "RiskSet",
    "SetParams",
    "UnderlyingParams",
    "check_configuration",
    "default_parameters",
    "impact_coefficient",
]

CROWDING_START: Final = 100
"""Utilisation above which crowding charges begin [half-percent steps]."""
MAX_GROUP: Final = 15
"""Groups are numbered from 1 to it."""
NO_GROUP: Final = 0
"""The group without offset."""
PROFIT_WEIGHT: Final = Ppm(900_000)
PROFIT_COVER: Final = Ppm(100_000)
STALE_MULTIPLIER: Final = Ppm(1_100_000)
MAX_MULTIPLIER: Final = Ppm(2_000_000)
SHORT_FLOOR: Final = Ppm(100_000)
MIN_DELTA: Final = Ppm(50_000)
AGE_CHARGE: Final = Ppm(100_000)
ARRAY_MAX_AGE: Final = Seconds(900)
ARRAY_MAX_MOVE: Final = Ppm(10_000)
CROWDING_SLOPE: Final = Ppm(500_000)
"""The default configuration's global values and crowding slope."""


class RiskSet(Enum):
    """Which parameters: maintenance decides a liquidation, initial what an owner may newly do."""

    MAINTENANCE = "MM"
    INITIAL = "IM"


@dataclass(frozen=True, slots=True)
class SetParams:
    """One set of one underlying; `basis_charge_per_year` times years to expiry adds to `basis_charge`."""

    liquidity_haircut: Ppm
    collateral_shock: Ppm
    derivative_shock: Ppm
    basis_charge: Ppm
    basis_charge_per_year: Ppm

    def longest_basis_charge(self, max_tenor: Seconds) -> Ppm:
        """Give the basis charge at the longest tenor [ppm], rounded up."""
        return Ppm(self.basis_charge + ceil_div(self.basis_charge_per_year * max_tenor, YEAR))


@dataclass(frozen=True, slots=True)
class UnderlyingParams:
    """Everything configured for one underlying.

    `impact_coefficient` is k in impact(X) = k*X*sqrt(X) [wad per square root of USD]; `exposure_cap` counts
    `exposure_unit`s, which are base wei.
    """

    maintenance: SetParams
    initial: SetParams
    impact_coefficient: Wad = ZERO
    group: int = NO_GROUP
    crowding_slope: Ppm = NO_PPM
    max_tenor: Seconds = YEAR
    exposure_unit: int = WAD
    exposure_cap: int = 1

    def of(self, which: RiskSet) -> SetParams:
        """Give the parameters of one set."""
        return self.maintenance if which is RiskSet.MAINTENANCE else self.initial


@dataclass(frozen=True, slots=True)
class GroupOffsets:
    """The correlation one group is credited with, per set."""

    maintenance: Ppm
    initial: Ppm

    def of(self, which: RiskSet) -> Ppm:
        """Give the offset of one set."""
        return self.maintenance if which is RiskSet.MAINTENANCE else self.initial


NO_OFFSET: Final = GroupOffsets(Ppm(0), Ppm(0))


@dataclass(frozen=True, slots=True)
class RiskParams:
    """The whole risk configuration; the defaults of the global values are those of the default configuration.

    `short_floor`, `min_delta` and, an hour, `age_charge` are parts of the derivative shock; `array_max_age` and, as a
    part of the index, `array_max_move` say how long a risk array counts as Valid.
    """

    underlyings: Mapping[FeedId, UnderlyingParams]
    groups: Mapping[int, GroupOffsets] = field(default_factory=dict)
    profit_weight: Ppm = PROFIT_WEIGHT
    profit_cover: Ppm = PROFIT_COVER
    stale_multiplier: Ppm = STALE_MULTIPLIER
    max_multiplier: Ppm = MAX_MULTIPLIER
    short_floor: Ppm = SHORT_FLOOR
    min_delta: Ppm = MIN_DELTA
    age_charge: Ppm = AGE_CHARGE
    array_max_age: Seconds = ARRAY_MAX_AGE
    array_max_move: Ppm = ARRAY_MAX_MOVE

    def underlying(self, key: FeedId) -> UnderlyingParams:
        """Look one underlying up."""
        if key not in self.underlyings:
            raise UnknownKeyError("underlying", key)
        return self.underlyings[key]

    def offset(self, group: int, which: RiskSet) -> Ppm:
        """Give the offset of a group; group 0 and groups never set have none."""
        return Ppm(0) if group == NO_GROUP else self.groups.get(group, NO_OFFSET).of(which)

    @property
    def worst_multiplier(self) -> Ppm:
        """Give the largest multiplier the shocks can meet, rounded up."""
        return Ppm(ceil_div(self.max_multiplier * self.stale_multiplier, PPM))

    def impact_weight(self, feed: FeedId) -> Wad:
        """Give what a unit of collateral counts at the very least: initial, at the largest multiplier [wad].

        The impact charge on collateral never grows faster than this. It is one number for both sets and every
        multiplier, so that a heavier shock cannot freeze the charge earlier and free margin.
        """
        values = self.underlying(feed).initial
        shock = ceil_div(values.collateral_shock * self.worst_multiplier, PPM)
        return wad_of_ppm(Ppm(PPM - values.liquidity_haircut - shock))


@dataclass(frozen=True, slots=True)
class AssetClass:
    """A row of the default table: both sets and the offsets of its correlation group."""

    maintenance: SetParams
    initial: SetParams
    group: int = NO_GROUP
    offsets: GroupOffsets = NO_OFFSET
    crowding_slope: Ppm = CROWDING_SLOPE
    max_tenor: Seconds = YEAR


def _set(liquidity: int, collateral: int, derivative: int, basis: int, basis_per_year: int) -> SetParams:
    return SetParams(Ppm(liquidity), Ppm(collateral), Ppm(derivative), Ppm(basis), Ppm(basis_per_year))


STABLECOINS: Final = AssetClass(_set(5_000, 15_000, 15_000, 5_000, 0), _set(5_000, 45_000, 45_000, 10_000, 0))
MAJORS: Final = AssetClass(
    _set(70_000, 80_000, 50_000, 30_000, 50_000),
    _set(80_000, 120_000, 90_000, 40_000, 50_000),
    group=1,
    offsets=GroupOffsets(Ppm(500_000), Ppm(400_000)),
)
ALTCOINS: Final = AssetClass(
    _set(150_000, 250_000, 200_000, 50_000, 150_000),
    _set(180_000, 320_000, 260_000, 60_000, 150_000),
    group=2,
    offsets=GroupOffsets(Ppm(250_000), Ppm(200_000)),
)


def default_parameters(
    classes: Mapping[FeedId, AssetClass], impact_coefficients: Mapping[FeedId, Wad] | None = None
) -> RiskParams:
    """Build and check the default configuration for underlyings of known class.

    An underlying without an impact coefficient [wad per square root of USD] is charged none.
    """
    coefficients = impact_coefficients or {}
    params = RiskParams(
        underlyings={
            key: UnderlyingParams(
                maintenance=row.maintenance,
                initial=row.initial,
                impact_coefficient=coefficients.get(key, Wad(0)),
                group=row.group,
                crowding_slope=row.crowding_slope,
                max_tenor=row.max_tenor,
            )
            for key, row in classes.items()
        },
        groups={row.group: row.offsets for row in classes.values() if row.group != NO_GROUP},
    )
    check_configuration(params)
    return params


def impact_coefficient(scale: Wad, daily_volatility: Wad, daily_volume: Wad) -> Wad:
    """Give k = Y * sigma_day / sqrt(ADV), rounded up.

    Scale Y and volatility are wad fractions, the volume wad USD above 0, k is wad per square root of USD.
    """
    return Wad(ceil_div(scale * daily_volatility, isqrt(daily_volume * WAD)))


def check_configuration(params: RiskParams) -> None:
    """Raise ConfigurationError, with actual and limit in ppm, unless every rule of the margin formula holds.

    The rules are "Conditions on parameters" in docs/margin-model.md. They make the requirement grow with every
    shock and multiplier, keep a deposit from lowering the excess, and keep initial above maintenance margin.
    """
    _at_most("profitWeight", params.profit_weight, PPM)
    _at_least("staleMultiplier", params.stale_multiplier, PPM)
    _at_least("maxMultiplier", params.max_multiplier, PPM)
    _at_most("shortFloor", params.short_floor, PPM)
    _at_most("minDelta", params.min_delta, PPM)
    _at_most("ageCharge", params.age_charge, PPM)
    _at_most("arrayMaxMove", params.array_max_move, PPM)
    _check_groups(params)
    for underlying in params.underlyings.values():
        _at_most("group", underlying.group, MAX_GROUP)
        _at_least("exposureUnit", underlying.exposure_unit, 1)
        _at_least("exposureCap", underlying.exposure_cap, 1)
        for which in RiskSet:
            _check_set(underlying, params, which)
        _check_order(underlying.maintenance, underlying.initial)
        _check_collateral_step(underlying.maintenance, underlying.initial)


def _check_groups(params: RiskParams) -> None:
    for group, offsets in params.groups.items():
        _at_most("group", group, MAX_GROUP)
        _at_most("rhoIM", offsets.initial, offsets.maintenance)
        _at_most("rhoMM", offsets.maintenance, 0 if group == NO_GROUP else PPM // 2)


def _check_set(underlying: UnderlyingParams, params: RiskParams, which: RiskSet) -> None:
    values = underlying.of(which)
    xc, xd, worst = values.collateral_shock, values.derivative_shock, params.worst_multiplier
    for name, actual in _named(values):
        _at_most(name, actual, PPM)
    longest = values.longest_basis_charge(underlying.max_tenor)
    weight = PPM - values.liquidity_haircut - ceil_div(xc * worst, PPM)
    rho = params.offset(underlying.group, which)
    _at_least("derivativeShock", xd, 1)
    _at_least("collateralShock", xc, xd)
    _at_least("collateralWeight", weight, 0)
    _at_most("offsetShock", ceil_div(rho * xd * worst, PPM * PPM), weight)
    _at_most("collateralShock", xc, xd + values.basis_charge)
    _at_most("longestBasisCharge", longest, 2 * xd)
    _at_most("longestBasisCharge", longest, xc)


def _check_order(maintenance: SetParams, initial: SetParams) -> None:
    for (name, lower), (_, upper) in zip(_named(maintenance), _named(initial), strict=True):
        _at_least(name, upper, lower)


def _check_collateral_step(maintenance: SetParams, initial: SetParams) -> None:
    """Require xc to make up for what a larger xd moves from collateral's add-on into what shorts and options offset."""
    step = initial.derivative_shock - maintenance.derivative_shock
    _at_least("collateralShock", initial.collateral_shock, maintenance.collateral_shock + step)


def _named(values: SetParams) -> Iterator[tuple[str, int]]:
    yield "liquidityHaircut", values.liquidity_haircut
    yield "collateralShock", values.collateral_shock
    yield "derivativeShock", values.derivative_shock
    yield "basisCharge", values.basis_charge
    yield "basisChargePerYear", values.basis_charge_per_year


def _at_most(rule: str, actual: int, limit: int) -> None:
    if actual > limit:
        raise ConfigurationError(rule, actual, limit)


def _at_least(rule: str, actual: int, limit: int) -> None:
    if actual < limit:
        raise ConfigurationError(rule, actual, limit)
