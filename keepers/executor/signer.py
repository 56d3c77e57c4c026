"""The key, decrypted once and never shown. Reads the keystore; signs, sends nothing."""

from dataclasses import dataclass
from pathlib import Path

import orjson
from eth_account import Account
from eth_account.signers.local import LocalAccount

from crossmargin.chain.units import ChainId, Gas
from keepers.errors import SettingsError
from keepers.settings import SignerSettings
from keepers.units import Address, HexData, Nonce, TxHash, Wei

__all__ = ["Fees", "Signer", "load_signer"]


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees per gas."""

    max_fee: Wei
    tip: Wei


class Signer:
    """Signs EIP-1559 transactions of one chain."""

    def __init__(self, account: LocalAccount, chain_id: ChainId) -> None:
        """Keep the key inside."""
        self._account = account
        self._chain_id = chain_id
        self.address = Address(str(account.address).lower())

    def __repr__(self) -> str:
        """Name the address only."""
        return f"Signer({self.address})"

    def sign(self, *, nonce: Nonce, to: Address, data: HexData, gas: Gas, fees: Fees) -> tuple[TxHash, HexData]:
        """Sign a call without value; give hash and raw transaction (hex)."""
        signed = self._account.sign_transaction(
            {
                "type": 2,
                "chainId": self._chain_id,
                "nonce": nonce,
                "to": bytes.fromhex(to.removeprefix("0x")),
                "value": 0,
                "data": bytes.fromhex(data.removeprefix("0x")),
                "gas": gas,
                "maxFeePerGas": fees.max_fee,
                "maxPriorityFeePerGas": fees.tip,
            }
        )
        return TxHash("0x" + bytes(signed.hash).hex()), HexData("0x" + bytes(signed.raw_transaction).hex())


def load_signer(settings: SignerSettings, chain_id: ChainId) -> Signer:
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
    return Signer(Account.from_key(key), chain_id)
