"""What is due of a venue, and the transactions that renew it. `due` asks nobody; `Feeder` reads and sends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from eth_typing import HexStr
from web3.exceptions import Web3Exception

from crossmargin.client.option_views import Slice
from crossmargin.deployment.config import NetworkConfig
from crossmargin.deployment.problem import Problem
from crossmargin.deployment.steps import VenueContext
from crossmargin.errors import CrossMarginError
from crossmargin.feeder.approach import approached
from crossmargin.feeder.due import array_due, slice_due
from crossmargin.feeder.readings import FeedReading, Reading, read_venue
from crossmargin.feeder.wanted import Wanted
from crossmargin.model.freshness import RESERVE, Said, feed_due, observable, price_due
from crossmargin.model.units import Seconds

__all__ = ["Due", "Feeder", "due"]

_ARRAYS: Final = 40
"""Risk arrays of one transaction: some three million gas."""


@dataclass(frozen=True)
class Due:
    """What is to be renewed."""

    prices: Mapping[str, int]
    """Answers by posted source, in its decimals."""
    feeds: Sequence[str]
    slices: Mapping[tuple[str, Seconds], Slice]
    """By underlying and expiry [s]."""
    arrays: Sequence[str]
    """Options."""
    observed: Sequence[str] = ()
    """Underlyings that have a new price in a step of the forecaster's grid, and no forecast yet."""
    poked: Sequence[str] = ()
    """The same, with a forecast."""


@dataclass(frozen=True)
class _Call:
    what: str
    contract: str
    function: str
    arguments: tuple[Any, ...]


def due(config: NetworkConfig, reading: Reading, wanted: Wanted) -> Due:
    """Compare what the chain has with what is wanted, and with its age."""
    prices, slices = _prices(config, reading, wanted), _slices(config, reading, wanted)
    moved, turned = {key.partition(":")[0] for key in prices}, {name for name, _ in slices}
    arrays = [
        name
        for name, each in reading.arrays.items()
        if each.underlying in turned
        or array_due(each.ref, reading.feeds[each.underlying].said, reading.time - each.time, config.engine)
    ]
    feeds = _feeds(config, reading, moved)
    tapes = {name: tape for name, tape in reading.tapes.items() if _is_observable(reading, name, feeds)}
    observed, poked = (tuple(name for name, tape in tapes.items() if tape.ready is ready) for ready in (False, True))
    return Due(prices, feeds, slices, arrays, observed, poked)


def _is_observable(reading: Reading, name: str, refreshed: Sequence[str]) -> bool:
    tape = reading.tapes[name]
    new = name in refreshed or reading.feeds[name].stored.time > tape.time
    return observable(tape, reading.time, new=new)


