"""Amounts as people read them."""

from decimal import Decimal

from crossmargin.model.units import WAD

__all__ = ["health", "percent", "price", "tokens", "usd"]


def usd(value: int) -> str:
    """Write whole dollars, and cents below a hundred."""
    amount = Decimal(value) / WAD
    text = f"{abs(amount):,.2f}" if 0 < abs(amount) < 100 else f"{abs(amount):,.0f}"  # noqa: PLR2004 (a hundred)
    return f"-{text}" if amount < 0 and text.strip("0.,") else text


def price(value: int, decimals: int = 18) -> str:
    """Write a price with about five digits."""
    amount = Decimal(value).scaleb(-decimals)
    return f"{amount:,.0f}" if amount >= 10_000 else f"{float(amount):,.5g}"  # noqa: PLR2004 (five digits)


def tokens(value: int, decimals: int = 18) -> str:
    """Write an amount of tokens or contracts, to four decimals."""
    text = f"{Decimal(value).scaleb(-decimals):,.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def percent(value: int) -> str:
    """Write a part of one as a percentage."""
    return f"{Decimal(value) * 100 / WAD:.1f} %"


def health(value: int | None) -> str:
    """Write a health factor."""
    if value is None:
        return "-"
    factor = Decimal(value) / WAD
    return f"{factor:.3f}" if factor < 100 else ">99"  # noqa: PLR2004 (no reader needs more)
