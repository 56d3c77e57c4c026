"""After acquisition: what the bidder holds is told to the hedger, and closed against what others offer.

Asks the chain only where the mirror says that the bidder holds positions, and about orders only where some are offered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from crossmargin.model.instruments import split_account_id
from crossmargin.model.units import ZERO, AccountId, InstrumentId, Wad
from keepers.chain import Header
from keepers.fees import FeeModel
from keepers.hedging import Hedger, Target
from keepers.lens import Lens
from keepers.look import Seen
from keepers.metrics import Health
from keepers.mirror import Ledger
from keepers.offers import Offer, SignedOrder
from keepers.outside import ClosingSettings
from keepers.pending import Pending
from keepers.relays import Relays
from keepers.settings import Settings
from keepers.strategies import Action, Holding, Snapshot, close
from keepers.strategies.close import could_close, worst_price
from keepers.units import Address, Wei
from keepers.vetting import Vetting
from keepers.views import AccountState

__all__ = ["Aftermath", "read_epoch", "read_offers", "suited_orders"]

_BEST: Final = 16  # offers for a position that the exchange is asked about
_EPOCH_SHIFT: Final = 56


class Aftermath:
    """Looks at the bidder's positions, block by block."""

    def __init__(
        self,
        lens: Lens,
        fees: FeeModel,
        ledger: Ledger,
        settings: Settings,
        *,
        vetting: Vetting,
        bidder: AccountId,
        sender: Address,
        health: Health,
    ) -> None:
        """Begin with nothing offered and nothing hedged."""
        self._lens = lens
        self._fees = fees
        self._ledger = ledger
        self._settings = settings
        self._bidder = bidder
        self._sender = sender
        self._health = health
        self._vetting = vetting
        self._relays = Relays(settings.closing)
        self._hedger = Hedger(settings.hedger, settings.closing.max_slippage_ppm)

    @property
    def hedged(self) -> Mapping[InstrumentId, Wad]:
        """What is held elsewhere against the bidder's positions [wad base, the position's sign]."""
        return self._hedger.hedged

    async def look(self, seen: Seen, pending: Pending) -> list[Action]:
        """Tell the hedger what is held, and give what is worth filling."""
        if not (self._relays.named or self._hedger.named):
            return []
        holds, orders = self._holds(), self._relays.now()
        if not holds and not self._hedger.watching:
            return []
        (state,) = await self._lens.states(seen.block.hash, [self._bidder]) or (None,)
        if state is None:  # whoever looks after funds says so
            return []
        held = [leg for leg in state.legs if leg.size != 0]
        prices = await self._lens.prices(seen.block.hash, [leg.instrument for leg in held])
        if self._hedger.named:
            targets = [Target(leg.instrument, leg.size, prices[leg.instrument]) for leg in held]
            await self._hedger.look(self._bidder, targets, seen.block.number)
            self._health.set("hedger", self._hedger.lacking)
        return await self._closings(seen, pending, state, prices, orders) if orders else []

    async def offered(self, snapshot: Snapshot, block: Header) -> Snapshot:
        """Add the best offers for what unhealthy accounts hold, for a contract that closes it at once."""
        if snapshot.contract is None or not self._relays.named:
            return snapshot
        believed = [one for one in self._relays.now() if not self._vetting.doubted(one)]
        found: list[SignedOrder] = []
        for state in snapshot.accounts:
            held = {leg.instrument: snapshot.mids.get(leg.underlying, ZERO) for leg in state.legs}
            found += suited_orders(state, held, believed, block, self._settings.closing)
        return replace(snapshot, offers=tuple(await read_offers(self._lens, block, found))) if found else snapshot

    async def close(self) -> None:
        """Stop reading orders, and end the hedger."""
        await self._relays.close()
        await self._hedger.close()

    def _holds(self) -> bool:
        accounts = self._ledger.accounts
        row = accounts.row_of(self._bidder)
        return row is not None and any(accounts.legs.get(row, one).size for one in accounts.legs.of(row))

    async def _closings(
        self,
        seen: Seen,
        pending: Pending,
        state: AccountState,
        prices: Mapping[InstrumentId, Wad],
        orders: Iterable[SignedOrder],
    ) -> list[Action]:
        cfg = self._settings.closing
        believed = [one for one in orders if not self._vetting.doubted(one)]
        suited = suited_orders(state, prices, believed, seen.block, cfg)
        if not suited:
            return []
        offers = await read_offers(self._lens, seen.block, suited)
        held = Holding(
            timestamp=seen.block.timestamp,
            gas_price=Wei(seen.block.base_fee + self._settings.executor.tip),
            data=await self._fees.price(seen.block),
            native_price=seen.native_price,
            done=pending.done,
            bidder=state,
            prices=prices,
            offers=tuple(offers),
            sender=self._sender,
            epoch=await read_epoch(self._lens, seen.block, self._bidder, self._sender),
        )
        return close(await self._vetting.sound(held, cfg), cfg)


def suited_orders(
    state: AccountState,
    prices: Mapping[InstrumentId, Wad],
    orders: Iterable[SignedOrder],
    block: Header,
    cfg: ClosingSettings,
) -> list[SignedOrder]:
    """Pick the best orders for each position."""
    found: list[SignedOrder] = []
    offered = list(orders)
    for leg in state.legs:
        price = prices.get(leg.instrument)
        if leg.size == 0 or not price:
            continue
        worst = worst_price(leg, price, cfg.max_slippage_ppm)
        fitting = [one for one in offered if could_close(one, leg, worst, block.timestamp)]
        sign = -1 if leg.size > 0 else 1
        found += sorted(fitting, key=lambda one: sign * one.limit_price)[:_BEST]
    return found


async def read_offers(lens: Lens, block: Header, orders: Iterable[SignedOrder]) -> list[Offer]:
    """Ask the exchange what is left of orders, in two requests; leave out what is filled or cancelled."""
    asked = list(dict.fromkeys(orders))
    hashes = await lens.read(block.hash, *(("Exchange", "hashOrder", (one.encode(),)) for one in asked))
    filled = await lens.read(block.hash, *(("Exchange", "filledOf", (hashed,)) for (hashed,) in hashes))
    offers = [Offer(one, Wad(abs(one.size) - used)) for one, (used,) in zip(asked, filled, strict=True)]
    return [one for one in offers if one.left > 0]


async def read_epoch(lens: Lens, block: Header, bidder: AccountId, sender: Address) -> int:
    """Ask how often the bidder's owner has named the sender as its operator; 0 where it is the owner."""
    owner = Address(f"0x{split_account_id(bidder)[0]:040x}")
    if owner == sender:
        return 0
    ((word,),) = await lens.read(block.hash, ("MarginVault", "operatorOf", (owner, sender)))
    return int(word) >> _EPOCH_SHIFT
