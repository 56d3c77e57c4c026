"""The addresses a keeper may ask, and the one it asks now. Which one that is, whoever knows of blocks says."""

import random
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

import httpx

from keepers.errors import RpcError, TransportError
from keepers.rpc.endpoint import Call, Endpoint
from keepers.units import Blocks, ClockSeconds

__all__ = ["Rpc"]

_SPAN: Final = Blocks(2000)


class Rpc:
    """Asks the current address; one that failed rests, longer each time."""

    def __init__(
        self,
        urls: Sequence[str],
        timeout: ClockSeconds,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        span: Blocks = _SPAN,
        clock: Callable[[], float] = time.monotonic,
        seed: int | None = None,
    ) -> None:
        """Prepare the client; nothing is sent. The seed fixes how rests vary."""
        self.timeout = timeout
        self.clock = clock
        self._client = httpx.AsyncClient(timeout=None, transport=transport)  # noqa: S113 - endpoints time the whole
        dice = random.Random(seed)  # noqa: S311 - rests, not secrets
        self.endpoints = tuple(
            Endpoint(url, self._client, timeout=timeout, span=span, clock=clock, dice=dice) for url in urls
        )
        self.current = self.endpoints[0]

    async def __aenter__(self) -> Self:
        """Use the client until the block ends."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._client.aclose()

    @property
    def calls(self) -> int:
        """How many calls were sent."""
        return sum(one.calls for one in self.endpoints)

    def rest_left(self) -> ClockSeconds:
        """Give how long until an address may be asked."""
        return min(one.rest_left() for one in self.endpoints)

    async def request(self, method: str, *params: object) -> object:
        """Ask one thing; raise what the node answers with."""
        (answer,) = await self.batch([(method, params)])
        return answer

    async def batch(self, calls: Sequence[Call]) -> list[object]:
        """Ask many things; raise the first error."""
        outcomes = await self.outcomes(calls)
        for outcome in outcomes:
            if isinstance(outcome, RpcError):
                raise outcome
        return outcomes

    async def outcomes(self, calls: Sequence[Call], endpoint: Endpoint | None = None) -> list[object]:
        """Ask many things; an answer that is an error takes the place of its result, unless there is no answer."""
        endpoint = endpoint or self.current
        try:
            outcomes = await endpoint.ask(calls)
            for outcome in outcomes:
                if isinstance(outcome, TransportError):
                    raise outcome
        except TransportError as error:
            endpoint.blame(error)
            raise
        return outcomes
