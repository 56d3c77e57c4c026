"""Types of a configuration's fields: decimals exactly, times in seconds, expiries by name or date."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

from eth_utils.address import is_checksum_address, is_hex_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from crossmargin.model.instruments import HOUR
from crossmargin.model.units import Seconds

__all__ = [
    "DAY",
    "MOST",
    "Address",
    "Duration",
    "Expiry",
    "Fraction",
    "Number",
    "Positive",
    "Settings",
    "Signed",
    "checksummed",
    "expiry_time",
    "next_quarterly",
    "next_weekly",
]

DAY: Final = 86_400  # s
_FRIDAY: Final = 4
_MORNING: Final = 8  # hour of every expiry, UTC
_WEEKLY_LEAD: Final = timedelta(days=3)
_QUARTERLY_LEAD: Final = timedelta(days=30)


def _exact(value: object) -> object:
    """Refuse floats: tomllib reads decimals exactly, and Python callers write strings."""
    if isinstance(value, float):
        raise ValueError(f"{value!r}: write decimals as strings or Decimal")  # noqa: TRY004 (pydantic reports ValueError)
    return value.replace("_", "") if isinstance(value, str) else value


def checksummed(value: str) -> str:
    """Return the address; refuse one whose checksum is wrong, or missing: a slip of a digit would pass."""
    if is_checksum_address(value):
        return value
    if not is_hex_address(value):
        raise ValueError(f"{value}: not an address: 0x and 40 hexadecimal digits")
    if value[2:] in (value[2:].lower(), value[2:].upper()):
        raise ValueError(f"{value}: has no checksum: compare with its source, then write {to_checksum_address(value)}")
    raise ValueError(f"{value}: wrong checksum: a digit or a capital is wrong, copy it anew")


def _whole_hour(value: datetime | str) -> datetime | str:
    if isinstance(value, datetime) and (value.tzinfo is None or value.timestamp() % HOUR):
        raise ValueError(f"{value}: an expiry is a whole hour with its time zone")
    return value


MOST: Final = Decimal("1E+24")
"""No number of a file is as large: what is larger is a slip, and too long to be read."""
Signed = Annotated[Decimal, BeforeValidator(_exact), Field(ge=-MOST, le=MOST)]
Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=MOST)]
Positive = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=MOST)]
Fraction = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1)]
Address = Annotated[str, AfterValidator(checksummed)]
Duration = Annotated[Seconds, Field(ge=0)]
Expiry = Annotated[Literal["weekly", "quarterly"] | datetime, AfterValidator(_whole_hour)]
"""`weekly`: 08:00 UTC on a Friday, the first at least 3 days ahead. `quarterly`: the last one of a quarter, the first
at least 30 days ahead. Or a date: a whole hour with its time zone."""


class Settings(BaseModel):
    """Part of a configuration: no unknown names, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def expiry_time(expiry: Expiry, now: Seconds) -> Seconds:
    """Give the Unix time of an expiry as of `now` [s]."""
    if isinstance(expiry, datetime):
        return Seconds(int(expiry.timestamp()))
    return next_weekly(now) if expiry == "weekly" else next_quarterly(now)


def next_weekly(now: Seconds) -> Seconds:
    """Find 08:00 UTC on a Friday, at least 3 days after `now` [s]."""
    earliest = datetime.fromtimestamp(now, UTC) + _WEEKLY_LEAD
    days = (_FRIDAY - earliest.weekday()) % 7
    friday = earliest.replace(hour=_MORNING, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return Seconds(int((friday if friday >= earliest else friday + timedelta(days=7)).timestamp()))


def next_quarterly(now: Seconds) -> Seconds:
    """Find 08:00 UTC on the last Friday of March, June, September or December, at least 30 days after `now` [s]."""
    earliest = datetime.fromtimestamp(now, UTC) + _QUARTERLY_LEAD
    year, month = earliest.year, (earliest.month + 2) // 3 * 3
    while True:
        following = datetime(year + month // 12, month % 12 + 1, 1, _MORNING, tzinfo=UTC)
        friday = following - timedelta(days=(following.weekday() - _FRIDAY - 1) % 7 + 1)
        if friday >= earliest:
            return Seconds(int(friday.timestamp()))
        year, month = year + month // 12, month % 12 + 3
