"""The entries of a network's configuration, as a file has them."""

from typing import Annotated

from pydantic import Field

from crossmargin.deployment.custody import (
    AssetSettings,
    InsuranceSettings,
    OutflowSettings,
    RateSettings,
    TokenSettings,
)
from crossmargin.deployment.feeds import FeedSettings
from crossmargin.deployment.fields import DAY, Address, Duration, Expiry, Number
from crossmargin.deployment.governed import Governed
from crossmargin.deployment.instruments import InstrumentSettings, OptionSettings, SliceSettings
from crossmargin.deployment.risk import ClassSettings, EngineSettings, GroupSettings, UnderlyingSettings
from crossmargin.deployment.routes import CrosschainSettings
from crossmargin.deployment.trading import AuctionSettings, RuleSettings
from crossmargin.deployment.volatility import VolatilitySettings
from crossmargin.model.units import Seconds

__all__ = ["NetworkEntries"]


class NetworkEntries(Governed):
    """Everything that a file says of a network."""

    quote: str
    quote_cap: Number
    """Most cash the vault takes [quote tokens]."""
    pyth: Address | None = None
    sequencer_feed: Address | None = None
    sequencer_grace: Annotated[Duration, Field(le=DAY)] = Seconds(3600)
    tokens: dict[str, TokenSettings]
    feeds: dict[str, FeedSettings]
    classes: dict[str, ClassSettings]
    groups: dict[str, GroupSettings]
    underlyings: dict[str, UnderlyingSettings]
    assets: dict[str, AssetSettings]
    options: dict[str, OptionSettings] = Field(default_factory=dict)
    """Parameters of options, by underlying."""
    surfaces: dict[str, dict[Expiry, SliceSettings]] = Field(default_factory=dict)
    """First slices, by underlying and expiry: what options need to be listed while nobody posts yet."""
    instruments: dict[str, InstrumentSettings]
    rules: dict[str, RuleSettings]
    engine: EngineSettings
    volatility: VolatilitySettings | None = None
    """What moves margins with a forecast; without it shocks stay as they are configured."""
    crosschain: CrosschainSettings | None = None
    """What is locked on other chains and counts here; without it nothing does."""
    rates: RateSettings
    quote_outflow: OutflowSettings
    auction: AuctionSettings
    insurance: InsuranceSettings

    def decimals_of(self, name: str) -> int:
        """Decimals of a token, or of a route's receipts."""
        if name in self.tokens or self.crosschain is None:
            return self.tokens[name].decimals
        return self.crosschain.routes[name].decimals
