"""A scenario: who holds what, and how prices move; a small TOML file under config/scenarios/.

Amounts are USD at the first price, so that the same portfolios fit any price history.
"""

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from crossmargin.deployment.explain import FromToml
from crossmargin.errors import ScenarioError

__all__ = [
    "MAX_STEPS",
    "AccountSettings",
    "ClockSettings",
    "KeeperSettings",
    "MakerSettings",
    "PathSettings",
    "Scenario",
    "SeriesSettings",
    "SliceExpiry",
    "Source",
    "find_scenario",
    "scenario_names",
]

_MINUTE = 60
MAX_STEPS = 400


def _exact(value: object) -> object:
    """Refuse floats: tomllib reads decimals exactly, and Python callers write strings."""
    if isinstance(value, float):
        raise ValueError(f"{value!r}: write decimals as strings or Decimal")  # noqa: TRY004 (pydantic reports ValueError)
    return value


def _zoned(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value}: a time needs its zone, such as Z")
    return value


Number = Annotated[Decimal, BeforeValidator(_exact)]
Amount = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Line = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\r\n]*$")]
SliceExpiry = Literal["weekly", "quarterly"]
"""Expiries of the venue's volatility surfaces."""


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Settings):
    """Who published a figure that the scenario is calibrated on."""

    name: str
    url: str
    figure: str


class ClockSettings(_Settings):
    """Scenario time. The chain's clock follows it, however long a block takes to play."""

    start: Annotated[datetime, AfterValidator(_zoned)]
    minutes: Annotated[int, Field(gt=0)]
    """Length of the price history."""
    step: Annotated[int, Field(gt=0)] = 60
    """Between two prices [s]."""
    auction_step: Annotated[int, Field(gt=0)] = 30
    """Between two blocks while an auction runs or an account is unhealthy [s]."""
    settle_minutes: Annotated[int, Field(ge=0)] = 120
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


class PathSettings(_Settings):
    """How one price moves, or one volatility."""

    start: Positive
    """First price [USD], or first volatility [a year]."""
    changes: list[tuple[Number, Annotated[Number, Field(gt=-1)]]] = []
    """Points the path goes through: minutes and change since the start (-0.2 = 20 % lower). Empty: constant."""
    noise: Annotated[Amount, Field(le=Decimal("0.1"))] = Decimal(0)
    """Standard deviation of each step between the points."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        minutes = [Decimal(0), *(minute for minute, _ in self.changes)]
        if any(later <= earlier for earlier, later in pairwise(minutes)):
            raise ValueError("changes must begin after minute 0 and go on in time")
        return self


class SeriesSettings(_Settings):
    """A series of options, listed when the venue is deployed."""

    kind: Literal["call", "put"]
    underlying: Name
    expiry: SliceExpiry
    strike: Annotated[Number, Field(ge=Decimal("0.2"), le=5)]
    """Of the underlying's first price (1.1 = 10 % above), rounded to four digits."""


class MakerSettings(_Settings):
    """A market maker: the other side of every order, in turn."""

    name: Name
    cash: Positive
    spread: Annotated[Amount, Field(le=Decimal("0.02"))] = Decimal("0.0005")
    """Distance of its prices from the mark, as a part of the index."""


class AccountSettings(_Settings):
    """A portfolio."""

    name: Name
    about: str
    """What it is, in one sentence."""
    owner: Name
    """Accounts of one owner share a key and differ in their sub-account."""
    book: Name | None = None
    """The same book held in another way has the same name here, to be compared."""
    held: Literal["cross", "isolated"] = "cross"
    deposits: dict[str, Positive]
    """Token: value [USD]. The quote token becomes cash."""
    borrow: Amount = Decimal(0)
    """Cash taken out as a loan against the collateral [USD]."""
    positions: dict[str, Number] = {}
    """Instrument: notional, positive long [USD]; of an option that of its underlying."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.deposits:
            raise ValueError(f"deposits of {self.name} are empty: an account needs some, such as {{ USDC = 1000 }}")
        if not all(self.positions.values()):
            raise ValueError(f"positions of {self.name}: one is 0: leave it out")
        return self


class KeeperSettings(_Settings):
    """The competing keepers."""

    cash: Positive = Decimal(400_000)
    """Each keeper's own cash in the vault [USD]."""
    patience: Annotated[list[Amount], Field(min_length=1)] = [Decimal("0.02")]
    """Part of the value each waits to gain, by keeper in turn: the differences are what they compete with."""
    hedge_cost: Amount = Decimal("0.0005")
    """What each reckons that closing a position costs, of its notional: a taker's fee and a little slippage."""


