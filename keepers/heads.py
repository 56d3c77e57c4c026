"""When to look at the chain: by the clock, and earlier when a WebSocket announces a head.

The WebSocket carries no data into the keeper. Nodes drop, freeze and resume subscriptions without a word, so polling
goes on beside it.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

import orjson
import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from keepers.units import ClockSeconds

__all__ = ["Trigger"]

log = structlog.get_logger(__name__)
_SUBSCRIBE = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
_RETRY = 2.0


class Trigger:
    """Wakes the keeper."""

    def __init__(self, interval: ClockSeconds, ws_url: str | None) -> None:
        """Wake every `interval`, and on messages of the WebSocket if there is one."""
        self._interval = interval
        self._url = ws_url
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start listening."""
        if self._url is not None:
            self._task = asyncio.create_task(self._listen(self._url))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Wake the keeper now."""
        self._woken.set()

    async def wait(self) -> None:
        """Sleep until the next look is due."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._interval)
        self._woken.clear()

    async def _listen(self, url: str) -> None:
        while True:
            try:
                async with connect(url, ping_interval=5, ping_timeout=5) as socket:
                    await socket.send(_SUBSCRIBE)
                    async for _ in socket:
                        self.wake()
            except (OSError, WebSocketException) as error:
                log.warning("websocket_lost", error=str(error), retry_seconds=_RETRY)
            await asyncio.sleep(_RETRY)
