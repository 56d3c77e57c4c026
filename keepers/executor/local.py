"""A key that this process holds: decrypted once and never shown. Reads the keystore; signs, sends nothing."""

from pathlib import Path
from typing import Any

import orjson
from eth_account import Account
from eth_account.signers.local import LocalAccount

from crossmargin.chain.units import ChainId
from keepers.errors import SettingsError
from keepers.executor.signed import call_of
from keepers.executor.signer import Unsigned
from keepers.settings import SignerSettings
from keepers.units import Address, HexData, TxHash

__all__ = ["KeySigner", "load_key"]


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

    def call_of(self, raw: HexData) -> tuple[Address, HexData]:
        """Give what a transaction calls that this key has signed."""
        return call_of(raw, self.address)


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
