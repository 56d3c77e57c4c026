"""Times as people read them, in UTC, and lengths of time. Touches nothing."""

from datetime import UTC, datetime
from typing import Final

__all__ = ["clock_text", "day_text", "minute_text", "span_text", "time_text"]

_SPANS: Final = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def time_text(time: float) -> str:
    """Write a time [s since 1970] to the second: 2027-01-15 08:00:00 UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"


def minute_text(time: float) -> str:
    """Write a time [s since 1970] to the minute, for a column of them: 2027-01-15 08:00."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"


def day_text(time: float) -> str:
    """Write the day of a time [s since 1970]: 2027-01-15."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"


def clock_text(time: float) -> str:
    """Write the time of day of a time [s since 1970]: 08:00:00."""
    return f"{datetime.fromtimestamp(time, UTC):%H:%M:%S}"


def span_text(seconds: int) -> str:
    """Write a length [s] in the largest unit that leaves no tail longer than a digit: 90 s, 24 h, 3.5 d."""
    for size, name in _SPANS:
        if seconds >= 2 * size or seconds == size:
            return f"{round(seconds / size, 1):g} {name}"
    return f"{seconds} s"
