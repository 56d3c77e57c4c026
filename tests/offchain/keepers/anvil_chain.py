"""A chain on Anvil that shows itself as the fake one does: what its nodes hide, lose or drop is decided here."""

import shutil
import socket
import subprocess
import time
from typing import Any

import httpx
import orjson

from tests.offchain.keepers.fake_chain import TOPIC, VENUE, FakeError

GENESIS_TIME = 1_000_000
BASE_FEE = 10**9
UNPAYABLE = 10**15
RICH = hex(10**24)
# a contract that logs its call data: CALLDATACOPY, then LOG1 with the topic
LOGGER = "0x365f5f377f" + TOPIC[2:] + "365fa100"


class AnvilChain:
    """A chain of its own that mines when told; asked by `answer`, like the fake one."""

    def __init__(self, signer: str) -> None:
        """Start Anvil; the venue logs whatever it is called with, and the signer is rich."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        path = shutil.which("anvil")
        command = [path, "--port", str(port), "--accounts", "1", "--no-mining", "--silent"]
        command += ["--timestamp", str(GENESIS_TIME), "--order", "fifo"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - Anvil
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10)
        self._wait()
        self._rpc("anvil_setBlockTimestampInterval", 1)
        self._rpc("anvil_setCode", VENUE, LOGGER)
        self._rpc("anvil_setBalance", signer, RICH)
        (self._emitter,) = self._rpc("eth_accounts")
        self._rpc("anvil_setBalance", self._emitter, RICH)
        self.hidden = 0
        self.accept = True
        self.base_fee = BASE_FEE
        self.lost_sends = 0
        self.dropped_sends = 0
        self.salt = 0

    def close(self) -> None:
        """Stop Anvil."""
        self._client.close()
        self._process.kill()
        self._process.wait()

    def mine(self, *payloads: str) -> None:
        """Add a block with one log per payload, and the pool's transactions if they are accepted."""
        self.salt += 1
        for payload in payloads:
            call = {"from": self._emitter, "to": VENUE, "data": payload, "gas": hex(100_000)}
            self._rpc("eth_sendTransaction", {**call, "maxFeePerGas": hex(10**17), "maxPriorityFeePerGas": hex(10**15)})
        self._rpc("anvil_setNextBlockBaseFeePerGas", hex(self.base_fee if self.accept else UNPAYABLE))
        self._rpc("evm_mine")

    def reorg(self, depth: int) -> None:
        """Take away the newest blocks; their transactions go back to the pool, unless the base fee shuts them out."""
        gone = [block for block in self._blocks() if int(block["number"], 16) > self._height() - depth]
        raw = [self._rpc("eth_getRawTransactionByHash", one["hash"]) for block in gone for one in block["transactions"]]
        self._rpc("anvil_rollback", depth)
        for one in raw:
            self._post("eth_sendRawTransaction", [one])

    def drop_pool(self) -> None:
        """Forget what waits."""
        self._rpc("anvil_dropAllTransactions")

    def all_logs(self) -> list[tuple[int, str]]:
        """List block and data of every log of the venue in the chain."""
        logs = self._rpc("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": VENUE})
        return [(int(log["blockNumber"], 16), log["data"]) for log in logs]

    def hashes(self) -> dict[int, str]:
        """Give the hash of every block."""
        return {int(block["number"], 16): block["hash"] for block in self._blocks()}

    def calls(self, sender: str) -> list[str]:
        """List the data of every transaction of a sender in the chain."""
        return [data for data, _ in self.spendings(sender)]

    def spendings(self, sender: str) -> list[tuple[str, int]]:
        """List data and most that its gas may have cost [wei] of every transaction of a sender in the chain.

        The margin above the estimate, a fifth of the limit, is not used.
        """
        found = (one for block in self._blocks() for one in block["transactions"] if one["from"] == sender)
        return [(one["input"], int(one["maxFeePerGas"], 16) * int(one["gas"], 16) * 4 // 5) for one in found]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as a node that does not show its newest blocks."""
        body = orjson.loads(request.content)
        many = body if isinstance(body, list) else [body]
        answers = [self._one(one) for one in many]
        return httpx.Response(200, content=orjson.dumps(answers if isinstance(body, list) else answers[0]))

    def _one(self, call: dict[str, Any]) -> dict[str, Any]:
        method, sending = call["method"], call["method"] == "eth_sendRawTransaction"
        if sending and self.dropped_sends:
            self.dropped_sends -= 1
            raise httpx.ReadTimeout("lost")
        try:
            answer = self._shown(method, call["params"]) if self.hidden else self._post(method, call["params"])
        except FakeError as error:
            return {"id": call["id"], "error": {"code": error.code, "message": error.message}}
        if sending and self.lost_sends:
            self.lost_sends -= 1
            raise httpx.ReadTimeout("lost")
        return {**answer, "id": call["id"]}

    def _shown(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Answer without the hidden blocks."""
        top = self._height() - self.hidden
        params = [hex(top) if one == "latest" else one for one in params]
        if method == "eth_getBlockByNumber" and int(params[0], 16) > top:
            return {"result": None}
        if method == "eth_getLogs" and "toBlock" in params[0]:
            params = [{**params[0], "toBlock": hex(min(top, int(params[0]["toBlock"], 16)))}]
            if int(params[0]["fromBlock"], 16) > top:
                return {"result": []}
        answer = self._post(method, params)
        found = answer.get("result")
        if method == "eth_getLogs" and any(int(log["blockNumber"], 16) > top for log in found or []):
            raise FakeError(-32000, "unknown block")
        if method == "eth_getTransactionReceipt" and found is not None and int(found["blockNumber"], 16) > top:
            return {"result": None}
        return answer

    def _height(self) -> int:
        return int(self._rpc("eth_blockNumber"), 16)

    def _blocks(self) -> list[dict[str, Any]]:
        return [self._rpc("eth_getBlockByNumber", hex(number), True) for number in range(self._height() + 1)]

    def _rpc(self, method: str, *params: object) -> Any:
        answer = self._post(method, list(params))
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _post(self, method: str, params: list[Any]) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return orjson.loads(self._client.post("/", content=orjson.dumps(body), headers=_JSON).content)

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while True:
            try:
                self._rpc("eth_chainId")
            except httpx.TransportError:
                assert time.monotonic() < until, "anvil does not answer"
                time.sleep(0.02)
            else:
                return


_JSON = {"Content-Type": "application/json"}
