"""Instrument and account ids: packing and unpacking."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from crossmargin.errors import EncodingError
from crossmargin.model.units import AccountId, FeedId, InstrumentId, Seconds

__all__ = ["HOUR", "Instrument", "Kind", "account_id", "decode", "encode", "split_account_id"]

HOUR: Final = 3_600
_UNDERLYING_BITS: Final = 12
_EXPIRY_BITS: Final = 24
_STRIKE_BITS: Final = 24
_EXPIRY_SHIFT: Final = 24
_UNDERLYING_SHIFT: Final = 48
_KIND_SHIFT: Final = 60
_SUB_BITS: Final = 96
_OWNER_BITS: Final = 160
_MAX_FEED: Final = 255


class Kind(IntEnum):
    """What an instrument is. Other codes are reserved."""

    PERPETUAL = 1
    FUTURE = 2


@dataclass(frozen=True, slots=True)
class Instrument:
    """An unpacked instrument id.

    `expiry_hours` counts hours since the epoch, 0 for a perpetual; `strike` is 0 for a linear instrument.
    """

    kind: Kind
    underlying: FeedId
    expiry_hours: int = 0
    strike: int = 0

    @property
    def expiry(self) -> Seconds | None:
        """Expiry in seconds since the epoch; None for a perpetual."""
        return None if self.kind is Kind.PERPETUAL else Seconds(self.expiry_hours * HOUR)


def encode(instrument: Instrument) -> InstrumentId:
    """Pack an instrument: kind in bits 60..63, underlying 48..59, expiry hours 24..47, strike code 0..23."""
    lifetime_limit = 0 if instrument.kind is Kind.PERPETUAL else (1 << _EXPIRY_BITS) - 1
    _require_within("underlying", instrument.underlying, _MAX_FEED)
    _require_within("expiry_hours", instrument.expiry_hours, lifetime_limit)
    _require_within("strike", instrument.strike, 0)
    return InstrumentId(
        instrument.kind << _KIND_SHIFT
        | instrument.underlying << _UNDERLYING_SHIFT
        | instrument.expiry_hours << _EXPIRY_SHIFT
        | instrument.strike
    )


def decode(packed: InstrumentId) -> Instrument:
    """Unpack an instrument id; an id that `encode` cannot produce is an error."""
    kind = packed >> _KIND_SHIFT
    if kind not in tuple(Kind):
        raise EncodingError("kind", kind, max(Kind))
    instrument = Instrument(
        kind=Kind(kind),
        underlying=FeedId(packed >> _UNDERLYING_SHIFT & (1 << _UNDERLYING_BITS) - 1),
        expiry_hours=packed >> _EXPIRY_SHIFT & (1 << _EXPIRY_BITS) - 1,
        strike=packed & (1 << _STRIKE_BITS) - 1,
    )
    encode(instrument)
    return instrument


def account_id(owner: int, sub_id: int) -> AccountId:
    """Pack an account: the owner's address above 96 bits of sub-account number."""
    _require_within("owner", owner, (1 << _OWNER_BITS) - 1)
    _require_within("sub_id", sub_id, (1 << _SUB_BITS) - 1)
    return AccountId(owner << _SUB_BITS | sub_id)


def split_account_id(account: AccountId) -> tuple[int, int]:
    """Unpack an account into the owner's address and the sub-account number."""
    return account >> _SUB_BITS, account & (1 << _SUB_BITS) - 1


def _require_within(field: str, value: int, limit: int) -> None:
    if not 0 <= value <= limit:
        raise EncodingError(field, value, limit)
