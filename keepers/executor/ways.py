"""Ways of a transaction to the chain: to the node, for everybody to see, or as a bundle to a relay, for builders only.

Both are sent what is in the journal already, again and again until it is mined; neither decides what.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from crossmargin.chain.asking import ask_all
from keepers.chain import Header
from keepers.errors import RpcError, TransportError
from keepers.executor.relay import Relay
from keepers.node import Node
from keepers.outside import RelaySettings
from keepers.store import TransactionRow
from keepers.units import BlockNumber, Nonce

__all__ = ["PrivateWay", "PublicWay", "Way", "way_of"]

log = structlog.get_logger(__name__)
_NOWHERE: Final = BlockNumber(-1)


class Way(Protocol):
    """Sends signed transactions of one signer."""

    def see(self, head: Header, nonce: Nonce) -> None:
        """Note the newest block, and how many transactions of the signer are mined in it."""

    async def send(self, rows: Sequence[TransactionRow]) -> list[object]:
        """Send transactions in order; an error, given or raised, says that one was not taken or may not have been."""

    async def close(self) -> None:
        """Close what was opened."""


class PublicWay:
    """The node's pool."""

    def __init__(self, node: Node) -> None:
        """Send through the node."""
        self._node = node

    def see(self, head: Header, nonce: Nonce) -> None:
        """Need nothing of it."""

    async def send(self, rows: Sequence[TransactionRow]) -> list[object]:
        """Send to whichever node is asked now."""
        return await self._node.send([row.raw for row in rows])

    async def close(self) -> None:
        """Close nothing: the node is others' too."""


class PrivateWay:
    """Bundles of all that waits, in the order of nonces, for the next blocks; one that reverts is not mined.

    What is not mined for long, and what a relay does not take, goes the public way, or waits, as configured.
    Cancellations are public at once: they show nothing.
    """

    def __init__(self, relay: Relay, public: Way, settings: RelaySettings) -> None:
        """Begin with nothing waiting."""
        self._relay = relay
        self._public = public
        self._settings = settings
        self._head = _NOWHERE
        self._nonce = Nonce(0)
        self._waiting: dict[Nonce, TransactionRow] = {}
        self._since: dict[Nonce, BlockNumber] = {}
        self._shown: set[Nonce] = set()
        self._sent: tuple[BlockNumber, tuple[str, ...]] | None = None

    def see(self, head: Header, nonce: Nonce) -> None:
        """Forget what is mined."""
        self._head, self._nonce = head.number, nonce
        for gone in [one for one in self._since if one < nonce]:
            del self._since[gone]
            self._waiting.pop(gone, None)
        self._shown = {one for one in self._shown if one >= nonce}

    async def send(self, rows: Sequence[TransactionRow]) -> list[object]:
        """Bundle these with all that waits; a nonce that was shown to all stays public."""
        for row in rows:
            self._since.setdefault(row.nonce, self._head)
            if row.cancel or row.nonce in self._shown:
                self._shown.add(row.nonce)
                self._waiting.pop(row.nonce, None)
            else:
                self._waiting[row.nonce] = row
        shown = self._show_late()
        offered: object = None
        if any(row.nonce in self._waiting for row in rows):
            try:
                offered = await self._offer(self._bundle())
            except RpcError as error:
                log.warning("relay_failed", error=str(error), without=self._settings.without)
                offered = TransportError(f"relay: {error}")
                shown += self._show(max(self._waiting)) if self._settings.without == "public" else []
        given = {row.hash for row in rows}
        public = [*(row for row in shown if row.hash not in given), *(row for row in rows if row.nonce in self._shown)]
        outcomes = await self._public.send(public) if public else []
        known = {row.hash: outcome for row, outcome in zip(public, outcomes, strict=True)}
        return [known.get(row.hash, offered) for row in rows]

    async def close(self) -> None:
        """Close the connection to the relay."""
        await self._relay.close()

    def _bundle(self) -> list[TransactionRow]:
        """Give all that waits, in the order of nonces."""
        return [self._waiting[nonce] for nonce in sorted(self._waiting)]

    async def _offer(self, rows: Sequence[TransactionRow]) -> object:
        """Send a bundle for each of the next blocks, once a block and content."""
        content = self._head, tuple(row.hash for row in rows)
        if self._sent == content:
            return None
        raws, ahead = [row.raw for row in rows], range(1, self._settings.ahead + 1)
        found = await ask_all(self._relay.offer(raws, BlockNumber(self._head + one)) for one in ahead)
        self._sent = content
        log.info("bundle_sent", nonces=[row.nonce for row in rows], block=self._head + 1, bundle=found[0])
        return found[0]

    def _show_late(self) -> list[TransactionRow]:
        """Show what was offered for too long, where that is configured; give what was not shown before."""
        late = [one for one in self._waiting if self._head - self._since[one] >= self._settings.patience]
        if not late or self._settings.without == "wait":
            return []
        log.warning("bundle_not_mined", nonces=sorted(late), blocks=self._settings.patience)
        return self._show(max(late))

    def _show(self, upto: Nonce) -> list[TransactionRow]:
        """Let what waits up to a nonce go the public way: one that is behind another needs it in the pool."""
        shown = [row for row in self._bundle() if row.nonce <= upto]
        for row in shown:
            self._shown.add(row.nonce)
            del self._waiting[row.nonce]
        return shown


def way_of(settings: RelaySettings, node: Node) -> Way:
    """Choose the configured way."""
    public = PublicWay(node)
    return PrivateWay(Relay(settings), public, settings) if settings.url else public
