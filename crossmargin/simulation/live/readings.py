"""What a venue shows of its own freshness: feeds, slices, risk arrays, markets. Asks the node through the client."""

from collections.abc import Mapping
from dataclasses import dataclass

from crossmargin.chain.decimals import WAD_DECIMALS
from crossmargin.client.venue import Venue
from crossmargin.client.views import MarketView, Price
from crossmargin.deployment import NetworkConfig
from crossmargin.model.instruments import decode
from crossmargin.model.units import Seconds, Wad

__all__ = ["ArrayReading", "Reading", "SliceReading", "read_venue"]


@dataclass(frozen=True)
class SliceReading:
    """A slice of a volatility surface."""

    posted: Seconds
    expiry: Seconds
    level: int
    """Volatility at the money [10^-8 a year]."""


@dataclass(frozen=True)
class ArrayReading:
    """A risk array: when it was written, and at which index [wad USD]; the index now beside it."""

    underlying: str
    time: Seconds
    ref: Wad
    index: Wad
    expiry: Seconds


@dataclass(frozen=True)
class Reading:
    """A venue at a block."""

    block: int
    time: Seconds
    """Of the block."""
    prices: Mapping[str, Price]
    """By feed."""
    slices: Mapping[str, SliceReading]
    """By name, such as `ETH:weekly`."""
    arrays: Mapping[str, ArrayReading]
    """By option that has not expired."""
    markets: Mapping[str, MarketView]
    """By instrument."""

    @property
    def open_interest(self) -> Wad:
        """Of all instruments, at the index [wad USD]."""
        total = sum(each.open_interest * each.index.mid for each in self.markets.values())
        return Wad(total // 10**WAD_DECIMALS)


def read_venue(venue: Venue, config: NetworkConfig) -> Reading:
    """Read a venue that was deployed with `config`."""
    head = venue.web3.eth.get_block("latest")
    names = {number: name for name, number in venue.record.instruments.items()}
    markets = {names[view.instrument]: view for view in venue.markets()}
    by_feed = {asset.feed_id: asset.price for asset in venue.assets()}
    by_feed |= {decode(view.instrument).underlying: view.index for view in markets.values()}
    return Reading(
        block=head["number"],
        time=Seconds(head["timestamp"]),
        prices={name: by_feed[feed.id] for name, feed in config.feeds.items() if feed.id in by_feed},
        slices=_slices(venue, config),
        arrays=_arrays(venue, config, markets, Seconds(head["timestamp"])),
        markets=markets,
    )


def _slices(venue: Venue, config: NetworkConfig) -> dict[str, SliceReading]:
    found = {name: venue.slices(config.feed_id(name)) for name in config.surfaces}
    readings = {}
    for name, expiry in venue.record.slices.items():
        posted = found[name.partition(":")[0]].get(expiry)
        if posted is not None:
            readings[name] = SliceReading(posted[1], expiry, posted[0].level)
    return readings


def _arrays(
    venue: Venue, config: NetworkConfig, markets: Mapping[str, MarketView], now: Seconds
) -> dict[str, ArrayReading]:
    found, feeds = {}, {feed.id: name for name, feed in config.feeds.items()}
    for name, market in markets.items():
        series = decode(market.instrument)
        if series.kind.is_option and series.expiry is not None and series.expiry > now:
            array = venue.option(name).array
            underlying = feeds[series.underlying]
            found[name] = ArrayReading(underlying, array.time, array.ref, market.index.mid, series.expiry)
    return found
