"""When something has to be renewed: what moved, and long before what stands still is stale. Touches nothing."""

from decimal import Decimal
from typing import Final

from crossmargin.deployment.config import EngineSettings
from crossmargin.deployment.instruments import OptionSettings
from crossmargin.model.positions import LEAST_OBSERVATIONS, SETTLEMENT_WINDOW
from crossmargin.model.units import Seconds

__all__ = ["HEARTBEAT", "Ending", "array_due", "ending_step", "price_due", "slice_due"]

HEARTBEAT: Final = Seconds(60)
"""A price that stands still is posted again so often [s]."""
_DEVIATION: Final = Decimal("0.0005")
"""A price that has moved by this part is posted at once."""
_VOLATILITY_DEVIATION: Final = Decimal("0.01")
_RESERVE: Final = 3
"""Renewed at this part of the age at which it would be stale."""
_MOVE_RESERVE: Final = 2

Ending = str
"""What an expiry waits for: `observe`, `finish`, or `settle`, its positions."""


def price_due(last: int, price: int, age: int) -> bool:
    """Say whether to post a price: both in the same unit, the last one `age` old [s]."""
    return age >= HEARTBEAT or abs(price - last) > last * _DEVIATION


def slice_due(last: int, volatility: int, age: int, limits: OptionSettings) -> bool:
    """Say whether to post a slice whose volatility at the money was `last`."""
    if age <= limits.min_interval:
        return False
    return age >= limits.max_age // _RESERVE or abs(volatility - last) > last * _VOLATILITY_DEVIATION


def array_due(ref: int, index: int, age: int, engine: EngineSettings) -> bool:
    """Say whether to refresh a risk array that was made at the index `ref`, for what it may be off."""
    return age >= engine.array_max_age // _RESERVE or abs(index - ref) * _MOVE_RESERVE > ref * engine.array_max_move


def ending_step(expiry: Seconds, observations: int, next_at: Seconds, average: int, now: Seconds) -> Ending | None:
    """Say what an expiry waits for, observed so often, next at a time; its average is 0 until it is known."""
    if average:
        return "settle"
    if now >= expiry and observations >= LEAST_OBSERVATIONS:
        return "finish"
    return "observe" if now >= max(next_at, expiry - SETTLEMENT_WINDOW) else None
