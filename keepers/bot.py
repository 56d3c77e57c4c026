"""One step of the keeper: follow the chain, heal, look, audit, take a snapshot, decide, act, look after what was sent.

The one module that knows the order. What a part finds goes to the next as a record; no part calls back.
"""

import time
from typing import Final

import structlog

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
from keepers.units import Address, ClockTime

__all__ = ["Bot"]

log = structlog.get_logger(__name__)
_COMPLETING: Final = frozenset({"AssetListed", "InstrumentListed", "LossSocialised"})
_BALANCE_EVERY: Final = 20


class Bot:
    """The keeper's parts, put together."""

    def __init__(
        self,
        *,
        settings: Settings,
        node: Node,
        contracts: Contracts,
        blocks: BlockStore,
        journal: Journal,
        follower: Follower,
        ledger: Ledger,
        healer: Healer,
        look: Look,
        audit: Audit,
        snapshots: Snapshots,
        executor: Executor,
        metrics: Metrics,
        health: Health,
        sender: Address,
    ) -> None:
        """Use the given parts; `sender` is the address that signs or, in a dry run, would."""
        self._settings = settings
        self._node = node
        self._contracts = contracts
        self._blocks = blocks
        self._journal = journal
        self._follower = follower
        self._ledger = ledger
        self._healer = healer
        self._look = look
        self._audit = audit
        self._snapshots = snapshots
        self._executor = executor
        self._metrics = metrics
        self._health = health
        self._sender = sender
        self._steps = 0
        self._acted_on = 0  # blocks
        self._acted = ""

    def replay(self) -> int:
        """Rebuild the mirror from the stored events; give how many there were."""
        logs = list(self._blocks.events())
        first = 0
        while first < len(logs):
            block, last = logs[first].block, first
            while last < len(logs) and logs[last].block == block:
                last += 1
            self._ledger.apply(block, EPOCH, self._contracts.decode(logs[first:last]))
            first = last
        return len(logs)

    async def step(self) -> None:
        """Advance to the head and act on it; looks after open actions in any case."""
        advance = await self._follower.advance()
        began = time.perf_counter()
        self._apply(advance)
        while advance.behind:
            self._health.set("behind", f"{advance.behind} blocks behind")
            self._health.step()
            advance = await self._follower.advance()
            self._apply(advance)
        head = self._blocks.cursor()
        if head is None:
            return
        self._health.set("behind", None)
        if advance.added or advance.fork is not None:
            self._health.head()
        if head.hash != self._acted:  # also when the step before failed half-way
            await self._act(head, began)
            self._acted = head.hash
            self._health.set("start", None)
        await self._look_after(head)

    def _apply(self, advance: Advance) -> None:
        if advance.fork is not None:
            self._ledger.undo_after(advance.fork)
            self._healer.renew()
            self._metrics.reorganisations.inc()
        for header, logs in advance.added:
            events = self._contracts.decode(logs)
            self._ledger.apply(header.number, header.timestamp, events)
            if any(event.name in _COMPLETING for event in events):
                self._healer.renew()
        self._metrics.behind.set(advance.behind)

    async def _act(self, head: Header, began: float) -> None:
        """Decide at a new head and carry it out; now and then refresh some accounts after it."""
        actions = await self._decide(head)
        self._metrics.decision.observe(time.perf_counter() - began)
        for action in actions:
            sent = await self._executor.submit(action, head, self._sender)
            self._metrics.actions.labels(action.kind.value, "sent" if sent else "not_sent").inc()
        self._acted_on += 1
        if self._acted_on % self._settings.mirror.heal_every == 0:
            await self._healer.refresh(head)
        self._metrics.head.set(head.number)

    async def _decide(self, head: Header) -> list[Action]:
        """Go the way from a block to the actions worth sending; to end expiries the mirror need not be trusted."""
        retry = self._settings.executor.retry_seconds
        under_way = pending(self._journal, ClockTime(time.time() - retry), dry=self._settings.dry_run)
        await self._healer.prepare(head)
        seen = await self._look.at(head, sample=self._audit.due(self._acted_on))
        self._audit.judge(seen)
        snapshot = await self._snapshots.of(seen, under_way) if self._audit.trusted else None
        actions = [] if snapshot is None else decide(snapshot, self._settings.strategy)
        ending = end_expiry(self._snapshots.expiring(seen, under_way), self._settings.strategy)
        return actions if ending is None else [*actions, ending]

    async def _look_after(self, head: Header) -> None:
        waiting = await self._executor.poll(head, self._look.native_price)
        self._metrics.open_actions.set(waiting)
        for outcome in self._executor.outcomes:
            result = "succeeded" if outcome.succeeded else "failed"
            self._metrics.actions.labels(outcome.kind, result).inc()
            self._metrics.take.inc(outcome.take / WAD)
        self._executor.outcomes.clear()
        self._metrics.rpc_calls.set(self._node.rpc.calls)
        if self._steps % _BALANCE_EVERY == 0 and not self._settings.dry_run:
            await self._check_signer()
        self._steps += 1

    async def _check_signer(self) -> None:
        """Look at the gas money, and at nonces signed beyond those mined."""
        balance = await self._node.balance(self._sender)
        latest, _ = await self._node.nonces(self._sender)
        low = balance < self._settings.service.min_balance
        self._metrics.balance.set(balance)
        self._metrics.nonce_gap.set(max(0, self._journal.nonce_floor(self._sender) - latest))
        self._health.set("balance", f"signer has {balance} wei" if low else None)
