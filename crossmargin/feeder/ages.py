"""How old everything is that ages, beside the age at which it is stale. Touches nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from crossmargin.deployment.config import NetworkConfig
from crossmargin.feeder.readings import Reading
from crossmargin.model.prices import PriceStatus

__all__ = ["Age", "ages"]


@dataclass(frozen=True)
class Age:
    """One thing, how old it is and how old it may be [s]; what is wrong with it, if not its age."""

    what: str
    age: int
    limit: int
    fault: str = ""

    @property
    def stale(self) -> bool:
        """Whether it admits no new risk."""
        return self.age > self.limit or bool(self.fault)


def ages(config: NetworkConfig, reading: Reading) -> Iterator[Age]:
    """List feeds, slices and risk arrays."""
    now = reading.time
    for name, feed in config.feeds.items():
        stored = reading.feeds[name].stored
        fault = "" if stored.status in (PriceStatus.VALID, PriceStatus.STALE) else stored.status.name.lower()
        yield Age(f"feed {name}", now - stored.time, feed.primary.max_age, fault)
    for (name, expiry), each in reading.slices.items():
        yield Age(f"volatility {name}:{expiry}", now - each.time, config.options[name].max_age)
    for name, array in reading.arrays.items():
        index = reading.feeds[array.underlying].stored.mid
        away = abs(index - array.ref) > array.ref * config.engine.array_max_move
        fault = "the index has left it" if away else ""
        yield Age(f"risk array {name}", now - array.time, config.engine.array_max_age, fault)
