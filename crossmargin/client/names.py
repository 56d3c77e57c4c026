"""Names of what a venue has ids for: assets, underlyings, instruments. Asks no node: `listing` is a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from crossmargin.chain.abis import ERC20
from crossmargin.chain.arguments import Vocabulary
from crossmargin.chain.decimals import WAD_DECIMALS, format_units
from crossmargin.chain.record import DeploymentRecord
from crossmargin.chain.times import day_text
from crossmargin.client.plans import Plan, Question
from crossmargin.errors import InstrumentError, RecordError
from crossmargin.model.instruments import Kind, decode, strike_of
from crossmargin.model.units import AssetIndex, FeedId, InstrumentId

__all__ = ["Asset", "Names", "listing"]

_HUB: Final = "CollateralHub"
_NONE: Final = FeedId(0)
_KINDS: Final = {Kind.CALL: "C", Kind.PUT: "P"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A token the vault takes: quote cash, which has no index, or collateral."""

    symbol: str
    token: str
    decimals: int
    index: AssetIndex | None = None
    feed: FeedId = _NONE
    underlying: FeedId = _NONE

    @property
    def is_quote(self) -> bool:
        """Tell cash from collateral."""
        return self.index is None


@dataclass(frozen=True)
class Names:
    """Names by id, and back."""

    quote: Asset
    assets: tuple[Asset, ...]
    """By index."""
    instruments: Mapping[InstrumentId, str]
    feeds: Mapping[FeedId, str]
    routes: Mapping[int, str] = field(default_factory=dict)
    """Token of the receipts, by the number of their route."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Names as errors use them."""
        tokens = {each.token.lower(): (each.symbol, each.decimals) for each in (self.quote, *self.assets)}
        return Vocabulary(tokens, dict(self.instruments.items()))

    def asset(self, symbol: str) -> Asset:
        """Look an asset up by its token's symbol."""
        for each in (self.quote, *self.assets):
            if each.symbol == symbol:
                return each
        raise RecordError(f"the vault takes no {symbol}: {', '.join(a.symbol for a in (self.quote, *self.assets))}")

    def token(self, address: str) -> Asset:
        """Look an asset up by its token's address."""
        for each in (self.quote, *self.assets):
            if each.token == address:
                return each
        raise RecordError(f"the vault took no {address} when this client connected: connect again")

    def route(self, number: int) -> Asset:
        """Look a route's receipts up; those of a route that was set since these names were read are an error."""
        if number not in self.routes:
            raise RecordError(f"route {number} was set since this client connected: connect again")
        return self.token(self.routes[number])

    def asset_at(self, index: AssetIndex) -> Asset:
        """Look collateral up by its index; what was listed since these names were read is an error."""
        if index >= len(self.assets):
            raise RecordError(f"asset {index} was listed since this client connected: connect again")
        return self.assets[index]

    def underlying(self, feed: FeedId) -> str:
        """Name a feed, which is an underlying too."""
        return self.feeds.get(feed) or f"feed {feed}"

    def feed(self, name: str) -> FeedId:
        """Find a feed by its name."""
        for feed, known in self.feeds.items():
            if known == name:
                return feed
        raise InstrumentError(f"no underlying {name}: {', '.join(self.feeds.values())}")

    def instrument(self, packed: InstrumentId) -> str:
        """Name an instrument; one that the deployment's file lacks by what it is."""
        return self.instruments.get(packed) or self._described(packed)

    def _described(self, packed: InstrumentId) -> str:
        terms = decode(packed)
        underlying = self.underlying(terms.underlying)
        if terms.expiry is None:
            return f"{underlying}-PERP"
        day = day_text(terms.expiry)
        if not terms.kind.is_option:
            return f"{underlying}-{day}"
        return f"{underlying}-{day}-{format_units(strike_of(terms.strike), WAD_DECIMALS)}-{_KINDS[terms.kind]}"


def listing(record: DeploymentRecord) -> Plan[Names]:
    """Ask what the vault takes."""
    (configs, _), quote = yield [Question("MarginLens", "assets"), Question("MarginVault", "quoteToken")]
    (decimals,) = yield [Question(ERC20, "decimals", at=quote)]
    receipts = yield from _receipts(record)
    symbols = {address.lower(): symbol for symbol, address in record.tokens.items()}

    def symbol_of(token: str) -> str:
        return symbols.get(token.lower(), token)

    assets = tuple(
        Asset(symbol_of(token), token, places, AssetIndex(index), FeedId(feed), FeedId(underlying))
        for index, (token, places, feed, underlying, *_) in enumerate(configs)
    )
    return Names(
        quote=Asset(symbol_of(quote), quote, decimals),
        assets=assets,
        instruments={packed: name for name, packed in record.instruments.items()},
        feeds=_feeds(record, assets),
        routes=receipts,
    )


def _receipts(record: DeploymentRecord) -> Plan[dict[int, str]]:
    """Ask for the receipts of every route, where the venue has any."""
    if _HUB not in record.contracts:
        return {}
    (count,) = yield [Question(_HUB, "routeCount")]
    views = yield [Question(_HUB, "routeOf", (number,)) for number in range(1, count + 1)]
    return {number: view[1] for number, view in enumerate(views, start=1)}


def _feeds(record: DeploymentRecord, assets: Iterable[Asset]) -> dict[FeedId, str]:
    """Name feeds as the deployment does; else those of collateral by its token."""
    return {each.feed: each.symbol for each in assets} | {feed: name for name, feed in record.feeds.items()}
