"""Blocks, logs and receipts as a node writes them, read strictly: what contradicts itself is no answer. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Final

from eth_hash.auto import keccak

from crossmargin.chain.units import Gas
from crossmargin.model.units import Seconds
from keepers.errors import MissingError, ResponseError
from keepers.rpc import as_int, as_list, as_map, as_str
from keepers.units import Address, BlockHash, BlockNumber, HexData, LogIndex, TxHash, Wei

__all__ = [
    "Header",
    "RawLog",
    "Receipt",
    "check_logs",
    "check_range",
    "hinted",
    "parse_data",
    "parse_header",
    "parse_logs",
    "parse_receipt",
]

_BLOOM_BITS: Final = 2048
_FULL: Final = 2**_BLOOM_BITS - 1
_HASH_SIZE: Final = 66
_NUMBER_BITS: Final = 63


@dataclass(frozen=True, slots=True)
class Header:
    """A block's head; base fee in wei. A full bloom, as when the node gave none, excludes no log."""

    number: BlockNumber
    hash: BlockHash
    parent: BlockHash
    timestamp: Seconds
    base_fee: Wei
    bloom: int = field(default=_FULL, compare=False, repr=False)


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
    """What became of a transaction; gas price in wei.

    For its data OP-stack chains take a fee beside the gas, Arbitrum a part of the gas.
    """

    transaction: TxHash
    block: BlockNumber
    block_hash: BlockHash
    succeeded: bool
    gas_used: Gas
    gas_price: Wei
    logs: tuple[RawLog, ...]
    data_fee: Wei
    data_gas: Gas

    @property
    def cost(self) -> Wei:
        """All that was paid."""
        return Wei(self.gas_used * self.gas_price + self.data_fee)

    @property
    def data_cost(self) -> Wei:
        """What of it the data cost."""
        return Wei(self.data_gas * self.gas_price + self.data_fee)


def parse_header(answer: object, number: BlockNumber | None = None) -> Header:
    """Read a block, of the number that was asked for; a missing block is an error."""
    if answer is None:
        raise MissingError("eth_getBlockByNumber", 0, f"no block {'latest' if number is None else number}")
    block = as_map(answer, "block")
    bloom = block.get("logsBloom")
    header = Header(
        number=BlockNumber(as_int(block.get("number"), "block number")),
        hash=BlockHash(_hash(block.get("hash"), "block hash")),
        parent=BlockHash(_hash(block.get("parentHash"), "parent hash")),
        timestamp=Seconds(as_int(block.get("timestamp"), "timestamp")),
        base_fee=Wei(as_int(block.get("baseFeePerGas"), "base fee")),
        bloom=_FULL if bloom is None else as_int(bloom, "bloom", _BLOOM_BITS),
    )
    if number is not None and header.number != number:
        raise ResponseError(f"asked for block {number}, got block {header.number}")
    return header


def parse_data(answer: object) -> bytes:
    """Read hex data."""
    text = as_str(answer, "data")
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError as error:
        raise ResponseError(f"expected hex data, got {text!r:.80}") from error


def parse_logs(answer: object) -> tuple[RawLog, ...]:
    """Read logs."""
    return tuple(_log(as_map(one, "log")) for one in as_list(answer, "logs"))


def parse_receipt(answer: object, transaction: TxHash) -> Receipt | None:
    """Read the receipt of a transaction; None when it is in no block."""
    if answer is None:
        return None
    receipt = as_map(answer, "receipt")
    found = Receipt(
        transaction=TxHash(_hash(receipt.get("transactionHash"), "receipt hash")),
        block=BlockNumber(as_int(receipt.get("blockNumber"), "receipt block")),
        block_hash=BlockHash(_hash(receipt.get("blockHash"), "receipt block hash")),
        succeeded=as_int(receipt.get("status"), "receipt status") == 1,
        gas_used=Gas(as_int(receipt.get("gasUsed"), "gas used")),
        gas_price=Wei(as_int(receipt.get("effectiveGasPrice"), "gas price")),
        logs=parse_logs(receipt.get("logs")),
        data_fee=Wei(as_int(receipt.get("l1Fee") or "0x0", "data fee", 256)),
        data_gas=Gas(as_int(receipt.get("gasUsedForL1") or "0x0", "data gas")),
    )
    if found.transaction != transaction:
        raise ResponseError(f"asked for the receipt of {transaction}, got that of {found.transaction}")
    return found


