"""The venue that the accounts stand in: parameters of a network's configuration, and its state at given prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from crossmargin.chain.decimals import ppm, wad
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.instruments import SliceSettings
from crossmargin.deployment.risk import UnderlyingSettings
from crossmargin.errors import NetworkConfigError
from crossmargin.model.account import State
from crossmargin.model.arrays import RiskArray
from crossmargin.model.auction import AuctionTerms
from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.model.parameters import RiskParams
from crossmargin.model.positions import Market
from crossmargin.model.prices import Price
from crossmargin.model.surface import OptionParams
from crossmargin.model.units import WAD, FeedId, InstrumentId, Seconds, Wad

__all__ = ["MAJORS", "Venue", "dollars", "price_of", "wad_of", "with_two_classes"]

MAJORS: Final = ("BTC", "ETH")
_LIQUID: Final = frozenset({"ADA", "LTC", "SOL", "XRP"})
"""Coins that trade like `_PROXY`, whose parameters they have where the configuration does not list them."""
_PROXY: Final = "LINK"
_WICK: Final = "wick"
"""The class of every other coin that it does not list, in no group."""
_UNLISTED: Final = 128
"""Feeds of such assets begin here."""
_PRICE_UNIT: Final = 10**10
"""Prices have eight decimals."""


@dataclass(frozen=True, eq=False)
class Venue:
    """A configuration, and the feeds of assets that are replayed."""

    config: NetworkConfig
    feeds: Mapping[str, FeedId]

    @classmethod
    def of(cls, config: NetworkConfig, assets: list[str]) -> "Venue":
        """Give every asset a feed: its own, or one of an unlisted altcoin."""
        if _PROXY not in config.underlyings:
            raise NetworkConfigError(f"{config.network}: no underlying {_PROXY}, whose parameters other altcoins have")
        if _WICK not in config.classes:
            raise NetworkConfigError(f"{config.network}: no class {_WICK}, which coins that it does not list have")
        unlisted = [asset for asset in assets if asset not in config.underlyings]
        own = {asset: config.feed_id(asset) for asset in assets if asset in config.underlyings}
        return cls(config, {**own, **{asset: FeedId(_UNLISTED + place) for place, asset in enumerate(unlisted)}})

    @cached_property
    def params(self) -> RiskParams:
        """The margin parameters of the assets."""
        return self.config.risk_table({feed: self.settings(asset) for asset, feed in self.feeds.items()})

    def asset(self, feed: FeedId) -> str:
        """Name the asset of a feed."""
        return next(asset for asset, each in self.feeds.items() if each == feed)

    @cached_property
    def terms(self) -> AuctionTerms:
        """The configuration of auctions."""
        auction = self.config.auction
        return AuctionTerms(
            start_reward=wad(auction.start_reward),
            knee_reward=wad(auction.knee_reward),
            fast=auction.fast_duration,
            slow=auction.slow_duration,
            target_buffer=wad(auction.target_buffer),
            small_account=wad(auction.small_account),
            length=auction.insolvent_duration,
            insolvent_flat=wad(auction.insolvent_flat),
        )

    def settings(self, asset: str) -> UnderlyingSettings:
        """Give what is configured for an asset, or what an asset has that nothing is configured for."""
        known, proxy = self.config.underlyings, self.config.underlyings[_PROXY]
        if asset in known or asset in _LIQUID:
            return known.get(asset, proxy)
        return proxy.model_copy(update={"risk_class": _WICK, "group": None})

    def option_params(self, asset: str) -> OptionParams:
        """Give the shocks of an asset's volatility."""
        options = self.config.options[asset]
        return OptionParams(
            vol_shock_maintenance=ppm(options.vol_shock_maintenance),
            vol_shock_initial=ppm(options.vol_shock_initial),
            default_volatility=ppm(options.default_volatility),
            max_age=options.max_age,
            expiry_age=options.expiry_age,
            min_interval=options.min_interval,
            max_step=ppm(options.max_step),
            max_carry=ppm(options.max_carry),
        )

    def smile(self, asset: str) -> SliceSettings:
        """Give the shape of an asset's quarterly slice."""
        return self.config.surfaces[asset]["quarterly"]

    def perpetual(self, asset: str) -> InstrumentId:
        """Give the id of an asset's perpetual."""
        return encode(Instrument(Kind.PERPETUAL, self.feeds[asset]))

    def state(self, prices: Mapping[str, float], now: int, arrays: Mapping[InstrumentId, RiskArray]) -> State:
        """Give the venue at prices [USD] and a time [s since 1970], with risk arrays of the options there are."""
        known = {self.feeds[asset]: _certain(price_of(value)) for asset, value in prices.items()}
        listed = [*(self.perpetual(asset) for asset in prices), *arrays]
        markets = {each: Market(each, updated_at=Seconds(now)) for each in listed}
        return State(self.params, known, markets, now=Seconds(now), arrays=arrays)


def with_two_classes(config: NetworkConfig) -> NetworkConfig:
    """Give a configuration with two classes of coins, and the impact of an ordinary day.

    Ether has the margins of bitcoin, all others those of coins that wick.
    """
    classes = {**config.classes, "ether": config.classes["bitcoin"], "altcoin": config.classes[_WICK]}
    underlyings = {
        name: each.model_copy(update={"impact": each.impact.model_copy(update={"y": Decimal(1)})})
        for name, each in config.underlyings.items()
    }
    return config.model_copy(update={"classes": classes, "underlyings": underlyings})


def dollars(amount: int) -> float:
    """Give an amount [wad USD] as a float [USD]."""
    return amount / WAD


def wad_of(value: float) -> Wad:
    """Round a number to wad."""
    return Wad(round(value * WAD))


def price_of(value: float) -> Wad:
    """Round a price [USD] to what feeds have, eight decimals [wad]."""
    return Wad(max(1, round(value * (WAD // _PRICE_UNIT))) * _PRICE_UNIT)


def _certain(price: Wad) -> Price:
    return Price(price, price, price)
