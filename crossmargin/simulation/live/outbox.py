"""Transactions on their way: sent together, looked after later, explained where they fail."""

import time
from collections.abc import Sequence
from typing import Final

from hexbytes import HexBytes
from web3.exceptions import TransactionNotFound
from web3.types import TxParams

from crossmargin.errors import TransactionError
from crossmargin.simulation.stage.venue import Actor, Venue

__all__ = ["Outbox"]

_OVERDUE: Final = 60.0


class Outbox:
    """What one actor has sent."""

    def __init__(self, venue: Venue, actor: Actor) -> None:
        """Begin with nothing."""
        self._venue = venue
        self._actor = actor
        self._waiting: list[HexBytes] = []
        self._since = 0.0

    def begin(self) -> None:
        """Take the actor's nonce from the node before it sends: whatever became of what was sent before."""
        eth = self._venue.chain.web3.eth
        self._actor.nonce = eth.get_transaction_count(self._actor.key.address, "pending")

    def sent(self, transactions: Sequence[HexBytes]) -> None:
        """Take note of what was sent."""
        self._waiting += transactions
        self._since = time.monotonic()

    def settle(self) -> bool:
        """Look what was mined; say whether all was. The first failure is raised, explained."""
        while self._waiting:
            try:
                receipt = self._venue.chain.web3.eth.get_transaction_receipt(self._waiting[0])
            except TransactionNotFound:
                if time.monotonic() - self._since > _OVERDUE:
                    self._waiting.clear()
                    raise TransactionError(f"{self._actor.name}: not mined after {_OVERDUE:.0f} s") from None
                return False
            transaction = self._waiting.pop(0)
            if receipt["status"] != 1:
                raise self._reason(transaction)
        return True

    def _reason(self, transaction: HexBytes) -> Exception:
        """Ask again what failed, to be told why."""
        web3 = self._venue.chain.web3
        sent = web3.eth.get_transaction(transaction)
        call: TxParams = {"from": sent["from"], "to": sent["to"], "data": sent["input"]}
        try:
            web3.eth.call(call, sent["blockNumber"])
        except Exception as error:  # noqa: BLE001 (whatever the node says)
            return self._venue.context.chain.explain(error)
        return TransactionError(f"{transaction.to_0x_hex()}: failed, and would succeed at the end of its block")
