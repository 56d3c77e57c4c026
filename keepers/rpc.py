"""JSON-RPC over HTTP: single requests and batches, with typed errors and no retries that could hide a fault.

The one place that talks to a node; knows nothing of chains.
"""

from collections.abc import Sequence
from itertools import count
from types import TracebackType
from typing import Self, cast

import httpx
import orjson

from keepers.errors import NodeError, ResponseError, RevertError, RpcError, TransportError
from keepers.units import ClockSeconds

__all__ = ["Call", "Rpc", "as_int", "as_list", "as_map", "as_str"]

Call = tuple[str, tuple[object, ...]]
"""A method and its parameters."""

_REVERT_CODES = frozenset({3, -32000, -32015})


class Rpc:
    """A node reached over HTTP; the next address is taken when one fails."""

    def __init__(
        self, urls: Sequence[str], timeout: ClockSeconds, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare the client; nothing is sent."""
        self._urls = tuple(urls)
        self._current = 0
        self._ids = count(1)
        self._client = httpx.AsyncClient(timeout=timeout, transport=transport)
        self.calls = 0
        self.failures = 0

    async def __aenter__(self) -> Self:
        """Use the client until the block ends."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def request(self, method: str, *params: object) -> object:
        """Ask one thing; raise what the node answers with."""
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        self.calls += 1
        return _result(method, as_map(await self._post(body), method))

    async def batch(self, calls: Sequence[Call]) -> list[object]:
        """Ask many things in one request; raise the first error."""
        outcomes = await self.outcomes(calls)
        for outcome in outcomes:
            if isinstance(outcome, RpcError):
                raise outcome
        return outcomes

    async def outcomes(self, calls: Sequence[Call]) -> list[object]:
        """Ask many things in one request; an answer that is an error takes the place of its result."""
        if not calls:
            return []
        first = next(self._ids)
        ids = [first, *(next(self._ids) for _ in calls[1:])]
        body = [
            {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            for number, (method, params) in zip(ids, calls, strict=True)
        ]
        self.calls += len(calls)
        answer = await self._post(body)
        if isinstance(answer, dict):  # some nodes refuse a whole batch with one error
            _result("batch", answer)
        answers = {as_map(one, "batch").get("id"): one for one in as_list(answer, "batch")}
        return [_outcome(method, answers.get(number)) for number, (method, _) in zip(ids, calls, strict=True)]

    async def _post(self, body: object) -> object:
        """Send to the current address and on a failure turn to the next for the request to come.

        The failed request is not repeated here: it may have been a transaction, and the caller knows what is safe.
        """
        url = self._urls[self._current]
        try:
            response = await self._client.post(
                url, content=orjson.dumps(body), headers={"Content-Type": "application/json"}
            )
            response.raise_for_status()
            return cast("object", orjson.loads(response.content))
        except (httpx.HTTPError, orjson.JSONDecodeError) as error:
            self.failures += 1
            self._current = (self._current + 1) % len(self._urls)
            msg = f"{type(error).__name__}: {error}"
            raise TransportError(msg) from error


def _outcome(method: str, answer: object) -> object:
    if answer is None:
        return ResponseError(f"{method}: no answer in the batch")
    try:
        return _result(method, as_map(answer, method))
    except RpcError as error:
        return error


def _result(method: str, answer: dict[str, object]) -> object:
    error = answer.get("error")
    if error is not None:
        raise _node_error(method, as_map(error, method))
    if "result" not in answer:
        msg = f"{method}: neither result nor error"
        raise ResponseError(msg)
    return answer["result"]


def _node_error(method: str, error: dict[str, object]) -> NodeError:
    code = error.get("code")
    number = code if isinstance(code, int) else 0
    message = str(error.get("message", ""))
    data = error.get("data")
    if isinstance(data, dict):
        data = data.get("data")
    text = data if isinstance(data, str) and data.startswith("0x") else ""
    reverted = number in _REVERT_CODES and ("revert" in message.lower() or bool(text))
    return (RevertError if reverted else NodeError)(method, number, message, text)


def as_map(value: object, what: str) -> dict[str, object]:
    """Take a JSON object, or report that it is none."""
    if not isinstance(value, dict):
        msg = f"{what}: expected an object, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_list(value: object, what: str) -> list[object]:
    """Take a JSON list, or report that it is none."""
    if not isinstance(value, list):
        msg = f"{what}: expected a list, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_str(value: object, what: str) -> str:
    """Take a string, or report that it is none."""
    if not isinstance(value, str):
        msg = f"{what}: expected a string, got {value!r:.80}"
        raise ResponseError(msg)
    return value


def as_int(value: object, what: str) -> int:
    """Take a hexadecimal quantity, or report that it is none: a missing number is not 0."""
    text = as_str(value, what)
    try:
        return int(text, 16)
    except ValueError as error:
        msg = f"{what}: expected a quantity, got {text!r:.80}"
        raise ResponseError(msg) from error
