"""Signatures in folders, one JSON a message, written once and whole: a process that is killed leaves nothing half.

Whoever serves the folder to relayers (a web server, an object store, a shared disk) needs nothing else.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from eth_utils.address import to_checksum_address

from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.hyperlane import SignedCheckpoint
from crossmargin.crosschain.units import Domain, LeafIndex, MessageNonce
from crossmargin.errors import ConflictError, MessageError

__all__ = ["AttestationStore", "CheckpointStore", "SignedEnvelope", "replace_file", "write_once"]


@dataclass(frozen=True, slots=True)
class SignedEnvelope:
    """A message with a signer's signature."""

    envelope: Envelope
    lane: Lane
    signature: bytes

    def to_json(self) -> dict[str, Any]:
        """Write it whole, so that a folder alone tells what was signed."""
        each = self.envelope
        return {
            "envelope": {
                "origin": each.origin,
                "nonce": each.nonce,
                "destination": each.destination,
                "sender": each.sender,
                "receiver": each.receiver,
                "body": "0x" + each.body.hex(),
            },
            "source": self.lane.source,
            "target": self.lane.destination,
            "digest": "0x" + each.digest(self.lane).hex(),
            "signature": "0x" + self.signature.hex(),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Read what `to_json` wrote. MessageError where it is something else."""
        try:
            inner = content["envelope"]
            envelope = Envelope(
                origin=Domain(int(inner["origin"])),
                nonce=MessageNonce(int(inner["nonce"])),
                destination=Domain(int(inner["destination"])),
                sender=to_checksum_address(inner["sender"]),
                receiver=to_checksum_address(inner["receiver"]),
                body=bytes.fromhex(inner["body"].removeprefix("0x")),
            )
            lane = Lane(to_checksum_address(content["source"]), to_checksum_address(content["target"]))
            return cls(envelope, lane, bytes.fromhex(content["signature"].removeprefix("0x")))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MessageError(f"not a signed message: {error!r}") from error


class AttestationStore:
    """What a signer has signed: `<origin>_<nonce>_<digest>.json`."""

    def __init__(self, folder: Path) -> None:
        """Keep signatures in `folder`, which may not exist yet."""
        self._folder = folder

    def put(self, signed: SignedEnvelope, *, may_differ: bool = False) -> bool:
        """Keep a signature; tell whether it is new.

        ConflictError where another message of the same number was signed, unless `may_differ`: before finality a
        reorganisation may replace a message, and after it only a chain that breaks its word.
        """
        others = self.digests(signed.envelope.origin, signed.envelope.nonce) - {self._digest(signed)}
        if others and not may_differ:
            raise ConflictError(
                f"message {signed.envelope.nonce} of chain {signed.envelope.origin}: another was signed "
                f"(digest {', '.join(sorted(others))}...): the chain has gone back behind its finality"
            )
        return write_once(self._path(signed.envelope, self._digest(signed)), signed.to_json())

    def get(self, envelope: Envelope, lane: Lane) -> bytes | None:
        """Read the signature of a message; None where there is none. MessageError where the file is broken."""
        path = self._path(envelope, envelope.digest(lane).hex()[:16])
        content = _read(path)
        if content is None:
            return None
        found = SignedEnvelope.from_json(content)
        if (found.envelope, found.lane) != (envelope, lane):
            raise MessageError(f"{path}: of another message than its name says")
        return found.signature

    def digests(self, origin: Domain, nonce: MessageNonce) -> set[str]:
        """Give the beginnings of the digests that were signed under a number [hex]."""
        return {path.stem.rpartition("_")[2] for path in self._folder.glob(f"{origin}_{nonce}_*.json")}

    @staticmethod
    def _digest(signed: SignedEnvelope) -> str:
        return signed.envelope.digest(signed.lane).hex()[:16]

    def _path(self, envelope: Envelope, digest: str) -> Path:
        return self._folder / f"{envelope.origin}_{envelope.nonce}_{digest}.json"


class CheckpointStore:
    """What a validator has signed of one origin, as Hyperlane's agents store it: `checkpoint_<index>_with_id.json`."""

    def __init__(self, folder: Path) -> None:
        """Keep checkpoints in `folder`, which may not exist yet."""
        self._folder = folder

    def put(self, signed: SignedCheckpoint) -> bool:
        """Keep a checkpoint; tell whether it is new. ConflictError where another was signed under its index."""
        known = self.get(signed.checkpoint.index)
        if known is not None:
            if known.checkpoint != signed.checkpoint:
                raise ConflictError(
                    f"checkpoint {signed.checkpoint.index} of chain {signed.checkpoint.origin}: another was signed "
                    f"(root 0x{known.checkpoint.root.hex()}): the chain has gone back behind its finality"
                )
            return False
        write_once(self._path(signed.checkpoint.index), signed.to_json())
        replace_file(self._folder / "checkpoint_latest_index.json", signed.checkpoint.index)
        return True

    def get(self, index: LeafIndex) -> SignedCheckpoint | None:
        """Read a checkpoint; None where there is none. MessageError where the file is broken."""
        content = _read(self._path(index))
        return None if content is None else SignedCheckpoint.from_json(content)

    def _path(self, index: LeafIndex) -> Path:
        return self._folder / f"checkpoint_{index}_with_id.json"


def write_once(path: Path, content: object) -> bool:
    """Write a file that does not exist yet, whole or not at all; False where it exists. Survives a loss of power."""
    partial = _written(path, content)
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink()
    _sync_folder(path.parent)
    return True


def replace_file(path: Path, content: object) -> None:
    """Write a file whole in the place of an older one."""
    _written(path, content).replace(path)
    _sync_folder(path.parent)


def _written(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with partial.open("w") as file:
        file.write(json.dumps(content, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return partial


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise MessageError(f"{path}: not JSON: {error}") from error
    if not isinstance(content, dict):
        raise MessageError(f"{path}: not a signature's file")
    return content
