"""A validator of Hyperlane's: signs a checkpoint for each leaf of a chain's tree. Reads from a node, writes files."""

from collections.abc import Callable
from pathlib import Path

from eth_typing import BlockNumber, ChecksumAddress

from crossmargin.chain.signers import KeySigner
from crossmargin.crosschain.hyperlane import Checkpoint, SignedCheckpoint
from crossmargin.crosschain.links import Link
from crossmargin.crosschain.merkle import Tree
from crossmargin.crosschain.store import CheckpointStore
from crossmargin.errors import CrossChainError

__all__ = ["Validator"]


class Validator:
    """Vouches for the tree of one chain: whole, whoever's messages are in it."""

    def __init__(
        self,
        link: Link,
        transport: ChecksumAddress,
        signer: KeySigner,
        folder: Path,
    ) -> None:
        """Follow the tree that the HyperlaneTransport `transport` on `link`'s chain names."""
        self._link, self._transport, self._signer = link, transport, signer
        self._store = CheckpointStore(folder / str(link.domain))
        self._begin()

    def _begin(self) -> None:
        """Forget what was read of the chain; what was signed stays."""
        self._tree = Tree()
        self._block = BlockNumber(self._link.first_block - 1)

    def turn(self, say: Callable[[str], None]) -> int:
        """Sign what is new and settled; give how many checkpoints were.

        The tree is computed from the node's logs and compared with the root that the node has of the contract; before
        they agree nothing is signed. CrossChainError where they do not, ConflictError where another root was signed.
        """
        settled = self._link.settled("full")
        if settled is None or settled <= self._block:
            return 0
        try:
            fresh = self._grown(settled)
            if fresh:
                self._compare(settled)
            signed = sum(self._sign(each, say) for each in fresh)
        except Exception:
            self._begin()
            raise
        self._block = settled
        return signed

    def _grown(self, settled: BlockNumber) -> list[Checkpoint]:
        """Insert the leaves of the blocks up to `settled`; give a checkpoint of each."""
        link, hook, fresh = self._link, self._link.tree(self._transport), []
        for _, index, message_id in link.leaves(self._transport, BlockNumber(self._block + 1), settled):
            if self._tree.insert(message_id) != index:
                raise CrossChainError(
                    f"{link.name}: the node's logs have leaf {index} where {self._tree.count - 1} is next: "
                    "is first_block after the tree's beginning?"
                )
            fresh.append(Checkpoint(link.domain, hook.address, self._tree.root(), index, message_id))
        return fresh

    def _compare(self, block: BlockNumber) -> None:
        """Ask the contract for its own root at a block."""
        hook = self._link.tree(self._transport)
        root = bytes(hook.functions.root().call(block_identifier=block))
        if root != self._tree.root():
            raise CrossChainError(
                f"{self._link.name}: at block {block} the tree has the root 0x{root.hex()}, and the node's logs give "
                f"0x{self._tree.root().hex()} of {self._tree.count} leaves"
            )

    def _sign(self, checkpoint: Checkpoint, say: Callable[[str], None]) -> bool:
        known = self._store.get(checkpoint.index)
        if known is not None and known.checkpoint == checkpoint:
            return False
        self._store.put(SignedCheckpoint(checkpoint, self._signer.sign_message(checkpoint.content())))
        say(f"signed checkpoint {checkpoint.index} of {self._link.name}")
        return True
