"""Instruments and what options need beside them: parameters of volatility, and the first volatility surface."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crossmargin.chain.decimals import ppm, wad
from crossmargin.deployment.fields import Duration, Expiry, Number, Positive, Settings, Signed, expiry_time
from crossmargin.errors import EncodingError
from crossmargin.model.instruments import HOUR, Instrument, Kind, encode, strike_code
from crossmargin.model.units import EPOCH, FeedId, InstrumentId, Ppm, Seconds

__all__ = ["InstrumentSettings", "OptionSettings", "SliceSettings"]


class InstrumentSettings(Settings):
    """A perpetual, a dated future, a European call or put."""

    kind: Literal["perpetual", "future", "call", "put"]
    underlying: str
    expiry: Expiry | None = None
    strike: Positive | None = None
    """Of an option [USD]."""
    open_interest_cap: Annotated[Positive, Field(le=Decimal(2**96 - 1) / 10**18)]
    funding_depth: Annotated[Number, Field(le=Decimal(2**96 - 1) / 10**18)] = Decimal(0)
    """Open interest that a fill of a perpetual is weighed against at least in its funding [USD]."""
    max_funding_rate: Annotated[Number, Field(le=Decimal("0.15"))]
    """Limit of funding, of the index a day; only perpetuals have any."""
    reduce_only: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.kind != "perpetual") != (self.expiry is not None):
            raise ValueError("futures and options have an expiry, a perpetual none")
        if (self.kind in ("call", "put")) != (self.strike is not None):
            raise ValueError("options have a strike, other instruments none")
        if (self.kind == "perpetual") != (self.funding_depth > 0):
            raise ValueError("a perpetual has a funding depth, other instruments none")
        try:
            self._strike_code()
        except EncodingError as error:
            raise ValueError(f"strike {self.strike} does not fit an instrument id: {error}") from error
        return self

    def _strike_code(self) -> int:
        return 0 if self.strike is None else strike_code(wad(self.strike))

    def instrument_id(self, underlying_id: FeedId, now: Seconds) -> InstrumentId:
        """Compute the id that the clearinghouse gives it when it is listed at `now`."""
        expiry = EPOCH if self.expiry is None else expiry_time(self.expiry, now)
        kind = Kind[self.kind.upper()]
        return encode(Instrument(kind, underlying_id, expiry // HOUR, self._strike_code()))

    def encode(self) -> tuple[int, ...]:
        """`InstrumentConfig` of the clearinghouse."""
        return (
            wad(self.open_interest_cap),
            wad(self.funding_depth),
            ppm(self.max_funding_rate),
        )


class OptionSettings(Settings):
    """Shocks of volatility and limits of posts, for one underlying."""

    vol_shock_maintenance: Number = Decimal("0.25")
    """Relative shock of a 30-day volatility."""
    vol_shock_initial: Annotated[Number, Field(le=2)] = Decimal("0.40")
    default_volatility: Annotated[Number, Field(ge=Decimal("0.01"), le=10)] = Decimal("1.2")
    """Where no slice can be trusted, a year."""
    max_age: Annotated[Duration, Field(ge=1)] = Seconds(900)
    """A slice is Valid this long."""
    expiry_age: Duration = Seconds(86_400)
    """And Stale until this age; afterwards Uncertain."""
    min_interval: Duration = Seconds(30)
    """Between posts of a slice."""
    max_step: Annotated[Number, Field(le=1)] = Decimal("0.5")
    """Relative move of volatility in a post."""
    max_carry: Annotated[Number, Field(le=1)] = Decimal("0.5")
    """Largest carry of a slice, a year."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.vol_shock_initial < self.vol_shock_maintenance:
            raise ValueError("vol_shock_initial is below vol_shock_maintenance")
        if not self.min_interval <= self.max_age <= self.expiry_age:
            raise ValueError("min_interval, max_age and expiry_age do not ascend")
        return self

    def encode(self) -> tuple[int, ...]:
        """`OptionParams` of the option oracle."""
        return (
            ppm(self.vol_shock_maintenance),
            ppm(self.vol_shock_initial),
            ppm(self.default_volatility),
            self.max_age,
            self.expiry_age,
            self.min_interval,
            ppm(self.max_step),
            ppm(self.max_carry),
        )


class SliceSettings(Settings):
    """One slice of a volatility surface: annual variance `a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))`."""

    a: Signed
    b: Number
    rho: Annotated[Signed, Field(gt=-1, lt=1)]
    m: Signed
    sigma: Positive
    carry: Signed
    """Of the forward over the index, a year."""

    def encode(self) -> tuple[Ppm, ...]:
        """`Slice` of the option oracle [1e-6]."""
        return tuple(ppm(each) for each in (self.a, self.b, self.rho, self.m, self.sigma, self.carry))
