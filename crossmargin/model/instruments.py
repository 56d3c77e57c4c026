"""Instrument and account ids: packing and unpacking; strikes and what an instrument pays."""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from crossmargin.errors import EncodingError
from crossmargin.model.units import AccountId, FeedId, InstrumentId, Seconds, Wad

__all__ = [
    "HOUR",
    "Instrument",
    "Kind",
    "account_id",
    "decode",
    "encode",
    "expiry_key",
    "split_account_id",
    "strike_code",
    "strike_of",
]

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
_MANTISSA_BITS: Final = 20
_MAX_EXPONENT: Final = 15
_STRIKE_DIGITS: Final = 8
_MAX_STRIKE: Final = (1 << 96) - 1


class Kind(IntEnum):
    """What an instrument is. Other codes are reserved."""

    PERPETUAL = 1
    FUTURE = 2
    CALL = 3
    PUT = 4

    @property
    def is_option(self) -> bool:
        """Tell calls and puts from linear instruments."""
        return self in {Kind.CALL, Kind.PUT}


@dataclass(frozen=True, slots=True)
class Instrument:
    """An unpacked instrument id.

    `expiry_hours` counts hours since the epoch, 0 for a perpetual; `strike` is the strike's code, 0 for a linear
    instrument.
    """

    kind: Kind
    underlying: FeedId
    expiry_hours: int = 0
    strike: int = 0

    @property
    def expiry(self) -> Seconds | None:
        """Expiry in seconds since the epoch; None for a perpetual."""
        return None if self.kind is Kind.PERPETUAL else Seconds(self.expiry_hours * HOUR)

    def payoff(self, price: Wad) -> Wad:
        """Give what one contract is worth at a final price of its underlying [wad USD]."""
        if not self.kind.is_option:
            return price
        strike = strike_of(self.strike)
        return Wad(max(0, price - strike if self.kind is Kind.CALL else strike - price))


def encode(instrument: Instrument) -> InstrumentId:
    """Pack an instrument: kind in bits 60..63, underlying 48..59, expiry hours 24..47, strike code 0..23."""
    lifetime_limit = 0 if instrument.kind is Kind.PERPETUAL else (1 << _EXPIRY_BITS) - 1
    _require_within("underlying", instrument.underlying, _MAX_FEED)
    _require_within("expiry_hours", instrument.expiry_hours, lifetime_limit)
    if instrument.kind.is_option:
        strike_of(instrument.strike)
    else:
        _require_within("strike", instrument.strike, 0)
    return InstrumentId(
        instrument.kind << _KIND_SHIFT
        | instrument.underlying << _UNDERLYING_SHIFT
        | instrument.expiry_hours << _EXPIRY_SHIFT
        | instrument.strike
    )


@lru_cache(maxsize=4_096)
def decode(packed: InstrumentId) -> Instrument:
    """Unpack an instrument id; an id that `encode` cannot produce is an error.

    The last ids are remembered, because a margin asks for each of its instruments many times.
    """
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


def expiry_key(packed: int) -> int:
    """Give what is the same for all instruments that settle at one average: underlying and expiry."""
    return packed >> _EXPIRY_SHIFT & (1 << _UNDERLYING_BITS + _EXPIRY_BITS) - 1


def strike_of(code: int) -> Wad:
    """Give the strike of a code [wad USD]: mantissa in bits 0..19 times 10**(8 + exponent in bits 20..23).

    A code that is not canonical is an error: a mantissa of 0, one that ends in a 0 below the largest exponent, or a
    strike above 2**96 - 1.
    """
    _require_within("strike_code", code, (1 << _STRIKE_BITS) - 1)
    mantissa, exponent = code & (1 << _MANTISSA_BITS) - 1, code >> _MANTISSA_BITS
    _require_within("strike_mantissa", mantissa, (1 << _MANTISSA_BITS) - 1, least=1)
    if mantissa % 10 == 0:
        _require_within("strike_exponent", exponent, _MAX_EXPONENT, least=_MAX_EXPONENT)
    strike = mantissa * 10 ** (_STRIKE_DIGITS + exponent)
    _require_within("strike", strike, _MAX_STRIKE)
    return Wad(strike)


def strike_code(strike: Wad) -> int:
    """Give the canonical code of a strike [wad USD]; one that no code holds exactly is an error."""
    _require_within("strike", strike, _MAX_STRIKE)
    _require_within("strike_remainder", strike % 10**_STRIKE_DIGITS, 0)
    mantissa, exponent = strike // 10**_STRIKE_DIGITS, 0
    while mantissa and mantissa % 10 == 0 and exponent < _MAX_EXPONENT:
        mantissa, exponent = mantissa // 10, exponent + 1
    _require_within("strike_mantissa", mantissa, (1 << _MANTISSA_BITS) - 1, least=1)
    return exponent << _MANTISSA_BITS | mantissa


def account_id(owner: int, sub_id: int) -> AccountId:
    """Pack an account: the owner's address above 96 bits of sub-account number."""
    _require_within("owner", owner, (1 << _OWNER_BITS) - 1)
    _require_within("sub_id", sub_id, (1 << _SUB_BITS) - 1)
    return AccountId(owner << _SUB_BITS | sub_id)


def split_account_id(account: AccountId) -> tuple[int, int]:
    """Unpack an account into the owner's address and the sub-account number."""
    return account >> _SUB_BITS, account & (1 << _SUB_BITS) - 1


def _require_within(field: str, value: int, limit: int, least: int = 0) -> None:
    if not least <= value <= limit:
        raise EncodingError(field, value, limit, least)
