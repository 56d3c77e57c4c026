"""How instruments and amounts are written for people and other programs. Pure."""

from typing import overload

from crossmargin.chain.times import minute_text
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.units import WAD, InstrumentId

__all__ = ["name_of", "usd_text"]


def name_of(instrument: InstrumentId) -> str:
    """Say what an instrument is, as its id has it."""
    found = decode(instrument)
    when = "" if found.expiry is None else f", {minute_text(found.expiry)}"
    strike = f", strike {strike_of(found.strike) / WAD:g}" if found.kind.is_option else ""
    return f"{found.kind.name.lower()} on feed {found.underlying}{when}{strike}"


@overload
def usd_text(amount: int) -> str: ...


@overload
def usd_text(amount: None) -> None: ...


@overload
def usd_text(amount: int | None) -> str | None: ...


def usd_text(amount: int | None) -> str | None:
    """Write wad as exact decimal text."""
    if amount is None:
        return None
    sign, digits = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{digits // WAD}.{digits % WAD:018d}"
