"""Whether a living venue is well: what was read, against the limits at which it would be stale. Touches nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from crossmargin.deployment import NetworkConfig
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import Seconds
from crossmargin.simulation.live.feeder import HEARTBEAT
from crossmargin.simulation.live.quotes import is_ending
from crossmargin.simulation.live.readings import Reading

__all__ = ["Check", "Quotes", "judge"]

_HEAD_AGE: Final = Seconds(30)
_FEED_AGE: Final = Seconds(3 * HEARTBEAT)


@dataclass(frozen=True)
class Quotes:
    """What the maker's file holds."""

    written: Seconds
    """When it was written; 0: there is none."""
    expiry: Seconds
    """When the first of its orders ends."""
    instruments: frozenset[str]


@dataclass(frozen=True)
class Check:
    """One part of a venue: how old it is and how old it may be [s], or what is wrong with it."""

    part: str
    age: int | None
    limit: int | None
    fault: str = ""

    @property
    def passed(self) -> bool:
        """Whether it is well."""
        return not self.fault


def judge(
    reading: Reading, quotes: Quotes, keepers: Mapping[str, str], config: NetworkConfig, now: float
) -> list[Check]:
    """Judge every part at `now` [s since 1970]; keepers by why they are not ready, if they are not."""
    time = Seconds(max(int(now), reading.time))
    return [
        _aged("chain", time - reading.time, _HEAD_AGE),
        *_feeds(reading, time),
        *_slices(reading, config, time),
        *_arrays(reading, config, time),
        _quoted(reading, quotes, time),
        *(Check(name, None, None, reason and f"not ready: {reason}") for name, reason in keepers.items()),
    ]


def _aged(part: str, age: int, limit: int, faults: Iterable[str] = ()) -> Check:
    old = [f"older than {limit} s"] if age > limit else []
    return Check(part, age, limit, ", ".join([*old, *faults]))


def _feeds(reading: Reading, now: Seconds) -> Iterator[Check]:
    for name, price in reading.prices.items():
        faults = [] if price.status is PriceStatus.VALID else [price.status.name.lower()]
        yield _aged(f"feed {name}", now - price.time, _FEED_AGE, faults)


def _slices(reading: Reading, config: NetworkConfig, now: Seconds) -> Iterator[Check]:
    for name, each in reading.slices.items():
        if each.expiry > now:
            yield _aged(f"volatility {name}", now - each.posted, config.options[name.partition(":")[0]].max_age)


def _arrays(reading: Reading, config: NetworkConfig, now: Seconds) -> Iterator[Check]:
    for name, each in reading.arrays.items():
        moved = abs(each.index - each.ref) > each.ref * config.engine.array_max_move
        faults = ["the index has left it"] if moved else []
        yield _aged(f"risk array {name}", now - each.time, config.engine.array_max_age, faults)


def _quoted(reading: Reading, quotes: Quotes, now: Seconds) -> Check:
    if not quotes.written:
        return Check("maker's orders", None, None, "none are written")
    life = quotes.expiry - quotes.written
    lacking = sorted(reading.markets.keys() - quotes.instruments - _ending(reading, now))
    faults = [f"none for {', '.join(lacking)}"] if lacking else []
    return _aged("maker's orders", now - quotes.written, life, faults)


def _ending(reading: Reading, now: Seconds) -> set[str]:
    """Name what is not quoted any more, since it expires within the hour or has expired."""
    return {name for name, market in reading.markets.items() if is_ending(market, now)}
