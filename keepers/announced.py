"""Heads as a WebSocket announces them, for as long as it is asked to. Carries no data into the keeper."""

import asyncio
from collections.abc import Callable
from typing import Final

import orjson
import structlog
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

__all__ = ["listen"]

log = structlog.get_logger(__name__)
_SUBSCRIBE: Final = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})
_RETRY: Final = 2.0


async def listen(url: str, wake: Callable[[], None]) -> None:
    """Call `wake` at every message; connect anew where the link is lost."""
    while True:
        try:
            async with connect(url, ping_interval=5, ping_timeout=5) as socket:
                await socket.send(_SUBSCRIBE)
                async for _ in socket:
                    wake()
        except (OSError, WebSocketException) as error:
            log.warning("websocket_lost", error=str(error), retry_seconds=_RETRY)
        await asyncio.sleep(_RETRY)
