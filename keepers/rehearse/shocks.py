"""Moving prices on a copy: every source of a feed answers as told, as of now, and the oracle believes it or not.

Sources that multiply another feed stay as they are, and move with it. A move that one source alone reports is made in
steps within the oracle's breaker; one that a second source confirms at once.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import orjson

from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import PPM, FeedId, Seconds, Wad
from keepers.contracts import Contracts
from keepers.errors import SettingsError
from keepers.lens import Lens
from keepers.rehearse.copy import Copy
from keepers.units import Address, HexData

__all__ = ["Market", "parse_shocks"]

STUB: Final = HexData("0x600435545f5242604052600160605260805ff3")
"""Answers `read(data)` with the word stored under `data`, no confidence, the block's time, and Valid."""
_NOBODY: Final = Address("0x" + "00" * 20)
_RATIO: Final = "RatioSource"
_PART: Final = 7 * PPM // 10  # of the breaker's limit that a step takes: the smoothed price lags behind
_SMOOTHINGS: Final = 5  # times its window are waited for between steps
_LEAST_PAUSE: Final = Seconds(60)
_MOST_STEPS: Final = 200
_STATUS_SHIFT: Final = 128
_MASK: Final = 2**128 - 1


def parse_shocks(texts: Iterable[str], deployment: Path) -> dict[FeedId, Decimal]:
    """Read "ETH=-0.3" or "1=-0.3" as relative moves of feeds; names are those of the deployment file."""
    try:
        names: dict[str, int] = orjson.loads(deployment.read_bytes()).get("feeds", {})
    except (OSError, orjson.JSONDecodeError, AttributeError) as error:
        raise SettingsError(f"no deployment file: {error}") from error
    found: dict[FeedId, Decimal] = {}
    for text in texts:
        name, _, move = text.partition("=")
        feed = int(name) if name.isdecimal() else names.get(name)
        try:
            value = Decimal(move)
        except InvalidOperation as error:
            raise SettingsError(f"{text!r}: no move: ETH=-0.3 is a fall of 30 %") from error
        if feed is None:
            raise SettingsError(f"{name!r} is no feed of {deployment}: {', '.join(names) or 'use numbers'}")
        if not value.is_finite() or not -1 < value <= 10:  # noqa: PLR2004 - more than tenfold is a typing mistake
            raise SettingsError(f"{text!r}: a move is above -1, and 10 at most")
        found[FeedId(feed)] = value
    return found


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed on the copy: where its sources read from, its price, and what its oracle lets pass."""

    id: FeedId
    sources: tuple[tuple[Address, bytes], ...]
    mid: Wad
    breaker: int
    window: Seconds
    confirmed: bool


class Market:
    """Prices of a copy."""

    def __init__(self, copy: Copy, contracts: Contracts, lens: Lens, deployment: Path) -> None:
        """Move nothing yet."""
        self._copy = copy
        self._contracts = contracts
        self._lens = lens
        self._ratios = _addresses_of(deployment, _RATIO)
        self._feeds: list[_Feed] = []
        self._stubbed: set[Address] = set()

    async def freeze(self, feeds: Iterable[FeedId]) -> None:
        """Have all sources answer with the price of now, from now on, however much time passes."""
        for feed in sorted(feeds):
            found = await self._read(feed)
            self._feeds.append(found)
            await self._answer(found, found.mid)
        await self.refresh(_LEAST_PAUSE)

    async def move(self, shocks: Mapping[FeedId, Decimal]) -> None:
        """Move prices by parts of themselves."""
        unknown = shocks.keys() - {one.id for one in self._feeds}
        if unknown:
            raise SettingsError(f"feeds {sorted(unknown)} are not in use")
        paths = {one.id: (one, _path(one, shocks[one.id])) for one in self._feeds if one.id in shocks}
        for at in range(max((len(path) for _, path in paths.values()), default=0)):
            for feed, path in paths.values():
                await self._answer(feed, path[min(at, len(path) - 1)])
            windows = [feed.window * _SMOOTHINGS for feed, path in paths.values() if len(path) > 1]
            await self.refresh(Seconds(max([_LEAST_PAUSE, *windows])))

    async def refresh(self, after: Seconds) -> None:
        """Let time pass, and have the oracle ask its sources."""
        await self._copy.pass_time(after)
        call = self._contracts.encode("OracleAdapter", "refresh", [one.id for one in self._feeds])
        await self._copy.act(self._copy.clerk, call)

    async def unsound(self) -> list[FeedId]:
        """List the feeds whose price is not Valid."""
        words = await self._words([one.id for one in self._feeds])
        return [feed for feed, word in words.items() if word >> _STATUS_SHIFT != PriceStatus.VALID]

    async def _words(self, feeds: list[FeedId]) -> dict[FeedId, int]:
        head = await self._copy.node.head()
        ((words,),) = await self._lens.read(head.hash, ("OracleAdapter", "packedPrices", (feeds,)))
        return dict(zip(feeds, words[::2], strict=True))

    async def _read(self, feed: FeedId) -> _Feed:
        head = await self._copy.node.head()
        ((config,),) = await self._lens.read(head.hash, ("OracleAdapter", "feedConfig", (feed,)))
        word = (await self._words([feed]))[feed]
        parts: list[dict[str, Any]] = [config[name] for name in ("primary", "secondary", "third")]
        named = [(Address(one["reader"]), bytes(one["data"])) for one in parts if one["reader"] != _NOBODY]
        return _Feed(
            id=feed,
            sources=tuple(one for one in named if one[0] not in self._ratios),
            mid=Wad(word & _MASK),
            breaker=config["breakerLimit"],
            window=Seconds(config["smoothingWindow"]),
            confirmed=len(named) > 1,
        )

    async def _answer(self, feed: _Feed, price: Wad) -> None:
        for reader, data in feed.sources:
            if reader not in self._stubbed:
                await self._copy.set_code(reader, STUB)
                self._stubbed.add(reader)
            await self._copy.set_word(reader, data, price)


def _path(feed: _Feed, move: Decimal) -> list[Wad]:
    """Give the prices on the way to a target: one where a second source confirms it, else steps the breaker lets by."""
    target = feed.mid * (1 + move)
    part = Decimal(feed.breaker * _PART) / (PPM * PPM)
    if feed.confirmed or part <= 0 or abs(move) <= part:
        return [Wad(int(target))]
    factor = 1 + part if move > 0 else 1 - part
    steps = math.ceil(float((1 + move).ln() / factor.ln()))
    if steps > _MOST_STEPS:
        raise SettingsError(f"feed {feed.id} moves by at most {part:.2%} a step: {steps} steps are too many")
    return [*(Wad(int(feed.mid * factor**at)) for at in range(1, steps)), Wad(int(target))]


def _addresses_of(deployment: Path, contract: str) -> set[Address]:
    """Find the contracts of a kind in the deployment file."""
    entries = orjson.loads(deployment.read_bytes())["contracts"]
    return {
        Address(str(one["address"]).lower()) for name, one in entries.items() if contract in {name, one.get("contract")}
    }
