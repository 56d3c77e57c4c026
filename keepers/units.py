"""Units of what the keeper handles beside those of the model, and of its settings. Types only: touches nothing."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, NewType

from pydantic import BeforeValidator, Field

from crossmargin.model.units import PPM, WAD, Ppm, Wad

__all__ = [
    "GWEI",
    "ActionId",
    "ActionKey",
    "Address",
    "BlockHash",
    "BlockNumber",
    "Blocks",
    "ClockSeconds",
    "ClockTime",
    "Decimals",
    "FloatUsd",
    "GroupId",
    "Gwei",
    "HexData",
    "LogIndex",
    "Nonce",
    "Part",
    "TxHash",
    "Usd",
    "Wei",
    "parse_scaled",
]

BlockNumber = NewType("BlockNumber", int)
"""A block's height."""
Blocks = NewType("Blocks", int)
"""A number of blocks."""
BlockHash = NewType("BlockHash", str)
"""A block's hash (hex): what a view is asked by."""
TxHash = NewType("TxHash", str)
"""A transaction's hash (hex)."""
LogIndex = NewType("LogIndex", int)
"""A log's place in its block."""
Address = NewType("Address", str)
"""An address (lower-case hex)."""
HexData = NewType("HexData", str)
"""Data of a call, log or transaction (hex)."""
Nonce = NewType("Nonce", int)
"""The place of a transaction among its sender's."""
Wei = NewType("Wei", int)
"""The chain's own token, 18 decimals; for fees per gas."""
ClockTime = NewType("ClockTime", float)
"""Seconds since the epoch by this machine's clock; the chain's time is `Seconds`."""
ClockSeconds = NewType("ClockSeconds", float)
"""A duration by this machine's clock."""
Decimals = NewType("Decimals", int)
"""How many decimals a token has."""
FloatUsd = NewType("FloatUsd", float)
"""USD in floating point: good for a screen, never for an amount that is sent."""
GroupId = NewType("GroupId", int)
"""A group of correlated underlyings; 0 is none."""
ActionId = NewType("ActionId", int)
"""An action's row in the journal."""
ActionKey = NewType("ActionKey", str)
"""What makes an action one and the same: kind, account, auction, state."""

GWEI: Final = 10**9


def parse_scaled(value: object, scale: int) -> int:
    """Read a decimal number as an exact multiple of 1/scale."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        msg = f"not a number: {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError into its own report
    try:
        scaled = Decimal(str(value)) * scale
    except InvalidOperation as error:
        msg = f"not a number: {value!r}"
        raise ValueError(msg) from error
    if not scaled.is_finite() or scaled != int(scaled):
        msg = f"{value!r} is finer than 1/{scale}"
        raise ValueError(msg)
    return int(scaled)


def _parse_usd(value: object) -> Wad:
    return Wad(parse_scaled(value, WAD))


def _parse_gwei(value: object) -> Wei:
    return Wei(parse_scaled(value, GWEI))


Usd = Annotated[Wad, BeforeValidator(_parse_usd), Field(ge=0)]
"""A setting: an amount, written in USD (also "0.25"), kept in wad."""
Gwei = Annotated[Wei, BeforeValidator(_parse_gwei), Field(ge=0)]
"""A setting: a gas price, written in gwei, kept in wei."""
Part = Annotated[Ppm, Field(ge=0, le=PPM)]
"""A setting: a part, in millionths."""