class Scenario(FromToml, _Settings):
    """Everything the demo plays."""

    name: str
    """The file's name."""
    title: Line
    summary: Annotated[str, Field(min_length=1)]
    sources: Annotated[list[Source], Field(min_length=1)]
    seed: int
    clock: ClockSettings
    prices: Annotated[dict[str, PathSettings], Field(min_length=1)]
    options: dict[str, SeriesSettings] = {}
    """Series of options by name; the venue lists these and no others."""
    volatility: dict[str, dict[SliceExpiry, PathSettings]] = {}
    """At the money a year (0.6 = 60 %), by underlying and expiry; skew is that of the venue's configuration."""
    makers: Annotated[list[MakerSettings], Field(min_length=1)]
    accounts: Annotated[list[AccountSettings], Field(min_length=1)]
    keepers: KeeperSettings = KeeperSettings()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file; the error names the entry that is wrong."""
        return cls.read(path, ScenarioError, defaults={"name": path.stem})

    def volatility_paths(self) -> dict[str, PathSettings]:
        """Give the path of every slice by its name, such as `ETH:weekly`."""
        return {f"{name}:{expiry}": path for name, paths in self.volatility.items() for expiry, path in paths.items()}

    @model_validator(mode="after")
    def _check_paths(self) -> Self:
        paths = {f"prices.{asset}": path for asset, path in self.prices.items()}
        paths |= {f"volatility.{name}".replace(":", "."): path for name, path in self.volatility_paths().items()}
        for name, path in paths.items():
            for minute, _ in path.changes:
                if minute > self.clock.minutes:
                    raise ValueError(
                        f"{name}.changes: minute {minute} is after the end, clock.minutes = {self.clock.minutes}"
                    )
                if minute * _MINUTE % self.clock.step:
                    raise ValueError(
                        f"{name}.changes: minute {minute} is between two prices, which are clock.step = "
                        f"{self.clock.step} s apart"
                    )
        return self

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        for name, series in self.options.items():
            if series.underlying not in self.prices:
                raise ValueError(f"options.{name}.underlying: no [prices.{series.underlying}]: add it")
            if f"{series.underlying}:{series.expiry}" not in self.volatility_paths():
                raise ValueError(f"options.{name}.expiry: no [volatility.{series.underlying}.{series.expiry}]: add it")
        names = {maker.name for maker in self.makers}
        for index, account in enumerate(self.accounts):
            if account.name in names:
                raise ValueError(
                    f"accounts.{index}.name: another account or maker is called {account.name}: rename one"
                )
            names.add(account.name)
        if len(names) < len(self.makers) + len(self.accounts):
            raise ValueError("makers.0.name: two makers share a name: rename one")
        return self


def scenario_names(folder: Path) -> list[str]:
    """Name the scenarios that ship with the project."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def find_scenario(name: str, folder: Path) -> Path:
    """Find a scenario by name, or take a path to one's own file."""
    own = Path(name)
    if own.suffix == ".toml" or own.is_file():
        return own
    shipped = folder / f"{name}.toml"
    if not shipped.is_file():
        raise ScenarioError(
            f"no scenario {name!r}; there are {', '.join(scenario_names(folder))}, or name a .toml file"
        )
    return shipped
