"""A scenario: who holds what, and how prices move; a small TOML file under config/scenarios/.

Amounts are USD at the first price, so that the same portfolios fit any price history.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crossmargin.deployment.explain import FromToml
from crossmargin.errors import ScenarioError
from crossmargin.simulation.stage.paths import (
    MAX_STEPS,
    Amount,
    BeforeSettings,
    ClockSettings,
    Line,
    Name,
    Number,
    PathSettings,
    Positive,
    ScenarioSettings,
    SliceExpiry,
)

__all__ = [
    "MAX_STEPS",
    "AccountSettings",
    "BeforeSettings",
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

_MINUTE, _HOUR = 60, 3600
_MAX_VOLATILITY = 10


class Source(ScenarioSettings):
    """Who published a figure that the scenario is calibrated on."""

    name: str
    url: str
    figure: str


class SeriesSettings(ScenarioSettings):
    """A series of options, listed when the venue is deployed."""

    kind: Literal["call", "put"]
    underlying: Name
    expiry: SliceExpiry
    strike: Annotated[Number, Field(ge=Decimal("0.2"), le=5)]
    """Of the underlying's first price (1.1 = 10 % above), rounded to four digits."""


class MakerSettings(ScenarioSettings):
    """A market maker: the other side of every order, in turn."""

    name: Name
    cash: Positive
    spread: Annotated[Amount, Field(le=Decimal("0.02"))] = Decimal("0.0005")
    """Distance of its prices from the mark, as a part of the index."""


class AccountSettings(ScenarioSettings):
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
    positions: dict[str, Number] = Field(default_factory=dict)
    """Instrument: notional, positive long [USD]; of an option that of its underlying."""
    opens: Annotated[Number, Field(le=0)] | None = None
    """When, in hours from the first price (-24), in a scenario that has something before it; amounts are USD then."""
    as_allowed: bool = False
    """Whether its one position is as large as initial margin lets it be when it opens, and no larger than said."""
    reserve: Amount = Decimal(0)
    """What its owner adds, by tenths, whenever the announced health factor falls below 1.1 [USD]."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.as_allowed and len(self.positions) != 1:
            raise ValueError(f"positions of {self.name}: as_allowed = true needs one, there are {len(self.positions)}")
        if not self.deposits:
            raise ValueError(f"deposits of {self.name} are empty: an account needs some, such as {{ USDC = 1000 }}")
        if not all(self.positions.values()):
            raise ValueError(f"positions of {self.name}: one is 0: leave it out")
        return self


class KeeperSettings(ScenarioSettings):
    """The competing keepers."""

    cash: Positive = Decimal(400_000)
    """Each keeper's own cash in the vault [USD]."""
    patience: Annotated[list[Amount], Field(min_length=1)] = Field(default_factory=lambda: [Decimal("0.02")])
    """Part of the value each waits to gain, by keeper in turn: the differences are what they compete with."""
    hedge_cost: Amount = Decimal("0.0005")
    """What each reckons that closing a position costs, of its notional: a taker's fee and a little slippage."""


class Scenario(FromToml, ScenarioSettings):
    """Everything the demo plays."""

    name: str
    """The file's name."""
    title: Line
    summary: Annotated[str, Field(min_length=1)]
    sources: Annotated[list[Source], Field(min_length=1)]
    seed: int
    clock: ClockSettings
    prices: Annotated[dict[str, PathSettings], Field(min_length=1)]
    before: BeforeSettings | None = None
    """With it the scenario is played twice: with margins that move ahead, and without."""
    options: dict[str, SeriesSettings] = Field(default_factory=dict)
    """Series of options by name; the venue lists these and no others."""
    volatility: dict[str, dict[SliceExpiry, PathSettings]] = Field(default_factory=dict)
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

    def opening(self, index: int) -> int:
        """Give when an account opens that says so; others open before anything is played [s since 1970]."""
        return int(self.clock.start.timestamp()) + int((self.accounts[index].opens or 0) * _HOUR)

    @model_validator(mode="after")
    def _check_paths(self) -> Self:
        paths = {f"prices.{asset}": path for asset, path in self.prices.items()}
        paths |= {f"volatility.{name}".replace(":", "."): path for name, path in self.volatility_paths().items()}
        for name, path in self.volatility_paths().items():
            if path.start > _MAX_VOLATILITY:
                place = f"volatility.{name}.start".replace(":", ".")
                raise ValueError(f"{place}: {path.start} a year must be at most {_MAX_VOLATILITY} (0.6 = 60 %)")
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
    def _check_before(self) -> Self:
        if self.before is not None:
            unknown = [
                name for name in self.before.changes.keys() | self.before.noise.keys() if name not in self.prices
            ]
            if unknown:
                raise ValueError(f"before: no [prices.{unknown[0]}]: add it")
            if self.options:
                raise ValueError("before: options would be past their best when prices begin: leave them out")
        for index, account in enumerate(self.accounts):
            long_ago = self.before.hours if self.before else 0
            if account.opens is not None and -account.opens > long_ago:
                raise ValueError(f"accounts.{index}.opens: nothing is played {-account.opens} hours before")
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
