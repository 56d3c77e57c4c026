"""Risk parameters, and the check every configuration must pass."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from crossmargin.errors import ConfigurationError, UnknownKeyError
from crossmargin.model.units import NO_PPM, PPM, WAD, YEAR, ZERO, FeedId, Ppm, Seconds, Wad, ceil_div, wad_of_ppm

__all__ = [
    "AGE_CHARGE",
    "ARRAY_MAX_AGE",
    "ARRAY_MAX_MOVE",
    "CROWDING_START",
    "MAX_GROUP",
    "MAX_MULTIPLIER",
    "MIN_DELTA",
    "NO_GROUP",
    "NO_OFFSET",
    "PROFIT_COVER",
    "PROFIT_WEIGHT",
    "SHORT_FLOOR",
    "STALE_MULTIPLIER",
    "GroupOffsets",
    "RiskParams",
    "RiskSet",
    "SetParams",
    "UnderlyingParams",
    "check_configuration",
]

CROWDING_START: Final = 100
"""Utilisation above which crowding charges begin [half-percent steps]."""
MAX_GROUP: Final = 15
"""Groups are numbered from 1 to it."""
_MAX_IMPACT_COEFFICIENT: Final = 2**64 - 1
"""What k may be at the largest multiplier, so that charges stay in their words [wad per square root of USD]."""
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
"""What the global values are where a table does not say."""


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

    `impact_coefficient` is k in impact(X) = k*X*sqrt(X) before its multiplier [wad per square root of USD];
    `exposure_cap` counts `exposure_unit`s, which are base wei.
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
    """The whole risk configuration.

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
        """Give the largest multiplier that shocks and impact can meet, rounded up."""
        return Ppm(ceil_div(self.max_multiplier * self.stale_multiplier, PPM))

    def impact_weight(self, feed: FeedId) -> Wad:
        """Give what a unit of collateral counts at the very least: initial, at the largest multiplier [wad].

        The impact charge on collateral never grows faster than this. It is one number for both sets and every
        multiplier, so that a heavier shock cannot freeze the charge earlier and free margin.
        """
        values = self.underlying(feed).initial
        shock = ceil_div(values.collateral_shock * self.worst_multiplier, PPM)
        return wad_of_ppm(Ppm(PPM - values.liquidity_haircut - shock))


def check_configuration(params: RiskParams) -> None:
    """Raise ConfigurationError, with actual and limit, unless every rule of the margin formula holds.

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
        worst_impact = ceil_div(underlying.impact_coefficient * params.worst_multiplier, PPM)
        _at_most("impactCoefficient", worst_impact, _MAX_IMPACT_COEFFICIENT)
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
