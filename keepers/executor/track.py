"""Looking after what was signed until it is at its end, and taking ends back as deep as blocks are.

Touches journal and node; decides nothing about the venue.
"""

from dataclasses import replace

import structlog

from crossmargin.model.units import Wad
from keepers.chain import Header, Receipt
from keepers.contracts import Contracts
from keepers.errors import RevertError, StoreError, TransportError
from keepers.executor.fees import bumped
from keepers.executor.pauses import Pauses
from keepers.executor.reconcile import Facts, Step, next_step
from keepers.executor.results import Outcome, read_outcome
from keepers.executor.signer import Fees
from keepers.executor.undo import CANCEL_GAS, NOTHING, fill_gaps, orphaned
from keepers.executor.wire import Wire
from keepers.node import Node
from keepers.settings import Settings
from keepers.store import OPEN, ActionRow, ActionStatus, TransactionRow
from keepers.units import ActionId, BlockNumber, ClockSeconds, Nonce, TxHash

__all__ = ["Tracker"]

log = structlog.get_logger(__name__)


class Tracker:
    """Follows a signer's actions. `finals` are the ends reached by this process, `fresh` those since the last look."""

    def __init__(self, node: Node, contracts: Contracts, wire: Wire, settings: Settings, pauses: Pauses) -> None:
        """Begin in doubt: blocks may have been undone since the journal was written."""
        self._node = node
        self._contracts = contracts
        self._journal = wire.journal
        self._wire = wire
        self._settings = settings
        self._pauses = pauses
        self._doubt: BlockNumber | None = BlockNumber(max(0, self._journal.newest_end() - settings.chain.reorg_depth))
        self._nonce: Nonce | None = None
        self._used_since: dict[ActionId, BlockNumber] = {}
        self.finals: dict[ActionId, Outcome] = {}
        self.fresh: list[Outcome] = []

    def forked(self, fork: BlockNumber) -> None:
        """Note that blocks above `fork` were undone; what rests on them is looked at when the node answers again."""
        self._doubt = fork if self._doubt is None else min(fork, self._doubt)
        self._nonce = None

    async def poll(self, head: Header, native_price: Wad) -> int:
        """Look after open actions and unused nonces; give how many are open. No request when there can be none."""
        if self._doubt is not None:
            for action in await orphaned(self._node, self._journal, head, self._doubt):
                self._reopen(action)
            self._doubt = None
        idle = self._nonce is not None and self._nonce >= self._journal.nonce_floor(self._wire.address)
        if idle and not self._journal.open_actions():
            return 0
        self._nonce = await self._node.nonce(self._wire.address)
        self._wire.way.see(head, self._nonce)
        used = [rows[-1] for rows in self._journal.signed(OPEN).values() if rows[-1].signer == self._wire.address]
        for action in await fill_gaps(self._wire, head, self._nonce, used=used, settings=self._settings.executor):
            self._reopen(action)
        await self._look_at_all(head, self._nonce, native_price)
        return len(self._journal.open_actions())

    def _reopen(self, action: ActionRow) -> None:
        log.warning("action_undone", action=action.id, kind=action.kind, was=action.status.value, block=action.block)
        self._journal.reopen(action)
        self.finals.pop(action.id, None)

    async def _look_at_all(self, head: Header, nonce: Nonce, native_price: Wad) -> None:
        """Take the next step about each; what goes wrong with one is that one's."""
        actions = self._journal.open_actions()
        signed = self._journal.signed(OPEN)
        sent = {action.id: signed.get(action.id, []) for action in actions}
        hashes = [row.hash for rows in sent.values() for row in rows]
        receipts = {one.transaction: one for one in await self._node.receipts(hashes) if one is not None}
        newest = [rows[-1].hash for rows in sent.values() if rows]
        others = {rows[-1].signer for rows in sent.values() if rows} - {self._wire.address}
        nonces = {self._wire.address: nonce} | {one: await self._node.nonce(one) for one in sorted(others)}
        known = dict(zip(newest, await self._node.known(newest), strict=True))
        for action in actions:
            rows = sent[action.id]
            used = nonces[rows[-1].signer] if rows else nonce
            facts = self._facts(action, rows, receipts, known, head=head, nonce=used)
            try:
                await self._take_step(action, rows, facts, native_price)
            except (TransportError, StoreError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the other actions are looked after
                log.error("action_failed", action=action.id, kind=action.kind, error=repr(error))  # noqa: TRY400

    def _facts(
        self,
        action: ActionRow,
        rows: list[TransactionRow],
        receipts: dict[TxHash, Receipt],
        known: dict[TxHash, bool],
        *,
        head: Header,
        nonce: Nonce,
    ) -> Facts:
        if rows and nonce > rows[-1].nonce and not any(row.hash in receipts for row in rows):
            self._used_since.setdefault(action.id, head.number)
        else:
            self._used_since.pop(action.id, None)
        return Facts(
            head=head,
            nonce=nonce,
            receipts=receipts,
            known=bool(rows) and known[rows[-1].hash],
            used_since=self._used_since.get(action.id),
            waited=self._wire.waited(rows[-1]) if rows else ClockSeconds(0.0),
        )

    async def _take_step(self, action: ActionRow, rows: list[TransactionRow], facts: Facts, native_price: Wad) -> None:
        step, receipt = self._next(action, rows, facts)
        if step is Step.UNDONE:
            self._reopen(action)
            action = replace(action, status=ActionStatus.SENT)
            step, receipt = self._next(action, rows, facts)
        if receipt is not None and step is not Step.WAIT:
            self._record(step, action, receipt, native_price)
        elif rows and rows[-1].signer != self._wire.address and step is not Step.DROP:
            await self._look_after(step, action, rows[-1], facts)
        elif step is Step.RESEND:
            await self._wire.send([rows[-1]])
        elif step in {Step.REPLACE, Step.CANCEL}:
            await self._replace(action, rows[-1], facts, cancel=step is Step.CANCEL or rows[-1].cancel)
        elif step is Step.FORGET:
            self._drop(action, "never signed")
        elif step is Step.DROP:
            self._drop(action, "nonce used elsewhere", facts.head)

    async def _look_after(self, step: Step, action: ActionRow, newest: TransactionRow, facts: Facts) -> None:
        """Send again what a member that is gone has signed, and let go what is too late: its nonce is not ours to free.

        Past its deadline a bid takes no effect; whatever else comes then is refused by the state it was meant for.
        """
        if facts.head.timestamp > action.deadline:
            self._drop(action, "too late, and its signer is gone")
        elif step in {Step.RESEND, Step.REPLACE} and not facts.known:
            log.info("sent_for_another", action=action.id, signer=newest.signer, nonce=newest.nonce)
            await self._node.send([newest.raw])

    def _next(self, action: ActionRow, rows: list[TransactionRow], facts: Facts) -> tuple[Step, Receipt | None]:
        return next_step(
            action,
            rows,
            facts,
            confirmations=self._settings.chain.confirmations,
            replace_after=self._settings.executor.replace_after,
        )

    def _drop(self, action: ActionRow, reason: str, head: Header | None = None) -> None:
        log.warning("action_dropped", action=action.id, kind=action.kind, reason=reason)
        block = None if head is None else (head.number, head.hash)
        self._journal.set_status(action.id, ActionStatus.DROPPED, reason, block=block)

    def _record(self, step: Step, action: ActionRow, receipt: Receipt, native_price: Wad) -> None:
        """Write what the receipt says; only a final one ends the action, and a failed status is a failure."""
        outcome = read_outcome(self._contracts, action, receipt, native_price)
        if action.block_hash != receipt.block_hash:
            self._journal.record(action.id, outcome.result)
            (log.info if receipt.succeeded else log.error)(
                "mined" if receipt.succeeded else "reverted",
                kind=action.kind,
                account=hex(action.account),
                hash=receipt.transaction,
                block=receipt.block,
                take=outcome.take,
            )
        if step is Step.RECORD:
            self._journal.set_status(action.id, ActionStatus.MINED)
            return
        self.finals[action.id] = outcome
        if step is Step.CANCELLED:
            self._drop(action, "cancelled")
            return
        self.fresh.append(outcome)
        if receipt.succeeded:
            self._journal.set_status(action.id, ActionStatus.SETTLED)
        else:
            self._journal.set_status(action.id, ActionStatus.FAILED, "reverted on chain")
            self._pauses.begin(action.key)

    async def _replace(self, action: ActionRow, newest: TransactionRow, facts: Facts, *, cancel: bool) -> None:
        """Raise the fee at the same nonce: of the call if it would still succeed and pay, else of an empty transfer.

        What is raised is what was signed, not what the journal says of it.
        """
        empty = (self._wire.address, NOTHING)
        to, data = empty if cancel else self._wire.call_of(newest)
        most = None if cancel else self._journal.ceiling(action.id)
        if most is not None and facts.head.base_fee > most:
            log.info("no_longer_worth_it", action=action.id, base_fee=facts.head.base_fee, most=most)
            cancel = True
        elif not cancel:
            try:
                await self._node.call(to, data, sender=self._wire.address)
            except RevertError as error:
                log.info("no_longer_wanted", action=action.id, reason=self._contracts.explain(error))
                cancel = True
        before = Fees(newest.max_fee, newest.tip)
        fees = bumped(before, facts.head.base_fee, self._settings.executor, cancel=cancel, most=most)
        if fees is None:
            log.warning("fee_cap_reached", action=action.id, nonce=newest.nonce, max_fee=newest.max_fee, cancel=cancel)
            if not facts.known and (newest.cancel or not cancel):
                await self._wire.send([newest])
            return
        log.info("replacing", action=action.id, nonce=newest.nonce, max_fee=fees.max_fee, cancel=cancel)
        gas, call = (CANCEL_GAS, empty) if cancel else (newest.gas, (to, data))
        row = await self._wire.sign(action.id, call, nonce=newest.nonce, gas=gas, fees=fees, cancel=cancel)
        await self._wire.commit([row])
