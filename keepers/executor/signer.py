"""Signing: the key, decrypted once and never shown. Reads the keystore; signs, sends nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from eth_account import Account
from eth_account.signers.local import LocalAccount

from crossmargin.chain.units import ChainId, Gas
from keepers.errors import SettingsError
from keepers.settings import SignerSettings
from keepers.units import Address, HexData, Nonce, TxHash, Wei

__all__ = ["Fees", "KeySigner", "Signer", "Unsigned", "load_key"]


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees per gas."""

    max_fee: Wei
    tip: Wei


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A call without value that is to be signed."""

    nonce: Nonce
    to: Address
    data: HexData
    gas: Gas
    fees: Fees

    def fields(self, chain_id: ChainId) -> dict[str, int | str]:
        """Write it as EIP-1559 has it."""
        return {
            "type": 2,
            "chainId": chain_id,
            "nonce": self.nonce,
            "to": self.to,
            "value": 0,
            "data": self.data,
            "gas": self.gas,
            "maxFeePerGas": self.fees.max_fee,
            "maxPriorityFeePerGas": self.fees.tip,
        }


class Signer(Protocol):
    """Signs EIP-1559 transactions of one chain, by one address."""

    address: Address

    async def sign(self, call: Unsigned) -> tuple[TxHash, HexData]:
        """Sign a call; give hash and raw transaction (hex)."""


class KeySigner:
    """Signs with a key that this process holds."""

    def __init__(self, account: LocalAccount, chain_id: ChainId) -> None:
        """Keep the key inside."""
        self._account = account
        self._chain_id = chain_id
        self.address = Address(str(account.address).lower())

    def __repr__(self) -> str:
        """Name the address only."""
        return f"KeySigner({self.address})"

    async def sign(self, call: Unsigned) -> tuple[TxHash, HexData]:
        """Sign a call; give hash and raw transaction (hex)."""
        fields: dict[str, Any] = dict(call.fields(self._chain_id))
        for name, value in (("to", call.to), ("data", call.data)):
            fields[name] = bytes.fromhex(value.removeprefix("0x"))
        signed = self._account.sign_transaction(fields)
        return TxHash("0x" + bytes(signed.hash).hex()), HexData("0x" + bytes(signed.raw_transaction).hex())


def load_key(settings: SignerSettings, chain_id: ChainId) -> KeySigner:
    """Decrypt the keystore."""
    path = settings.keystore or Path()
    try:
        keystore = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        msg = f"signer: keystore {path}: {error}"
        raise SettingsError(msg) from error
    try:
        key = Account.decrypt(keystore, settings.passphrase())
    except (ValueError, TypeError, KeyError) as error:
        msg = f"signer: {path} does not open with this passphrase"
        raise SettingsError(msg) from error
    return KeySigner(Account.from_key(key), chain_id)
