"""Volatility as a poster posts it: the venue's own slices, moved to another level, in steps that the venue accepts."""

from decimal import Decimal
from typing import Final

from crossmargin.client.option_views import Slice
from crossmargin.deployment.instruments import OptionSettings, SliceSettings
from crossmargin.simulation.stage.prices import PRICE_DECIMALS
from crossmargin.simulation.stage.scenario import SliceExpiry

__all__ = ["at_the_money", "moved", "slice_at", "slice_key", "toward"]

_MICRO: Final = Decimal("0.000001")
_UNIT: Final = Decimal(10**PRICE_DECIMALS)
_MARGIN: Final = Decimal("0.98")
"""Of the largest step: what rounding to the slice's digits may need stays free."""


def slice_key(name: str) -> tuple[str, SliceExpiry]:
    """Take the name of a slice apart: `ETH:weekly`, or `ETH:weekly-2027-01-15` of a later one."""
    underlying, _, expiry = name.partition(":")
    return underlying, "weekly" if expiry.startswith("weekly") else "quarterly"


def moved(shape: SliceSettings, volatility: int) -> SliceSettings:
    """Scale a slice so that its volatility at the money is this [10^-8 a year]; at all strikes it moves alike."""
    factor = (volatility / _UNIT) ** 2 / Slice(*shape.encode()).variance
    scaled = {name: (value * factor).quantize(_MICRO) for name, value in (("a", shape.a), ("b", shape.b))}
    return shape.model_copy(update=scaled)


def at_the_money(shape: SliceSettings) -> int:
    """Give the volatility of a slice at the money [10^-8 a year]."""
    return Slice(*shape.encode()).level


def slice_at(shape: SliceSettings, volatility: int) -> Slice:
    """Give the slice to post for a volatility at the money [10^-8 a year]."""
    return Slice(*moved(shape, volatility).encode())


def toward(last: int, wanted: int, limits: OptionSettings) -> int:
    """Go from one volatility towards another, as far as one post may."""
    step = int(last * limits.max_step * _MARGIN)
    return max(last - step, min(last + step, wanted))
