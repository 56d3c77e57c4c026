"""An account of ape's: encrypted, of a test wallet, or a hardware wallet by its plugin."""

from typing import Any

from ape import networks
from ape.logging import LogLevel, logger
from eth_account.messages import encode_typed_data
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from web3.types import TxParams

from crossmargin.chain.signers import DirectSigner, TypedData
from crossmargin.errors import SignerError

__all__ = ["ApeSigner"]


class ApeSigner(DirectSigner):
    """Sender and signer by an account of ape's, while ape is connected to a network."""

    def __init__(self, account: Any) -> None:  # noqa: ANN401 (ape ships no types)
        """Unlock an encrypted account once: asks for its passphrase, or takes APE_ACCOUNTS_<alias>_PASSPHRASE."""
        self._account = account
        if hasattr(account, "set_autosign"):
            account.set_autosign(enabled=True)

    @property
    def address(self) -> ChecksumAddress:
        """The account's address."""
        return to_checksum_address(str(self._account.address))

    def sign(self, transaction: TxParams) -> bytes:
        """Sign a complete transaction; return it serialized."""
        unsigned = networks.provider.network.ecosystem.create_transaction(**transaction)
        with logger.at_level(LogLevel.ERROR):  # else each signature says that the key is known
            signed = self._account.sign_transaction(unsigned)
        if signed is None:
            raise SignerError(f"{self.address}: the account declined to sign the transaction")
        return bytes(signed.serialize_transaction())

    def sign_typed(self, document: TypedData) -> bytes:
        """Sign an EIP-712 document."""
        signature = self._account.sign_message(encode_typed_data(full_message=document))
        if signature is None:
            raise SignerError(f"{self.address}: the account declined to sign {document['primaryType']}")
        return bytes(signature.encode_rsv())
