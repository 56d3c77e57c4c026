"""Volatility: what the forecaster observes, and how a forecast becomes a multiplier of margins."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from crossmargin.chain.decimals import ppm
from crossmargin.deployment.fields import Duration, Fraction, Number, Positive, Settings
from crossmargin.errors import ForestError
from crossmargin.model.units import FeedId, Seconds
from crossmargin.volatility.card import read_forest

__all__ = ["StewardSettings", "VolatilitySettings"]

_HOUR: Final = 3600
_FACTOR_UNIT: Final = 2**20
_MOST_MAJORS: Final = 3


class StewardSettings(Settings):
    """How the forecast of an underlying becomes its multiplier."""

    breaker: Annotated[Fraction, Field(ge=Decimal("0.001"))]
    """A larger return in a step counts as this."""
    base: Annotated[Positive, Field(ge=Decimal("0.000001"), le=1)]
    """Forecast at which the multiplier is 1: of the move that one hour in a hundred exceeds."""
    least: Annotated[Number, Field(ge=Decimal("0.5"))] = Decimal(1)
    most: Annotated[Number, Field(le=8)]
    default: Number
    """Where the multiplier goes without a forecast."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.least <= self.default <= self.most:
            raise ValueError(f"default {self.default} is not between least {self.least} and most {self.most}")
        return self

    def encode(self) -> tuple[int, ...]:
        """`StewardRule` of the steward [ppm]."""
        return tuple(ppm(each) for each in (self.base, self.least, self.most, self.default))


def _found(path: Path, info: ValidationInfo) -> Path:
    """Resolve a forest's path from the folder of the configuration's file on; what it names must be whole."""
    file = info.context[0] if info.context else None
    path = (file.parent if file else Path()) / path
    try:
        read_forest(path)
    except ForestError as error:
        raise ValueError(str(error)) from error
    return path


class VolatilitySettings(Settings):
    """Forecaster and steward."""

    floor_factor: Annotated[Positive, Field(le=16)]
    """What the floor multiplies a deviation by."""
    patience: Annotated[Duration, Field(le=365 * 24 * _HOUR)] = Seconds(7 * 24 * _HOUR)
    """How long a forest may lose to the floor before it does not count, in whole hours."""
    majors: tuple[str, ...] = ()
    """Underlyings whose variance tells about the others."""
    forest: Annotated[Path, AfterValidator(_found)] | None = None
    """Bytes and card of what forecasts beside the floor, `FOREST.bin` and `FOREST.json`. Without it whatever is
    installed stays."""
    underlyings: dict[str, StewardSettings]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.patience % _HOUR:
            raise ValueError(f"patience {self.patience} is no multiple of {_HOUR}")
        if len(self.majors) > _MOST_MAJORS:
            raise ValueError(f"{len(self.majors)} majors, at most {_MOST_MAJORS}")
        unknown = [name for name in self.majors if name not in self.underlyings]
        if unknown:
            raise ValueError(f"majors: {unknown[0]} is none of {', '.join(self.underlyings)}")
        return self

    def encode(self, ids: Mapping[str, FeedId]) -> tuple[int, ...]:
        """`ForecastRules` of the forecaster."""
        majors = [int(ids[name]) for name in self.majors]
        return (
            int(self.floor_factor * _FACTOR_UNIT),
            self.patience // _HOUR,
            *majors,
            *[0] * (_MOST_MAJORS - len(majors)),
        )
