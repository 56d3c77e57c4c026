"""The only place that signs and sends: signature in the journal together with the nonce floor, then the wire.

Touches journal and node; decides nothing.
"""

import time
from collections.abc import Callable
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from keepers.errors import NodeError, ResponseError, TransportError
from keepers.executor.purse import Purse
from keepers.executor.signer import Fees, Signer
from keepers.node import Node
from keepers.store import Journal, TransactionRow
from keepers.units import ActionId, Address, ClockSeconds, ClockTime, HexData, Nonce, TxHash, Wei

__all__ = ["POOR", "Wire"]

log = structlog.get_logger(__name__)
_HARMLESS: Final = ("already known", "already imported", "nonce too low", "known transaction", "already exists")
POOR: Final = "insufficient funds"


class Wire:
    """A signer, and its way to the chain."""

    def __init__(self, node: Node, journal: Journal, signer: Signer, *, clock: Callable[[], float]) -> None:
        """Send through the node what the journal has; the clock must be monotonic."""
        self.node = node
        self.journal = journal
        self._signer = signer
        self._clock = clock
        self._since: dict[TxHash, ClockTime] = {}
        self.purse = Purse()

    @property
    def address(self) -> Address:
        """The signer's address."""
        return self._signer.address

    def waited(self, row: TransactionRow) -> ClockSeconds:
        """Give how long this process has known a transaction."""
        now = ClockTime(self._clock())
        return ClockSeconds(now - self._since.setdefault(row.hash, now))

    def committed(self) -> Wei:
        """Give the most that what waits to be mined may cost."""
        newest = [rows[-1] for one in self.journal.in_flight() if (rows := self.journal.transactions(one.id))]
        return Wei(sum(row.gas * row.max_fee for row in newest))

    async def sign_and_send(
        self, action: ActionId, call: tuple[Address, HexData], *, nonce: Nonce, gas: Gas, fees: Fees, cancel: bool
    ) -> None:
        """Sign for an action; what is sent is in the journal before."""
        to, data = call
        hashed, raw = self._signer.sign(nonce=nonce, to=to, data=data, gas=gas, fees=fees)
        row = TransactionRow(
            hash=hashed,
            action=action,
            cancel=cancel,
            signer=self.address,
            nonce=nonce,
            max_fee=fees.max_fee,
            tip=fees.tip,
            gas=gas,
            raw=raw,
            signed_at=ClockTime(time.time()),
        )
        self.journal.add_transaction(row)
        self.waited(row)
        await self.send(row)

    async def send(self, row: TransactionRow) -> None:
        """Send what is in the journal; an answer that does not come says nothing, so `Tracker.poll` will look."""
        if self.purse.lacking is not None:
            return
        try:
            await self.node.send(row.raw)
        except (TransportError, ResponseError) as error:
            log.warning("send_ambiguous", hash=row.hash, nonce=row.nonce, error=str(error))
        except NodeError as error:
            words = error.message.lower()
            harmless = any(word in words for word in _HARMLESS)
            (log.info if harmless else log.error)("send_refused", hash=row.hash, nonce=row.nonce, error=str(error))
            if POOR in words:
                self.purse.refused(str(error), Wei(row.gas * row.max_fee))
        else:
            log.info("sent", hash=row.hash, nonce=row.nonce, max_fee=row.max_fee, cancel=row.cancel)
