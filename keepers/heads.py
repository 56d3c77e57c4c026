"""When to look at the chain: by the clock, and earlier when a WebSocket announces a head.

The WebSocket carries no data into the keeper. Nodes drop, freeze and resume subscriptions without a word, so polling
goes on beside it.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

from keepers.units import ClockSeconds

__all__ = ["Trigger"]


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
            from keepers.announced import listen  # noqa: PLC0415 - most keepers have no WebSocket

            self._task = asyncio.create_task(listen(self._url, self.wake))
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
