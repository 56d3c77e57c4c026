"""What margin asks for: classes of underlyings, groups of them, each one's own, and the venue's."""

import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Annotated, Final

from pydantic import Field

from crossmargin.chain.decimals import ppm
from crossmargin.deployment.fields import Duration, Fraction, Number, Positive, Settings
from crossmargin.errors import ConfigurationError
from crossmargin.model.parameters import MAX_GROUP, GroupOffsets, RiskParams, UnderlyingParams
from crossmargin.model.units import FeedId, Ppm, Seconds, Wad

__all__ = [
    "ClassSettings",
    "EngineSettings",
    "GroupSettings",
    "ImpactSettings",
    "MarginSettings",
    "UnderlyingSettings",
    "broken_rule",
]

_FIELDS: Final = {"rhoIM": "rho_initial", "rhoMM": "rho_maintenance"}
"""Names in the configuration where they are no other spelling of the contract's."""
_WHOLE: Final = ("group", "exposureUnit", "exposureCap")
_CONDITIONS: Final = "docs/margin-model.md, conditions on parameters"


def broken_rule(place: str, error: ConfigurationError) -> str:
    """Say which condition an underlying breaks: fields by the configuration's names, parts as decimals."""
    must = "must be at most" if error.actual > error.limit else "must be at least"
    if error.rule == "impactCoefficient":
        times = f"{Decimal(error.actual) / error.limit:.3g} times what it may be"
        return f"{place}.impact: y * sigma_day / sqrt(adv) is {times}: lower y or sigma_day, or raise adv"
    name = _FIELDS.get(error.rule) or re.sub(r"(?=[A-Z])", "_", error.rule).lower()
    actual, limit = (
        str(each) if error.rule in _WHOLE else f"{Decimal(each).scaleb(-6).normalize():f}"
        for each in (error.actual, error.limit)
    )
    return f"{place}: {name} = {actual}: {must} {limit} ({_CONDITIONS})"


class MarginSettings(Settings):
    """One set of margin parameters, in the order of the published table."""

    liquidity_haircut: Fraction
    collateral_shock: Fraction
    derivative_shock: Fraction
    basis_charge: Fraction
    basis_charge_per_year: Fraction = Decimal(0)

    def encode(self) -> tuple[Ppm, Ppm, Ppm, Ppm, Ppm]:
        """`MarginSet` of the risk engine [ppm]."""
        return (
            ppm(self.liquidity_haircut),
            ppm(self.collateral_shock),
            ppm(self.derivative_shock),
            ppm(self.basis_charge),
            ppm(self.basis_charge_per_year),
        )


class ClassSettings(Settings):
    """A class of underlyings that share margin parameters."""

    maintenance: MarginSettings
    initial: MarginSettings


class GroupSettings(Settings):
    """Offset inside a correlation group."""

    id: Annotated[int, Field(ge=1, le=MAX_GROUP)]
    rho_maintenance: Fraction
    rho_initial: Fraction


class ImpactSettings(Settings):
    """What trading a size of X costs: `y * sigma_day * X^1.5 / sqrt(adv)`."""

    y: Number
    sigma_day: Number
    """Volatility of one day (0.04 = 4 %)."""
    adv: Positive
    """Average daily volume [USD]."""

    def coefficient(self) -> Wad:
        """`impactCoefficient` [wad per sqrt USD], rounded up: a requirement."""
        with localcontext(prec=60):
            exact = self.y * self.sigma_day / self.adv.sqrt() * Decimal(10**18)
            return Wad(int(exact.to_integral_value(rounding="ROUND_CEILING")))


class UnderlyingSettings(Settings):
    """Risk parameters of an underlying, whose name is that of its feed."""

    risk_class: Annotated[str, Field(alias="class")]
    group: str | None = None
    impact: ImpactSettings
    crowding_slope: Annotated[Number, Field(le=16)]
    max_tenor: Annotated[Duration, Field(le=2**32 - 1)]
    exposure_unit: Annotated[Positive, Field(le=Decimal(2**96 - 1) / 10**18)]
    """Size of one unit of auction exposure [base]."""
    exposure_cap: Annotated[int, Field(ge=1, le=2**32 - 1)]
    """Most units in auction at once; with none nothing could be auctioned."""


class EngineSettings(Settings):
    """Parameters of the whole venue's margin."""

    profit_weight: Fraction
    """What unpaid profit of an open leg counts in initial margin."""
    profit_cover: Fraction
    """Profit of an open leg counts up to this part of what its contracts are worth."""
    stale_multiplier: Number
    max_multiplier: Number
    short_floor: Fraction = Decimal("0.10")
    """Least charge on a short option, as a part of the derivative shock."""
    min_delta: Fraction = Decimal("0.05")
    """Least charge on the delta of an option, as a part of the derivative shock."""
    age_charge: Number = Decimal("0.10")
    """Widening of a risk array past its grace, as a part of the derivative shock, an hour."""
    array_max_age: Duration = Seconds(900)
    """An older risk array counts as a price that is not Valid."""
    array_max_move: Fraction = Decimal("0.01")
    """So does one from whose index the index has moved further."""

    def encode(self) -> tuple[int, ...]:
        """`GlobalParams` of the risk engine [ppm; `array_max_age` s]."""
        return (
            ppm(self.profit_weight),
            ppm(self.profit_cover),
            ppm(self.stale_multiplier),
            ppm(self.max_multiplier),
            ppm(self.short_floor),
            ppm(self.min_delta),
            ppm(self.age_charge),
            self.array_max_age,
            ppm(self.array_max_move),
        )

    def table(self, underlyings: Mapping[FeedId, UnderlyingParams], groups: Mapping[int, GroupOffsets]) -> RiskParams:
        """Make the model's table with these underlyings and groups."""
        return RiskParams(
            underlyings=underlyings,
            groups=groups,
            profit_weight=ppm(self.profit_weight),
            profit_cover=ppm(self.profit_cover),
            stale_multiplier=ppm(self.stale_multiplier),
            max_multiplier=ppm(self.max_multiplier),
            short_floor=ppm(self.short_floor),
            min_delta=ppm(self.min_delta),
            age_charge=ppm(self.age_charge),
            array_max_age=self.array_max_age,
            array_max_move=ppm(self.array_max_move),
        )
