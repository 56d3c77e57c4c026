"""Messages under way: what was sent by which transport, what of it is still worth carrying. Touches nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crossmargin.crosschain.envelopes import Envelope, endpoint_id
from crossmargin.crosschain.hyperlane import HyperlaneMessage
from crossmargin.crosschain.messages import Message, decode
from crossmargin.crosschain.units import Domain
from crossmargin.errors import MessageError

__all__ = ["Parcel", "Subject", "newest", "parcel_of"]

Subject = tuple[Any, ...]
"""Where a message comes from and goes to, and what it is about: a later one of the same makes it needless."""


@dataclass(frozen=True)
class Parcel:
    """A message on its way by one transport."""

    transport: str
    """Name in the configuration."""
    letter: Envelope | HyperlaneMessage
    message: Message

    @cached_property
    def id(self) -> bytes:
        """Under which the receiving end counts it."""
        return endpoint_id(self.letter.origin, self.letter.sender, self.letter.body)

    @property
    def way(self) -> tuple[Domain, Domain]:
        """From where to where."""
        return self.letter.origin, self.letter.destination

    @cached_property
    def subject(self) -> Subject:
        """What it is about."""
        return (*self.way, self.message.KIND, *(getattr(self.message, name) for name in self.message.ABOUT))


def parcel_of(transport: str, letter: Envelope | HyperlaneMessage, ends: Mapping[Domain, str]) -> Parcel | None:
    """Make a parcel of what one end of the channel sent to another; None of what anybody else did.

    `ends` are the contracts by domain.
    """
    if letter.sender != ends.get(letter.origin) or letter.receiver != ends.get(letter.destination):
        return None
    try:
        return Parcel(transport, letter, decode(letter.body))
    except MessageError:
        return None


def newest(parcels: Iterable[Parcel]) -> dict[Subject, Parcel]:
    """Give the last of each subject, whatever transport it goes by."""
    return {each.subject: each for each in parcels}
