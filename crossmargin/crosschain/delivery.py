"""Messages made ready to be delivered: with the signatures and metadata that the contracts ask for. Reads nodes."""

from collections.abc import Callable, Hashable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from eth_typing import ChecksumAddress
from web3.contract.contract import ContractFunction
from web3.exceptions import Web3Exception

from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.links import Link, Links
from crossmargin.crosschain.mail import Parcel
from crossmargin.crosschain.settings import CrossChainSettings
from crossmargin.crosschain.signatures import Quorum, attestations, checkpoint_metadata
from crossmargin.crosschain.units import LeafIndex

__all__ = ["GAS", "Delivery", "Post"]

GAS: Final = 1_500_000
"""Least gas of a delivery: an end that runs short while it takes a message in puts it aside; no estimate shows that."""


Place = Callable[[str, bytes], LeafIndex | None]
"""Finds a message of a transport in the tree of its origin, by its id."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what it takes to deliver it."""

    parcel: Parcel
    link: Link
    """Of the chain that it goes to."""
    call: ContractFunction

    @property
    def key(self) -> tuple[Any, ...]:
        """What is tried again later, if it fails."""
        return "deliver", self.parcel.transport, self.parcel.letter

    @property
    def what(self) -> str:
        """In words."""
        message = type(self.parcel.message).__name__
        return f"{message} from chain {self.parcel.letter.origin} by {self.parcel.transport}"


class Post:
    """Knows what has arrived, and what can be delivered."""

    def __init__(self, settings: CrossChainSettings, links: Links, complain: Callable[[str], None]) -> None:
        """Deliver between `links`; `complain` hears of signatures that cannot be used."""
        self._settings, self._links, self._complain = settings, links, complain

    def ready(
        self, parcels: Iterable[Parcel], arrived: AbstractSet[tuple[bytes, str]], place: Place, to: Link
    ) -> list[Delivery]:
        """Give what can be delivered on chain `to` and is still worth it, in order.

        `arrived` are messages by id and transport; `place` finds a message in the tree of its origin. Of each transport
        and subject only the newest message that can be delivered is: those before it tell nothing more.
        """
        found: list[Delivery] = []
        served: set[Hashable] = set()
        quorums: dict[str, Quorum] = {}
        for parcel in reversed(list(parcels)):
            transport, key = self._settings.transports[parcel.transport], (parcel.transport, parcel.subject)
            if to.domain != parcel.letter.destination or to.name not in transport.at or key in served:
                continue
            target = transport.at[to.name]
            if (parcel.id, target) in arrived:
                served.add(key)
                continue
            try:
                call = self._call(parcel, target, to, quorums, place)
            except Web3Exception as error:  # its module is paused, say
                self._complain(f"{parcel.transport} on {to.name}: {error}")
                continue
            if call is not None:
                served.add(key)
                found.append(Delivery(parcel, to, call))
        return found[::-1]

    def _call(
        self,
        parcel: Parcel,
        target: ChecksumAddress,
        to: Link,
        quorums: dict[str, Quorum],
        place: Place,
    ) -> ContractFunction | None:
        """Make the call that delivers a message; None while it lacks signatures."""
        settings = self._settings.transports[parcel.transport]
        letter = parcel.letter
        source = settings.at[self._settings.names[letter.origin]]
        if isinstance(letter, Envelope):
            contract = to.contract("AttestationTransport", target)
            if parcel.transport not in quorums:
                members, threshold = contract.functions.signersOf().call(), contract.functions.threshold().call()
                quorums[parcel.transport] = Quorum(tuple(members), threshold)
            lane = Lane(source, target)
            signatures = attestations(letter, lane, quorums[parcel.transport], settings.stores, self._complain)
            return None if signatures is None else contract.functions.deliver(letter.arguments, signatures)
        if letter.recipient != target or letter.transport != source:
            return None
        index = place(parcel.transport, letter.id)
        if index is None:
            return None
        quorum = self._validators(target, to, letter)
        origin = self._links[self._settings.names[letter.origin]]
        hook = origin.tree(source).address
        proof = checkpoint_metadata(letter, hook, index, quorum, settings.stores, complain=self._complain)
        return None if proof is None else to.mailbox(target).functions.process(proof, letter.raw)

    @staticmethod
    def _validators(target: ChecksumAddress, to: Link, message: HyperlaneMessage) -> Quorum:
        module = to.contract("HyperlaneTransport", target).functions.interchainSecurityModule().call()
        found = to.contract("ValidatorModule", module).functions.validatorsAndThreshold(message.raw).call()
        members: list[ChecksumAddress] = found[0]
        return Quorum(tuple(members), found[1])
