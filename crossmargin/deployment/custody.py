"""What a venue holds: tokens, collateral, what may leave, interest, and the capital behind loans."""

from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from crossmargin.chain.decimals import ppm
from crossmargin.deployment.fields import DAY, Address, Duration, Fraction, Number, Settings

__all__ = [
    "AssetSettings",
    "InsuranceSettings",
    "OutflowSettings",
    "RateSettings",
    "TokenSettings",
]

_MAX_YEARLY_RATE: Final = 1


class TokenSettings(Settings):
    """A token: one that exists, or a faucet token that the deployment makes."""

    name: str
    decimals: Annotated[int, Field(ge=6, le=18)]
    address: Address | None = None
    faucet_cap: Number = Decimal(1_000_000)
    """Most that one call of a faucet token mints [tokens]."""
    rate: Number | None = None
    """A staked asset's faucet token: its worth in the asset at deployment."""
    growth: Number = Decimal(0)
    """What its rate gains in a year, as a part of it."""


class OutflowSettings(Settings):
    """How much may leave the vault in a window."""

    capacity: Number
    window: Annotated[Duration, Field(ge=1, le=2**32 - 1)]


class AssetSettings(Settings):
    """A collateral asset."""

    feed: str
    underlying: str
    cap: Number
    outflow: OutflowSettings
    deposits: bool = True


class RateSettings(Settings):
    """Interest on cash, per year."""

    base_rate: Number
    slope1: Number
    slope2: Number
    kink: Annotated[Fraction, Field(lt=1)]
    reserve_factor: Fraction

    @model_validator(mode="after")
    def _check(self) -> Self:
        highest = self.base_rate + self.slope1 + self.slope2
        if highest > _MAX_YEARLY_RATE:
            raise ValueError(f"base_rate, slope1 and slope2 sum to {highest}, above {_MAX_YEARLY_RATE}")
        return self

    def encode(self) -> tuple[int, ...]:
        """`RateModel` of the vault [ppm]."""
        return tuple(ppm(each) for each in (self.base_rate, self.slope1, self.slope2, self.kink, self.reserve_factor))


class InsuranceSettings(Settings):
    """Capital that pays for loans before lenders do."""

    cooldown: Annotated[Duration, Field(ge=DAY, le=30 * DAY)]
    seed: Number
    """Deposited by the deployer, shares to `seed_to` [quote tokens]."""
    seed_to: Address | None = None
    """Receiver of the seed's shares; by default the governor."""
