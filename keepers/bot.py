"""One step of the keeper: follow the chain, look, decide, act, and look after what was sent."""

import time

import structlog

from keepers.executor import Executor
from keepers.ingest import Advance, Follower
from keepers.metrics import Health, Metrics
from keepers.node import Header, Node
from keepers.settings import Settings
from keepers.store import BlockStore, Journal
from keepers.strategies import Kind, decide, end_expiry
from keepers.units import WAD
from keepers.venue import Venue
from keepers.watch import Watch

__all__ = ["Bot"]

log = structlog.get_logger(__name__)
_COMPLETING = frozenset({"AssetListed", "InstrumentListed", "LossSocialised"})
_DRY = "dry:"
_BALANCE_EVERY = 20


class Bot:
    """The keeper's parts, put together."""

    def __init__(
        self,
        *,
        settings: Settings,
        node: Node,
        venue: Venue,
        blocks: BlockStore,
        journal: Journal,
        follower: Follower,
        watch: Watch,
        executor: Executor,
        metrics: Metrics,
        health: Health,
        sender: str,
    ) -> None:
        """Use the given parts; `sender` is the address that signs or, in a dry run, would."""
        self._settings = settings
        self._node = node
        self._venue = venue
        self._blocks = blocks
        self._journal = journal
        self._follower = follower
        self._watch = watch
        self._executor = executor
        self._metrics = metrics
        self._health = health
        self._sender = sender
        self._steps = 0
        self._acted = ""

    def replay(self) -> int:
        """Rebuild the mirror from the stored events; give how many there were."""
        logs = list(self._blocks.events())
        first = 0
        while first < len(logs):
            block, last = logs[first].block, first
            while last < len(logs) and logs[last].block == block:
                last += 1
            self._watch.ledger.apply(block, 0, self._venue.decode(logs[first:last]))
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
            self._watch.ledger.undo_after(advance.fork)
            self._watch.renew()
            self._metrics.reorganisations.inc()
        for header, logs in advance.added:
            events = self._venue.decode(logs)
            self._watch.ledger.apply(header.number, header.timestamp, events)
            if any(event.name in _COMPLETING for event in events):
                self._watch.renew()
        self._metrics.behind.set(advance.behind)

    async def _act(self, head: Header, began: float) -> None:
        """Decide at a new head and carry it out."""
        live = self._journal.live_keys() | self._journal.failed_since(
            time.time() - self._settings.executor.retry_seconds
        )
        dry = self._settings.dry_run
        done = frozenset(key.removeprefix(_DRY) for key in live) if dry else live
        in_flight = any(action.kind == Kind.BID for action in self._journal.in_flight())
        seen = await self._watch.look(head)
        snapshot = await self._watch.snapshot(seen, done, bids_in_flight=in_flight)
        actions = [] if snapshot is None else decide(snapshot, self._settings.strategy)
        ending = end_expiry(self._watch.expiring(seen, done), self._settings.strategy)
        if ending is not None:
            actions.append(ending)
        self._metrics.decision.observe(time.perf_counter() - began)
        for action in actions:
            sent = await self._executor.submit(action, head, self._sender)
            self._metrics.actions.labels(action.kind.value, "sent" if sent else "not_sent").inc()
        await self._watch.tend(head)
        self._metrics.head.set(head.number)

    async def _look_after(self, head: Header) -> None:
        waiting = await self._executor.poll(head, self._watch.native_price)
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
