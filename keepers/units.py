"""Units of the keeper's settings: amounts are exact integers, written in the configuration as people read them."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

__all__ = ["GWEI", "PPM", "WAD", "Gwei", "Ppm", "Usd", "parse_scaled"]

WAD: Final = 10**18
PPM: Final = 10**6
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


def _usd(value: object) -> int:
    return parse_scaled(value, WAD)


def _gwei(value: object) -> int:
    return parse_scaled(value, GWEI)


Usd = Annotated[int, BeforeValidator(_usd), Field(ge=0)]
"""An amount, written in USD (also "0.25"), kept in wad."""
Gwei = Annotated[int, BeforeValidator(_gwei), Field(ge=0)]
"""A gas price, written in gwei, kept in wei."""
Ppm = Annotated[int, Field(ge=0, le=PPM)]
"""A part, in millionths."""
