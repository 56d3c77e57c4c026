"""A network's configuration: typed TOML under config/, in decimals as people state them; integers are made here."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from pydantic import model_validator

from crossmargin.chain.decimals import parse_units, ppm, wad
from crossmargin.deployment.entries import NetworkEntries
from crossmargin.deployment.explain import FromToml
from crossmargin.deployment.fields import expiry_time
from crossmargin.deployment.references import check_amounts, check_names
from crossmargin.deployment.risk import UnderlyingSettings, broken_rule
from crossmargin.errors import ConfigurationError, NetworkConfigError, UnitError
from crossmargin.model.parameters import (
    NO_GROUP,
    GroupOffsets,
    RiskParams,
    SetParams,
    UnderlyingParams,
    check_configuration,
)
from crossmargin.model.units import FeedId, InstrumentId, Seconds, TokenUnits

__all__ = ["NetworkConfig"]


class NetworkConfig(FromToml, NetworkEntries):
    """Everything a venue on one network is deployed and configured with."""

    @classmethod
    def load(cls, path: Path, **overrides: Any) -> Self:  # noqa: ANN401 (any field)
        """Read a TOML file; decimals stay exact. Keyword arguments replace whole top-level entries.

        Whatever a setter would refuse halfway through a deployment is refused here, with file, line and field.
        """
        return cls.read(path, NetworkConfigError, overrides=overrides)

    def token_units(self, token: str, amount: Decimal) -> TokenUnits:
        """Convert an amount of a token, or of receipts, to its units."""
        return parse_units(amount, self.decimals_of(token))

    def feed_id(self, name: str) -> FeedId:
        """Id of a feed or underlying."""
        return self.feeds[name].id

    def is_ahead(self, name: str) -> bool:
        """Tell whether a name is of a route whose token nobody knows yet: nothing is set for its receipts."""
        routes = self.crosschain.routes if self.crosschain else {}
        return name in routes and not routes[name].is_known

    def instrument_id(self, name: str, now: Seconds) -> InstrumentId:
        """Id of an instrument that is listed at `now`."""
        instrument = self.instruments[name]
        return instrument.instrument_id(self.feed_id(instrument.underlying), now)

    def slice_expiries(self, now: Seconds) -> dict[str, Seconds]:
        """Name every first slice, `ETH:weekly`, and give its expiry as of `now` [s]."""
        return {
            f"{name}:{expiry}": expiry_time(expiry, now) for name, slices in self.surfaces.items() for expiry in slices
        }

    @model_validator(mode="after")
    def _check_entries(self) -> Self:
        """Every name must name something, and every amount fit its word."""
        check_names(self)
        check_amounts(self)
        return self

    @model_validator(mode="after")
    def _check_risk(self) -> Self:
        """Check the margin parameters as the contract does."""
        for name, underlying in self.underlyings.items():
            try:
                check_configuration(self.risk_table({self.feed_id(name): underlying}))
            except ConfigurationError as error:
                raise ValueError(broken_rule(f"underlyings.{name}", error)) from error
            except UnitError as error:
                raise ValueError(f"underlyings.{name}: {error}") from error
        return self

    def risk_table(self, underlyings: Mapping[FeedId, UnderlyingSettings]) -> RiskParams:
        """Make the model's table of margin parameters with these underlyings and all groups."""
        groups = {
            each.id: GroupOffsets(ppm(each.rho_maintenance), ppm(each.rho_initial)) for each in self.groups.values()
        }
        return self.engine.table({feed: self._row(each) for feed, each in underlyings.items()}, groups)

    def _row(self, underlying: UnderlyingSettings) -> UnderlyingParams:
        risk = self.classes[underlying.risk_class]
        return UnderlyingParams(
            maintenance=SetParams(*risk.maintenance.encode()),
            initial=SetParams(*risk.initial.encode()),
            impact_coefficient=underlying.impact.coefficient(),
            group=self.groups[underlying.group].id if underlying.group else NO_GROUP,
            crowding_slope=ppm(underlying.crowding_slope),
            max_tenor=underlying.max_tenor,
            exposure_unit=wad(underlying.exposure_unit),
            exposure_cap=underlying.exposure_cap,
        )
