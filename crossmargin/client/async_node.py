"""A node that an event loop asks, without a thread or a lock: what is cancelled leaves nothing behind.

web3's own provider takes a lock of all its sessions in a thread. A request that is cancelled meanwhile leaves it taken:
whoever asks next waits for ever, and so does the end of the program.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from aiohttp import ClientError, ClientSession, ClientTimeout
from web3.providers.async_base import AsyncJSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from crossmargin.errors import NodeError

__all__ = ["AsyncNode"]

_HEADERS: Final = {"Content-Type": "application/json"}
_TIMEOUT: Final = ClientTimeout(total=30)
_PAUSES: Final = tuple(0.125 * 2**each for each in range(9))
"""Before a question is asked again: a minute in all [s]."""


class AsyncNode(AsyncJSONBaseProvider):
    """Asks a node for what changes nothing: a question without an answer is asked again for a minute."""

    def __init__(self, rpc: str, session: ClientSession) -> None:
        """Ask the address `rpc` in a session that somebody else closes."""
        super().__init__()
        self._rpc, self._session = rpc, session

    @classmethod
    @asynccontextmanager
    async def opened(cls, rpc: str) -> AsyncIterator[Self]:
        """Open a session for a node until the block ends; nothing is asked."""
        async with ClientSession(headers=_HEADERS, timeout=_TIMEOUT, raise_for_status=True) as session:
            yield cls(rpc, session)

    async def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:  # noqa: ANN401 (as the base has it)
        """Ask; raise NodeError where nobody answers for a minute."""
        request = self.encode_rpc_request(method, params)
        for pause in _PAUSES:
            try:
                return await self._post(request)
            except (ClientError, TimeoutError):
                await asyncio.sleep(pause)
        try:
            return await self._post(request)
        except (ClientError, TimeoutError) as error:
            raise NodeError(f"the node does not answer {method}: {str(error) or type(error).__name__}") from error

    async def _post(self, request: bytes) -> RPCResponse:
        async with self._session.post(self._rpc, data=request) as response:
            return self.decode_rpc_response(await response.read())
