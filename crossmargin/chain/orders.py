"""Orders of the exchange, as its contract and EIP-712 have them. Signs nothing, asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from crossmargin.model.units import AccountId, InstrumentId, OperatorEpoch, Ppm, Seconds, Wad

__all__ = ["FIELDS", "OWNER_EPOCH", "Order"]

OWNER_EPOCH: Final = OperatorEpoch(0)
"""Epoch of an order that the account's owner signs."""

FIELDS: Final = (
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
"""Names and types of an order's parts, in the order of the struct."""


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
    nonce: int
    epoch: OperatorEpoch = OWNER_EPOCH
    """Of an operator that signs: how often the owner has named it; what it signed in another is void."""
    reduce_only: bool = False

    def encode(self) -> tuple[AccountId, str, InstrumentId, Wad, Wad, Ppm, Seconds, int, OperatorEpoch, bool]:
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
        values = zip((name for name, _ in FIELDS), self.encode(), strict=True)
        return {name: value if isinstance(value, bool) else str(value) for name, value in values}

    @classmethod
    def from_json(cls, message: Mapping[str, str | int | bool]) -> Self:
        """Read what `to_json` wrote, or a wallet."""
        values = [message[name] for name, _ in FIELDS]
        account, signer, instrument, size, price, fee, expiry, nonce, epoch, reduce_only = values
        return cls(
            account=AccountId(int(account)),
            signer=str(signer),
            instrument=InstrumentId(int(instrument)),
            size=Wad(int(size)),
            limit_price=Wad(int(price)),
            max_fee=Ppm(int(fee)),
            expiry=Seconds(int(expiry)),
            nonce=int(nonce),
            epoch=OperatorEpoch(int(epoch)),
            reduce_only=bool(reduce_only),
        )
