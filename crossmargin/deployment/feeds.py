"""Price feeds of a configuration and their sources, within the bounds of the oracle's own rules."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from crossmargin.deployment.fields import DAY, Address, Duration, Fraction, Number, Settings
from crossmargin.model.units import FeedId, Seconds

__all__ = ["FeedSettings", "SourceSettings"]

_MAX_SOURCE_AGE: Final = 4 * (2**16 - 1)
"""Oldest reading that a source may be configured with [s]."""
_AGE_UNIT: Final = 4
"""Ages of a feed's primary source are kept in steps of it [s]."""
_LEAST: Final = Decimal("0.000001")
"""Smallest fraction that a limit can be set to."""


_KIND_DEFAULTS: Final[Mapping[str, Mapping[str, int]]] = {
    # whoever updates Pyth's price chooses one that is up to so old
    "pyth": {"max_age": 60},
    # it asks the sources of its base
    "ratio": {"gas_limit": 800_000},
    # so do receipts, whose token may have a ratio
    "remote": {"gas_limit": 1_200_000},
}


class SourceSettings(Settings):
    """Where a feed's price comes from."""

    kind: Literal["posted", "chainlink", "pyth", "ratio", "remote"]
    max_age: Annotated[int, Field(ge=1, le=_MAX_SOURCE_AGE)] = 86_400
    """Older readings do not count; a minute where nothing is said for Pyth [s]."""
    gas_limit: Annotated[int, Field(ge=50_000, le=1_500_000)] = 200_000
    """A reading may cost this; where nothing is said, 800,000 for a ratio, 1,200,000 for receipts."""
    vote_only: bool = False
    address: Address | None = None
    """Chainlink's aggregator. Posted feeds are deployed."""
    description: str | None = None
    """What the aggregator calls itself, where that is not `NAME / USD` with the feed's name."""
    price_id: str | None = None
    """Pyth's id of the feed."""
    decimals: int = 8
    price: Number | None = None
    """First price of a posted feed [USD]."""
    base: str | None = None
    """Feed that a ratio is a multiple of, or that prices the token of a route."""
    token: str | None = None
    """Token whose contract tells the ratio."""
    function: str = "exchangeRate()"
    """Its function that does, with at most one argument."""
    argument: int = 0
    growth_cap: Annotated[Fraction, Field(le=Decimal("0.5"))] = Decimal("0.10")
    """Most that a ratio may grow in a year."""
    least: Number = Decimal(1)
    """The ratio must be at least this when it is set."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, raw: Any) -> Any:  # noqa: ANN401 (what a file says)
        return {**_KIND_DEFAULTS.get(str(raw.get("kind")), {}), **raw} if isinstance(raw, dict) else raw

    @model_validator(mode="after")
    def _check(self) -> Self:
        needed = {
            "posted": self.price,
            "chainlink": self.address,
            "pyth": self.price_id,
            "ratio": self.base and self.token,
            "remote": self.base,
        }
        if needed[self.kind] is None:
            raise ValueError(f"a source of kind {self.kind} lacks its price, address, price_id, or base and token")
        return self


class FeedSettings(Settings):
    """A price feed: its sources and how far it is trusted."""

    id: Annotated[FeedId, Field(ge=1, le=255)]
    primary: SourceSettings
    secondary: SourceSettings | None = None
    third: SourceSettings | None = None
    minimum: Annotated[Number, Field(ge=Decimal("1e-12"))]
    """Lower prices are raised to it and Uncertain [USD]."""
    maximum: Annotated[Number, Field(le=Decimal(2**88 - 1) / 10**18)]
    smoothing: Annotated[Duration, Field(le=7 * DAY)] = Seconds(900)
    halt_bound: Annotated[Duration, Field(ge=1, le=3_600)] = Seconds(900)
    confidence_limit: Annotated[Fraction, Field(ge=_LEAST, le=Decimal("0.4095"))] = Decimal("0.02")
    deviation_limit: Annotated[Fraction, Field(ge=_LEAST)] = Decimal("0.02")
    breaker_limit: Annotated[Fraction, Field(ge=_LEAST, le=Decimal("0.5"))] = Decimal("0.10")
    widening: Annotated[Fraction, Field(le=Decimal("0.5"))] = Decimal("0.01")
    read_through: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} is above maximum {self.maximum}: lower one or raise the other")
        if self.deviation_limit > self.breaker_limit:
            raise ValueError(
                f"deviation_limit {self.deviation_limit} is above breaker_limit {self.breaker_limit}: lower it"
            )
        if self.primary.max_age % _AGE_UNIT:
            raise ValueError(f"primary.max_age {self.primary.max_age} is no multiple of {_AGE_UNIT}")
        return self

    def sources(self) -> list[tuple[str, SourceSettings]]:
        """Name the sources that there are."""
        named = (("primary", self.primary), ("secondary", self.secondary), ("third", self.third))
        return [(name, source) for name, source in named if source is not None]
