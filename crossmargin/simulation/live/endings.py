"""What an expiry waits for. Touches nothing."""

from crossmargin.model.positions import LEAST_OBSERVATIONS, SETTLEMENT_WINDOW
from crossmargin.model.units import Seconds

__all__ = ["Ending", "ending_step"]

Ending = str
"""What an expiry waits for: `observe`, `finish`, or `settle`, its positions."""


def ending_step(expiry: Seconds, observations: int, next_at: Seconds, average: int, now: Seconds) -> Ending | None:
    """Say what an expiry waits for, observed so often, next at a time; its average is 0 until it is known."""
    if average:
        return "settle"
    if now >= expiry and observations >= LEAST_OBSERVATIONS:
        return "finish"
    return "observe" if now >= max(next_at, expiry - SETTLEMENT_WINDOW) else None
