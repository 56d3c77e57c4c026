"""Reading what is offered: files and HTTP addresses, again and again, none of which can hold the keeper up.

Reads them in the background; what a source says replaces what it said before, and is forgotten if it falls silent.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import structlog

from keepers.errors import TransportError
from keepers.offers import SignedOrder, parse_orders
from keepers.outside import ClosingSettings

__all__ = ["Relays"]

log = structlog.get_logger(__name__)
_MOST_BYTES: Final = 4_000_000
_TIMEOUT: Final = 3.0
_KEPT: Final = 30.0  # how long what a source said counts after it fell silent


class Relays:
    """Signed orders of all sources."""

    def __init__(
        self,
        settings: ClosingSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read nothing yet; the clock must be monotonic."""
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._said: dict[str, tuple[float, list[SignedOrder]]] = {}
        self._trouble: dict[str, str] = {}
        self._reading: asyncio.Task[None] | None = None
        self._began = -float("inf")

    @property
    def named(self) -> bool:
        """Whether there are sources."""
        return bool(self._settings.orders)

    def now(self) -> list[SignedOrder]:
        """Give what was offered when it was last read, and have it read again if it is time to."""
        due = self.named and self._clock() - self._began >= self._settings.refresh_seconds
        if due and (self._reading is None or self._reading.done()):
            self._began = self._clock()
            self._reading = asyncio.create_task(self.read())
        return self._fresh()

    async def read(self) -> None:
        """Ask every source, side by side."""
        async with httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT) as client:
            await asyncio.gather(*(self._read(client, source) for source in self._settings.orders))

    async def all(self) -> list[SignedOrder]:
        """Read now, and give what is offered."""
        await self.read()
        return self._fresh()

    async def close(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _fresh(self) -> list[SignedOrder]:
        oldest = self._clock() - _KEPT
        return [order for when, orders in self._said.values() if when >= oldest for order in orders]

    async def _read(self, client: httpx.AsyncClient, source: str) -> None:
        try:
            content = await asyncio.wait_for(_fetch(client, source), 2 * _TIMEOUT)
            orders, bad = await asyncio.to_thread(parse_orders, content)
            trouble = f"{bad} lines are no orders" if bad else ""
            self._said[source] = self._clock(), orders
        except (OSError, httpx.HTTPError, httpx.InvalidURL, TransportError, TimeoutError) as error:
            trouble = str(error) or type(error).__name__
        if trouble and self._trouble.get(source) != trouble:
            log.warning("orders_unreadable", source=source, error=trouble)
        self._trouble[source] = trouble


async def _fetch(client: httpx.AsyncClient, source: str) -> bytes:
    """Read a source, not more than a relay would ever say."""
    if not source.startswith(("http://", "https://")):
        return await asyncio.to_thread(_file, Path(source.removeprefix("file://")))
    content = bytearray()
    async with client.stream("GET", source) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > _MOST_BYTES:
                raise TransportError(f"more than {_MOST_BYTES} bytes")
    return bytes(content)


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise TransportError(f"more than {_MOST_BYTES} bytes")
    return content
