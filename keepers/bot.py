"""One step of the keeper: follow the chain, heal, look, audit, take a snapshot, decide, act, look after what was sent.

The one module that knows the order. What a part finds goes to the next as a record; no part calls back.
"""

import time
from dataclasses import dataclass, replace
from typing import Final

import structlog

from crossmargin.model.units import WAD
from keepers import switch
from keepers.aftermath import Aftermath
from keepers.audit import Audit
from keepers.bundles import Bundles
from keepers.chain import Header
from keepers.chores import ChoreReader
from keepers.errors import RpcError, StoreError, TransportError
from keepers.executor import Executor
from keepers.fleet import Member
from keepers.funds import Funds
from keepers.heal import Healer
from keepers.images import Images
from keepers.ingest import Advance, Follower
from keepers.look import Look, Seen
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger
from keepers.pending import Pending, pending
from keepers.pricing import Pricing
from keepers.rivals import Rivals, Turns, taken
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from keepers.store import BlockStore, Journal
from keepers.strategies import Action, Snapshot, decide, do_chores, end_expiry
from keepers.units import ActionKey, Address, BlockHash, Blocks

__all__ = ["Bot", "Parts"]

log = structlog.get_logger(__name__)
_COMPLETING: Final = frozenset({"AssetListed", "InstrumentListed", "LossSocialised"})


@dataclass(frozen=True, slots=True)
class Parts:
    """What a keeper is made of."""

    blocks: BlockStore
    journal: Journal
    follower: Follower
    ledger: Ledger
    images: Images
    healer: Healer
    look: Look
    audit: Audit
    snapshots: Snapshots
    chores: ChoreReader
    aftermath: Aftermath
    bundles: Bundles
    pricing: Pricing
    rivals: Rivals
    turns: Turns
    member: Member
    executor: Executor
    funds: Funds
    metrics: Metrics
    health: Health


