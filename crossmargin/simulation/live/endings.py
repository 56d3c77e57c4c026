"""What an expiry waits for. Touches nothing."""

from crossmargin.model.positions import SETTLEMENT_WINDOW
from crossmargin.model.units import Seconds

__all__ = ["Ending", "ending_step"]

Ending = str
"""What an expiry waits for: `start`, `finish`, or `settle`, its positions."""


def ending_step(expiry: Seconds, started: Seconds, average: int, now: Seconds) -> Ending | None:
    """Say what an expiry waits for, whose window was `started` (0: it was not); its average is 0 until it is known."""
    if average:
        return "settle" if now >= expiry else None
    ends = max(expiry, started + SETTLEMENT_WINDOW)
    if not started or now > ends + SETTLEMENT_WINDOW:
        return "start" if now >= expiry - SETTLEMENT_WINDOW else None
    return "finish" if now >= ends else None
