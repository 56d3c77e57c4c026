"""Trying offers before anything is planned on them: anybody can write a price that nobody has signed for.

What would not fill is left out, and not tried again for a while, so that no heap of lies keeps a good offer away.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog

from keepers.contracts import Contracts
from keepers.errors import RevertError, RpcError
from keepers.node import Node
from keepers.offers import SignedOrder
from keepers.outside import ClosingSettings
from keepers.strategies import ActionKind, Holding
from keepers.strategies.close import arguments, single_fills
from keepers.units import HexData

__all__ = ["Vetting"]

log = structlog.get_logger(__name__)
_REST: Final = 30.0
_MOST: Final = 20_000


class Vetting:
    """Tries fills on the newest state; remembers which orders did not fill."""

    def __init__(self, node: Node, contracts: Contracts, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing yet; the clock must be monotonic."""
        self._node = node
        self._contracts = contracts
        self._clock = clock
        self._refused: dict[SignedOrder, float] = {}

    def doubted(self, order: SignedOrder) -> bool:
        """Tell whether an order did not fill a moment ago."""
        return self._clock() < self._refused.get(order, -float("inf"))

    async def sound(self, held: Holding, cfg: ClosingSettings) -> Holding:
        """Leave the offers that would fill, each tried alone for as much as it could close."""
        kind = ActionKind.CLOSE
        tried = list(single_fills(held, cfg))
        calls = [
            self._contracts.encode(kind.contract, kind.function, *arguments(held, one, cfg, held.deadline))
            for one in tried
        ]
        _, _, answers = await self._node.try_calls(held.sender, calls, state="latest") if calls else (0, 0, [])
        good = []
        for fill, answer in zip(tried, answers, strict=True):
            if isinstance(answer, RpcError):
                self._refuse(fill.offer.order, answer)
            else:
                good.append(fill.offer)
        return replace(held, offers=tuple(good))

    def _refuse(self, order: SignedOrder, error: RpcError) -> None:
        reason = self._contracts.explain(error) if isinstance(error, RevertError) else str(error)
        if order not in self._refused:
            maker, signature = hex(order.account), HexData(order.signature[:8].hex())
            log.warning("offer_refused", maker=maker, instrument=order.instrument, signature=signature, reason=reason)
        while len(self._refused) >= _MOST:
            del self._refused[next(iter(self._refused))]
        self._refused[order] = self._clock() + _REST
