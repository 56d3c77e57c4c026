"""The only place that signs and sends: signature in the journal together with the nonce floor, then the wire.

Touches journal and node; decides nothing.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from keepers.errors import NodeError, ResponseError, TransportError
from keepers.executor.purse import Purse
from keepers.executor.signer import Fees, Signer, Unsigned
from keepers.executor.ways import Way
from keepers.fees import DataPrice
from keepers.node import Node
from keepers.store import IN_FLIGHT, Journal, TransactionRow
from keepers.units import ActionId, Address, ClockSeconds, ClockTime, HexData, Nonce, TxHash, Wei

__all__ = ["POOR", "Wire", "most_of"]

log = structlog.get_logger(__name__)
_HARMLESS: Final = ("already known", "already imported", "nonce too low", "known transaction", "already exists")
POOR: Final = "insufficient funds"


class Wire:
    """A signer, and its way to the chain."""

    def __init__(self, node: Node, journal: Journal, signer: Signer, *, way: Way, clock: Callable[[], float]) -> None:
        """Send what the journal has by the given way; the clock must be monotonic."""
        self.node = node
        self.way = way
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

    def committed(self, data: DataPrice) -> Wei:
        """Give the most that what waits to be mined may cost this signer."""
        newest = [rows[-1] for rows in self.journal.signed(IN_FLIGHT).values()]
        return Wei(sum(most_of(row, data) for row in newest if row.signer == self.address))

    async def sign(
        self,
        action: ActionId,
        call: tuple[Address, HexData],
        *,
        nonce: Nonce,
        gas: Gas,
        fees: Fees,
        cancel: bool = False,
    ) -> TransactionRow:
        """Sign for an action; nothing is written or sent."""
        to, data = call
        hashed, raw = await self._signer.sign(Unsigned(nonce, to, data, gas, fees))
        return TransactionRow(
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

    def call_of(self, row: TransactionRow) -> tuple[Address, HexData]:
        """Give what a transaction calls; raise where it is not this signer's, whatever the journal says."""
        return self._signer.call_of(row.raw)

    async def commit(self, rows: Sequence[TransactionRow], ceilings: Mapping[ActionId, Wei] | None = None) -> None:
        """Write down what was signed, and what its actions may pay per gas, then send it."""
        self.journal.add_transactions(rows, ceilings or {})
        for row in rows:
            self.waited(row)
        await self.send(rows)

    async def send(self, rows: Sequence[TransactionRow]) -> None:
        """Send what is in the journal; an answer that does not come says nothing, so `Tracker.poll` will look."""
        if self.purse.lacking is not None:
            return
        try:
            outcomes = await self.way.send(rows)
        except TransportError as error:
            outcomes = [error] * len(rows)
        for row, outcome in zip(rows, outcomes, strict=True):
            self._note(row, outcome)

    def _note(self, row: TransactionRow, outcome: object) -> None:
        if isinstance(outcome, TransportError | ResponseError):
            log.warning("send_ambiguous", hash=row.hash, nonce=row.nonce, error=str(outcome))
        elif isinstance(outcome, NodeError):
            words = outcome.message.lower()
            harmless = any(word in words for word in _HARMLESS)
            (log.info if harmless else log.error)("send_refused", hash=row.hash, nonce=row.nonce, error=str(outcome))
            if POOR in words:
                self.purse.refused(str(outcome), Wei(row.gas * row.max_fee))
        else:
            log.info("sent", hash=row.hash, nonce=row.nonce, max_fee=row.max_fee, cancel=row.cancel)


def most_of(row: TransactionRow, data: DataPrice) -> Wei:
    """Give the most that a signed transaction may cost."""
    return Wei(row.gas * row.max_fee + data.beside(bytes.fromhex(row.raw.removeprefix("0x"))))
