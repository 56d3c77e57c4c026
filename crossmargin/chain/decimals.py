"""Decimals to integers and back, exactly: money is an int everywhere, and no float is ever between. Touches nothing."""

from decimal import Decimal, InvalidOperation, localcontext
from typing import Final

from crossmargin.errors import UnitError
from crossmargin.model.units import Ppm, TokenUnits, Wad

__all__ = [
    "PPM_DECIMALS",
    "WAD_DECIMALS",
    "format_units",
    "of_ppm",
    "of_units",
    "of_wad",
    "parse_units",
    "ppm",
    "scale",
    "wad",
]

WAD_DECIMALS: Final = 18
PPM_DECIMALS: Final = 6
_PRECISION: Final = 120  # digits; 2^256 has 78


def scale(value: str | int | Decimal, decimals: int) -> int:
    """Scale a decimal number to an integer of 10^-decimals; digits beyond that are an error, not rounded."""
    if isinstance(value, float):
        raise UnitError(f"{value!r}: a float is not exact; write it as a string")
    with localcontext(prec=_PRECISION):
        try:
            scaled = Decimal(value.replace("_", "").replace(",", "") if isinstance(value, str) else value).scaleb(
                decimals
            )
        except InvalidOperation as error:
            raise UnitError(f"{value!r}: not a decimal number") from error
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise UnitError(f"{value!r}: more than {decimals} decimals")
        return int(scaled)


def format_units(value: int, decimals: int) -> str:
    """Write an integer of 10^-decimals as a decimal number without trailing zeros."""
    with localcontext(prec=_PRECISION):
        text = f"{Decimal(value).scaleb(-decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_units(value: str | int | Decimal, decimals: int) -> TokenUnits:
    """Scale an amount of a token to its units."""
    return TokenUnits(scale(value, decimals))


def wad(value: str | int | Decimal) -> Wad:
    """Scale to 18 decimals."""
    return Wad(scale(value, WAD_DECIMALS))


def ppm(value: str | int | Decimal) -> Ppm:
    """Scale to millionths."""
    return Ppm(scale(value, PPM_DECIMALS))


def of_units(value: int, decimals: int) -> Decimal:
    """Give an integer of 10^-decimals as a decimal number, exactly and without trailing zeros."""
    return Decimal(format_units(value, decimals))


def of_wad(value: int) -> Decimal:
    """Give the decimal number of 18 decimals."""
    return of_units(value, WAD_DECIMALS)


def of_ppm(value: int) -> Decimal:
    """Give the decimal number of millionths."""
    return of_units(value, PPM_DECIMALS)
