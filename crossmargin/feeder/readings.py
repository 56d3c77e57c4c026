"""How fresh a venue is: feeds, posted sources, slices and risk arrays as the chain has them. Asks the node."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossmargin.client.option_views import RiskArrayView, Slice
from crossmargin.client.views import MarketView, Price
from crossmargin.deployment.steps import VenueContext
from crossmargin.feeder.wanted import posted_sources
from crossmargin.model.freshness import WEEK, TapeReading
from crossmargin.model.instruments import decode
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import Seconds, Wad

__all__ = ["ArrayReading", "FeedReading", "Reading", "SliceReading", "SourceReading", "read_venue"]


@dataclass(frozen=True)
class FeedReading:
    """A feed: what is stored, and what a refresh would store now [wad USD]."""

    stored: Price
    said: Wad
    said_at: Seconds
    said_status: PriceStatus


@dataclass(frozen=True)
class SourceReading:
    """A posted source: its last answer, in its own decimals."""

    answer: int
    time: Seconds


@dataclass(frozen=True)
class SliceReading:
    """A slice of a volatility surface."""

    level: int
    """Volatility at the money [10^-8 a year]."""
    time: Seconds


@dataclass(frozen=True)
class ArrayReading:
    """A risk array, of the index `ref` [wad USD]."""

    underlying: str
    time: Seconds
    ref: Wad


@dataclass(frozen=True)
class Reading:
    """A venue at the last block."""

    time: Seconds
    feeds: Mapping[str, FeedReading]
    sources: Mapping[str, SourceReading]
    """By feed and place."""
    slices: Mapping[tuple[str, Seconds], SliceReading]
    """By underlying and expiry [s], of those that are not over."""
    arrays: Mapping[str, ArrayReading]
    """By option that is not over."""
    tapes: Mapping[str, TapeReading] = field(default_factory=dict)
    """By underlying that is observed."""


def read_venue(venue: VenueContext) -> Reading:
    """Read everything that ages."""
    now = Seconds(venue.chain.web3.eth.get_block("latest")["timestamp"])
    return Reading(
        time=now,
        feeds={name: _feed(venue, name) for name in venue.config.feeds},
        sources={key: _source(venue, key) for key in posted_sources(venue.config)},
        slices={key: each for name in venue.config.options for key, each in _slices(venue, name, now).items()},
        arrays=_arrays(venue, now),
        tapes=_tapes(venue),
    )


def _tapes(venue: VenueContext) -> dict[str, TapeReading]:
    volatility, found = venue.config.volatility, {}
    for name in volatility.underlyings if volatility else ():
        step, time, closed = venue.read("VolatilityForecaster", "tapeOf", venue.config.feed_id(name))
        found[name] = TapeReading(step, Seconds(time), closed == WEEK)
    return found


def _feed(venue: VenueContext, name: str) -> FeedReading:
    number = venue.config.feed_id(name)
    said, _, time, status = venue.read("OracleAdapter", "latest", number)
    stored = Price.decode(venue.read("OracleAdapter", "price", number))
    return FeedReading(stored, Wad(said), Seconds(time), PriceStatus(status))


def _source(venue: VenueContext, key: str) -> SourceReading:
    _, answer, _, time, _ = venue.read(f"feed:{key}", "latestRoundData")
    return SourceReading(answer, Seconds(time))


def _slices(venue: VenueContext, name: str, now: Seconds) -> dict[tuple[str, Seconds], SliceReading]:
    number, found = venue.config.feed_id(name), {}
    for expiry in venue.read("VolatilitySurface", "expiriesOf", number):
        if expiry > now:
            raw, posted = venue.read("VolatilitySurface", "sliceOf", number, expiry)
            found[name, Seconds(expiry)] = SliceReading(Slice.decode(raw).level, Seconds(posted))
    return found


def _arrays(venue: VenueContext, now: Seconds) -> dict[str, ArrayReading]:
    listed = {MarketView.decode(raw).instrument for raw in venue.read("MarginLens", "markets")}
    found = {}
    names = {number: name for name in venue.config.feeds for number in [venue.config.feed_id(name)]}
    for name, packed in venue.record.instruments.items():
        series = decode(packed)
        if series.kind.is_option and (series.expiry or now) > now and packed in listed:
            array = RiskArrayView.decode(venue.read("OptionOracle", "arrayOf", packed))
            found[name] = ArrayReading(names[series.underlying], array.time, array.ref)
    return found