class Bot:
    """Has the parts do their work, block by block."""

    def __init__(self, settings: Settings, parts: Parts, sender: Address) -> None:
        """Use the given parts; `sender` is the address that signs or, in a dry run, would."""
        self._settings = settings
        self._parts = parts
        self._sender = sender
        self._blocks = Blocks(0)
        self._acted: BlockHash | None = None

    @property
    def parts(self) -> Parts:
        """What it is made of, for whoever looks on."""
        return self._parts

    async def step(self) -> None:
        """Advance to the head and act on it; looks after open actions in any case."""
        parts = self._parts
        advance = await parts.follower.advance()
        began = time.perf_counter()
        self._apply(advance)
        while advance.behind:
            parts.health.set("behind", f"{advance.behind} blocks behind")
            parts.health.step()
            parts.images.keep()
            advance = await parts.follower.advance()
            self._apply(advance)
        head = parts.blocks.cursor()
        if head is None:
            return
        parts.health.set("behind", None)
        if advance.added or advance.fork is not None:
            parts.health.head()
        if head.hash != self._acted:  # also when the step before failed half-way
            await self._act(head, began)
            self._acted = head.hash
            parts.health.set("start", None)
        await self._look_after(head)
        parts.metrics.head.set(head.number)
        parts.images.keep()

    async def close(self) -> None:
        """End what the parts have started beside this process."""
        await self._parts.aftermath.close()
        await self._parts.pricing.close()
        await self._parts.executor.close()

    def _apply(self, advance: Advance) -> None:
        """Have the mirror follow the store; nothing may come between the two."""
        parts = self._parts
        if advance.fork is not None:
            parts.ledger.undo_after(advance.fork)
            parts.healer.renew()
            parts.metrics.reorganisations.inc()
            if parts.executor.tracker is not None:
                parts.executor.tracker.forked(advance.fork)
        for added in advance.added:
            parts.ledger.apply(added.header.number, added.header.timestamp, added.events)
            found = taken(added.events)
            parts.rivals.see(found)
            parts.turns.see(found)
            if any(event.name in _COMPLETING for event in added.events):
                parts.healer.renew()
            parts.images.count(len(added.events))
        parts.metrics.behind.set(advance.behind)

    async def _act(self, head: Header, began: float) -> None:
        """Decide at a new head and carry it out; now and then refresh some accounts after it."""
        parts = self._parts
        actions = await self._decide(head)
        parts.metrics.decision.observe(time.perf_counter() - began)
        paused = switch.reason(self._settings.service.database)
        parts.health.set("paused", paused)
        sent = frozenset() if paused else await self._submit(actions, head)
        for action in actions:
            parts.metrics.actions.labels(action.kind.value, "sent" if action.key in sent else "not_sent").inc()
        if self._blocks % self._settings.service.heartbeat_every == 0:
            log.info("heartbeat", block=head.number, not_ready=parts.health.ready(), **parts.metrics.brief())
        self._blocks = Blocks(self._blocks + 1)
        if self._blocks % self._settings.mirror.heal_every == 0:
            await parts.healer.refresh(head)

    async def _submit(self, actions: list[Action], head: Header) -> frozenset[ActionKey]:
        """Carry actions out; where that fails, find those it fails for, unless nobody answers or nothing is kept."""
        executor = self._parts.executor
        try:
            return await executor.submit(actions, head, self._sender)
        except (TransportError, StoreError):
            raise
        except Exception as error:  # noqa: BLE001 - which action it is shows below
            if len(actions) > 1:
                return frozenset().union(*[await self._submit([one], head) for one in actions])
            executor.pauses.begin(actions[0].key)
            self._parts.metrics.errors.labels(type(error).__name__).inc()
            log.error("submit_failed", kind=actions[0].kind.value, account=hex(actions[0].account), error=repr(error))  # noqa: TRY400
            return frozenset()

    async def _decide(self, head: Header) -> list[Action]:
        """Go the way from a block to the actions worth sending; to end expiries the mirror need not be trusted."""
        parts = self._parts
        under_way = pending(parts.journal, parts.executor.pauses.current(), head.number, dry=self._settings.dry_run)
        await parts.healer.prepare(head)
        seen = await parts.look.at(head, sample=parts.audit.due(self._blocks))
        doubtful = parts.audit.judge(seen)
        if doubtful:
            parts.healer.doubt(doubtful)
        snapshot = await parts.snapshots.of(seen, under_way) if parts.audit.trusted else None
        closings = await self._after(seen, under_way) if parts.audit.trusted else []
        await parts.pricing.wake()
        if snapshot is not None:
            hedged = replace(snapshot, hedged=parts.aftermath.hedged)
            offered = await parts.aftermath.offered(hedged, seen.block)
            parcelled = await parts.bundles.priced(offered, seen.block)
            snapshot = await parts.pricing.priced(parcelled, self._settings.strategy)
        actions = [] if snapshot is None else self._choose(snapshot)
        expiring = await parts.snapshots.expiring(seen, under_way)
        ending = None if expiring is None else end_expiry(expiring, self._settings.strategy)
        actions = [*actions, *closings] if ending is None else [*actions, *closings, ending]
        actions = [*actions, *await self._chores(seen, under_way)]
        return parts.member.share(parts.turns.ready(actions, parts.rivals.now(), head.number), head.number)

    async def _chores(self, seen: Seen, under_way: Pending) -> list[Action]:
        """Decide on chores; a mistake in them is counted, and stops nothing else."""
        try:
            found = await self._parts.chores.of(seen, under_way)
            return [] if found is None else do_chores(found, self._settings.chores)
        except (RpcError, StoreError):
            raise
        except Exception:
            self._parts.metrics.errors.labels("chores").inc()
            log.exception("chores_failed", block=seen.block.number)
            return []

    async def _after(self, seen: Seen, under_way: Pending) -> list[Action]:
        """Look after what is held; a mistake in that keeps nobody from bidding."""
        try:
            return await self._parts.aftermath.look(seen, under_way)
        except (RpcError, StoreError):
            raise
        except Exception:
            self._parts.metrics.errors.labels("aftermath").inc()
            log.exception("aftermath_failed", block=seen.block.number)
            return []

    def _choose(self, snapshot: Snapshot) -> list[Action]:
        """Decide; where that fails, find the accounts that it fails for and decide without them."""
        cfg = self._settings.strategy
        try:
            return decide(snapshot, cfg)
        except Exception:  # noqa: BLE001 - which account it is shows below
            sound = []
        for account in snapshot.accounts:
            try:
                decide(replace(snapshot, accounts=(account,)), cfg)
            except Exception:
                self._parts.metrics.errors.labels("account").inc()
                log.exception("account_failed", account=hex(account.account), block=snapshot.block)
            else:
                sound.append(account)
        return decide(replace(snapshot, accounts=tuple(sound)), cfg)

    async def _look_after(self, head: Header) -> None:
        parts = self._parts
        waiting = await parts.executor.poll(head, parts.look.native_price)
        parts.metrics.open_actions.set(waiting)
        tracker = parts.executor.tracker
        if tracker is not None:
            for outcome in tracker.fresh:
                parts.metrics.actions.labels(outcome.kind, "succeeded" if outcome.succeeded else "failed").inc()
            tracker.fresh.clear()
            parts.metrics.take.set(sum(outcome.take for outcome in tracker.finals.values()) / WAD)
        await parts.funds.look(head)
