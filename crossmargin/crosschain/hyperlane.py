"""Hyperlane's messages, checkpoints and metadata, as its contracts and agents write them. Touches nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self

from eth_abi.abi import decode as decode_abi
from eth_abi.exceptions import DecodingError
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from crossmargin.crosschain.units import Domain, LeafIndex
from crossmargin.errors import MessageError

__all__ = ["MAILBOX_ABI", "TREE_ABI", "Checkpoint", "HyperlaneMessage", "SignedCheckpoint", "metadata", "word_of"]

_HEAD: Final = 77
_SIGNATURE: Final = 65


def _function(name: str, inputs: dict[str, str], outputs: dict[str, str], mutability: str = "view") -> dict[str, Any]:
    return {
        "type": "function",
        "name": name,
        "inputs": [{"name": key, "type": kind} for key, kind in inputs.items()],
        "outputs": [{"name": key, "type": kind} for key, kind in outputs.items()],
        "stateMutability": mutability,
    }


def _event(name: str, *inputs: tuple[str, str, bool]) -> dict[str, Any]:
    fields = [{"name": key, "type": kind, "indexed": indexed} for key, kind, indexed in inputs]
    return {"type": "event", "name": name, "inputs": fields, "anonymous": False}


MAILBOX_ABI: Final = [
    _function("process", {"metadata": "bytes", "message": "bytes"}, {}, "payable"),
    _event(
        "Dispatch",
        ("sender", "address", True),
        ("destination", "uint32", True),
        ("recipient", "bytes32", True),
        ("message", "bytes", False),
    ),
]
"""What is used of Hyperlane's mailbox."""
TREE_ABI: Final = [
    _function("count", {}, {"": "uint32"}),
    _function("root", {}, {"": "bytes32"}),
    _event("InsertedIntoTree", ("messageId", "bytes32", False), ("index", "uint32", False)),
]
"""What is used of its Merkle tree hook."""


def word_of(address: ChecksumAddress) -> bytes:
    """Write an address as Hyperlane does."""
    return bytes.fromhex(address[2:]).rjust(32, b"\0")


@dataclass(frozen=True, slots=True)
class HyperlaneMessage:
    """A message of the mailbox that a HyperlaneTransport sent."""

    raw: bytes
    origin: Domain
    destination: Domain
    transport: ChecksumAddress
    """Who sent it."""
    recipient: ChecksumAddress
    """The transport that is to have it."""
    sender: ChecksumAddress
    """Who sent it by the transport."""
    receiver: ChecksumAddress
    body: bytes

    @property
    def id(self) -> bytes:
        """Its hash: the leaf of the tree."""
        return keccak(self.raw)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read what the mailbox dispatched. MessageError where no transport of ours can have sent it."""
        if len(raw) < _HEAD:
            raise MessageError(f"{len(raw)} bytes are no message of Hyperlane's: its head alone has {_HEAD}")
        try:
            sender, receiver, body = decode_abi(["address", "address", "bytes"], raw[_HEAD:])
        except DecodingError as error:
            raise MessageError(f"a message of Hyperlane's that no transport here sent: {error}") from error
        return cls(
            raw=raw,
            origin=Domain(int.from_bytes(raw[5:9], "big")),
            destination=Domain(int.from_bytes(raw[41:45], "big")),
            transport=to_checksum_address(raw[21:41]),
            recipient=to_checksum_address(raw[57:77]),
            sender=to_checksum_address(sender),
            receiver=to_checksum_address(receiver),
            body=body,
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a validator vouches for: a message is the last leaf of a tree with this root."""

    origin: Domain
    hook: ChecksumAddress
    root: bytes
    index: LeafIndex
    message_id: bytes

    def content(self) -> bytes:
        """Hash what validators sign as an Ethereum signed message."""
        domain = keccak(self.origin.to_bytes(4, "big") + word_of(self.hook) + b"HYPERLANE")
        return keccak(domain + self.root + self.index.to_bytes(4, "big") + self.message_id)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with a validator's signature."""

    checkpoint: Checkpoint
    signature: bytes

    def to_json(self) -> dict[str, Any]:
        """Write it as Hyperlane's validators store it."""
        each = self.checkpoint
        return {
            "value": {
                "checkpoint": {
                    "merkle_tree_hook_address": "0x" + word_of(each.hook).hex(),
                    "mailbox_domain": each.origin,
                    "root": "0x" + each.root.hex(),
                    "index": each.index,
                },
                "message_id": "0x" + each.message_id.hex(),
            },
            "signature": {
                "r": hex(int.from_bytes(self.signature[:32], "big")),
                "s": hex(int.from_bytes(self.signature[32:64], "big")),
                "v": self.signature[64],
            },
            "serialized_signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Read what any validator of Hyperlane's stored. MessageError where it is something else."""
        try:
            value, inner = content["value"], content["value"]["checkpoint"]
            return cls(
                Checkpoint(
                    origin=Domain(int(inner["mailbox_domain"])),
                    hook=to_checksum_address(_bytes(inner["merkle_tree_hook_address"], 32)[12:]),
                    root=_bytes(inner["root"], 32),
                    index=LeafIndex(int(inner["index"])),
                    message_id=_bytes(value["message_id"], 32),
                ),
                _bytes(content["serialized_signature"], _SIGNATURE),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MessageError(f"not a checkpoint: {error!r}") from error


def metadata(checkpoint: Checkpoint, signatures: Iterable[bytes]) -> bytes:
    """Write what the security module verifies a message by; signatures in the order of its validators."""
    return word_of(checkpoint.hook) + checkpoint.root + checkpoint.index.to_bytes(4, "big") + b"".join(signatures)


def _bytes(text: str, length: int) -> bytes:
    found = bytes.fromhex(text.removeprefix("0x"))
    if len(found) != length:
        raise ValueError(f"{len(found)} bytes, and not {length}")
    return found
