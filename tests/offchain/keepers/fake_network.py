"""Several fake nodes of one chain, each with faults of its own: cut, frozen, slow, behind, limited, lying."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from keepers.node import Node
from keepers.rpc import Rpc
from tests.offchain.keepers.fake_chain import FakeChain

Lie = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


@dataclass
class FakeNode:
    """What is wrong with a node; by default nothing."""

    chain: FakeChain
    cut: bool = False
    frozen: bool = False
    behind: int = 0
    every_second_behind: int = 0
    busy: float | None = None  # answers 429; the number is its Retry-After
    busy_words: str = ""  # answers each call with this error
    status: tuple[int, str] | None = None  # answers everything with an HTTP status and a text
    batch_limit: int = 10**9
    batch_status: int = 200
    slow_range: int = 10**9  # longer ranges time out
    refused_range: int = 10**9  # longer ranges are refused by an HTTP status, and words beside it
    range_status: int = 400
    reordered: bool = False  # answers lists from the back
    lie: Lie | None = None  # changes each answer
    requests: int = 0
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as a node in this state does."""
        self.requests += 1
        body = orjson.loads(request.content)
        calls = body if isinstance(body, list) else [body]
        self.asked += [call["method"] for call in calls]
        if self.cut:
            raise httpx.ConnectError("cut")
        longest = max(map(_range, calls))
        if self.frozen or longest > self.slow_range:
            await asyncio.sleep(3600)
        if longest > self.refused_range:
            return httpx.Response(self.range_status, text=f"block range is too wide, {self.refused_range} at most")
        if self.busy is not None:
            return httpx.Response(429, headers={"Retry-After": str(self.busy)}, text="Too Many Requests")
        if self.status is not None:
            return httpx.Response(self.status[0], text=self.status[1])
        if isinstance(body, list) and len(body) > self.batch_limit:
            error = {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "batch too large"}}
            return httpx.Response(self.batch_status, content=orjson.dumps(error))
        return httpx.Response(200, content=orjson.dumps(self._answers(request, calls, isinstance(body, list))))

    def _answers(self, request: httpx.Request, calls: list[dict[str, Any]], many: bool) -> object:  # noqa: FBT001
        if self.busy_words:
            errors = [{"id": one["id"], "error": {"code": -32005, "message": self.busy_words}} for one in calls]
            return errors if many else errors[0]
        late = self.every_second_behind if self.requests % 2 else 0
        before, self.chain.hidden = self.chain.hidden, self.behind + late
        try:
            answer = orjson.loads(self.chain.answer(request).content)
        finally:
            self.chain.hidden = before
        answers = answer if many else [answer]
        if self.lie is not None:
            answers = [self.lie(call, one) for call, one in zip(calls, answers, strict=True)]
        if self.reordered:
            answers.reverse()
        return answers if many else answers[0]


def _range(call: dict[str, Any]) -> int:
    """Count the blocks whose logs a call asks for."""
    query = call["params"][0] if call["method"] == "eth_getLogs" else {}
    return int(query["toBlock"], 16) - int(query["fromBlock"], 16) + 1 if "toBlock" in query else 0


class FakeNetwork:
    """Nodes by name, and a client that may ask all of them."""

    def __init__(self, *names: str, chain: FakeChain | None = None) -> None:
        """Give every name a sound node of one chain."""
        self.chain = chain or FakeChain()
        self.nodes = {name: FakeNode(self.chain) for name in names}

    def __getitem__(self, name: str) -> FakeNode:
        """Find a node."""
        return self.nodes[name]

    def client(self, timeout: float = 0.05, **options: Any) -> Node:
        """Give a client; its rests are short where the clock is the test's own."""
        transport = httpx.MockTransport(self._answer)
        return Node(Rpc([f"http://{name}" for name in self.nodes], timeout, transport=transport, seed=1, **options))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        return await self.nodes[urlsplit(str(request.url)).hostname or ""].answer(request)