def check_logs(header: Header, logs: tuple[RawLog, ...], addresses: Sequence[Address]) -> tuple[RawLog, ...]:
    """Take the logs of one block only if they are of it, in order, once each, and in its bloom."""
    for log in logs:
        if log.block_hash != header.hash:
            raise ResponseError(f"asked for logs of block {header.hash}, got one of {log.block_hash}")
        if not all(_may_hold(header.bloom, item) for item in (HexData(log.address), *log.topics)):
            raise ResponseError(f"log {log.index} of block {header.number} is not in the block's bloom")
    return check_range(logs, header.number, header, addresses)


def check_range(
    logs: tuple[RawLog, ...], first: BlockNumber, end: Header, addresses: Sequence[Address]
) -> tuple[RawLog, ...]:
    """Take the logs of a range of blocks only if they are of it, in order, once each."""
    last = (-1, -1)
    for log in logs:
        inside = first <= log.block <= end.number and (log.block != end.number or log.block_hash == end.hash)
        if not inside or log.address not in addresses:
            raise ResponseError(f"log {log.index} of block {log.block} ({log.block_hash}) is not what was asked for")
        if (log.block, log.index) <= last:
            raise ResponseError(f"log {log.index} of block {log.block} comes twice or late")
        last = (log.block, log.index)
    return logs


def hinted(header: Header, logs: Iterable[RawLog], addresses: Sequence[Address]) -> bool:
    """Tell whether the bloom lets expect a log of an address that has none here: mostly chance, sometimes a loss."""
    silent = set(addresses) - {log.address for log in logs}
    return header.bloom != _FULL and any(_may_hold(header.bloom, HexData(one)) for one in silent)


def _may_hold(bloom: int, item: HexData) -> bool:
    mask = _bits(item)
    return bloom & mask == mask


@lru_cache(maxsize=4096)
def _bits(item: HexData) -> int:
    """Give the bits that an address or topic sets in a bloom."""
    digest = keccak(bytes.fromhex(item[2:]))
    return reduce(or_, (1 << (int.from_bytes(digest[at : at + 2]) & (_BLOOM_BITS - 1)) for at in (0, 2, 4)))


def _hash(value: object, what: str) -> str:
    text = as_str(value, what)
    if len(text) != _HASH_SIZE:
        raise ResponseError(f"{what}: expected 32 bytes, got {text!r:.80}")
    return text


def _log(log: dict[str, object]) -> RawLog:
    """Read a log: at once if all is as it should be, else field by field to say what is not."""
    found = _plain(log)
    return _checked(log) if found is None else found


def _plain(log: dict[str, Any]) -> RawLog | None:
    """Read a log that is as it should be: a catch-up is mostly this."""
    try:
        block, index, data = int(log["blockNumber"], 16), int(log["logIndex"], 16), log["data"]
        topics, hashes = log["topics"], [log["blockHash"], log["transactionHash"]]
        hashes.extend(topics)
        address = log["address"].lower()
        bytes.fromhex(data.removeprefix("0x"))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    sound = isinstance(topics, list) and all(isinstance(one, str) and len(one) == _HASH_SIZE for one in hashes)
    if log.get("removed") or not sound or min(block, index) < 0:
        return None
    if max(block, index) >> _NUMBER_BITS:
        return None
    return RawLog(BlockNumber(block), hashes[0], LogIndex(index), hashes[1], address, tuple(topics), data)


def _checked(log: dict[str, object]) -> RawLog:
    if log.get("removed"):
        raise ResponseError("the log was removed by a reorganisation")
    data = as_str(log.get("data"), "log data")
    parse_data(data)
    return RawLog(
        block=BlockNumber(as_int(log.get("blockNumber"), "log block")),
        block_hash=BlockHash(_hash(log.get("blockHash"), "log block hash")),
        index=LogIndex(as_int(log.get("logIndex"), "log index")),
        transaction=TxHash(_hash(log.get("transactionHash"), "log transaction")),
        address=Address(as_str(log.get("address"), "log address").lower()),
        topics=tuple(HexData(_hash(topic, "topic")) for topic in as_list(log.get("topics"), "topics")),
        data=HexData(data),
    )
