"""Who took part in the newest auctions, from their events. An event that is undone names a rival all the same."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crossmargin.model.units import AccountId
from keepers.abi import VenueEvent
from keepers.strategies import ActionKind
from keepers.units import BlockNumber

__all__ = ["Rivals", "Taken", "taken"]

_MOST: Final = 16
_EVENTS: Final = {
    "AuctionStarted": (ActionKind.START, "starter"),
    "Bid": (ActionKind.BID, "bidder"),
    "BundleBid": (ActionKind.BID, "bidder"),
}
_FORGOTTEN: Final = 200  # starts and bids of others after which one that did nothing counts no more


@dataclass(frozen=True, slots=True)
class Taken:
    """A start of, or a bid on, an account that somebody made."""

    who: AccountId
    kind: ActionKind
    account: AccountId
    block: BlockNumber


def taken(events: Iterable[VenueEvent]) -> list[Taken]:
    """Give what was started and bid on, and by whom."""
    found = []
    for event in events:
        if event.name in _EVENTS:
            kind, who = _EVENTS[event.name]
            found.append(Taken(event.args[who], kind, event.args["account"], event.block))
    return found


class Rivals:
    """Remembers starters and bidders, the newest last."""

    def __init__(self, *mine: AccountId) -> None:
        """Begin with nobody; `mine` are the accounts that bid and are paid for starts here."""
        self._mine = frozenset(mine)
        self._last: OrderedDict[AccountId, int] = OrderedDict()
        self._count = 0

    def see(self, found: Iterable[Taken]) -> None:
        """Note who started or bid."""
        for one in found:
            if one.who in self._mine:
                continue
            self._count += 1
            self._last[one.who] = self._count
            self._last.move_to_end(one.who)
            if len(self._last) > _MOST:
                self._last.popitem(last=False)

    def now(self) -> frozenset[AccountId]:
        """Give those who took part lately."""
        return frozenset(who for who, last in self._last.items() if self._count - last < _FORGOTTEN)
