"""Receipts for tokens on other chains that the bidder holds, and the margin that it can spare. Reads the chain only.

Those of a route that is short stay: what is missing may come back, and who redeems has borne his part for good.
"""

from typing import Final

from crossmargin.model.units import ZERO, AccountId, Wad
from keepers.lens import Lens, View
from keepers.mirror import Ledger
from keepers.strategies.chores import NOTHING_HELD, HeldReceipt, Redeemable
from keepers.units import Address, BlockHash

__all__ = ["RemoteReceipts"]

_HUB: Final = "CollateralHub"
_ROUTES_LAST: Final = 500  # looks until routes are read again


class RemoteReceipts:
    """Looks at what the bidder holds of every route; remembers the routes for a while."""

    def __init__(self, lens: Lens, ledger: Ledger, bidder: AccountId, reserve: Wad) -> None:
        """Look for the bidder, whose margin keeps `reserve` [USD]."""
        self._lens = lens
        self._ledger = ledger
        self._bidder = bidder
        self._reserve = reserve
        self._routes: dict[Address, int] = {}
        self._looks = 0

    async def of(self, block: BlockHash) -> Redeemable:
        """Give what is held by a block; the chain is asked only where the mirror holds some."""
        if self._looks % _ROUTES_LAST == 0:
            self._routes = await self._listed(block)
        self._looks += 1
        ledger = self._ledger
        own = {
            index: one.token
            for index, one in ledger.assets.items()
            if one.token in self._routes and ledger.accounts.collateral(self._bidder, index)
        }
        if not own:
            return NOTHING_HELD
        views: list[View] = [(_HUB, "routeOf", (self._routes[token],)) for token in own.values()]
        routes = await self._lens.read(block, *views)
        own = {index: token for (index, token), (one,) in zip(own.items(), routes, strict=True) if not one["shortage"]}
        states = await self._lens.states(block, [self._bidder])
        if not states:
            return NOTHING_HELD
        held = tuple(
            HeldReceipt(own[each.asset], each.amount, each.value)
            for each in states[0].spot
            if each.asset in own and each.amount
        )
        return Redeemable(Wad(max(ZERO, states[0].initial.paid_excess - self._reserve)), held)

    async def _listed(self, block: BlockHash) -> dict[Address, int]:
        """Read the receipts of every route, with its number."""
        ((count,),) = await self._lens.read(block, (_HUB, "routeCount", ()))
        asked: list[View] = [(_HUB, "routeOf", (number,)) for number in range(1, count + 1)]
        answers = await self._lens.read(block, *asked) if asked else []
        return {Address(route["receipt"].lower()): number for number, (route,) in enumerate(answers, 1)}
