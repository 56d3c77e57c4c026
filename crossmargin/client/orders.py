"""EIP-712 signatures of orders."""

from typing import Final

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from crossmargin.chain.orders import FIELDS, OWNER_EPOCH, Order
from crossmargin.chain.signers import KeySigner, Signer, TypedData, as_signer
from crossmargin.chain.units import ChainId
from crossmargin.model.units import Ppm

__all__ = ["MAX_FEE", "OWNER_EPOCH", "Order", "hash_order", "sign_order", "typed_data"]

MAX_FEE: Final = Ppm(10_000)
"""Highest fee an exchange can be configured with [ppm]: an order that names it accepts any."""

_DOMAIN: Final = (("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"))


def typed_data(order: Order, chain_id: ChainId, exchange: str) -> TypedData:
    """Make the EIP-712 document that a wallet shows and signs."""
    return {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in _DOMAIN],
            "Order": [{"name": name, "type": kind} for name, kind in FIELDS],
        },
        "primaryType": "Order",
        "domain": {
            "name": "CrossMargin Exchange",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": exchange,
        },
        "message": dict(zip((name for name, _ in FIELDS), order.encode(), strict=True)),
    }


def hash_order(order: Order, chain_id: ChainId, exchange: str) -> bytes:
    """Compute the EIP-712 hash under which the exchange knows the order."""
    signable = encode_typed_data(full_message=typed_data(order, chain_id, exchange))
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def sign_order(order: Order, chain_id: ChainId, exchange: str, signer: Signer | LocalAccount | str) -> bytes:
    """Sign an order with a signer, a local key, or its hex."""
    chosen = KeySigner.from_key(signer) if isinstance(signer, str) else as_signer(signer)
    return chosen.sign_typed(typed_data(order, chain_id, exchange))
