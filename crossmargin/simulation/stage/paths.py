"""When and how prices of a scenario move: clock, points that a path goes through, and what was before the first."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

__all__ = [
    "MAX_STEPS",
    "Amount",
    "BeforeSettings",
    "ClockSettings",
    "Line",
    "Name",
    "Number",
    "PathSettings",
    "Positive",
    "ScenarioSettings",
    "SliceExpiry",
]

_MINUTE = 60
_HOUR = 3600
_WEEK = 7 * 24 * 60  # min
_EPOCH = datetime(2009, 1, 1, tzinfo=UTC)
MAX_STEPS = 400
_MOST = Decimal("1E+12")
"""No amount or price is as large [USD]."""
_YEARS = (2009, 2099)
_LONGEST = 10 * 366 * 24
"""History that is played [hours]."""


def _exact(value: object) -> object:
    """Refuse floats: tomllib reads decimals exactly, and Python callers write strings."""
    if isinstance(value, float):
        raise ValueError(f"{value!r}: write decimals as strings or Decimal")  # noqa: TRY004 (pydantic reports ValueError)
    return value


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value}: a time needs its zone, such as Z")
    first, last = _YEARS
    if not first <= value.year <= last:
        raise ValueError(f"{value:%Y-%m-%d}: must be from {first} to {last}")
    return value


Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=-_MOST, le=_MOST)]
Amount = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Line = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\r\n]*$")]
_Change = Annotated[Number, Field(gt=-1)]
_Noise = Annotated[Amount, Field(le=Decimal("0.1"))]
SliceExpiry = Literal["weekly", "quarterly"]
"""Expiries of the venue's volatility surfaces."""


class ScenarioSettings(BaseModel):
    """What is read from a scenario's file: every name is checked, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClockSettings(ScenarioSettings):
    """Scenario time. The chain's clock follows it, however long a block takes to play."""

    start: Annotated[datetime, AfterValidator(_zoned)]
    minutes: Annotated[int, Field(gt=0, le=_LONGEST * 60)]
    """Length of the price history."""
    step: Annotated[int, Field(gt=0)] = 60
    """Between two prices [s]."""
    auction_step: Annotated[int, Field(gt=0)] = 30
    """Between two blocks while an auction runs or an account is unhealthy [s]."""
    settle_minutes: Annotated[int, Field(ge=0, le=_WEEK)] = 120
    """Most time after the last price for the auctions that still run."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minutes * _MINUTE % self.step:
            raise ValueError(
                f"minutes = {self.minutes} is no multiple of the step of {self.step} s: change one of them"
            )
        if self.steps() > MAX_STEPS:
            raise ValueError(
                f"step = {self.step} s makes {self.steps()} prices, at most {MAX_STEPS} are played: lengthen it"
            )
        return self

    def steps(self) -> int:
        """Prices after the first."""
        return self.minutes * _MINUTE // self.step


class PathSettings(ScenarioSettings):
    """How one price moves, or one volatility."""

    start: Positive
    """First price [USD], or first volatility [a year]."""
    changes: list[tuple[Number, _Change]] = Field(default_factory=list)
    """Points the path goes through: minutes and change since the start (-0.2 = 20 % lower). Empty: constant."""
    noise: _Noise = Decimal(0)
    """Standard deviation of each step between the points."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        minutes = [Decimal(0), *(minute for minute, _ in self.changes)]
        if any(later <= earlier for earlier, later in pairwise(minutes)):
            raise ValueError("changes must begin after minute 0 and go on in time")
        return self


class BeforeSettings(ScenarioSettings):
    """What the venue sees before the first price, so that a week is observed when it comes."""

    hours: Annotated[int, Field(gt=0, le=_LONGEST)]
    """Length of it."""
    step: Annotated[int, Field(gt=0)] = 3600
    """Between two prices [s]."""
    changes: dict[str, Annotated[list[tuple[Annotated[Number, Field(le=0)], _Change]], Field(min_length=1)]]
    """By asset, points the path comes through: hours from the first price (-48), change from it; the first is `-hours`.
    """
    noise: dict[str, _Noise] = Field(default_factory=dict)
    """Standard deviation of each step between the points, by asset."""

    @property
    def clock(self) -> ClockSettings:
        """Give a clock that ends with the first price of the scenario; its start says nothing."""
        return ClockSettings(start=_EPOCH, minutes=self.hours * _MINUTE, step=self.step)

    def path(self, asset: str, first: Decimal) -> PathSettings:
        """Give the path of an asset to its first price in the scenario [USD]; it stands where it is not named."""
        points = self.changes.get(asset, [(Decimal(-self.hours), Decimal(0))])
        begin = 1 + points[0][1]
        later = [((hour + self.hours) * _MINUTE, (1 + change) / begin - 1) for hour, change in points[1:]]
        later.append((Decimal(self.hours * _MINUTE), 1 / begin - 1))
        return PathSettings(start=first * begin, changes=later, noise=self.noise.get(asset, Decimal(0)))

    @model_validator(mode="after")
    def _check(self) -> Self:
        for asset, points in self.changes.items():
            hours = [hour for hour, _ in points]
            if hours[0] != -self.hours or hours[-1] >= 0 or any(b <= a for a, b in pairwise(hours)):
                raise ValueError(f"changes.{asset} must begin at hour {-self.hours} and go on in time, to before 0")
            if any(hour * _HOUR % self.step for hour in hours):
                raise ValueError(f"changes.{asset}: an hour is between two prices, which are {self.step} s apart")
        self.clock.steps()  # as a clock it says what is wrong with it
        return self
