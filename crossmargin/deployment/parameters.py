"""Settings that follow from the configuration: feeds, risk, rates, auctions, collateral, markets, insurance."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from eth_utils.crypto import keccak

from crossmargin.chain.decimals import ppm, wad
from crossmargin.deployment.collateral import collateral_steps
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.feeds import FeedSettings, SourceSettings
from crossmargin.deployment.hub import SOURCE, hub_steps, route_number
from crossmargin.deployment.markets import market_steps
from crossmargin.deployment.steps import Kind, Setting, Step, Value, VenueContext, struct_setting
from crossmargin.deployment.steward import steward_steps

__all__ = ["READERS", "ZERO_ADDRESS", "parameter_steps"]

ZERO_ADDRESS: Final = "0x" + "00" * 20
_NO_SOURCE: Final = (ZERO_ADDRESS, 0, 0, False, bytes(32))
READERS: Final = {
    "posted": "ChainlinkSource",
    "chainlink": "ChainlinkSource",
    "pyth": "PythSource",
    "ratio": "RatioSource",
    "remote": SOURCE,
}
"""Contract that reads each kind of source."""


def parameter_steps(config: NetworkConfig) -> Iterator[Step]:
    """List feeds first, then what needs their prices."""
    yield from hub_steps(config)
    for name, feed in config.feeds.items():
        if config.is_ahead(name):
            continue
        ratio = next((source for _, source in feed.sources() if source.kind == "ratio"), None)
        if ratio is not None:
            yield _ratio(config, name, ratio)
        yield _feed(name, feed)
    yield _sequencer(config)
    yield _risk(config)
    yield from steward_steps(config)
    yield struct_setting("vault.rates", "MarginVault", "setRateModel", "rateModel", config.rates.encode())
    yield struct_setting("auction", "LiquidationAuction", "setParams", "params", config.auction.encode())
    yield from collateral_steps(config)
    yield from market_steps(config)
    yield Setting(
        name="insurance.cooldown",
        kind=Kind.SETTING,
        target="InsuranceFund",
        function="setCooldown",
        arguments=lambda _: (config.insurance.cooldown,),
        read=lambda venue: venue.read("InsuranceFund", "cooldown"),
        want=lambda _: config.insurance.cooldown,
    )


# ---------------------------------------------------------------- prices


def _feed(name: str, feed: FeedSettings) -> Setting:
    def encode(venue: VenueContext) -> tuple[Any, ...]:
        return (
            *(_source(venue, name, place, getattr(feed, place)) for place in ("primary", "secondary", "third")),
            wad(feed.minimum),
            wad(feed.maximum),
            feed.smoothing,
            feed.halt_bound,
            ppm(feed.confidence_limit),
            ppm(feed.deviation_limit),
            ppm(feed.breaker_limit),
            ppm(feed.widening),
            feed.read_through,
        )

    def posted(venue: VenueContext, time: int) -> str | None:
        """Name a posted source: the oracle asks for fresh prices where sources are new or others."""
        current = venue.table("OracleAdapter", "feedConfig", feed.id)
        wanted = venue.encoded("OracleAdapter", "setFeed", 1, encode(venue))
        if isinstance(current, Mapping) and isinstance(wanted, Mapping):
            places = [key for key, value in wanted.items() if isinstance(value, Mapping)]
            if all(current[each] == wanted[each] for each in places):
                return None
        for place, source in feed.sources():
            key = f"feed:{name}:{place}"
            if source.kind == "posted" and key in venue.record.contracts:
                updated = venue.read(key, "latestRoundData")[3]
                if time > updated + source.max_age:
                    return f"the price of {key}"
        return None

    return Setting(
        name=f"feed.{name}",
        kind=Kind.SETTING,
        target="OracleAdapter",
        function="setFeed",
        arguments=lambda venue: (feed.id, encode(venue)),
        read=lambda venue: venue.table("OracleAdapter", "feedConfig", feed.id),
        want=lambda venue: venue.encoded("OracleAdapter", "setFeed", 1, encode(venue)),
        possible=lambda venue: feed.primary.kind != "remote" or bool(route_number(venue, name)),
        posted=posted,
    )


def _ratio(config: NetworkConfig, name: str, source: SourceSettings) -> Setting:
    """Set the exchange rate that a feed is built on; the ratio has the feed's number."""
    feed_id, base = config.feed_id(name), config.feed_id(source.base or "")
    selector = keccak(text=source.function)[:4]

    def encode(venue: VenueContext) -> tuple[Any, ...]:
        token = venue.token(source.token or "")
        return (token, selector, base, ppm(source.growth_cap), source.argument, 10**source.decimals)

    return Setting(
        name=f"ratio.{name}",
        kind=Kind.SETTING,
        target="RatioSource",
        function="setRatio",
        arguments=lambda venue: (feed_id, encode(venue), wad(source.least)),
        read=lambda venue: venue.table("RatioSource", "ratioConfig", feed_id),
        want=lambda venue: venue.encoded("RatioSource", "setRatio", 1, encode(venue)),
    )


