"""Whether there is money to act with: gas for the signer, margin for the bidder. Says what is missing; reads only."""

from typing import Final

from crossmargin.model.units import WAD, AccountId
from keepers.chain import Header
from keepers.executor import Executor
from keepers.lens import Lens
from keepers.metrics import Health, Metrics
from keepers.node import Node
from keepers.settings import Settings
from keepers.store import Journal
from keepers.units import Address

__all__ = ["Funds"]

_EVERY: Final = 20


class Funds:
    """Looks every few steps, and at every step while something is missing."""

    def __init__(
        self,
        node: Node,
        lens: Lens,
        executor: Executor,
        journal: Journal,
        settings: Settings,
        *,
        bidder: AccountId,
        sender: Address,
        metrics: Metrics,
        health: Health,
    ) -> None:
        """Look at what `sender` and `bidder` have."""
        self._node = node
        self._lens = lens
        self._executor = executor
        self._journal = journal
        self._settings = settings
        self._bidder = bidder
        self._sender = sender
        self._metrics = metrics
        self._health = health
        self._steps = 0
        self._short = False

    async def look(self, head: Header) -> None:
        """Look if it is time to; a dry run needs no money."""
        due = self._steps % _EVERY == 0 or self._short or self._executor.lacking is not None
        self._steps += 1
        if due and not self._settings.dry_run:
            await self._signer()
            await self._account(head)

    async def _signer(self) -> None:
        balance = await self._node.balance(self._sender)
        self._executor.see_balance(balance)
        latest = await self._node.nonce(self._sender)
        least = self._settings.service.min_balance
        low = f"signer {self._sender} has {balance} wei of gas money, {least} are wanted: send some"
        self._metrics.balance.set(balance)
        self._metrics.nonce_gap.set(max(0, self._journal.nonce_floor(self._sender) - latest))
        self._health.set("spending", self._executor.overspent)
        self._health.set("balance", self._executor.lacking or (low if balance < least else None))

    async def _account(self, head: Header) -> None:
        states = await self._lens.states(head.hash, [self._bidder])
        if not states:
            self._short = True
            self._health.set("bidder", f"account {self._bidder:#x} cannot be evaluated: it bids on nothing")
            return
        excess, kept = states[0].initial.paid_excess, self._settings.strategy.margin_reserve
        self._short = excess <= kept and self._settings.executor.contract is None
        self._metrics.bidder_excess.set(excess / WAD)
        short = f"account {self._bidder:#x} has {excess // WAD} USD of margin to bid with, {kept // WAD} are kept"
        self._health.set("bidder", f"{short}: deposit quote money" if self._short else None)
