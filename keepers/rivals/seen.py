"""Who took part in the newest auctions, from their events. An event that is undone names a rival all the same."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from crossmargin.model.units import AccountId
from keepers.abi import VenueEvent

__all__ = ["Rivals"]

_MOST: Final = 16
_NAMES: Final = {"AuctionStarted": "starter", "Bid": "bidder", "BundleBid": "bidder"}
_FORGOTTEN: Final = 200  # starts and bids of others after which one that did nothing counts no more


class Rivals:
    """Remembers starters and bidders, the newest last."""

    def __init__(self, me: AccountId) -> None:
        """Begin with nobody; `me` is the account that bids and is paid for starts."""
        self.me = me
        self._last: OrderedDict[AccountId, int] = OrderedDict()
        self._count = 0

    def see(self, events: Iterable[VenueEvent]) -> None:
        """Note who started or bid."""
        for event in events:
            name = _NAMES.get(event.name)
            who = None if name is None else AccountId(event.args[name])
            if who is None or who == self.me:
                continue
            self._count += 1
            self._last[who] = self._count
            self._last.move_to_end(who)
            if len(self._last) > _MOST:
                self._last.popitem(last=False)

    def now(self) -> frozenset[AccountId]:
        """Give those who took part lately."""
        return frozenset(who for who, last in self._last.items() if self._count - last < _FORGOTTEN)
