"""The only place that signs and sends.

Order of every send: intent in the journal, simulation, signature in the journal together with the nonce floor, send. At
whatever point the process dies, the journal and the chain together say what happened, and `poll` goes on from there.
Touches journal and node; decides nothing about the venue.
"""

import time
from collections.abc import Callable
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM, Wad
from keepers.contracts import Contracts
from keepers.errors import DuplicateError, NodeError, RevertError, RpcError, TransportError
from keepers.executor.fees import bumped, first_offer
from keepers.executor.reconcile import Facts, Step, next_step
from keepers.executor.results import Outcome, read_outcome
from keepers.executor.signer import Fees, Signer
from keepers.node import Header, Node, Receipt, call_params
from keepers.pending import dry_key
from keepers.rpc import as_int
from keepers.settings import Settings
from keepers.store import ActionRow, ActionStatus, Journal, TransactionRow
from keepers.strategies import Action, ActionKind
from keepers.units import ActionId, ActionKey, Address, BlockNumber, ClockTime, HexData, Nonce

__all__ = ["Executor"]

log = structlog.get_logger(__name__)
_CANCEL_GAS: Final = Gas(21_000)
_HARMLESS: Final = ("already known", "already imported", "nonce too low", "known transaction")


class Executor:
    """Owns a signer and its nonces."""

    def __init__(
        self,
        node: Node,
        contracts: Contracts,
        journal: Journal,
        signer: Signer | None,
        settings: Settings,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Send through the node; without a signer only dry runs are possible."""
        self._node = node
        self._contracts = contracts
        self._journal = journal
        self._signer = signer
        self._settings = settings
        self._clock = clock
        self._used_since: dict[ActionId, BlockNumber] = {}
        self.outcomes: list[Outcome] = []

    def _now(self) -> ClockTime:
        return ClockTime(self._clock())

    async def submit(self, action: Action, head: Header, sender: Address) -> bool:
        """Carry an action out, or in a dry run only say so; tell whether anything was sent."""
        cfg = self._settings.executor
        dry = self._settings.dry_run or self._signer is None
        key = dry_key(action.key) if dry else action.key
        failed = self._journal.last_failure(key)
        if failed is not None and self._now() - failed < cfg.retry_seconds:
            return False
        if not dry and len(self._journal.open_actions()) >= cfg.max_pending:
            return False
        to, data = self._contracts.encode(action.kind.contract, action.kind.value, *action.args)
        try:
            identity = self._begin(action, key, data, head, dry=dry)
        except DuplicateError:
            return False
        checked = await self._simulate(identity, action, sender, (to, data), head)
        if checked is None or dry or self._signer is None:
            return False
        gas, nonce = checked
        fees = first_offer(head.base_fee, cfg)
        nonce = max(nonce, self._journal.nonce_floor(self._signer.address))
        await self._sign_and_send(identity, self._signer, (to, data), nonce=nonce, gas=gas, fees=fees, cancel=False)
        return True

    def _begin(self, action: Action, key: ActionKey, data: HexData, head: Header, *, dry: bool) -> ActionId:
        identity = self._journal.begin(
            key=key,
            kind=action.kind.value,
            account=action.account,
            auction=action.auction,
            call=data,
            deadline=action.deadline,
            block=head.number,
            expected=action.expected,
            status=ActionStatus.DRY if dry else ActionStatus.INTENT,
            now=self._now(),
        )
        log.info(
            "dry_run" if dry else "intent",
            kind=action.kind.value,
            account=hex(action.account),
            auction=action.auction,
            expected=action.expected,
            block=head.number,
        )
        return identity

    async def _simulate(
        self, identity: ActionId, action: Action, sender: Address, call: tuple[Address, HexData], head: Header
    ) -> tuple[Gas, Nonce] | None:
        """Try the call; give its gas limit and the account's next nonce, or None when it is not worth sending."""
        to, data = call
        try:
            answers = await self._node.rpc.batch(
                [
                    ("eth_call", call_params(to, data, sender=sender)),
                    ("eth_estimateGas", ({"from": sender, "to": to, "data": data},)),
                    ("eth_getTransactionCount", (sender, "latest")),
                ]
            )
        except RevertError as error:
            self._refuse(identity, action, self._contracts.explain(error))
            return None
        except RpcError as error:
            self._refuse(identity, action, f"not simulated: {error}")
            raise
        estimate, nonce = as_int(answers[1], "gas"), Nonce(as_int(answers[2], "nonce"))
        cost = estimate * (head.base_fee + self._settings.executor.tip)
        if head.base_fee + self._settings.executor.tip > self._settings.executor.max_fee:
            self._refuse(identity, action, f"base fee {head.base_fee} wei leaves no room under the cap")
            return None
        if cost > action.gas_budget:
            self._refuse(identity, action, f"gas {cost} wei above the budget {action.gas_budget}")
            return None
        return Gas(estimate * (PPM + self._settings.executor.gas_margin_ppm) // PPM), nonce

    def _refuse(self, identity: ActionId, action: Action, reason: str) -> None:
        self._journal.set_status(identity, ActionStatus.REFUSED, reason)
        log.warning("refused", kind=action.kind.value, account=hex(action.account), reason=reason)

    async def _sign_and_send(
        self,
        identity: ActionId,
        signer: Signer,
        call: tuple[Address, HexData],
        *,
        nonce: Nonce,
        gas: Gas,
        fees: Fees,
        cancel: bool,
    ) -> None:
        to, data = call
        hashed, raw = signer.sign(nonce=nonce, to=to, data=data, gas=gas, fees=fees)
        row = TransactionRow(
            hashed, identity, cancel, signer.address, nonce, fees.max_fee, fees.tip, gas, raw, self._now()
        )
        self._journal.add_transaction(row)
        await self._send(row)

    async def _send(self, row: TransactionRow) -> None:
        """Send what is in the journal; an answer that does not come says nothing, so `poll` will look."""
        try:
            await self._node.send(row.raw)
        except TransportError as error:
            log.warning("send_ambiguous", hash=row.hash, nonce=row.nonce, error=str(error))
        except NodeError as error:
            harmless = any(word in error.message.lower() for word in _HARMLESS)
            (log.info if harmless else log.error)("send_refused", hash=row.hash, nonce=row.nonce, error=str(error))
        else:
            log.info("sent", hash=row.hash, nonce=row.nonce, max_fee=row.max_fee, cancel=row.cancel)

    async def poll(self, head: Header, native_price: Wad) -> int:
        """Look after every open action; give how many are still open. No request when there is none."""
        if self._settings.dry_run or self._signer is None:
            return 0
        actions = self._journal.open_actions()
        if not actions:
            return 0
        sent = {action.id: self._journal.transactions(action.id) for action in actions}
        hashes = [row.hash for rows in sent.values() for row in rows]
        receipts = {one.transaction: one for one in await self._node.receipts(hashes) if one is not None}
        newest = [rows[-1].hash for rows in sent.values() if rows]
        known = dict(zip(newest, await self._node.known(newest), strict=True))
        nonce, _ = await self._node.nonces(self._signer.address)
        for action in actions:
            rows = sent[action.id]
            self._note_use(action, rows, nonce, head)
            facts = Facts(
                head=head,
                nonce=nonce,
                receipts=receipts,
                known=bool(rows) and known[rows[-1].hash],
                used_since=self._used_since.get(action.id),
                now=self._now(),
            )
            step, receipt = next_step(
                action,
                rows,
                facts,
                confirmations=self._settings.chain.confirmations,
                replace_after=self._settings.executor.replace_after,
            )
            await self._carry_out(step, action, rows, receipt, head=head, native_price=native_price)
        return len(self._journal.open_actions())

    def _note_use(self, action: ActionRow, rows: list[TransactionRow], nonce: Nonce, head: Header) -> None:
        if rows and nonce > rows[-1].nonce:
            self._used_since.setdefault(action.id, head.number)
        else:
            self._used_since.pop(action.id, None)

    async def _carry_out(
        self,
        step: Step,
        action: ActionRow,
        rows: list[TransactionRow],
        receipt: Receipt | None,
        *,
        head: Header,
        native_price: Wad,
    ) -> None:
        if step in {Step.RECORD, Step.SETTLE} and receipt is not None:
            self._record(action, receipt, native_price, final=step is Step.SETTLE)
        elif step is Step.UNDONE:
            log.warning("action_undone", action=action.id, kind=action.kind)
            self._journal.record(action.id, None)
            self._journal.set_status(action.id, ActionStatus.SENT)
            await self._send(rows[-1])
        elif step is Step.RESEND:
            await self._send(rows[-1])
        elif step in {Step.REPLACE, Step.CANCEL}:
            await self._replace(action, rows[-1], head, cancel=step is Step.CANCEL or rows[-1].cancel)
        elif step in {Step.FORGET, Step.DROP, Step.CANCELLED}:
            reason = {Step.FORGET: "never signed", Step.DROP: "nonce used elsewhere", Step.CANCELLED: "cancelled"}[step]
            log.warning("action_dropped", action=action.id, kind=action.kind, reason=reason)
            self._journal.set_status(action.id, ActionStatus.DROPPED, reason)

    def _record(self, action: ActionRow, receipt: Receipt, native_price: Wad, *, final: bool) -> None:
        """Write what the receipt says; only a final one ends the action, and a failed status is a failure."""
        outcome = read_outcome(self._contracts, action, receipt, native_price)
        if action.block_hash != receipt.block_hash:
            self._journal.record(action.id, outcome.result)
            self.outcomes.append(outcome)
            (log.info if receipt.succeeded else log.error)(
                "mined" if receipt.succeeded else "reverted",
                kind=action.kind,
                account=hex(action.account),
                hash=receipt.transaction,
                block=receipt.block,
                take=outcome.take,
            )
        if not final:
            self._journal.set_status(action.id, ActionStatus.MINED)
        elif receipt.succeeded:
            self._journal.set_status(action.id, ActionStatus.SETTLED)
        else:
            self._journal.set_status(action.id, ActionStatus.FAILED, "reverted on chain")

    async def _replace(self, action: ActionRow, newest: TransactionRow, head: Header, *, cancel: bool) -> None:
        """Raise the fee at the same nonce: of the call if it would still succeed, else of an empty transfer."""
        signer = self._signer
        if signer is None:
            return
        fees = bumped(Fees(newest.max_fee, newest.tip), head.base_fee, self._settings.executor)
        if fees is None:
            log.error("fee_cap_reached", action=action.id, nonce=newest.nonce, max_fee=newest.max_fee)
            await self._send(newest)
            return
        to = self._contracts.addresses[ActionKind(action.kind).contract]
        if not cancel:
            try:
                await self._node.call(to, action.call, sender=signer.address)
            except RevertError as error:
                log.info("no_longer_wanted", action=action.id, reason=self._contracts.explain(error))
                cancel = True
        call = (signer.address, HexData("0x")) if cancel else (to, action.call)
        gas = _CANCEL_GAS if cancel else newest.gas
        log.info("replacing", action=action.id, nonce=newest.nonce, max_fee=fees.max_fee, cancel=cancel)
        await self._sign_and_send(action.id, signer, call, nonce=newest.nonce, gas=gas, fees=fees, cancel=cancel)
