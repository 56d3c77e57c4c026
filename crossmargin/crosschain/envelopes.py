"""Messages of AttestationTransport and what their signers sign. Touches nothing."""

from dataclasses import dataclass
from typing import Any, Final

from eth_abi.abi import encode as encode_abi
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys.exceptions import BadSignature
from eth_typing import ChecksumAddress
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from crossmargin.crosschain.units import Domain, MessageNonce
from crossmargin.errors import MessageError

__all__ = ["Envelope", "Lane", "endpoint_id", "signed_message_hash", "signer_of"]

_SIGNATURE: Final = 65


@dataclass(frozen=True, slots=True)
class Lane:
    """The two transports between which a message goes."""

    source: ChecksumAddress
    destination: ChecksumAddress


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message under way."""

    origin: Domain
    nonce: MessageNonce
    """Of the transport there."""
    destination: Domain
    sender: ChecksumAddress
    receiver: ChecksumAddress
    body: bytes

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The contract's struct."""
        return (self.origin, self.nonce, self.destination, self.sender, self.receiver, self.body)

    def content(self, lane: Lane) -> bytes:
        """Hash what signers sign as an Ethereum signed message: the message, its two transports and its way."""
        return keccak(
            encode_abi(
                ["uint32", "address", "uint64", "uint32", "address", "address", "address", "bytes32"],
                [
                    self.origin,
                    lane.source,
                    self.nonce,
                    self.destination,
                    lane.destination,
                    self.sender,
                    self.receiver,
                    keccak(self.body),
                ],
            )
        )

    def digest(self, lane: Lane) -> bytes:
        """Give the contract's `digestOf`."""
        return signed_message_hash(self.content(lane))


def signed_message_hash(content: bytes) -> bytes:
    """Hash 32 bytes as an Ethereum signed message."""
    return keccak(b"\x19Ethereum Signed Message:\n32" + content)


def endpoint_id(origin: Domain, sender: ChecksumAddress, body: bytes) -> bytes:
    """Give the id under which the receiving end counts the transports that have delivered a message."""
    return keccak(encode_abi(["uint32", "address", "bytes"], [origin, sender, body]))


def signer_of(content: bytes, signature: bytes) -> ChecksumAddress:
    """Find who signed 32 bytes. MessageError where it is no signature."""
    if len(signature) != _SIGNATURE:
        raise MessageError(f"not a signature: {len(signature)} bytes, and not {_SIGNATURE}")
    try:
        found: ChecksumAddress = Account.recover_message(encode_defunct(content), signature=signature)
    except (BadSignature, ValidationError, ValueError) as error:
        raise MessageError(f"not a signature: {error}") from error
    return found
