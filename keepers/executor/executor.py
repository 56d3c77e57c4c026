"""From an action worth sending to a transaction on its way.

Order of every send: intent in the journal, simulation, signature in the journal together with the nonce floor, send. At
whatever point the process dies, the journal and the chain together say what happened, and `Tracker.poll` goes on from
there. Touches journal and node; decides nothing about the venue.
"""

import time
from collections.abc import Callable

import structlog

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM, Wad
from keepers.chain import Header
from keepers.contracts import Contracts
from keepers.errors import DuplicateError, NodeError, RevertError, RpcError
from keepers.executor.fees import call_cap, first_offer
from keepers.executor.pauses import Pauses
from keepers.executor.signer import Signer
from keepers.executor.track import Tracker
from keepers.executor.wire import POOR, Wire
from keepers.node import Node
from keepers.pending import dry_key
from keepers.settings import Settings
from keepers.store import ActionStatus, Journal
from keepers.strategies import Action
from keepers.units import ActionId, ActionKey, Address, ClockTime, HexData, Nonce, Wei

__all__ = ["Executor"]

log = structlog.get_logger(__name__)


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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Send through the node; without a signer only dry runs are possible. The clock must be monotonic."""
        self._node = node
        self._contracts = contracts
        self._journal = journal
        self._settings = settings
        self.pauses = Pauses(settings.executor.retry_seconds, clock)
        live = signer is not None and not settings.dry_run
        self._wire = Wire(node, journal, signer, clock=clock) if live and signer is not None else None
        self.tracker = None if self._wire is None else Tracker(node, contracts, self._wire, settings, self.pauses)

    @property
    def lacking(self) -> str | None:
        """What is missing to send anything."""
        return None if self._wire is None else self._wire.purse.lacking

    def see_balance(self, balance: Wei) -> None:
        """Note the signer's gas money."""
        if self._wire is not None:
            self._wire.purse.see(balance)

    async def poll(self, head: Header, native_price: Wad) -> int:
        """Look after what was sent; give how many actions are open."""
        return 0 if self.tracker is None else await self.tracker.poll(head, native_price)

    async def submit(self, action: Action, head: Header, sender: Address) -> bool:
        """Carry an action out, or in a dry run only say so; tell whether anything was sent."""
        wire = self._wire
        key = dry_key(action.key) if wire is None else action.key
        if self.lacking is not None or key in self.pauses.current():
            return False
        if wire is not None and len(self._journal.open_actions()) >= self._settings.executor.max_pending:
            return False
        to, data = self._contracts.encode(action.kind.contract, action.kind.value, *action.args)
        try:
            identity = self._begin(action, key, data, head, dry=wire is None)
        except DuplicateError:
            return False
        checked = await self._simulate(identity, key, action, (sender, to, data), head)
        if checked is None or wire is None:
            return False
        gas, nonce, balance = checked
        fees = first_offer(head.base_fee, self._settings.executor)
        if not wire.purse.affords(balance, Wei(gas * fees.max_fee + wire.committed())):
            self._refuse(identity, key, action, "no gas money")
            return False
        nonce = max(nonce, self._journal.nonce_floor(wire.address))
        await wire.sign_and_send(identity, (to, data), nonce=nonce, gas=gas, fees=fees, cancel=False)
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
            now=ClockTime(time.time()),
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
        self,
        identity: ActionId,
        key: ActionKey,
        action: Action,
        call: tuple[Address, Address, HexData],
        head: Header,
    ) -> tuple[Gas, Nonce, Wei] | None:
        """Try the call; give its gas limit, the account's next nonce and balance, or None when not worth sending."""
        cfg = self._settings.executor
        try:
            estimate, nonce, balance = await self._node.try_call(*call)
        except RevertError as error:
            self._refuse(identity, key, action, self._contracts.explain(error))
            return None
        except RpcError as error:
            self._refuse(identity, key, action, f"not simulated: {error}")
            if self._wire is not None and isinstance(error, NodeError) and POOR in error.message.lower():
                self._wire.purse.refused(str(error), Wei(1))
                return None
            raise
        cost = estimate * (head.base_fee + cfg.tip)
        if head.base_fee + cfg.tip > call_cap(cfg):
            self._refuse(identity, key, action, f"base fee {head.base_fee} wei leaves no room under the cap")
            return None
        if cost > action.gas_budget:
            self._refuse(identity, key, action, f"gas {cost} wei above the budget {action.gas_budget}")
            return None
        return Gas(estimate * (PPM + cfg.gas_margin_ppm) // PPM), nonce, balance

    def _refuse(self, identity: ActionId, key: ActionKey, action: Action, reason: str) -> None:
        self._journal.set_status(identity, ActionStatus.REFUSED, reason)
        self.pauses.begin(key)
        log.warning("refused", kind=action.kind.value, account=hex(action.account), reason=reason)
