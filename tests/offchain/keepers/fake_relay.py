"""A relay of bundles in this process: it may be down, silent, take what it never brings in, or answer nonsense."""

from contextlib import suppress
from typing import Any

import httpx
import orjson

from tests.offchain.keepers.fake_chain import FakeChain


class FakeRelay:
    """Takes bundles for blocks of a chain, and brings one of each block in, whole or not at all."""

    def __init__(self, chain: FakeChain) -> None:
        """Begin sound, with nothing to bring in."""
        self._chain = chain
        self._bundles: dict[int, list[str]] = {}
        self.down = self.silent = self.dropping = False
        self.nonsense: Any = None
        self.brought = 0

    def mend(self) -> None:
        """End all faults."""
        self.down = self.silent = self.dropping = False
        self.nonsense = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Take a bundle; the newest for a block counts. Silence says nothing of whether it was taken."""
        if self.down:
            raise httpx.ConnectError("refused")
        (bundle,) = orjson.loads(request.content)["params"]
        if not self.dropping:
            self._bundles[int(bundle["blockNumber"], 16)] = bundle["txs"]
        if self.silent:
            raise httpx.ReadTimeout("silence")
        if self.nonsense is not None:
            return httpx.Response(200, content=orjson.dumps(self.nonsense))
        return httpx.Response(200, content=orjson.dumps({"id": 1, "result": {"bundleHash": "0xbb"}}))

    def bring(self) -> None:
        """Hand the next block's bundle to whoever builds it."""
        for raw in self._bundles.pop(len(self._chain.blocks), ()):
            self.brought += 1
            body = {"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw]}
            with suppress(httpx.ReadTimeout):  # of a node that loses what it is sent
                self._chain.answer(httpx.Request("POST", "http://fake", json=body))
