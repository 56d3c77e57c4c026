"""Reading signed transactions: who signed, and what. Slow to import; asks nothing."""

from eth_account import Account
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from keepers.errors import SignerError
from keepers.units import Address, HexData

__all__ = ["call_of", "read_signed"]


def read_signed(raw: str) -> tuple[Address, dict[str, object]]:
    """Give the signer and the fields, bytes as hex."""
    try:
        fields = TypedTransaction.from_bytes(HexBytes(raw)).as_dict()
        sender = Address(str(Account.recover_transaction(raw)).lower())
    except Exception as error:  # the library raises whatever it stumbles over
        raise SignerError(f"not a signed transaction: {error}") from error
    return sender, {
        name: f"0x{bytes(value).hex()}" if isinstance(value, bytes | HexBytes) else value
        for name, value in fields.items()
    }


def call_of(raw: str, signer: Address) -> tuple[Address, HexData]:
    """Give what a transaction calls, and with which data; raise where another than `signer` has signed it."""
    sender, fields = read_signed(raw)
    if sender != signer:
        raise SignerError(f"signed by {sender}, not by {signer}")
    return Address(str(fields["to"])), HexData(str(fields["data"]))
