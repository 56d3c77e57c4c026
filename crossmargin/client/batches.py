"""Many transactions at once, of which one that is refused does not fail the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_typing import HexStr
from web3.types import TxParams, TxReceipt

from crossmargin.client.orders import Order
from crossmargin.client.trading import Trading
from crossmargin.errors import CrossMarginError, InstrumentError
from crossmargin.model.units import AccountId, Wad

__all__ = ["Batches", "Match", "Outcome"]


@dataclass(frozen=True, slots=True)
class Match:
    """Two orders to be filled against each other, and how much of them [wad base]."""

    maker: Order
    maker_signature: bytes
    taker: Order
    size: Wad
    taker_signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transaction: a receipt, or why there is none."""

    receipt: TxReceipt | None
    error: CrossMarginError | None

    @property
    def passed(self) -> bool:
        """Tell whether it did what it should."""
        return self.error is None


class Batches(Trading):
    """Fills and cancellations in numbers; closing positions."""

    def fill_many(self, matches: Sequence[Match]) -> list[Outcome]:
        """Fill every pair that passes now; the outcomes are in the pairs' order.

        All are sent before the first is waited for. Each is tried on the state before the batch: one that needs another
        of it may be refused, or fail in its block.
        """
        return self._send_many(
            [
                ("fill", (m.maker.encode(), m.maker_signature, m.taker.encode(), m.taker_signature, m.size))
                for m in matches
            ]
        )

    def cancel_many(self, orders: Sequence[Order]) -> list[Outcome]:
        """Void every order that the signer may; the outcomes are in the orders' order."""
        return self._send_many([("cancel", (order.encode(),)) for order in orders])

    def close_position(self, maker: Order, maker_signature: bytes, account: AccountId | None = None) -> TxReceipt:
        """Take a maker's order to close a position, as far as both reach, at its price; only ever reduces."""
        owned = self._or_own(account)
        held, _ = self._read("Clearinghouse", "position", owned, maker.instrument)
        size = Wad(min(abs(held), abs(maker.size) - self.filled(maker)))
        name = self.names.instrument(maker.instrument)
        if held * maker.size <= 0 or size <= 0:
            raise InstrumentError(f"{name}: this order does not close the position, which has {held / 10**18:g}")
        sign = -1 if held > 0 else 1
        order = self.order(name, Wad(sign * size), maker.limit_price, account=owned, reduce_only=True)
        return self.fill(maker, maker_signature, order, size)

    def _send_many(self, calls: Sequence[tuple[str, tuple[object, ...]]]) -> list[Outcome]:
        exchange = self._contracts["Exchange"]
        transactions: list[TxParams] = [
            self._signer.route(exchange.address, HexStr(exchange.encode_abi(function, args=list(arguments))))
            for function, arguments in calls
        ]
        outcomes = self._transactor.send_many(transactions)
        return [Outcome(None, each) if isinstance(each, CrossMarginError) else Outcome(each, None) for each in outcomes]
