"""When to look at a chain again: as a node's WebSocket tells of new blocks, or every so often. Goes on after a cut.

A wake says no more than that there may be something new: whoever is woken asks for it, and so misses nothing.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from crossmargin.errors import SocketError

__all__ = ["wakes"]

_SUBSCRIBE: Final = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
_LOG: Final = logging.getLogger(__name__)


async def wakes(ws: str | None, every: float) -> AsyncGenerator[None, None]:
    """Wake at each new block; without a WebSocket, or while it is cut off, `every` so many seconds.

    One that cannot be reached at first is an error; one that is cut off later is connected again, for ever.
    """
    told = reached = False
    while True:
        if ws is not None:
            try:
                async with aclosing(_told(ws)) as blocks:
                    async for _ in blocks:
                        told = reached = True
                        yield
            except (OSError, WebSocketException) as error:
                if not reached:
                    raise SocketError(f"{ws}: {error}") from error
            if told:
                _LOG.warning("%s is cut off: asking every %g s until it is back", ws, every)
            told = False
        yield
        await asyncio.sleep(every)


async def _told(ws: str) -> AsyncGenerator[None, None]:
    """Wake when the subscription stands, and at each block from then on, until the connection ends."""
    async with connect(ws) as socket:
        await socket.send(_SUBSCRIBE)
        answer = json.loads(await socket.recv())
        if "error" in answer:
            raise SocketError(f"{ws} tells of no blocks: {answer['error'].get('message', answer['error'])}")
        yield
        async for _ in socket:
            yield
