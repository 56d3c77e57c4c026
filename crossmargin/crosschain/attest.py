"""A signer of AttestationTransport: signs what it has seen final, each message once. Reads a node, writes files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from eth_typing import BlockNumber, ChecksumAddress

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.envelopes import Envelope, Lane
from crossmargin.crosschain.links import Link
from crossmargin.crosschain.settings import Standing
from crossmargin.crosschain.store import AttestationStore, SignedEnvelope, replace_file
from crossmargin.crosschain.units import Domain, MessageNonce
from crossmargin.errors import ConflictError, CrossChainError

__all__ = ["Attester", "Progress"]

_STRIDE: Final = 2_000  # blocks a step: after each, what was done is written down


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a chain was read: up to this block, and up to this message."""

    block: BlockNumber
    nonce: MessageNonce

    @classmethod
    def load(cls, path: Path, before: BlockNumber) -> Self:
        """Read the file; a missing or broken one begins after block `before`: what is signed again changes nothing."""
        try:
            content = json.loads(path.read_text())
            return cls(BlockNumber(content["block"]), MessageNonce(content["nonce"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(before, MessageNonce(0))

    def save(self, path: Path) -> None:
        """Write the file."""
        replace_file(path, {"block": self.block, "nonce": self.nonce})


class Attester:
    """Vouches for what one transport sends on one chain."""

    def __init__(
        self,
        link: Link,
        source: ChecksumAddress,
        targets: Mapping[Domain, ChecksumAddress],
        signer: KeySigner,
        folder: Path,
        *,
        standing: Standing = "full",
    ) -> None:
        """Sign messages of the transport `source` on `link`'s chain to the transports `targets`, by domain."""
        self._link, self._source, self._targets = link, source, targets
        self._signer, self._standing = signer, standing
        self._store = AttestationStore(folder)
        self._file = folder / f"progress-{link.domain}.state"
        self._progress: Progress | None = None
        self._saved = link.first_block

    def turn(self, say: Callable[[str], None]) -> int:
        """Sign what is new and settled; give how many messages were.

        ConflictError where the chain now says something else than what was signed as final: then nothing is signed.
        """
        start = BlockNumber(self._link.first_block - 1)
        progress = self._progress or Progress.load(self._file, start)
        settled, signed = self._link.settled(self._standing), 0
        if settled is None:
            return 0
        if self._standing == "fast":  # blocks near the tip are read again: a reorganisation may have changed them
            behind = BlockNumber(max(start, settled - self._link.settings.overlap))
            progress = Progress(min(progress.block, behind), MessageNonce(0))
        while progress.block < settled:
            last, nonce, before = BlockNumber(min(progress.block + _STRIDE, settled)), progress.nonce, signed
            for _, envelope in self._link.envelopes(self._source, BlockNumber(progress.block + 1), last):
                self._check_order(nonce, envelope)
                nonce = envelope.nonce
                if self._sign(envelope):
                    say(f"signed message {envelope.nonce} of {self._link.name}")
                    signed += 1
            progress = Progress(last, nonce)
            if signed > before or last - self._saved >= _STRIDE:
                progress.save(self._file)
                self._saved = last
        self._progress = progress
        return signed

    def _check_order(self, last: MessageNonce, envelope: Envelope) -> None:
        """Messages are numbered upwards without gaps: a node that leaves one out is not believed."""
        if last and envelope.nonce <= last:
            raise ConflictError(
                f"{self._link.name}: after message {last} of {self._source} comes another {envelope.nonce}: "
                "the chain has gone back behind its finality"
            )
        if last and envelope.nonce != last + 1:
            raise CrossChainError(
                f"{self._link.name}: after message {last} of {self._source} the node tells of {envelope.nonce}: "
                "it leaves logs out"
            )

    def _sign(self, envelope: Envelope) -> bool:
        target = self._targets.get(envelope.destination)
        if target is None:
            return False  # to a chain that this signer is not asked to vouch to
        lane = Lane(self._source, target)
        if self._store.get(envelope, lane) is not None:
            return False
        signature = self._signer.sign_message(envelope.content(lane))
        return self._store.put(SignedEnvelope(envelope, lane, signature), may_differ=self._standing == "fast")
