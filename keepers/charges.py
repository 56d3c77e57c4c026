"""What bids are charged for lent cash that leaves while losses are in sight: told before each, in its transaction."""

from typing import Final

from crossmargin.model.units import ZERO, AuctionId, Wad
from keepers.abi import VenueEvent
from keepers.units import TxHash

__all__ = ["Charges"]

_CHARGED: Final = ("LiquidationAuction", "LeavingCharged")


class Charges:
    """Remembers charges until their bid comes; events must come in the order of the chain."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: dict[tuple[TxHash, AuctionId], Wad] = {}

    def note(self, event: VenueEvent) -> None:
        """Keep a charge; other events change nothing."""
        if (event.contract, event.name) == _CHARGED:
            self._waiting[_of(event)] = Wad(event.args["amount"])

    def take(self, bid: VenueEvent) -> Wad:
        """Give what a bid or bundle was charged [USD], once."""
        return self._waiting.pop(_of(bid), ZERO)


def _of(event: VenueEvent) -> tuple[TxHash, AuctionId]:
    return event.transaction, AuctionId(event.args["id"])