def _prices(config: NetworkConfig, reading: Reading, wanted: Wanted) -> dict[str, int]:
    places = {f"{name}:{place}": each for name, feed in config.feeds.items() for place, each in feed.sources()}
    found = {}
    for key, price in wanted.sources().items():
        source, last = places[key], reading.sources[key]
        answer = int(price.scaleb(source.decimals).to_integral_value())
        if price_due(last.answer, answer, reading.time - last.time, source.max_age // RESERVE):
            found[key] = answer
    return found


def _feeds(config: NetworkConfig, reading: Reading, moved: set[str]) -> list[str]:
    """Name feeds of which the sources say something newer that matters, and those that a post or its base moves."""
    return [
        name
        for name, each in reading.feeds.items()
        if moved & {name, config.feeds[name].primary.base}
        or _says_more(each, reading.time, config.feeds[name].primary.max_age)
    ]


def _says_more(feed: FeedReading, now: Seconds, max_age: int) -> bool:
    stored = Said(feed.stored.mid, feed.stored.time, feed.stored.status)
    return feed_due(stored, Said(feed.said, feed.said_at, feed.said_status), now, max_age)


def _slices(config: NetworkConfig, reading: Reading, wanted: Wanted) -> dict[tuple[str, Seconds], Slice]:
    found = {}
    for (name, expiry), shape in wanted.volatility().items():
        limits, last = config.options[name], reading.slices.get((name, expiry))
        slice_ = Slice(*shape.encode())
        over = expiry <= reading.time + limits.min_interval
        if not over and (last is None or slice_due(last.level, slice_.level, reading.time - last.time, limits)):
            found[name, expiry] = slice_
    return found


class Feeder:
    """Gives a venue its turns."""

    def __init__(self, venue: VenueContext, wanted: Callable[[], Wanted]) -> None:
        """Send as the chain's sender; `wanted` reads anew what the desk wants posted."""
        self._venue, self._wanted = venue, wanted

    def turn(self, say: Callable[[str], None]) -> list[Problem]:
        """Send what is due, go on past what is refused; give that."""
        problems = []
        try:
            wanted = self._wanted()
        except CrossMarginError as error:
            problems.append(Problem("nothing is posted", str(error), "feeds and risk arrays are refreshed meanwhile"))
            wanted = Wanted.nothing()
        for call in self._calls(due(self._venue.config, read_venue(self._venue), wanted)):
            contract = self._venue.contract(call.contract)
            data = HexStr(contract.encode_abi(call.function, args=list(call.arguments)))
            try:
                self._venue.chain.send({"to": contract.address, "data": data})
            except CrossMarginError as error:
                problems.append(Problem.of(call.what, error))
            else:
                say(call.what)
        return problems

    def _calls(self, found: Due) -> Iterator[_Call]:
        """Make the transactions, in the order in which they have to be sent."""
        config, instruments = self._venue.config, self._venue.record.instruments
        for key, answer in found.prices.items():
            yield _Call(f"price {key} {answer}", f"feed:{key}", "post", (answer,))
        if found.feeds:
            ids = [config.feed_id(name) for name in found.feeds]
            yield _Call(f"feeds {', '.join(found.feeds)}", "OracleAdapter", "refresh", (ids,))
        if found.observed:
            ids = [config.feed_id(name) for name in found.observed]
            yield _Call(f"observed {', '.join(found.observed)}", "VolatilityForecaster", "observe", (ids,))
        for name in found.poked:
            yield _Call(f"multiplier {name}", "RiskSteward", "poke", ([config.feed_id(name)],))
        for (name, expiry), wanted in found.slices.items():
            shape = self._postable(config.feed_id(name), expiry, wanted)
            part = "" if shape == wanted else f", a part of the way to {_percent(wanted)}"
            what = f"volatility {name}:{expiry} {_percent(shape)}{part}"
            yield _Call(what, "VolatilitySurface", "post", (config.feed_id(name), expiry, shape.encode()))
        for first in range(0, len(found.arrays), _ARRAYS):
            names = found.arrays[first : first + _ARRAYS]
            series = [instruments[name] for name in names]
            yield _Call(f"risk arrays {', '.join(names)}", "OptionOracle", "refresh", (series,))

    def _postable(self, underlying: int, expiry: Seconds, wanted: Slice) -> Slice:
        """Give the wanted slice, or where the venue refuses it the furthest part of the way that it takes."""
        surface, sender = self._venue.contract("VolatilitySurface"), self._venue.chain.sender.address

        def accepts(shape: Slice) -> bool:
            try:
                surface.functions.post(underlying, expiry, shape.encode()).call({"from": sender})
            except Web3Exception:
                return False
            return True

        raw, posted_at = surface.functions.sliceOf(underlying, expiry).call()
        if posted_at == 0 or accepts(wanted):
            return wanted
        return approached(Slice.decode(raw), wanted, accepts) or wanted


def _percent(shape: Slice) -> str:
    level = Decimal(shape.level).scaleb(-6).quantize(Decimal("0.1"))
    return f"{level} %"
