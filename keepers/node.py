"""What the keeper asks of an Ethereum node, typed. Knows blocks, logs, calls and transactions, nothing of the venue."""

from collections.abc import Sequence
from dataclasses import dataclass

from crossmargin.chain.units import ChainId, Gas
from crossmargin.model.units import Seconds
from keepers.errors import ResponseError, RpcError
from keepers.rpc import Call, Rpc, as_int, as_list, as_map, as_str
from keepers.units import Address, BlockHash, BlockNumber, HexData, LogIndex, Nonce, TxHash, Wei

__all__ = ["Header", "Node", "RawLog", "Receipt", "call_params", "parse_data", "parse_header"]

LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Header:
    """A block's head; base fee in wei."""

    number: BlockNumber
    hash: BlockHash
    parent: BlockHash
    timestamp: Seconds
    base_fee: Wei


@dataclass(frozen=True, slots=True)
class RawLog:
    """A log as the chain has it."""

    block: BlockNumber
    block_hash: BlockHash
    index: LogIndex
    transaction: TxHash
    address: Address
    topics: tuple[HexData, ...]
    data: HexData


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction; gas price in wei."""

    transaction: TxHash
    block: BlockNumber
    block_hash: BlockHash
    succeeded: bool
    gas_used: Gas
    gas_price: Wei
    logs: tuple[RawLog, ...]


class Node:
    """Typed questions to a node."""

    def __init__(self, rpc: Rpc) -> None:
        """Ask through the given client."""
        self.rpc = rpc

    async def chain_id(self) -> ChainId:
        """Give the chain's id."""
        return ChainId(as_int(await self.rpc.request("eth_chainId"), "eth_chainId"))

    async def head(self) -> Header:
        """Give the newest block."""
        return parse_header(await self.rpc.request("eth_getBlockByNumber", LATEST, False))

    async def headers(self, numbers: Sequence[BlockNumber]) -> list[Header]:
        """Give blocks of the node's present chain by number, in one request."""
        calls: list[Call] = [("eth_getBlockByNumber", (hex(number), False)) for number in numbers]
        return [parse_header(block) for block in await self.rpc.batch(calls)]

    async def logs_of(self, hashes: Sequence[BlockHash], addresses: Sequence[Address]) -> list[tuple[RawLog, ...]]:
        """Give the addresses' logs of each block, by hash, in one request."""
        calls: list[Call] = [("eth_getLogs", ({"blockHash": one, "address": list(addresses)},)) for one in hashes]
        return [_logs(answer) for answer in await self.rpc.batch(calls)]

    async def logs_between(
        self, first: BlockNumber, last: BlockNumber, addresses: Sequence[Address]
    ) -> tuple[RawLog, ...]:
        """Give the addresses' logs of a range of blocks, both ends included."""
        query = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(addresses)}
        return _logs(await self.rpc.request("eth_getLogs", query))

    async def call(
        self, to: Address, data: HexData, block_hash: BlockHash | None = None, sender: Address | None = None
    ) -> bytes:
        """Call a view at a block."""
        answer = await self.rpc.request("eth_call", *call_params(to, data, block_hash, sender))
        return parse_data(answer)

    async def calls(
        self, targets: Sequence[tuple[Address, HexData]], block_hash: BlockHash | None = None
    ) -> list[bytes]:
        """Call many views at one block, in one request."""
        batch: list[Call] = [("eth_call", call_params(to, data, block_hash)) for to, data in targets]
        return [parse_data(answer) for answer in await self.rpc.batch(batch)]

    async def code(self, address: Address) -> bytes:
        """Give the code at an address."""
        return parse_data(await self.rpc.request("eth_getCode", address, LATEST))

    async def estimate(self, sender: Address, to: Address, data: HexData) -> Gas:
        """Estimate the gas of a transaction; raise the revert if it would fail."""
        return Gas(as_int(await self.rpc.request("eth_estimateGas", {"from": sender, "to": to, "data": data}), "gas"))

    async def balance(self, address: Address) -> Wei:
        """Give an address's balance [wei]."""
        return Wei(as_int(await self.rpc.request("eth_getBalance", address, LATEST), "balance"))

    async def nonces(self, address: Address) -> tuple[Nonce, Nonce]:
        """Give the number of transactions mined, and mined or waiting."""
        latest, pending = await self.rpc.batch(
            [("eth_getTransactionCount", (address, LATEST)), ("eth_getTransactionCount", (address, "pending"))]
        )
        return Nonce(as_int(latest, "nonce")), Nonce(as_int(pending, "nonce"))

    async def send(self, raw: HexData) -> TxHash:
        """Send a signed transaction; give its hash."""
        return TxHash(as_str(await self.rpc.request("eth_sendRawTransaction", raw), "hash"))

    async def receipts(self, hashes: Sequence[TxHash]) -> list[Receipt | None]:
        """Give the receipts of transactions, None for those not in the chain."""
        calls: list[Call] = [("eth_getTransactionReceipt", (one,)) for one in hashes]
        return [None if answer is None else _receipt(answer) for answer in await self.rpc.batch(calls)]

    async def known(self, hashes: Sequence[TxHash]) -> list[bool]:
        """Tell which transactions the node has, mined or waiting."""
        calls: list[Call] = [("eth_getTransactionByHash", (one,)) for one in hashes]
        return [answer is not None for answer in await self.rpc.batch(calls)]


def call_params(
    to: Address, data: HexData, block_hash: BlockHash | None = None, sender: Address | None = None
) -> tuple[object, ...]:
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
        number=BlockNumber(as_int(block.get("number"), "block number")),
        hash=BlockHash(as_str(block.get("hash"), "block hash")),
        parent=BlockHash(as_str(block.get("parentHash"), "parent hash")),
        timestamp=Seconds(as_int(block.get("timestamp"), "timestamp")),
        base_fee=Wei(as_int(block.get("baseFeePerGas"), "base fee")),
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
        block=BlockNumber(as_int(log.get("blockNumber"), "log block")),
        block_hash=BlockHash(as_str(log.get("blockHash"), "log block hash")),
        index=LogIndex(as_int(log.get("logIndex"), "log index")),
        transaction=TxHash(as_str(log.get("transactionHash"), "log transaction")),
        address=Address(as_str(log.get("address"), "log address").lower()),
        topics=tuple(HexData(as_str(topic, "topic")) for topic in as_list(log.get("topics"), "topics")),
        data=HexData(as_str(log.get("data"), "log data")),
    )


def _receipt(answer: object) -> Receipt:
    receipt = as_map(answer, "receipt")
    return Receipt(
        transaction=TxHash(as_str(receipt.get("transactionHash"), "receipt hash")),
        block=BlockNumber(as_int(receipt.get("blockNumber"), "receipt block")),
        block_hash=BlockHash(as_str(receipt.get("blockHash"), "receipt block hash")),
        succeeded=as_int(receipt.get("status"), "receipt status") == 1,
        gas_used=Gas(as_int(receipt.get("gasUsed"), "gas used")),
        gas_price=Wei(as_int(receipt.get("effectiveGasPrice"), "gas price")),
        logs=_logs(receipt.get("logs")),
    )
