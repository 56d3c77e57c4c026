"""Proofs of a contract's storage in a block: the header, and the ways through both tries. Reads from a node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from eth_typing import BlockNumber, ChecksumAddress
from eth_utils.crypto import keccak
from rlp import encode as rlp_encode  # type: ignore[import-untyped]
from web3 import Web3
from web3.exceptions import Web3Exception

from crossmargin.errors import CrossChainError

__all__ = ["WordProof", "header_of", "prove_word"]

_FIELDS: Final = (
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash",
    "blockAccessListHash",
)
"""Of a header, in their order; the later ones came with later forks."""


@dataclass(frozen=True, slots=True)
class WordProof:
    """A word of a contract's storage, and what proves it."""

    block: BlockNumber
    value: int
    header: bytes
    """RLP."""
    account: tuple[bytes, ...]
    """Nodes of the state trie, from its root."""
    word: tuple[bytes, ...]
    """Nodes of the contract's storage trie, from its root."""

    @property
    def arguments(self) -> tuple[bytes, tuple[bytes, ...], tuple[bytes, ...]]:
        """The contract's struct."""
        return self.header, self.account, self.word

    @property
    def size(self) -> int:
        """Of all its parts [bytes]."""
        return sum(map(len, (self.header, *self.account, *self.word)))


def header_of(block: Mapping[str, Any]) -> bytes:
    """Encode a block's header as it is hashed. CrossChainError where the hash is another: an unknown fork's."""
    header: bytes = rlp_encode([_field(block[name]) for name in _FIELDS if block.get(name) is not None])
    if keccak(header) != bytes(block["hash"]):
        raise CrossChainError(
            f"the header of block {block['number']} does not hash to what the node says: it has fields of a fork that "
            "this program does not know, or the node lies"
        )
    return header


def _field(value: Any) -> bytes:  # noqa: ANN401 (a number, an address or bytes)
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) else bytes(value)


def prove_word(web3: Web3, contract: ChecksumAddress, slot: bytes, number: BlockNumber) -> WordProof:
    """Ask a node for a word of a contract's storage in a block. CrossChainError where it does not prove so old ones."""
    block: Mapping[str, Any] = web3.eth.get_block(number)
    ask: Any = web3.eth.get_proof  # typed for other arguments than it takes
    try:
        found = ask(contract, ["0x" + slot.hex()], number)
    except (Web3Exception, ValueError) as error:
        raise CrossChainError(
            f"the node does not prove what was in block {number} ({error}): ask one that keeps old states"
        ) from error
    word = found["storageProof"][0]
    return WordProof(
        block=number,
        value=int.from_bytes(bytes(word["value"]), "big"),
        header=header_of(block),
        account=tuple(bytes(each) for each in found["accountProof"]),
        word=tuple(bytes(each) for each in word["proof"]),
    )
