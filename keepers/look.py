"""A look at a block: prices, the mirror's marks, and the chain's answers about those who matter.

Reads the chain and marks the mirror, whose table takes over what the ledger notes as touched; changes neither balances
nor trust. What was seen goes on as one record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import AccountId, Wad
from keepers.chain import Header
from keepers.lens import Lens
from keepers.metrics import Metrics
from keepers.mirror import Marks, Mirror, Mismatch, Prices
from keepers.mirror.state import VenueState
from keepers.prices import PriceReader
from keepers.settings import Settings
from keepers.views import Screened, expiry_of

__all__ = ["Look", "Seen"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A block as mirror and chain have it.

    `exact` are the chain's answers, `mismatches` where they differ from the marks; `sampled` tells whether some were
    asked about at random.
    """

    block: Header
    venue: VenueState
    prices: Prices
    native_price: Wad
    marks: Marks
    exact: list[Screened]
    mismatches: list[Mismatch]
    in_auction: list[AccountId]
    sampled: bool


class Look:
    """Looks at one block at a time; remembers the last valid price of the gas token."""

    def __init__(self, lens: Lens, prices: PriceReader, mirror: Mirror, settings: Settings, metrics: Metrics) -> None:
        """Ask lens and prices about what the mirror holds."""
        self._lens = lens
        self._prices = prices
        self._mirror = mirror
        self._most = settings.mirror.verify_most
        self._used_up = settings.strategy.refresh_at_ppm
        self._native_feed = settings.strategy.native_price_feed
        self._metrics = metrics
        self.native_price: Wad = settings.strategy.native_price

    async def at(self, block: Header, *, sample: bool) -> Seen:
        """Look, at a sample of all accounts too if told; what differs is asked about once more before it counts.

        A node may answer from a later block than the one asked about (nodes behind one address, Anvil while it mines):
        a difference that is gone when the same block is asked about again was never one of the mirror.
        """
        seen = await self._once(block, sample=sample)
        if seen.mismatches:
            seen = await self._again(seen)
        self.native_price = seen.native_price
        self._report(seen)
        return seen

    async def _again(self, first: Seen) -> Seen:
        suspects = [one.account for one in first.mismatches]
        seen = await self._once(first.block, also=suspects)
        standing = [one for one in seen.mismatches if one.account in suspects]
        if not standing:
            accounts = [hex(account) for account in suspects]
            log.warning("answers_of_another_block", accounts=accounts, block=first.block.number)
        return replace(seen, mismatches=standing, sampled=first.sampled)

    async def _once(self, block: Header, *, sample: bool = False, also: Sequence[AccountId] = ()) -> Seen:
        """Ask the chain about those that may be beyond liquidation, and about a sample or others.

        Whoever is in auction is asked about when the snapshot is made, and takes up no place here.
        """
        ledger = self._mirror.ledger
        prices = await self._prices.read(ledger, block)
        others = self._mirror.sample() if sample else also
        marks = self._mirror.screen(prices, block.timestamp, others, used_up=self._used_up)
        in_auction = ledger.live_auctions()
        sick = _without(in_auction, marks.sick)[: self._most]
        wanted = list(dict.fromkeys([*sick, *others]))
        exact = await self._lens.screen(block.hash, wanted) if wanted else []
        return Seen(
            block=block,
            venue=ledger.venue,
            prices=prices,
            native_price=self._native(prices),
            marks=marks,
            exact=exact,
            mismatches=self._mirror.mismatches(marks, exact),
            in_auction=in_auction,
            sampled=sample,
        )

    def _native(self, prices: Prices) -> Wad:
        feed = self._native_feed
        valid = feed is not None and prices.statuses.get(feed) == PriceStatus.VALID
        return prices.mids[feed] if feed is not None and valid else self.native_price

    def _report(self, seen: Seen) -> None:
        marks, now = seen.marks, seen.block.timestamp
        failing = [one.account for one in seen.exact if not one.ok]
        self._metrics.accounts.set(self._mirror.size)
        self._metrics.near.set(len(marks.near))
        self._metrics.outdated.set(len(marks.outdated))
        self._metrics.expiries_due.set(sum(expiry_of(one.instrument) <= now for one in marks.ending))
        self._metrics.auctions.set(len(seen.in_auction))
        self._metrics.unevaluable.set(len(failing))
        if failing:
            log.error("unevaluable", accounts=[hex(account) for account in failing], block=seen.block.number)


def _without(excluded: Sequence[AccountId], accounts: Sequence[AccountId]) -> list[AccountId]:
    gone = set(excluded)
    return [account for account in accounts if account not in gone]
