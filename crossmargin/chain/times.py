"""Times as people read them, in UTC. Touches nothing."""

from datetime import UTC, datetime

__all__ = ["day_text", "minute_text", "time_text"]


def time_text(time: float) -> str:
    """Write a time [s since 1970] to the second: 2027-01-15 08:00:00 UTC."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"


def minute_text(time: float) -> str:
    """Write a time [s since 1970] to the minute, for a column of them: 2027-01-15 08:00."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"


def day_text(time: float) -> str:
    """Write the day of a time [s since 1970]: 2027-01-15."""
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"
