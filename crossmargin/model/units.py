"""Scales, unit names and exact integer arithmetic shared by the whole model."""

from math import isqrt
from typing import Final, NewType

__all__ = [
    "CLOSED",
    "EPOCH",
    "MAX_UINT256",
    "NO_PPM",
    "PPM",
    "PPM_TO_WAD",
    "RAY",
    "WAD",
    "YEAR",
    "ZERO",
    "AccountId",
    "AssetIndex",
    "AuctionId",
    "FeedId",
    "InstrumentId",
    "OperatorEpoch",
    "Ppm",
    "Ray",
    "Seconds",
    "StateNonce",
    "TokenUnits",
    "Wad",
    "ceil_div",
    "clamp",
    "floor_div",
    "sqrt_up",
    "trunc_div",
    "wad_of_ppm",
]

Wad = NewType("Wad", int)
"""18 decimals: USD, base units of an asset, prices, fractions."""
Ray = NewType("Ray", int)
"""27 decimals: interest indices."""
Ppm = NewType("Ppm", int)
"""Parts per million: risk parameters and rates per day."""
TokenUnits = NewType("TokenUnits", int)
"""An ERC-20's own smallest unit: deposits, withdrawals, caps."""
Seconds = NewType("Seconds", int)
"""A duration, or a time since the epoch."""
FeedId = NewType("FeedId", int)
"""A price feed, 1..255; an underlying is the feed of its index price. 0 is none."""
InstrumentId = NewType("InstrumentId", int)
"""A packed instrument (uint64)."""
AccountId = NewType("AccountId", int)
"""An owner's address and sub-account (uint256)."""
AssetIndex = NewType("AssetIndex", int)
"""A collateral asset, 0..63, in order of listing."""
AuctionId = NewType("AuctionId", int)
"""Auctions are counted up from 1. 0 is none."""
OperatorEpoch = NewType("OperatorEpoch", int)
"""How often an owner has named an operator."""
StateNonce = NewType("StateNonce", int)
"""What tells one state of an account, or of what an action is about, from the next."""

CLOSED: Final = Seconds(2**48 - 1)
"""Until when deposits are closed that governance has closed."""
WAD: Final = 10**18
RAY: Final = 10**27
PPM: Final = 10**6
PPM_TO_WAD: Final = WAD // PPM
YEAR: Final = Seconds(365 * 86_400)
ZERO: Final = Wad(0)
NO_PPM: Final = Ppm(0)
EPOCH: Final = Seconds(0)
MAX_UINT256: Final = 2**256 - 1


def floor_div(numerator: int, denominator: int) -> int:
    """Divide exactly, rounding toward minus infinity."""
    return numerator // denominator


def ceil_div(numerator: int, denominator: int) -> int:
    """Divide exactly, rounding toward plus infinity."""
    return -(-numerator // denominator)


def trunc_div(numerator: int, denominator: int) -> int:
    """Divide exactly by a positive denominator, rounding toward zero as the EVM does."""
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def sqrt_up(value: int) -> int:
    """Take the integer square root, rounded up: the least r with r*r >= value."""
    return isqrt(value - 1) + 1 if value > 0 else 0


def clamp(value: int, low: int, high: int) -> int:
    """Bring the value into low..high."""
    return max(low, min(value, high))


def wad_of_ppm(value: Ppm) -> Wad:
    """Convert parts per million to wad, exactly."""
    return Wad(value * PPM_TO_WAD)
