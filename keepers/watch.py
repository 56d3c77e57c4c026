"""From a block to what may be decided on: prices, screen, audit, and the exact state of the accounts that matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from keepers.errors import ResponseError
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger, Mirror, Mismatch, Prices
from keepers.node import Header, Node
from keepers.reader import Reader
from keepers.settings import Settings
from keepers.strategies import Expiring, Snapshot
from keepers.units import PPM, WAD
from keepers.venue import Venue
from keepers.views import AccountState, ArrayState, AuctionState, ExpiryState, Screened, expiry_of, underlying_of

__all__ = ["Seen", "Watch"]

log = structlog.get_logger(__name__)
_VALID: Final = 1


@dataclass(frozen=True, slots=True)
class _Exact:
    """The accounts that matter, as the lens has them."""

    states: tuple[AccountState, ...]
    auctions: dict[int, AuctionState]
    bidder: AccountState
    arrays: dict[int, ArrayState]


@dataclass(frozen=True, slots=True)
class Seen:
    """A block as mirror and chain have it.

    Accounts near liquidation, those with options, the chain's answers, and the expiries whose average is to be made.
    """

    block: Header
    prices: Prices
    near: list[int]
    beyond: list[int]
    exact: list[Screened]
    ending: list[ExpiryState]


class Watch:
    """Looks at one block at a time; remembers whether the mirror may be trusted."""

    def __init__(
        self,
        node: Node,
        venue: Venue,
        mirror: Mirror,
        settings: Settings,
        *,
        metrics: Metrics,
        health: Health,
        bidder: int,
    ) -> None:
        """Watch the venue for the bidder's account."""
        self._node = node
        self._venue = venue
        self._mirror = mirror
        self._settings = settings
        self._metrics = metrics
        self._health = health
        self._bidder = bidder
        self._reader = Reader(node, venue, settings.strategy.native_price_feed)
        self._complete = False
        self._blocks = 0
        self._clean = settings.mirror.clean_audits
        self.native_price = settings.strategy.native_price

    @property
    def ledger(self) -> Ledger:
        """The mirror's ledger."""
        return self._mirror.ledger

    @property
    def trusted(self) -> bool:
        """Tell whether enough audits in a row were clean."""
        return self._clean >= self._settings.mirror.clean_audits

    def renew(self) -> None:
        """Have what events do not carry read again with the next block."""
        self._complete = False

    async def look(self, block: Header) -> Seen:
        """Mark everything at a block, and compare with the chain."""
        if not self._complete:
            await self._reader.complete(self.ledger, block)
            self._complete = True
        if self.ledger.stale:
            await self._heal(block)
        seen = await self._verify(block)
        self._set_native_price(seen.prices)
        self._metrics.accounts.set(self._mirror.size)
        self._metrics.near.set(len(seen.near))
        self._metrics.with_options.set(len(seen.beyond))
        self._metrics.expiries_due.set(sum(expiry_of(one.instrument) <= block.timestamp for one in seen.ending))
        self._check_oracles()
        return seen

    async def snapshot(self, seen: Seen, done: frozenset[str], *, bids_in_flight: bool) -> Snapshot | None:
        """Give what to decide on, or None while the mirror is not trusted or nothing is to be decided."""
        block = seen.block
        live = {account for account, auction in self.ledger.auctions.items() if auction}
        self._metrics.auctions.set(len(live))
        sick = [one.account for one in seen.exact if one.ok and one.excess < 0 and one.account not in live]
        pressed = self._pressed(seen)
        if not self.trusted or not (sick or live or pressed):
            return None
        found = await self._details(block, [*sick, *pressed], live)
        limits = self.ledger.parameters[""]
        return Snapshot(
            block=block.number,
            timestamp=block.timestamp,
            gas_price=block.base_fee + self._settings.executor.tip,
            native_price=self.native_price,
            accounts=found.states,
            auctions=found.auctions,
            bidder=found.bidder,
            mids=dict(seen.prices.mids),
            params=await self._venue.auction_params(self._node, block.hash),
            arrays=found.arrays,
            array_max_age=limits.array_max_age,
            array_max_move=limits.array_max_move,
            done=done,
            bids_in_flight=bids_in_flight,
        )

    def expiring(self, seen: Seen, done: frozenset[str]) -> Expiring:
        """Give the expiries to end, mirror trusted or not: those whose index is Valid.

        Without a Valid index the venue neither starts nor finishes.
        """
        statuses = seen.prices.statuses
        valid = (one for one in seen.ending if statuses.get(underlying_of(one.instrument)) == _VALID)
        return Expiring(
            timestamp=seen.block.timestamp,
            gas_price=seen.block.base_fee + self._settings.executor.tip,
            native_price=self.native_price,
            done=done,
            bidder=self._bidder,
            expiries=tuple(valid),
        )

    async def tend(self, block: Header) -> None:
        """Refresh the next accounts in turn from the chain, now and then."""
        self._blocks += 1
        if self._blocks % self._settings.mirror.heal_every == 0:
            await self._reader.complete(self.ledger, block)
            await self._heal(block)

    def _pressed(self, seen: Seen) -> list[int]:
        """Name the accounts with open options that are near liquidation."""
        limit = WAD * (PPM + self._settings.mirror.screen_margin_ppm) // PPM
        beyond = set(seen.beyond)
        return [one.account for one in seen.exact if one.ok and one.account in beyond and one.health < limit]

    def _check_oracles(self) -> None:
        """Say so when the venue has other oracles than the deployment's file names."""
        known = (self._venue.addresses["OracleAdapter"], self._venue.addresses["OptionOracle"])
        other = self.ledger.oracles.get("", known) != known
        self._health.set("oracles", "the venue's oracles are not those of the deployment's file" if other else None)

    async def _verify(self, block: Header) -> Seen:
        """Mark a block and compare with the chain; what differs is asked about once more before it counts.

        A node may answer from a later block than the one asked about (nodes behind one address, Anvil while it mines):
        a difference that is gone when the same block is asked about again was never one of the mirror.
        """
        audit = self._blocks % self._settings.mirror.audit_every == 0 or not self.trusted
        seen = await self._see(block, sample=audit)
        found = self._mirror.mismatches(seen.exact)
        if found:
            suspects = [one.account for one in found]
            seen = await self._see(block, also=suspects)
            found = [one for one in self._mirror.mismatches(seen.exact) if one.account in suspects]
            if not found:
                accounts = [hex(account) for account in suspects]
                log.warning("answers_of_another_block", accounts=accounts, block=block.number)
        self._audit(block, found, audit=audit)
        failing = [one.account for one in seen.exact if not one.ok]
        self._metrics.unevaluable.set(len(failing))
        if failing:
            log.error("unevaluable", accounts=[hex(account) for account in failing], block=block.number)
        return seen

    async def _see(self, block: Header, *, sample: bool = False, also: Sequence[int] = ()) -> Seen:
        """Ask the chain about those near liquidation and those with options, and about a sample or others.

        The mirror cannot value options, so whoever has any is asked about at every block.
        """
        cfg = self._settings.mirror
        prices = await self._reader.prices(self.ledger, block)
        near = self._mirror.screen(prices, block.timestamp)
        beyond = self._mirror.beyond()
        others = self._mirror.sample() if sample else also
        wanted = list(dict.fromkeys([*beyond, *near[: cfg.verify_most], *others]))
        exact = await self._venue.screen(self._node, block.hash, wanted, cfg.chunk)
        return Seen(block, prices, near, beyond, exact, self._mirror.ending(block.timestamp))

    def _audit(self, block: Header, found: list[Mismatch], *, audit: bool) -> None:
        if found:
            self._clean = 0
            self._complete = False
            self._metrics.mismatches.inc(len(found))
            self.ledger.stale.update(one.account for one in found)
            for one in found:
                log.error(
                    "mirror_mismatch", account=hex(one.account), mirror=one.mirror, chain=one.chain, block=block.number
                )
        elif audit:
            self._clean += 1
        self._metrics.mirror_ok.set(int(self.trusted))
        self._health.set("mirror", None if self.trusted else "mirror and chain disagree: trading has stopped")

    async def _heal(self, block: Header) -> None:
        chunk = self._settings.mirror.chunk
        for state in await self._venue.states(self._node, block.hash, self._mirror.to_heal(), chunk):
            self.ledger.heal(state)

    async def _details(self, block: Header, sick: list[int], live: set[int]) -> _Exact:
        chunk = self._settings.mirror.chunk
        wanted = list(dict.fromkeys([*sick, *sorted(live), self._bidder]))
        states = await self._venue.states(self._node, block.hash, wanted, chunk)
        auctions = await self._venue.auctions(self._node, block.hash, sorted(live), chunk)
        bidder = next((state for state in states if state.account == self._bidder), None)
        if bidder is None:
            msg = f"the bidder's account {self._bidder:#x} cannot be evaluated"
            raise ResponseError(msg)
        self._metrics.bidder_excess.set(bidder.initial.excess / WAD)
        series = sorted({one for state in states for one in state.option_series})
        arrays = await self._venue.arrays(self._node, block.hash, series)
        return _Exact(tuple(state for state in states if state is not bidder), auctions, bidder, arrays)

    def _set_native_price(self, prices: Prices) -> None:
        feed = self._settings.strategy.native_price_feed
        if feed is not None and prices.statuses.get(feed) == _VALID:
            self.native_price = prices.mids[feed]
