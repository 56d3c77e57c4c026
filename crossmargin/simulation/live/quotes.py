"""What a market maker asks and bids: prices around the mark, sizes in dollars. Touches nothing."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from crossmargin.chain.decimals import WAD_DECIMALS
from crossmargin.client.views import MarketView
from crossmargin.model.instruments import decode
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import Seconds, Wad

__all__ = ["Quote", "is_ending", "quote"]

_WAD: Final = 10**WAD_DECIMALS
_SPREAD: Final = Decimal("0.0004")
"""Distance of a price from the mark, as a part of the index."""
_SIZE: Final = Wad(50_000 * _WAD)
"""Of one order, at the index [wad USD]."""
_LIMIT: Final = Wad(2_000_000 * _WAD)
"""A position as large is not added to [wad USD]."""
_DIGITS: Final = 6
"""Of a price or a size that people read."""
_LAST_CALL: Final = Seconds(3_600)
"""What expires so soon is not quoted [s]: its holders cannot open anything until it is settled."""
_LEAST_PRICE: Final = Decimal("0.000001")


@dataclass(frozen=True)
class Quote:
    """One side of a market: size [wad base, negative sells], price [wad USD]."""

    size: Wad
    price: Wad


def quote(market: MarketView, position: Wad, now: Seconds) -> list[Quote]:
    """Make both sides of a market, or the one that brings a large position down; none where prices are doubtful."""
    if is_ending(market, now) or {market.mark_status, market.index.status} != {PriceStatus.VALID}:
        return []
    index, mark = market.index.mid, Decimal(market.mark)
    away, size = index * _SPREAD, _rounded(Decimal(_SIZE * _WAD // index), ROUND_FLOOR)
    held = position * index // _WAD
    least = _LEAST_PRICE * _WAD
    bid = Quote(size, _rounded(max(least, mark - away), ROUND_FLOOR))
    ask = Quote(Wad(-size), _rounded(max(least, mark + away), ROUND_CEILING))
    return [side for side, full in ((bid, held >= _LIMIT), (ask, held <= -_LIMIT)) if not full]


def is_ending(market: MarketView, now: Seconds) -> bool:
    """Say whether an instrument expires so soon that nobody quotes it any more."""
    expiry = decode(market.instrument).expiry
    return expiry is not None and expiry <= now + _LAST_CALL


def _rounded(value: Decimal, rounding: str) -> Wad:
    """Round to a few digits."""
    exponent = value.adjusted() - _DIGITS + 1
    return Wad(int(value.quantize(Decimal(1).scaleb(exponent), rounding=rounding)))
