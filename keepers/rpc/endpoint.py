"""One address of a node: what it takes at once, when it rests, how fast it answers.

Nothing is repeated here but what the node refused to look at: a request may have been a transaction.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final, cast
from urllib.parse import urlsplit

import httpx
import orjson

from keepers.errors import BusyError, LateError, LimitError, ResponseError, RpcError, TransportError
from keepers.rpc.answers import as_list, as_map
from keepers.rpc.classify import http_error, rpc_error
from keepers.rpc.pace import Rest, Size
from keepers.units import Blocks, ClockSeconds, ClockTime

__all__ = ["Call", "Endpoint"]

Call = tuple[str, tuple[object, ...]]
"""A method and its parameters."""

_MOST_BATCH: Final = 100
_HEADERS: Final = {"Content-Type": "application/json"}
_OK: Final = range(200, 300)


class Endpoint:
    """Asks one address."""

    def __init__(
        self,
        url: str,
        client: httpx.AsyncClient,
        *,
        timeout: ClockSeconds,
        span: Blocks,
        clock: Callable[[], float],
        dice: random.Random,
    ) -> None:
        """Prepare; nothing is sent. `span` is the most blocks to ask for logs of at once."""
        parts = urlsplit(url)
        self.name = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"  # paths hold keys
        self.batch = Size(_MOST_BATCH)
        self.span = Size(span)
        self.calls = 0
        self._url = url
        self._client = client
        self._timeout = timeout
        self._clock = clock
        self._rest = Rest(dice)
        self._ids = count(1)

    def rest_left(self) -> ClockSeconds:
        """Give how long the address is still to be left alone."""
        return self._rest.left(ClockTime(self._clock()))

    def blame(self, error: RpcError) -> None:
        """Leave the address alone for a while, as long as it asks for."""
        self._rest.fail(ClockTime(self._clock()), error.retry_after if isinstance(error, BusyError) else None)

    def praise(self) -> None:
        """Trust the address again."""
        self._rest.clear()

    async def ask(self, calls: Sequence[Call], within: ClockSeconds | None = None) -> list[object]:
        """Ask in as few requests as the node takes; an answer that is an error takes the place of its result."""
        results: list[object] = []
        while len(results) < len(calls):
            part = calls[len(results) : len(results) + self.batch.now]
            try:
                found = await self._round(part, within)
            except LateError:
                self.batch.shrink(len(part))
                raise
            except LimitError as error:
                if len(part) > 1:
                    self.batch.shrink(len(part))
                    continue
                found = [error]
            else:
                self.batch.grow(len(part))
            results += found
        return results

    async def _round(self, calls: Sequence[Call], within: ClockSeconds | None) -> list[object]:
        """Ask in one request: one call plainly, as not every node takes lists."""
        bodies = [
            {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params} for method, params in calls
        ]
        self.calls += len(calls)
        answer = await self._post(bodies if len(bodies) > 1 else bodies[0], within)
        if len(bodies) == 1:
            return [_outcome(calls[0][0], bodies[0]["id"], as_map(answer, calls[0][0]))]
        if isinstance(answer, dict):  # a whole batch refused with one error
            raise _refusal(answer)
        answers = {_key(one.get("id")): one for one in (as_map(item, "batch") for item in as_list(answer, "batch"))}
        return [
            _outcome(method, body["id"], answers.get(_key(body["id"])))
            for body, (method, _) in zip(bodies, calls, strict=True)
        ]

    async def _post(self, body: object, within: ClockSeconds | None) -> object:
        """Send, and take the answer if it is whole in time: one that comes byte by byte never is."""
        try:
            async with asyncio.timeout(within or self._timeout):
                response = await self._client.post(self._url, content=orjson.dumps(body), headers=_HEADERS)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise LateError(f"{self.name}: {type(error).__name__}") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise TransportError(f"{self.name}: {type(error).__name__}: {error}") from error
        if response.status_code not in _OK:
            raise http_error(response.status_code, response.headers, response.content)
        try:
            return cast("object", orjson.loads(response.content))
        except orjson.JSONDecodeError as error:
            raise TransportError(f"{self.name}: not JSON: {response.content[:80]!r}") from error


def _key(identity: object) -> str:
    """Compare ids as text: some nodes answer to 1 with "1"."""
    return str(identity)


def _refusal(answer: dict[str, object]) -> RpcError:
    error = answer.get("error")
    if error is None:
        return ResponseError(f"batch: expected a list, got {answer!r:.80}")
    named = rpc_error("batch", as_map(error, "batch"))
    return named if isinstance(named, TransportError) else LimitError("batch", 0, str(named))


def _outcome(method: str, identity: object, answer: dict[str, object] | None) -> object:
    if answer is None:
        return ResponseError(f"{method}: no answer in the batch")
    error = answer.get("error")
    if error is not None:
        return rpc_error(method, error) if isinstance(error, dict) else ResponseError(f"{method}: {error!r:.80}")
    if _key(answer.get("id")) != _key(identity):
        return ResponseError(f"{method}: the answer is to another question")
    if "result" not in answer:
        return ResponseError(f"{method}: neither result nor error")
    return answer["result"]
