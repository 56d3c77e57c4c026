"""Prices with edges and status, what-if shocks, and the volatility multiplier they call for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from crossmargin.errors import UnknownKeyError
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.units import PPM, PPM_TO_WAD, WAD, FeedId, Wad, ceil_div, clamp, floor_div

__all__ = [
    "SILENCE",
    "UNIT_MULTIPLIERS",
    "Multipliers",
    "Price",
    "PriceStatus",
    "Shock",
    "effective_multiplier",
    "shocked",
]


class PriceStatus(IntEnum):
    """How far a price may be trusted; only a Valid index leaves the shocks as configured."""

    UNSET = 0
    VALID = 1
    STALE = 2
    UNCERTAIN = 3
    HALTED = 4


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one whole unit [wad USD], with low <= mid <= high."""

    mid: Wad
    low: Wad
    high: Wad
    status: PriceStatus = PriceStatus.VALID


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What the volatility source says of one underlying [wad], before the clamp."""

    maintenance: Wad
    initial: Wad

    @property
    def announced(self) -> "Multipliers":
        """Give what maintenance may come to be told, for both sets: never less than it is, and 0 is the highest."""
        most = Wad(max(self.maintenance, self.initial) if self.maintenance and self.initial else 0)
        return Multipliers(most, most)


@dataclass(frozen=True, slots=True)
class Shock:
    """A what-if move of one feed: -0.1e18 is a fall by 10 % [wad]."""

    feed: FeedId
    move: Wad


UNIT_MULTIPLIERS = Multipliers(Wad(WAD), Wad(WAD))
"""A source that leaves the configured shocks as they are."""
SILENCE = Multipliers(Wad(0), Wad(0))
"""What a source that fails says: the highest multiplier holds."""


def shocked(prices: Mapping[FeedId, Price], shocks: Iterable[Shock]) -> dict[FeedId, Price]:
    """Move mid, low and high of the named feeds by (WAD + move)/WAD, rounded down; the status stays."""
    moved = dict(prices)
    for shock in shocks:
        if shock.feed not in moved:
            raise UnknownKeyError("feed", shock.feed)
        price = moved[shock.feed]
        low, mid, high = (Wad(floor_div(p * (WAD + shock.move), WAD)) for p in (price.low, price.mid, price.high))
        moved[shock.feed] = replace(price, low=low, mid=mid, high=high)
    return moved


def effective_multiplier(source: Multipliers, status: PriceStatus, params: RiskParams, which: RiskSet) -> Wad:
    """Give the multiplier on shocks and impact of one underlying [wad], rounded up.

    The source is clamped to 1..maxMultiplier, initial is never below maintenance, and an index that is not Valid
    times it by the stale multiplier. See "Prices" in docs/margin-model.md.
    """
    ceiling = params.max_multiplier * PPM_TO_WAD
    multiplier = _clamped(source.maintenance, ceiling)
    if which is RiskSet.INITIAL:
        multiplier = max(multiplier, _clamped(source.initial, ceiling))
    if status is not PriceStatus.VALID:
        multiplier = ceil_div(multiplier * params.stale_multiplier, PPM)
    return Wad(multiplier)


def _clamped(said: int, ceiling: int) -> int:
    """Clamp to 1 and the ceiling, which is taken where nothing is said: a source that fails must not loosen."""
    return clamp(said, WAD, ceiling) if said else ceiling
