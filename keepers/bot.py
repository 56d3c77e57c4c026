"""One step of the keeper: follow the chain, heal, look, audit, take a snapshot, decide, act, look after what was sent.

The one module that knows the order. What a part finds goes to the next as a record; no part calls back.
"""

import time
from dataclasses import dataclass
from typing import Final

from crossmargin.model.units import EPOCH, WAD
from keepers.audit import Audit
from keepers.contracts import Contracts
from keepers.executor import Executor
from keepers.heal import Healer
from keepers.ingest import Advance, Follower
from keepers.look import Look
from keepers.metrics import Health, Metrics
from keepers.mirror import Ledger
from keepers.node import Header, Node
from keepers.pending import pending
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from keepers.store import BlockStore, Journal
from keepers.strategies import Action, decide, end_expiry
from keepers.units import Address, BlockHash, Blocks, ClockTime

__all__ = ["Bot", "Parts"]

_COMPLETING: Final = frozenset({"AssetListed", "InstrumentListed", "LossSocialised"})
_BALANCE_EVERY: Final = 20


@dataclass(frozen=True, slots=True)
class Parts:
    """What a keeper is made of."""

    node: Node
    contracts: Contracts
    blocks: BlockStore
    journal: Journal
    follower: Follower
    ledger: Ledger
    healer: Healer
    look: Look
    audit: Audit
    snapshots: Snapshots
    executor: Executor
    metrics: Metrics
    health: Health


class Bot:
    """Has the parts do their work, block by block."""

    def __init__(self, settings: Settings, parts: Parts, sender: Address) -> None:
        """Use the given parts; `sender` is the address that signs or, in a dry run, would."""
        self._settings = settings
        self._parts = parts
        self._sender = sender
        self._steps = 0
        self._blocks = Blocks(0)
        self._acted: BlockHash | None = None

    def replay(self) -> int:
        """Rebuild the mirror from the stored events; give how many there were."""
        parts = self._parts
        logs = list(parts.blocks.events())
        first = 0
        while first < len(logs):
            block, last = logs[first].block, first
            while last < len(logs) and logs[last].block == block:
                last += 1
            parts.ledger.apply(block, EPOCH, parts.contracts.decode(logs[first:last]))
            first = last
        return len(logs)

    async def step(self) -> None:
        """Advance to the head and act on it; looks after open actions in any case."""
        parts = self._parts
        advance = await parts.follower.advance()
        began = time.perf_counter()
        self._apply(advance)
        while advance.behind:
            parts.health.set("behind", f"{advance.behind} blocks behind")
            parts.health.step()
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

    def _apply(self, advance: Advance) -> None:
        parts = self._parts
        if advance.fork is not None:
            parts.ledger.undo_after(advance.fork)
            parts.healer.renew()
            parts.metrics.reorganisations.inc()
        for header, logs in advance.added:
            events = parts.contracts.decode(logs)
            parts.ledger.apply(header.number, header.timestamp, events)
            if any(event.name in _COMPLETING for event in events):
                parts.healer.renew()
        parts.metrics.behind.set(advance.behind)

    async def _act(self, head: Header, began: float) -> None:
        """Decide at a new head and carry it out; now and then refresh some accounts after it."""
        parts = self._parts
        actions = await self._decide(head)
        parts.metrics.decision.observe(time.perf_counter() - began)
        for action in actions:
            sent = await parts.executor.submit(action, head, self._sender)
            parts.metrics.actions.labels(action.kind.value, "sent" if sent else "not_sent").inc()
        self._blocks = Blocks(self._blocks + 1)
        if self._blocks % self._settings.mirror.heal_every == 0:
            await parts.healer.refresh(head)

    async def _decide(self, head: Header) -> list[Action]:
        """Go the way from a block to the actions worth sending; to end expiries the mirror need not be trusted."""
        parts = self._parts
        retry = self._settings.executor.retry_seconds
        under_way = pending(parts.journal, ClockTime(time.time() - retry), dry=self._settings.dry_run)
        await parts.healer.prepare(head)
        seen = await parts.look.at(head, sample=parts.audit.due(self._blocks))
        doubtful = parts.audit.judge(seen)
        if doubtful:
            parts.healer.doubt(doubtful)
        snapshot = await parts.snapshots.of(seen, under_way) if parts.audit.trusted else None
        actions = [] if snapshot is None else decide(snapshot, self._settings.strategy)
        ending = end_expiry(parts.snapshots.expiring(seen, under_way), self._settings.strategy)
        return actions if ending is None else [*actions, ending]

    async def _look_after(self, head: Header) -> None:
        parts = self._parts
        waiting = await parts.executor.poll(head, parts.look.native_price)
        parts.metrics.open_actions.set(waiting)
        for outcome in parts.executor.outcomes:
            result = "succeeded" if outcome.succeeded else "failed"
            parts.metrics.actions.labels(outcome.kind, result).inc()
            parts.metrics.take.inc(outcome.take / WAD)
        parts.executor.outcomes.clear()
        parts.metrics.rpc_calls.set(parts.node.rpc.calls)
        if self._steps % _BALANCE_EVERY == 0 and not self._settings.dry_run:
            await self._check_signer()
        self._steps += 1

    async def _check_signer(self) -> None:
        """Look at the gas money, and at nonces signed beyond those mined."""
        parts = self._parts
        balance = await parts.node.balance(self._sender)
        latest, _ = await parts.node.nonces(self._sender)
        low = balance < self._settings.service.min_balance
        parts.metrics.balance.set(balance)
        parts.metrics.nonce_gap.set(max(0, parts.journal.nonce_floor(self._sender) - latest))
        parts.health.set("balance", f"signer has {balance} wei" if low else None)
