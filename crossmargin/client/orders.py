"""Orders and their EIP-712 signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak
from web3.types import Nonce

from crossmargin.chain.signers import KeySigner, Signer, TypedData, as_signer
from crossmargin.chain.units import ChainId
from crossmargin.model.units import AccountId, InstrumentId, OperatorEpoch, Ppm, Seconds, Wad

__all__ = ["MAX_FEE", "OWNER_EPOCH", "Order", "hash_order", "sign_order", "typed_data"]

MAX_FEE: Final = Ppm(10_000)
"""Highest fee an exchange can be configured with [ppm]: an order that names it accepts any."""

OWNER_EPOCH: Final = OperatorEpoch(0)
"""Epoch of an order that the account's owner signs."""

_FIELDS: Final = (
    ("account", "uint256"),
    ("signer", "address"),
    ("instrument", "uint64"),
    ("size", "int256"),
    ("limitPrice", "uint256"),
    ("maxFee", "uint256"),
    ("expiry", "uint256"),
    ("nonce", "uint256"),
    ("epoch", "uint64"),
    ("reduceOnly", "bool"),
)
_DOMAIN: Final = (("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address"))


@dataclass(frozen=True, slots=True)
class Order:
    """An order; it counts once `signer` has signed it or sends it as the taker."""

    account: AccountId
    """Whose position changes."""
    signer: str
    """The account's owner, or an operator who may trade for it."""
    instrument: InstrumentId
    size: Wad
    """Positive buys, negative sells [wad base]."""
    limit_price: Wad
    """Worst price [wad USD]."""
    max_fee: Ppm
    """Most fee accepted [ppm of notional]."""
    expiry: Seconds
    """Last second of validity [s]."""
    nonce: Nonce
    epoch: OperatorEpoch = OWNER_EPOCH
    """Of an operator that signs: how often the owner has named it; what it signed in another is void."""
    reduce_only: bool = False

    def encode(self) -> tuple[AccountId, str, InstrumentId, Wad, Wad, Ppm, Seconds, Nonce, OperatorEpoch, bool]:
        """Return the contract's `Order` struct."""
        return (
            self.account,
            self.signer,
            self.instrument,
            self.size,
            self.limit_price,
            self.max_fee,
            self.expiry,
            self.nonce,
            self.epoch,
            self.reduce_only,
        )

    def to_json(self) -> dict[str, str | bool]:
        """Write the EIP-712 message as JSON takes it: numbers in decimal text, since not every reader's are exact."""
        values = zip((name for name, _ in _FIELDS), self.encode(), strict=True)
        return {name: value if isinstance(value, bool) else str(value) for name, value in values}

    @classmethod
    def from_json(cls, message: Mapping[str, str | int | bool]) -> Self:
        """Read what `to_json` wrote, or a wallet."""
        values = [message[name] for name, _ in _FIELDS]
        account, signer, instrument, size, price, fee, expiry, nonce, epoch, reduce_only = values
        return cls(
            account=AccountId(int(account)),
            signer=str(signer),
            instrument=InstrumentId(int(instrument)),
            size=Wad(int(size)),
            limit_price=Wad(int(price)),
            max_fee=Ppm(int(fee)),
            expiry=Seconds(int(expiry)),
            nonce=Nonce(int(nonce)),
            epoch=OperatorEpoch(int(epoch)),
            reduce_only=bool(reduce_only),
        )


def typed_data(order: Order, chain_id: ChainId, exchange: str) -> TypedData:
    """Make the EIP-712 document that a wallet shows and signs."""
    return {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in _DOMAIN],
            "Order": [{"name": name, "type": kind} for name, kind in _FIELDS],
        },
        "primaryType": "Order",
        "domain": {
            "name": "CrossMargin Exchange",
            "version": "1",
            "chainId": chain_id,
            "verifyingContract": exchange,
        },
        "message": dict(zip((name for name, _ in _FIELDS), order.encode(), strict=True)),
    }


def hash_order(order: Order, chain_id: ChainId, exchange: str) -> bytes:
    """Compute the EIP-712 hash under which the exchange knows the order."""
    signable = encode_typed_data(full_message=typed_data(order, chain_id, exchange))
    return keccak(b"\x19" + signable.version + signable.header + signable.body)


def sign_order(order: Order, chain_id: ChainId, exchange: str, signer: Signer | LocalAccount | str) -> bytes:
    """Sign an order with a signer, a local key, or its hex."""
    chosen = KeySigner.from_key(signer) if isinstance(signer, str) else as_signer(signer)
    return chosen.sign_typed(typed_data(order, chain_id, exchange))
