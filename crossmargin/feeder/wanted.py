"""What a desk wants posted: a JSON file that it writes anew as often as it likes. An old one is worth nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from crossmargin.chain.times import time_text
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.fields import Positive
from crossmargin.deployment.instruments import SliceSettings
from crossmargin.errors import FeederError
from crossmargin.model.units import Seconds

__all__ = ["Wanted", "posted_sources"]

_PRIMARY: Final = ":primary"


class Wanted(BaseModel):
    """Prices of posted feeds [USD] and slices of volatility, as of a time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: AwareDatetime
    prices: dict[str, Positive] = Field(default_factory=dict)
    """By feed: `USDT`, or with the source's place, `USDT:secondary`."""
    slices: dict[str, dict[AwareDatetime, SliceSettings]] = Field(default_factory=dict)
    """By underlying and expiry."""

    @classmethod
    def nothing(cls) -> Self:
        """Want nothing posted: only refresh."""
        return cls(time=datetime.now(UTC))

    @classmethod
    def load(cls, path: Path, config: NetworkConfig, now: float, oldest: int) -> Self:
        """Read a file; refuse one that is older than `oldest` [s], from the future, or names what nobody posts."""
        try:
            found = cls.model_validate_json(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise FeederError(f"{path}: {error.strerror}: let the desk write it") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(each) for each in first["loc"]) or "the file"
            raise FeederError(f"{path}: {place}: {first['msg']}") from error
        age = now - found.time.timestamp()
        if not -oldest <= age <= oldest:
            raise FeederError(f"{path} is of {time_text(found.time.timestamp())}, {age:,.0f} s old, more than {oldest}")
        found.check(config)
        return found

    def check(self, config: NetworkConfig) -> None:
        """Refuse names that the configuration does not have."""
        posted = posted_sources(config)
        for key in self.sources():
            if key not in posted:
                raise FeederError(f"prices.{key}: no posted source of that name; there are {', '.join(posted)}")
        for name in self.slices:
            if name not in config.options:
                raise FeederError(f"slices.{name}: no [options.{name}] in the configuration")

    def sources(self) -> dict[str, Positive]:
        """Give prices by feed and place."""
        return {key if ":" in key else key + _PRIMARY: price for key, price in self.prices.items()}

    def volatility(self) -> dict[tuple[str, Seconds], SliceSettings]:
        """Give slices by underlying and expiry [s]."""
        return {
            (name, Seconds(int(expiry.timestamp()))): shape
            for name, slices in self.slices.items()
            for expiry, shape in slices.items()
        }


def posted_sources(config: NetworkConfig) -> list[str]:
    """Name every source that a poster posts to."""
    return [
        f"{name}:{place}"
        for name, feed in config.feeds.items()
        for place, source in feed.sources()
        if source.kind == "posted"
    ]
