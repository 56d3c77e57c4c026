"""What the keeper asks of an Ethereum node, typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from keepers.errors import ResponseError, RpcError
from keepers.rpc import Call, Rpc, as_int, as_list, as_map, as_str

__all__ = ["Header", "Node", "RawLog", "Receipt", "call_params", "parse_data", "parse_header"]

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Header:
    """A block's head; base fee in wei."""

    number: int
    hash: str
    parent: str
    timestamp: int
    base_fee: int


@dataclass(frozen=True, slots=True)
class RawLog:
    """A log as the chain has it."""

    block: int
    block_hash: str
    index: int
    transaction: str
    address: str
    topics: tuple[str, ...]
    data: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction; gas price in wei."""

    transaction: str
    block: int
    block_hash: str
    succeeded: bool
    gas_used: int
    gas_price: int
    logs: tuple[RawLog, ...]


class Node:
    """Typed questions to a node."""

    def __init__(self, rpc: Rpc) -> None:
        """Ask through the given client."""
        self.rpc = rpc

    async def chain_id(self) -> int:
        """Give the chain's id."""
        return as_int(await self.rpc.request("eth_chainId"), "eth_chainId")

    async def head(self) -> Header:
        """Give the newest block."""
        return parse_header(await self.rpc.request("eth_getBlockByNumber", LATEST, False))

    async def headers(self, numbers: Sequence[int]) -> list[Header]:
        """Give blocks of the node's present chain by number, in one request."""
        calls: list[Call] = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        return [parse_header(block) for block in await self.rpc.batch(calls)]

    async def logs_of(self, hashes: Sequence[str], addresses: Sequence[str]) -> list[tuple[RawLog, ...]]:
        """Give the addresses' logs of each block, by hash, in one request."""
        calls: list[Call] = [("eth_getLogs", ({"blockHash": one, "address": list(addresses)},)) for one in hashes]
        return [_logs(answer) for answer in await self.rpc.batch(calls)]

    async def logs_between(self, first: int, last: int, addresses: Sequence[str]) -> tuple[RawLog, ...]:
        """Give the addresses' logs of a range of blocks, both ends included."""
        query = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(addresses)}
        return _logs(await self.rpc.request("eth_getLogs", query))

    async def call(self, to: str, data: str, block_hash: str | None = None, sender: str | None = None) -> bytes:
        """Call a view at a block."""
        answer = await self.rpc.request("eth_call", *call_params(to, data, block_hash, sender))
        return parse_data(answer)

    async def calls(self, targets: Sequence[tuple[str, str]], block_hash: str | None = None) -> list[bytes]:
        """Call many views at one block, in one request."""
        batch: list[Call] = [("eth_call", call_params(to, data, block_hash)) for to, data in targets]
        return [parse_data(answer) for answer in await self.rpc.batch(batch)]

    async def code(self, address: str) -> bytes:
        """Give the code at an address."""
        return parse_data(await self.rpc.request("eth_getCode", address, LATEST))

    async def estimate(self, sender: str, to: str, data: str) -> int:
        """Estimate the gas of a transaction; raise the revert if it would fail."""
        return as_int(await self.rpc.request("eth_estimateGas", {"from": sender, "to": to, "data": data}), "gas")

    async def balance(self, address: str) -> int:
        """Give an address's balance [wei]."""
        return as_int(await self.rpc.request("eth_getBalance", address, LATEST), "balance")

    async def nonces(self, address: str) -> tuple[int, int]:
        """Give the number of transactions mined, and mined or waiting."""
        latest, pending = await self.rpc.batch(
            [("eth_getTransactionCount", (address, LATEST)), ("eth_getTransactionCount", (address, "pending"))]
        )
        return as_int(latest, "nonce"), as_int(pending, "nonce")

    async def send(self, raw: str) -> str:
        """Send a signed transaction; give its hash."""
        return as_str(await self.rpc.request("eth_sendRawTransaction", raw), "hash")

    async def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
        """Give the receipts of transactions, None for those not in the chain."""
        calls: list[Call] = [("eth_getTransactionReceipt", (one,)) for one in hashes]
        return [None if answer is None else _receipt(answer) for answer in await self.rpc.batch(calls)]

    async def known(self, hashes: Sequence[str]) -> list[bool]:
        """Tell which transactions the node has, mined or waiting."""
        calls: list[Call] = [("eth_getTransactionByHash", (one,)) for one in hashes]
        return [answer is not None for answer in await self.rpc.batch(calls)]


def call_params(to: str, data: str, block_hash: str | None = None, sender: str | None = None) -> tuple[object, ...]:
    """Write the parameters of eth_call, by block hash so that every answer is of one block."""
    call = {"to": to, "data": data} if sender is None else {"from": sender, "to": to, "data": data}
    return (call, LATEST if block_hash is None else {"blockHash": block_hash})


def parse_header(answer: object) -> Header:
    """Read a block; a missing block is an error."""
    if answer is None:
        msg = "no such block"
        raise ResponseError(msg)
    block = as_map(answer, "block")
    return Header(
        number=as_int(block.get("number"), "block number"),
        hash=as_str(block.get("hash"), "block hash"),
        parent=as_str(block.get("parentHash"), "parent hash"),
        timestamp=as_int(block.get("timestamp"), "timestamp"),
        base_fee=as_int(block.get("baseFeePerGas"), "base fee"),
    )


def parse_data(answer: object) -> bytes:
    """Read hex data; an error in its place is raised."""
    if isinstance(answer, RpcError):
        raise answer
    text = as_str(answer, "data")
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        msg = f"expected hex data, got {text!r:.80}"
        raise ResponseError(msg) from error


def _logs(answer: object) -> tuple[RawLog, ...]:
    return tuple(_log(as_map(one, "log")) for one in as_list(answer, "logs"))


def _log(log: dict[str, object]) -> RawLog:
    return RawLog(
        block=as_int(log.get("blockNumber"), "log block"),
        block_hash=as_str(log.get("blockHash"), "log block hash"),
        index=as_int(log.get("logIndex"), "log index"),
        transaction=as_str(log.get("transactionHash"), "log transaction"),
        address=as_str(log.get("address"), "log address").lower(),
        topics=tuple(as_str(topic, "topic") for topic in as_list(log.get("topics"), "topics")),
        data=as_str(log.get("data"), "log data"),
    )


def _receipt(answer: object) -> Receipt:
    receipt = as_map(answer, "receipt")
    return Receipt(
        transaction=as_str(receipt.get("transactionHash"), "receipt hash"),
        block=as_int(receipt.get("blockNumber"), "receipt block"),
        block_hash=as_str(receipt.get("blockHash"), "receipt block hash"),
        succeeded=as_int(receipt.get("status"), "receipt status") == 1,
        gas_used=as_int(receipt.get("gasUsed"), "gas used"),
        gas_price=as_int(receipt.get("effectiveGasPrice"), "gas price"),
        logs=_logs(receipt.get("logs")),
    )
