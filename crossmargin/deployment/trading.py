"""How contracts change hands: fees and bands of fills, and auctions."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from crossmargin.chain.decimals import ppm, wad
from crossmargin.deployment.fields import Duration, Fraction, Number, Settings

__all__ = [
    "AuctionSettings",
    "RuleSettings",
]


class RuleSettings(Settings):
    """Fees and price band of an underlying's fills."""

    maker_fee: Annotated[Fraction, Field(le=Decimal("0.01"))]
    taker_fee: Annotated[Fraction, Field(le=Decimal("0.01"))]
    price_band: Annotated[Fraction, Field(le=Decimal("0.2"))]

    def encode(self) -> tuple[int, ...]:
        """`MarketRules` of the exchange [ppm]."""
        return (ppm(self.maker_fee), ppm(self.taker_fee), ppm(self.price_band))


class AuctionSettings(Settings):
    """How auctions run."""

    start_reward: Number
    knee_reward: Number
    target_buffer: Number
    fast_duration: Duration
    slow_duration: Duration
    small_account: Number
    insolvent_flat: Number
    insolvent_duration: Duration
    bundle_share: Number
    starter_share: Number
    starter_flat: Number
    starter_cap: Number
    global_exposure_cap: Number

    def encode(self) -> tuple[int, ...]:
        """`AuctionParams` of the auction."""
        return tuple(wad(value) if isinstance(value, Decimal) else value for _, value in self)
