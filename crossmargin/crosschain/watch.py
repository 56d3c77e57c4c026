"""One chain, followed to its newest block: what was sent on it, what arrived, what its end tells. Reads a node."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from eth_typing import BlockNumber
from hexbytes import HexBytes
from web3.exceptions import Web3Exception

from crossmargin.chain.logs import logs_of
from crossmargin.crosschain.facts import Fact, HubLedger, Ledger, SpokeLedger
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.links import Link
from crossmargin.crosschain.mail import Parcel, parcel_of
from crossmargin.crosschain.memory import Leaf, Memory, Seen
from crossmargin.crosschain.settings import TransportSettings
from crossmargin.crosschain.sums import Sums
from crossmargin.crosschain.units import Domain, LeafIndex
from crossmargin.crosschain.window import Window
from crossmargin.model.units import Seconds

__all__ = ["Watch"]

_HUB_EVENTS: Final = (
    "MessageConfirmed",
    "LockReported",
    "ReportsForgotten",
    "Credited",
    "Reclaimed",
    "ExitSettled",
    "Redeemed",
)
_SPOKE_EVENTS: Final = (
    "MessageConfirmed",
    "Locked",
    "RedemptionHeard",
    "RedemptionCancelled",
    "RedemptionSettled",
    "Paid",
)


class Watch:
    """Follows a chain; its newest blocks are read again each time, for they may be replaced."""

    def __init__(
        self, link: Link, transports: Mapping[str, TransportSettings], ends: Mapping[Domain, str], folder: Path
    ) -> None:
        """Follow `link`; `ends` are the contracts of the channel by domain; `folder` keeps what was read."""
        self.link = link
        self._transports = {name: each for name, each in transports.items() if link.name in each.at}
        self._ends = ends
        first, overlap = link.first_block, link.settings.overlap
        self._parcels: Window[Parcel] = Window(first, overlap)
        self._sums: Sums[Ledger] = Sums(first, overlap, HubLedger() if link.is_hub else SpokeLedger())
        self._leaves: Window[Leaf] = Window(first, overlap)
        self._seen = Seen(self._parcels, self._sums, self._leaves)
        at = {name: each.at[link.name] for name, each in self._transports.items()}
        source = {"domain": link.domain, "first": first, "ends": sorted(map(str, ends.items())), "transports": at}
        self._memory = Memory(folder / f"{link.name}.json", source)
        self._recalled = False
        self._places: dict[tuple[str, bytes], LeafIndex] = {}
        self._kept = first
        self._head = HexBytes(b"")
        self.time: Seconds | None = None
        """Of the chain; None while its node does not answer [s]."""

    def look(self) -> None:
        """Read what is new. Whatever is wrong is raised, and then nothing is known but what was."""
        self.time = None
        eth = self.link.web3.eth
        head = eth.get_block("latest")
        if not self._recalled:
            self._memory.recall(self._seen, self._hash)
            self._recalled, self._kept = True, self._sums.last
        if head["hash"] != self._head:
            latest = BlockNumber(head["number"])
            first = self._sums.next(latest)
            parcels, facts = list(self._sent(first, latest)), list(self._told(first, latest))
            leaves = list(self._inserted(first, latest))
            self._parcels.put(first, latest, parcels)
            self._sums.put(first, latest, facts)
            self._leaves.put(first, latest, leaves)
            self._places = {(name, leaf): index for name, leaf, index in self._leaves}
            self._head = head["hash"]
            settled = BlockNumber(latest - self.link.settings.overlap)
            if settled >= self._kept:
                self._memory.keep(self._seen, settled, self._hash(settled))
                self._kept = latest
        self.time = self._time(head["timestamp"])

    def _hash(self, block: BlockNumber) -> bytes:
        return bytes(self.link.web3.eth.get_block(block)["hash"])

    def _time(self, latest: int) -> Seconds:
        """Ask for the time of the next block: a chain that makes blocks only when it is used stands still between."""
        try:
            pending = self.link.web3.eth.get_block("pending").get("timestamp", 0)
        except Web3Exception:  # not every node makes one
            pending = 0
        return Seconds(max(latest, pending))

    def forget(self, lasting: Callable[[Iterable[Parcel]], AbstractSet[Parcel]]) -> None:
        """Forget messages of settled blocks that are not `lasting`, and all places in the tree but of those."""
        settled = BlockNumber(self._parcels.last - self.link.settings.overlap)
        kept = lasting(self._parcels)
        self._parcels.drop(settled, kept.__contains__)
        places = {(each.transport, each.letter.id) for each in kept if isinstance(each.letter, HyperlaneMessage)}
        self._leaves.drop(settled, lambda leaf: leaf[:2] in places)

    def forget_deliveries(self, known: set[bytes]) -> None:
        """Forget which messages have arrived here, but for those that somebody still knows, by id."""
        self._sums.forget(known)

    @property
    def parcels(self) -> Iterable[Parcel]:
        """Messages between the ends that were sent here, in order."""
        return self._parcels

    @property
    def ledger(self) -> Ledger:
        """What the events of this end come to."""
        return self._sums.ledger

    def leaf(self, transport: str, message_id: bytes) -> LeafIndex | None:
        """Find the place of a message in the tree; None where it is in none."""
        return self._places.get((transport, message_id))

    def _sent(self, first: BlockNumber, last: BlockNumber) -> Iterator[tuple[BlockNumber, Parcel]]:
        for name, transport in self._transports.items():
            address = transport.at[self.link.name]
            read = self.link.envelopes if transport.kind == "attestation" else self.link.dispatched
            for block, letter in read(address, first, last):
                parcel = parcel_of(name, letter, self._ends)
                if parcel is not None:
                    yield block, parcel

    def _told(self, first: BlockNumber, last: BlockNumber) -> Iterator[tuple[BlockNumber, Fact]]:
        logs = [
            log
            for name in (_HUB_EVENTS if self.link.is_hub else _SPOKE_EVENTS)
            for log in logs_of(self.link.endpoint.events[name](), first, last)
        ]
        for log in sorted(logs, key=lambda each: (each["blockNumber"], each["logIndex"])):
            yield BlockNumber(log["blockNumber"]), Fact(log["event"], dict(log["args"]))

    def _inserted(
        self, first: BlockNumber, last: BlockNumber
    ) -> Iterator[tuple[BlockNumber, tuple[str, bytes, LeafIndex]]]:
        for name, transport in self._transports.items():
            if transport.kind == "hyperlane":
                for block, index, leaf in self.link.leaves(transport.at[self.link.name], first, last):
                    yield block, (name, leaf, index)
