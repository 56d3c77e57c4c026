"""A small Ethereum node in process: blocks, logs, reorganisations, a mempool, and faults on demand."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
from eth_account import Account
from eth_account.typed_transactions import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from keepers.node import Node
from keepers.rpc import Rpc

VENUE = "0x" + "aa" * 20
TOPIC = "0x" + "11" * 32
GAS = 100_000  # of every call


@dataclass
class Pooled:
    """A transaction that waits."""

    hash: str
    sender: str
    nonce: int
    max_fee: int
    tip: int
    to: str
    data: str


@dataclass
class FakeBlock:
    """A block with its logs and receipts."""

    number: int
    hash: str
    parent: str
    logs: list[dict[str, Any]] = field(default_factory=list)
    mined: list[Pooled] = field(default_factory=list)


class FakeChain:
    """Answers JSON-RPC from its own little chain."""

    def __init__(self) -> None:
        """Begin with a genesis block, no faults and an empty pool."""
        self.salt = 0
        self.blocks = [FakeBlock(0, _digest("genesis"), "0x" + "00" * 32)]
        self.pool: dict[tuple[str, int], Pooled] = {}
        self.asked: list[str] = []
        self.requests = 0
        self.lost_sends = 0  # sends that arrive although their answer is lost
        self.dropped_sends = 0  # sends that never arrive, and whose answer is lost
        self.down = False
        self.hidden = 0  # newest blocks the node does not show
        self.range_limit = 10**9
        self.reverts: set[str] = set()  # call data that reverts in eth_call
        self.no_pending = False  # whether the node knows no pending state
        self.taken: set[str] = set()  # call data that somebody in the pool has made revert
        self.failing: set[str] = set()  # call data that reverts when mined
        self.accept = True  # whether blocks include transactions
        self.mined_log: dict[str, list[dict[str, Any]]] = {}  # logs a call leaves, by its data
        self.views: dict[str, str] = {}
        self.base_fee = 10**9
        self.balance = 10**18
        self.codes: dict[str, str] = {}
        self.charged: dict[str, str] = {}  # what receipts say beside the usual

    def node(self, span: int = 2000) -> Node:
        """Give a client of this chain."""
        return Node(Rpc(["http://fake"], timeout=1, transport=httpx.MockTransport(self.answer), span=span))

    def mine(self, *payloads: str) -> FakeBlock:
        """Add a block with one log per payload, and the pool's transactions."""
        parent = self.blocks[-1]
        self.salt += 1
        number = parent.number + 1
        block = FakeBlock(number, _digest(f"{parent.hash}{self.salt}"), parent.hash)
        for payload in payloads:
            block.logs.append(self._log(block, payload, VENUE, [TOPIC], "0x" + "cc" * 32))
        if self.accept:
            self._include(block)
        self.blocks.append(block)
        return block

    def reorg(self, depth: int) -> None:
        """Take away the newest blocks; their transactions go back to the pool."""
        for block in self.blocks[-depth:]:
            for waiting in block.mined:
                self.pool[waiting.sender, waiting.nonce] = waiting
        del self.blocks[-depth:]

    def drop_pool(self) -> None:
        """Forget what waits."""
        self.pool.clear()

    def hashes(self) -> dict[int, str]:
        """Give the hash of every block."""
        return {block.number: block.hash for block in self.blocks}

    def calls(self, sender: str) -> list[str]:
        """List the data of every transaction of a sender in the chain."""
        return [data for data, _ in self.spendings(sender)]

    def spendings(self, sender: str) -> list[tuple[str, int]]:
        """List data and most that its gas may have cost [wei] of every transaction of a sender in the chain."""
        return [(one.data, one.max_fee * GAS) for block in self.blocks for one in block.mined if one.sender == sender]

    def all_logs(self) -> list[tuple[int, str]]:
        """List block and data of every log in the chain."""
        return [(block.number, log["data"]) for block in self.blocks for log in block.logs]

    def _include(self, block: FakeBlock) -> None:
        for waiting in sorted(self.pool.values(), key=lambda one: one.nonce):
            turn = self._count(waiting.sender, self.blocks) + self._mined_in(block, waiting.sender)
            if waiting.nonce == turn and waiting.max_fee >= self.base_fee:
                block.mined.append(waiting)
                del self.pool[waiting.sender, waiting.nonce]
                for log in self.mined_log.get(waiting.data, []):
                    made = self._log(block, log["data"], log["address"], log["topics"], waiting.hash)
                    block.logs.append(made)

    @staticmethod
    def _mined_in(block: FakeBlock, sender: str) -> int:
        return sum(1 for one in block.mined if one.sender == sender)

    @staticmethod
    def _count(sender: str, blocks: list[FakeBlock]) -> int:
        return sum(1 for block in blocks for one in block.mined if one.sender == sender)

    @staticmethod
    def _log(block: FakeBlock, payload: str, address: str, topics: list[str], transaction: str) -> dict[str, Any]:
        return {
            "blockNumber": hex(block.number),
            "blockHash": block.hash,
            "logIndex": hex(len(block.logs)),
            "transactionHash": transaction,
            "address": address,
            "topics": topics,
            "data": payload,
        }

    @property
    def visible(self) -> list[FakeBlock]:
        """Give the blocks the node shows."""
        return self.blocks[: len(self.blocks) - self.hidden]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request, or fail as told."""
        if self.down:
            raise httpx.ConnectError("down")
        self.requests += 1
        body = orjson.loads(request.content)
        many = body if isinstance(body, list) else [body]
        answers = [self._one(one) for one in many]
        return httpx.Response(200, content=orjson.dumps(answers if isinstance(body, list) else answers[0]))

    def _one(self, call: dict[str, Any]) -> dict[str, Any]:
        method = call["method"]
        self.asked.append(method)
        handler = getattr(self, f"_{method}")
        try:
            return {"jsonrpc": "2.0", "id": call["id"], "result": handler(*call["params"])}
        except FakeError as error:
            body = {"code": error.code, "message": error.message, "data": error.data}
            return {"jsonrpc": "2.0", "id": call["id"], "error": body}

    def _eth_chainId(self) -> str:  # noqa: N802 - the method's name
        return hex(31337)

    def _eth_getBlockByNumber(self, tag: str, _full: bool) -> dict[str, Any] | None:  # noqa: N802, FBT001
        number = len(self.visible) - 1 if tag in {"latest", "pending"} else int(tag, 16)
        if number >= len(self.visible):
            return None
        block = self.visible[number]
        return {
            "number": hex(block.number),
            "hash": block.hash,
            "parentHash": block.parent,
            "timestamp": hex(1_000_000 + block.number),
            "baseFeePerGas": hex(self.base_fee),
            "logsBloom": _bloom(block.logs),
        }

    def _eth_getLogs(self, query: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        if "blockHash" in query:
            found = [block for block in self.visible if block.hash == query["blockHash"]]
            if not found:
                raise FakeError(-32000, "unknown block")
        else:
            first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
            if last - first + 1 > self.range_limit:
                raise FakeError(-32005, "query returned too many results")
            found = self.visible[first : last + 1]
        return [log for block in found for log in block.logs if log["address"] in query["address"]]

    def _eth_call(self, call: dict[str, str], state: object) -> str:
        if state == "pending" and self.no_pending:
            raise FakeError(-32000, "pending block is not available")
        if call["data"] in self.reverts or (state == "pending" and call["data"] in self.taken):
            raise FakeError(3, "execution reverted", "0xdeadbeef")
        return self.views.get(call["data"], "0x")

    def _eth_getCode(self, address: str, _tag: str) -> str:  # noqa: N802
        return self.codes.get(address, "0x")

    def _eth_estimateGas(self, call: dict[str, str], state: str) -> str:  # noqa: N802
        self._eth_call(call, state)
        return hex(GAS)

    def _eth_getBalance(self, _address: str, _tag: str) -> str:  # noqa: N802
        return hex(self.balance)

    def _eth_getTransactionCount(self, address: str, tag: str) -> str:  # noqa: N802
        count = self._count(address.lower(), self.visible)
        while tag == "pending" and (address.lower(), count) in self.pool:
            count += 1
        return hex(count)

    def _eth_sendRawTransaction(self, raw: str) -> str:  # noqa: N802
        if self.dropped_sends:
            self.dropped_sends -= 1
            raise httpx.ReadTimeout("lost")
        waiting = parse(raw)
        if waiting.nonce < self._count(waiting.sender, self.blocks):
            raise FakeError(-32000, "nonce too low")
        other = self.pool.get((waiting.sender, waiting.nonce))
        if other is not None and other.hash == waiting.hash:
            raise FakeError(-32000, "already known")
        if other is not None and waiting.max_fee * 8 < other.max_fee * 9:
            raise FakeError(-32000, "replacement transaction underpriced")
        self.pool[waiting.sender, waiting.nonce] = waiting
        if self.lost_sends:
            self.lost_sends -= 1
            raise httpx.ReadTimeout("lost")
        return waiting.hash

    def _eth_getTransactionByHash(self, wanted: str) -> dict[str, str] | None:  # noqa: N802
        waiting = [one.hash for one in self.pool.values()]
        mined = [one.hash for block in self.visible for one in block.mined]
        return {"hash": wanted} if wanted in waiting + mined else None

    def _eth_getTransactionReceipt(self, wanted: str) -> dict[str, Any] | None:  # noqa: N802
        for block in self.visible:
            for one in block.mined:
                if one.hash == wanted:
                    return self._receipt(block, one)
        return None

    def _receipt(self, block: FakeBlock, one: Pooled) -> dict[str, Any]:
        return {
            "transactionHash": one.hash,
            "blockNumber": hex(block.number),
            "blockHash": block.hash,
            "status": "0x0" if one.data in self.failing else "0x1",
            "gasUsed": hex(90_000),
            "effectiveGasPrice": hex(min(one.max_fee, self.base_fee + one.tip)),
            "logs": [log for log in block.logs if log["transactionHash"] == one.hash],
            **self.charged,
        }


class FakeError(Exception):
    """An error the node answers with."""

    def __init__(self, code: int, message: str, data: str = "") -> None:
        """Keep what the answer says."""
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def parse(raw: str) -> Pooled:
    """Read a signed transaction."""
    decoded = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
    sender = Account.recover_transaction(raw).lower()
    return Pooled(
        "0x" + keccak(hexstr=raw).hex(),
        sender,
        decoded["nonce"],
        decoded["maxFeePerGas"],
        decoded["maxPriorityFeePerGas"],
        "0x" + bytes(decoded["to"]).hex(),
        "0x" + bytes(decoded["data"]).hex(),
    )


def _bloom(logs: list[dict[str, Any]]) -> str:
    """Write the bloom of logs as a block has it."""
    bloom = 0
    for item in {item for log in logs for item in (log["address"], *log["topics"])}:
        digest = keccak(hexstr=item)
        for at in (0, 2, 4):
            bloom |= 1 << (int.from_bytes(digest[at : at + 2]) & 2047)
    return f"0x{bloom:0512x}"


def _digest(text: str) -> str:
    return "0x" + hashlib.sha256(text.encode()).hexdigest()