def _source(venue: VenueContext, name: str, place: str, source: SourceSettings | None) -> tuple[Any, ...]:
    if source is None:
        return _NO_SOURCE
    reader = READERS[source.kind]
    if source.kind == "pyth":
        data = bytes.fromhex((source.price_id or "").removeprefix("0x"))
    elif source.kind == "ratio":
        data = venue.config.feed_id(name).to_bytes(32, "big")
    elif source.kind == "remote":
        base = venue.config.feed_id(source.base or "")
        data = bytes(venue.read(SOURCE, "encode", route_number(venue, name), base))
    else:
        feed = source.address or venue.address(f"feed:{name}:{place}")
        data = bytes(venue.read(reader, "encode", feed, source.decimals))
    return (venue.address(reader), source.max_age, source.gas_limit, source.vote_only, data)


def _sequencer(config: NetworkConfig) -> Setting:
    wanted = (config.sequencer_feed or ZERO_ADDRESS, config.sequencer_grace if config.sequencer_feed else 0)
    return Setting(
        name="oracle.sequencer",
        kind=Kind.SETTING,
        target="OracleAdapter",
        function="setSequencerFeed",
        arguments=lambda _: wanted,
        read=lambda venue: venue.table("OracleAdapter", "sequencerFeed"),
        want=lambda _: {"feed": wanted[0], "grace": wanted[1]},
    )


# ---------------------------------------------------------------- margin


def _risk(config: NetworkConfig) -> Setting:
    """Set the whole table in one call, because it is checked as a whole."""
    underlyings = {config.feed_id(name): _underlying(config, name) for name in config.underlyings}
    groups = {group.id: (ppm(group.rho_maintenance), ppm(group.rho_initial)) for group in config.groups.values()}
    names = {config.feed_id(name): name for name in config.underlyings}
    group_names = {group.id: name for name, group in config.groups.items()}
    setter = "setParameters"

    def read_underlying(venue: VenueContext, key: int) -> Value:
        try:
            return venue.table("RiskParameters", "underlyingParams", key)
        except Exception as error:
            if getattr(venue.chain.explain(error), "name", None) == "UnknownUnderlying":
                return None
            raise

    def read(venue: VenueContext) -> Value:
        return {
            "underlying": {name: read_underlying(venue, key) for key, name in names.items()},
            "group": {name: venue.table("RiskParameters", "groupParams", key) for key, name in group_names.items()},
            "global": venue.table("RiskParameters", "globalParams"),
        }

    def want(venue: VenueContext) -> Value:
        return {
            "underlying": {
                names[key]: venue.encoded("RiskParameters", setter, 1, row) for key, row in underlyings.items()
            },
            "group": {group_names[key]: venue.encoded("RiskParameters", setter, 3, row) for key, row in groups.items()},
            "global": venue.encoded("RiskParameters", setter, 4, config.engine.encode()),
        }

    return Setting(
        name="risk",
        kind=Kind.SETTING,
        target="RiskParameters",
        function=setter,
        arguments=lambda _: (
            list(underlyings),
            list(underlyings.values()),
            list(groups),
            list(groups.values()),
            config.engine.encode(),
        ),
        read=read,
        want=want,
    )


def _underlying(config: NetworkConfig, name: str) -> tuple[Any, ...]:
    settings = config.underlyings[name]
    risk_class = config.classes[settings.risk_class]
    return (
        risk_class.maintenance.encode(),
        risk_class.initial.encode(),
        settings.impact.coefficient(),
        config.groups[settings.group].id if settings.group else 0,
        ppm(settings.crowding_slope),
        settings.max_tenor,
        wad(settings.exposure_unit),
        settings.exposure_cap,
    )
