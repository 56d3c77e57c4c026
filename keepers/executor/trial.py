"""Trying calls before they are signed: on the pending state where the node has one, else on the newest block."""

from collections.abc import Sequence
from typing import Final

import structlog

from crossmargin.chain.units import Gas
from keepers.errors import NodeError, RevertError, RpcError
from keepers.executor.wire import POOR
from keepers.node import Node
from keepers.units import Address, HexData, Nonce, Wei

__all__ = ["Trial"]

log = structlog.get_logger(__name__)
_LATEST: Final = "latest"


class Trial:
    """Tries calls on one state; a node that does not know it is asked about the newest block from then on."""

    def __init__(self, node: Node, state: str) -> None:
        """Begin with the state that is configured."""
        self._node = node
        self._state = state

    async def attempt(
        self, sender: Address, calls: Sequence[tuple[Address, HexData]]
    ) -> tuple[Nonce, Wei, list[Gas | RpcError]]:
        """Give the sender's next nonce and balance, and of each call its gas or why it fails."""
        found = await self._node.try_calls(sender, calls, state=self._state)
        if self._state == _LATEST or not all(map(_says_nothing, found[2])):
            return found
        again = await self._node.try_calls(sender, calls, state=_LATEST)
        if not all(map(_says_nothing, again[2])):
            log.warning("no_pending_state", error=str(found[2][0]))
            self._state = _LATEST
        return again


def _says_nothing(answer: Gas | RpcError) -> bool:
    """Tell a node that would not try a call from one that tried it."""
    if not isinstance(answer, RpcError) or isinstance(answer, RevertError):
        return False
    return not (isinstance(answer, NodeError) and POOR in answer.message.lower())
