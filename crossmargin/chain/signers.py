"""Who acts: a key, a keystore's, an account of ape's or a wallet that is a contract. Asks no node.

An account of ape's (encrypted, or a hardware wallet) is in `ape_signer`, for only it needs ape.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, Self, cast

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, HexStr
from eth_utils.address import to_checksum_address
from web3.types import TxParams

from crossmargin.errors import SignerError

__all__ = ["ContractWallet", "DirectSigner", "KeySigner", "Onlooker", "Sender", "Signer", "TypedData", "as_signer"]

TypedData = dict[str, Any]
"""An EIP-712 document: types, primary type, domain and message."""


class Sender(Protocol):
    """Who pays for transactions and signs them."""

    @property
    def address(self) -> ChecksumAddress:
        """The account's address."""

    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""


class Signer(Protocol):
    """Who owns accounts, signs orders, and calls contracts by a sender."""

    @property
    def address(self) -> ChecksumAddress:
        """Who acts."""

    @property
    def sender(self) -> Sender:
        """Who pays, and signs the transactions."""

    def sign_typed(self, document: TypedData) -> bytes:
        """Sign what a wallet would show."""

    def route(self, target: ChecksumAddress, data: HexStr) -> TxParams:
        """Give the transaction of the sender by which `address` calls `target`."""


class DirectSigner(ABC):
    """An account that pays for itself and calls contracts directly: sender and signer in one."""

    @property
    @abstractmethod
    def address(self) -> ChecksumAddress:
        """The account's address."""

    @abstractmethod
    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""

    @property
    def sender(self) -> Sender:
        """Itself."""
        return self

    def route(self, target: ChecksumAddress, data: HexStr) -> TxParams:
        """Call it directly."""
        return {"to": target, "data": data}


class Onlooker(DirectSigner):
    """Somebody who only looks: has an address and no key."""

    def __init__(self, address: str = "0x" + "00" * 20) -> None:
        """Look as the owner of `address`, whose accounts are the default."""
        self._address = to_checksum_address(address)

    @property
    def address(self) -> ChecksumAddress:
        """Whose accounts are looked at."""
        return self._address

    def sign(self, transaction: TxParams) -> bytes:
        """Refuse."""
        raise SignerError(f"{self._address} only looks: to send ({transaction.get('to')!r}) takes a key")

    def sign_typed(self, document: TypedData) -> bytes:
        """Refuse."""
        raise SignerError(f"{self._address} only looks: no {document['primaryType']} is signed without a key")


class KeySigner(DirectSigner):
    """A key that this process holds."""

    def __init__(self, account: LocalAccount) -> None:
        """Sign with `account`."""
        self._account = account

    @classmethod
    def from_key(cls, key: str) -> Self:
        """Take a private key as hex."""
        try:
            return cls(Account.from_key(key))
        except ValueError as error:
            raise SignerError("not a private key: 32 bytes of hex are") from error

    @classmethod
    def from_keystore(cls, path: Path, passphrase: str) -> Self:
        """Decrypt a keystore file (version 3, as geth, cast, ape and the keeper write it)."""
        try:
            return cls(Account.from_key(Account.decrypt(json.loads(path.read_text()), passphrase)))
        except OSError as error:
            raise SignerError(f"{path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SignerError(f"{path}: wrong passphrase, or not a keystore") from error

    @property
    def address(self) -> ChecksumAddress:
        """The key's address."""
        return self._account.address

    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""
        return bytes(self._account.sign_transaction(cast("dict[str, Any]", transaction)).raw_transaction)

    def sign_typed(self, document: TypedData) -> bytes:
        """Sign an EIP-712 document."""
        return bytes(self._account.sign_message(encode_typed_data(full_message=document)).signature)

    def sign_message(self, content: bytes) -> bytes:
        """Sign bytes as an Ethereum signed message."""
        return bytes(self._account.sign_message(encode_defunct(content)).signature)


class ContractWallet:
    """A wallet that is a contract, and answers for its signatures by ERC-1271; a key signs for it and pays."""

    def __init__(
        self,
        address: str,
        key: Signer,
        call: Callable[[ChecksumAddress, HexStr], HexStr],
        wrap: Callable[[TypedData], TypedData] = lambda document: document,
    ) -> None:
        """Act as the wallet at `address`.

        `call` gives the wallet's calldata for a call of a target; `wrap` the document that `key` signs for one of an
        order, where the wallet asks for another (a Safe does).
        """
        self._address = to_checksum_address(address)
        self._key = key
        self._call = call
        self._wrap = wrap

    @property
    def address(self) -> ChecksumAddress:
        """The wallet's address."""
        return self._address

    @property
    def sender(self) -> Sender:
        """Who pays for the wallet's calls."""
        return self._key.sender

    def sign_typed(self, document: TypedData) -> bytes:
        """Sign with the key what the wallet will say is its own."""
        return self._key.sign_typed(self._wrap(document))

    def route(self, target: ChecksumAddress, data: HexStr) -> TxParams:
        """Let the wallet call it."""
        return self._key.route(self._address, self._call(target, data))


def as_signer(account: Signer | LocalAccount) -> Signer:
    """Take a key of eth-account's as it is."""
    return KeySigner(account) if isinstance(account, LocalAccount) else account
