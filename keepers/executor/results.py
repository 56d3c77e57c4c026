"""What a mined action paid and got, read from its receipt."""

from dataclasses import dataclass

from keepers.node import Receipt
from keepers.store.actions import ActionRow, Result
from keepers.strategies.model import Kind
from keepers.units import WAD
from keepers.venue import Venue

__all__ = ["Outcome", "read_outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mined action: what it took after gas [wad USD]."""

    kind: str
    succeeded: bool
    result: Result
    take: int


def read_outcome(venue: Venue, action: ActionRow, receipt: Receipt, native_price: int) -> Outcome:
    """Read the auction's event: a bid got its fraction of the mark value, a start its pay, all else nothing."""
    gas_cost = -(-receipt.gas_used * receipt.gas_price * native_price // WAD)
    fraction = paid = value = None
    for event in venue.decode(receipt.logs):
        if event.args.get("account") != action.account:
            continue
        if action.kind == Kind.BID and event.name == "Bid":
            fraction, paid = event.args["fraction"], event.args["payment"]
            value = event.args["value"] * event.args["fraction"] // WAD
        elif action.kind == Kind.START and event.name == "AuctionStarted":
            paid, value = 0, event.args["starterPay"]
    result = Result(
        block=receipt.block,
        block_hash=receipt.block_hash,
        gas_used=receipt.gas_used,
        gas_price=receipt.gas_price,
        gas_cost=gas_cost,
        fraction=fraction,
        paid=paid,
        value=value,
    )
    return Outcome(action.kind, receipt.succeeded, result, (value or 0) - (paid or 0) - gas_cost)
