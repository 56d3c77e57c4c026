"""What a mined action paid and got, read from its receipt. Asks nothing."""

from dataclasses import dataclass

from crossmargin.model.units import WAD, ZERO, Wad, ceil_div
from keepers.chain import Receipt
from keepers.charges import Charges
from keepers.contracts import Contracts
from keepers.store import ActionRow, Result
from keepers.strategies.model import ActionKind

__all__ = ["Outcome", "read_outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mined action: what it took after gas and data [USD]."""

    kind: str
    succeeded: bool
    result: Result
    take: Wad


def read_outcome(contracts: Contracts, action: ActionRow, receipt: Receipt, native_price: Wad) -> Outcome:
    """Read the events: a bid got its fraction of the mark value, a bundle or start its pay, a job its cash.

    What a bid or bundle was charged for lent cash that left is paid beside its price.
    """
    gas_cost, data_cost = (Wad(ceil_div(wei * native_price, WAD)) for wei in (receipt.cost, receipt.data_cost))
    fraction = paid = value = None
    charges = Charges()
    for event in contracts.decode(receipt.logs):
        charges.note(event)
        if action.kind == ActionKind.EXECUTE and event.name == "Executed":
            paid, value = ZERO, event.args["profit"]
        if event.args.get("account") != action.account:
            continue
        if action.kind == ActionKind.BID and event.name == "Bid":
            fraction, paid = event.args["fraction"], Wad(event.args["payment"] + charges.take(event))
            value = Wad(event.args["value"] * event.args["fraction"] // WAD)
        elif action.kind == ActionKind.BUNDLE and event.name == "BundleBid":
            paid, value = charges.take(event), event.args["giveUp"]
        elif action.kind == ActionKind.EXECUTE and event.name == "Bid":
            fraction = event.args["fraction"]
        elif action.kind == ActionKind.START and event.name == "AuctionStarted":
            paid, value = ZERO, event.args["starterPay"]
    result = Result(
        block=receipt.block,
        block_hash=receipt.block_hash,
        gas_used=receipt.gas_used,
        gas_price=receipt.gas_price,
        gas_cost=gas_cost,
        data_cost=data_cost,
        fraction=fraction,
        paid=paid,
        value=value,
    )
    return Outcome(action.kind, receipt.succeeded, result, Wad((value or 0) - (paid or 0) - gas_cost))
