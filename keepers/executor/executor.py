"""From an action worth sending to a transaction on its way.

Order of every send: intent in the journal, simulation, signature in the journal together with the nonce floor, send. At
whatever point the process dies, the journal and the chain together say what happened, and `Tracker.poll` goes on from
there. Touches journal and node; decides nothing about the venue.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM, Wad
from keepers.chain import Header
from keepers.contracts import Contracts
from keepers.errors import NodeError, RevertError, RpcError
from keepers.executor.attempt import Attempt, extra_tip, most_fee, reason_against
from keepers.executor.fees import first_offer
from keepers.executor.guard import Guard
from keepers.executor.pauses import Pauses
from keepers.executor.signer import Signer
from keepers.executor.track import Tracker
from keepers.executor.trial import Trial
from keepers.executor.ways import way_of
from keepers.executor.wire import POOR, Wire, most_of
from keepers.fees import DataPrice, FeeModel, sample
from keepers.node import Node
from keepers.pending import dry_key
from keepers.settings import Settings
from keepers.store import ActionStatus, Intent, Journal, TransactionRow
from keepers.strategies import Action
from keepers.units import ActionId, ActionKey, Address, ClockTime, Nonce, Wei

__all__ = ["Executor"]

log = structlog.get_logger(__name__)
_WORD: Final = 64  # hex digits
_DAY: Final = 86_400
OVERSPENT: Final = "executor.max_spend_per_day is used up"


class Executor:
    """Carries actions out; in a dry run only says what it would send."""

    def __init__(
        self,
        node: Node,
        contracts: Contracts,
        journal: Journal,
        signer: Signer | None,
        settings: Settings,
        *,
        fees: FeeModel,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Send through the node; without a signer only dry runs are possible. The clock must be monotonic."""
        self._fees = fees
        self._trial = Trial(node, settings.executor.simulate_on)
        self._contracts = contracts
        self._journal = journal
        self._settings = settings
        self.pauses = Pauses(settings.executor.retry_seconds, clock)
        if signer is None or settings.dry_run:
            self._wire = None
        else:
            guard = Guard(signer, contracts, settings)
            self._wire = Wire(node, journal, guard, way=way_of(settings.relay, node), clock=clock)
        self.tracker = None if self._wire is None else Tracker(node, contracts, self._wire, settings, self.pauses)

    @property
    def lacking(self) -> str | None:
        """What is missing to send anything."""
        return None if self._wire is None else self._wire.purse.lacking

    def see_balance(self, balance: Wei) -> None:
        """Note the signer's gas money."""
        if self._wire is not None:
            self._wire.purse.see(balance)

    async def close(self) -> None:
        """Close what only this has opened."""
        if self._wire is not None:
            await self._wire.way.close()

    async def poll(self, head: Header, native_price: Wad) -> int:
        """Look after what was sent; give how many actions are open."""
        return 0 if self.tracker is None else await self.tracker.poll(head, native_price)

    async def submit(self, actions: Sequence[Action], head: Header, sender: Address) -> frozenset[ActionKey]:
        """Carry actions out, all at once and in this order of nonces; give the keys of those that were sent.

        In a dry run only say what would be.
        """
        attempts = self._begin(self._free(actions), head)
        if not attempts:
            return frozenset()
        try:
            data = await self._fees.price(head)
            nonce, balance, answers = await self._trial.attempt(sender, [one.call for one in attempts])
        except RpcError as error:
            for one in attempts:
                self._refuse(one, f"not simulated: {error}")
            raise
        passed: list[tuple[Attempt, Gas]] = []
        for one, answer in zip(attempts, answers, strict=True):
            if isinstance(answer, RpcError):
                self._failed(one, answer)
            else:
                passed.append((one, answer))
        if self._wire is None:
            for one, gas in passed:
                self._objects(one, gas, data.beside(sample(len(one.call[1]) // _WORD)), head)
            return frozenset()
        return await self._send(self._wire, passed, data, head=head, nonce=nonce, balance=balance)

    def _free(self, actions: Sequence[Action]) -> list[Action]:
        """Leave out what failed a moment ago, and what there is no room or money for; what is mined takes no room."""
        paused = self.pauses.current()
        free = [action for action in actions if self._key(action) not in paused]
        if self._wire is None:
            return free
        room = self._settings.executor.max_pending - len(self._journal.waiting())
        return [] if self.lacking is not None else free[: max(0, room)]

    def _key(self, action: Action) -> ActionKey:
        return dry_key(action.key) if self._wire is None else action.key

    def _begin(self, actions: Sequence[Action], head: Header) -> list[Attempt]:
        """Write what is intended; leave out what is under way or done."""
        calls = [self._contracts.encode(one.kind.contract, one.kind.function, *one.args) for one in actions]
        status = ActionStatus.DRY if self._wire is None else ActionStatus.INTENT
        intents = [
            Intent(
                key=self._key(action),
                kind=action.kind.value,
                account=action.account,
                auction=action.auction,
                call=data,
                deadline=action.deadline,
                decided_block=head.number,
                decided_at=ClockTime(time.time()),
                expected=action.expected,
                status=status,
            )
            for action, (_, data) in zip(actions, calls, strict=True)
        ]
        found = zip(self._journal.begin(intents) if intents else [], actions, calls, strict=True)
        attempts = [Attempt(number, self._key(one), one, call) for number, one, call in found if number is not None]
        for one in attempts:
            log.info(
                "dry_run" if self._wire is None else "intent",
                kind=one.action.kind.value,
                account=hex(one.action.account),
                auction=one.action.auction,
                expected=one.action.expected,
                block=head.number,
            )
        return attempts

    def _objects(self, attempt: Attempt, gas: Gas, data_fee: Wei, head: Header) -> bool:
        """Refuse what is not worth what it costs."""
        reason = reason_against(attempt.action, gas, data_fee, head, self._settings.executor)
        if reason is not None:
            self._refuse(attempt, reason)
        return reason is not None

    def _failed(self, attempt: Attempt, error: RpcError) -> None:
        """Refuse what would revert, or what a node would not try."""
        if isinstance(error, RevertError):
            self._refuse(attempt, self._contracts.explain(error))
            return
        self._refuse(attempt, f"not simulated: {error}")
        if self._wire is not None and isinstance(error, NodeError) and POOR in error.message.lower():
            self._wire.purse.refused(str(error), Wei(1))

    async def _send(
        self,
        wire: Wire,
        passed: Sequence[tuple[Attempt, Gas]],
        data: DataPrice,
        *,
        head: Header,
        nonce: Nonce,
        balance: Wei,
    ) -> frozenset[ActionKey]:
        """Sign what is worth it and can be paid for beside what waits to be mined; write it down, then send it."""
        cfg = self._settings.executor
        mined = nonce
        nonce, needed = max(nonce, self._journal.nonce_floor(wire.address)), wire.committed(data)
        left = self._allowance()
        rows: list[TransactionRow] = []
        sent: list[ActionKey] = []
        ceilings: dict[ActionId, Wei] = {}
        for attempt, gas in passed:
            place, limit = Nonce(nonce + len(rows)), Gas(gas * (PPM + cfg.gas_margin_ppm) // PPM)
            most = most_fee(attempt.action, gas, data.beside(sample(len(attempt.call[1]) // _WORD)))
            fees = first_offer(head.base_fee, cfg, extra_tip(attempt.action, head, cfg), most=most)
            row = await wire.sign(attempt.identity, attempt.call, nonce=place, gas=limit, fees=fees)
            if self._objects(attempt, gas, data.beside(bytes.fromhex(row.raw.removeprefix("0x"))), head):
                continue
            if left is not None and needed + most_of(row, data) > left:
                self._refuse(attempt, OVERSPENT)
                continue
            if needed <= balance:
                needed = Wei(needed + most_of(row, data))
            if needed > balance:
                self._refuse(attempt, "no gas money")
                continue
            rows.append(row)
            sent.append(attempt.action.key)
            ceilings[attempt.identity] = most
        if rows:
            wire.way.see(head, mined)
            await wire.commit(rows, ceilings)
        if needed > balance:
            wire.purse.lacks(balance, needed)
        return frozenset(sent)

    def _allowance(self) -> Wei | None:
        """Give what may be committed beside what the last day has cost; None without a limit."""
        limit = self._settings.executor.max_spend_per_day
        spent = self._journal.spent_since(ClockTime(time.time() - _DAY)) if limit else 0
        return Wei(limit - spent) if limit else None

    @property
    def overspent(self) -> str | None:
        """Say that the day's limit is used up."""
        left = self._allowance()
        return None if left is None or left > 0 else OVERSPENT

    def _refuse(self, attempt: Attempt, reason: str) -> None:
        self._journal.set_status(attempt.identity, ActionStatus.REFUSED, reason)
        self.pauses.begin(attempt.key)
        action = attempt.action
        log.warning("refused", kind=action.kind.value, account=hex(action.account), reason=reason)
