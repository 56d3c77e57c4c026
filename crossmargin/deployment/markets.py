"""Settings of markets: parameters of options, first volatility surfaces, instruments, rules of the exchange."""

from collections.abc import Iterator
from typing import Any, Final

from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.instruments import SliceSettings
from crossmargin.deployment.steps import Kind, Setting, Step, VenueContext, struct_setting
from crossmargin.model.instruments import decode, strike_of
from crossmargin.model.units import FeedId, Seconds

__all__ = ["market_steps"]

_FLAG_LISTED: Final = 1
_FLAG_REDUCE_ONLY: Final = 2
_FLAGS_SHIFT: Final = 248


def market_steps(config: NetworkConfig) -> Iterator[Step]:
    """List instruments after what their listing needs."""
    for name, options in config.options.items():
        key = config.feed_id(name)
        yield struct_setting(
            f"options.{name}", "VolatilitySurface", "setOptionParams", "optionParams", options.encode(), key
        )
    for name, slices in config.surfaces.items():
        for expiry, settings in slices.items():
            yield _slice(config, name, f"{name}:{expiry}", settings)
    for name, rules in config.rules.items():
        yield struct_setting(f"rules.{name}", "Exchange", "setRules", "rulesOf", rules.encode(), config.feed_id(name))
    for name in config.instruments:
        yield from _instrument(config, name)


def _slice(config: NetworkConfig, name: str, key: str, settings: SliceSettings) -> Setting:
    """Post a first slice: the deployer may, as the administrator, until the function has its role."""
    underlying = config.feed_id(name)

    def posted(venue: VenueContext) -> bool:
        """Ask for another post only where the last is too old for an option that is still to be listed."""
        expiry = venue.record.slices[key]
        _, posted_at = venue.read("VolatilitySurface", "sliceOf", underlying, expiry)
        age = venue.chain.web3.eth.get_block("latest")["timestamp"] - posted_at
        fresh = age <= config.options[name].max_age
        return posted_at != 0 and (fresh or all(_is_listed(venue, each) for each in _series(venue, underlying, expiry)))

    return Setting(
        name=f"surface.{key}",
        kind=Kind.ONCE,
        target="VolatilitySurface",
        function="post",
        arguments=lambda venue: (underlying, venue.record.slices[key], settings.encode()),
        read=posted,
        want=lambda _: True,
    )


def _series(venue: VenueContext, underlying: FeedId, expiry: Seconds) -> Iterator[str]:
    """Name the configured options of an underlying and an expiry."""
    for name in venue.config.instruments:
        instrument = decode(venue.record.instruments[name])
        if instrument.kind.is_option and (instrument.underlying, instrument.expiry) == (underlying, expiry):
            yield name


def _flags(venue: VenueContext, name: str) -> int:
    return int(venue.read("Clearinghouse", "marketWord", venue.record.instruments[name])) >> _FLAGS_SHIFT


def _is_listed(venue: VenueContext, name: str) -> bool:
    return bool(_flags(venue, name) & _FLAG_LISTED)


def _instrument(config: NetworkConfig, name: str) -> Iterator[Step]:
    settings = config.instruments[name]

    def listing(venue: VenueContext) -> tuple[Any, ...]:
        instrument = decode(venue.record.instruments[name])
        strike = strike_of(instrument.strike) if instrument.kind.is_option else 0
        return (int(instrument.kind), instrument.underlying, instrument.expiry or 0, strike, settings.encode())

    def posted(venue: VenueContext, time: int) -> str | None:
        """Name the slice: an option is listed at a Valid one of its expiry."""
        if settings.strike is None:
            return None
        expiry = decode(venue.record.instruments[name]).expiry
        _, posted_at = venue.read("VolatilitySurface", "sliceOf", config.feed_id(settings.underlying), expiry)
        old = time > posted_at + config.options[settings.underlying].max_age
        return f"the slice of {settings.underlying} for {expiry}" if old else None

    yield Setting(
        name=f"instrument.{name}.listed",
        kind=Kind.SETTING,
        target="Clearinghouse",
        function="list",
        arguments=listing,
        read=lambda venue: _is_listed(venue, name),
        want=lambda _: True,
        posted=posted,
    )
    yield Setting(
        name=f"instrument.{name}",
        kind=Kind.SETTING,
        target="Clearinghouse",
        function="configureInstrument",
        arguments=lambda venue: (venue.record.instruments[name], settings.encode(), settings.reduce_only),
        read=lambda venue: {
            "config": venue.table("Clearinghouse", "configOf", venue.record.instruments[name]),
            "reduceOnly": bool(_flags(venue, name) & _FLAG_REDUCE_ONLY),
        },
        want=lambda venue: {
            "config": venue.encoded("Clearinghouse", "configureInstrument", 1, settings.encode()),
            "reduceOnly": settings.reduce_only,
        },
        possible=lambda venue: _is_listed(venue, name),
    )
