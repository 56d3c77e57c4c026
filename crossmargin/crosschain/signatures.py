"""Signatures that a message has, in the order that contracts ask for. Reads folders of signers; asks no node."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eth_typing import ChecksumAddress

from crossmargin.crosschain.envelopes import Envelope, Lane, signer_of
from crossmargin.crosschain.hyperlane import Checkpoint, HyperlaneMessage, SignedCheckpoint, metadata
from crossmargin.crosschain.store import AttestationStore, CheckpointStore
from crossmargin.crosschain.units import LeafIndex
from crossmargin.errors import MessageError

__all__ = ["Quorum", "attestations", "checkpoint_metadata", "chosen"]

Complain = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whose signatures count, in the contract's order, and how many there must be."""

    members: tuple[ChecksumAddress, ...]
    threshold: int


def chosen(quorum: Quorum, content: bytes, signatures: Iterable[bytes], complain: Complain) -> list[bytes] | None:
    """Pick as many signatures of members as are needed, in their order; None where there are too few."""
    found: dict[ChecksumAddress, bytes] = {}
    for signature in signatures:
        try:
            found[signer_of(content, signature)] = signature
        except MessageError as error:
            complain(str(error))
    ordered = [found[member] for member in quorum.members if member in found]
    enough = 0 < quorum.threshold <= len(ordered)
    return ordered[: quorum.threshold] if enough else None


def attestations(
    envelope: Envelope, lane: Lane, quorum: Quorum, folders: Sequence[Path], complain: Complain
) -> list[bytes] | None:
    """Collect the signatures by which a message can be delivered; None while there are too few."""
    signatures = []
    for folder in folders:
        try:
            signature = AttestationStore(folder).get(envelope, lane)
        except (MessageError, OSError) as error:
            complain(f"{folder}: {error}")
        else:
            signatures += [signature] if signature is not None else []
    return chosen(quorum, envelope.content(lane), signatures, complain)


def checkpoint_metadata(
    message: HyperlaneMessage,
    hook: ChecksumAddress,
    index: LeafIndex,
    quorum: Quorum,
    folders: Sequence[Path],
    *,
    complain: Complain,
) -> bytes | None:
    """Collect the checkpoint by which a message can be processed; None while too few validators agree on one."""
    signed: dict[Checkpoint, list[bytes]] = defaultdict(list)
    for folder in folders:
        for each in _checkpoint(folder / str(message.origin), index, complain):
            own = each.checkpoint
            if (own.origin, own.hook, own.message_id) == (message.origin, hook, message.id):
                signed[own].append(each.signature)
    for checkpoint, signatures in signed.items():
        found = chosen(quorum, checkpoint.content(), signatures, complain)
        if found is not None:
            return metadata(checkpoint, found)
    return None


def _checkpoint(folder: Path, index: LeafIndex, complain: Complain) -> list[SignedCheckpoint]:
    try:
        found = CheckpointStore(folder).get(index)
    except (MessageError, OSError) as error:
        complain(f"{folder}: {error}")
        return []
    return [] if found is None else [found]
