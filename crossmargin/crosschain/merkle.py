"""The incremental Merkle tree of Hyperlane's hook, off the chain. Touches nothing."""

from typing import Final

from eth_utils.crypto import keccak

from crossmargin.crosschain.units import LeafIndex
from crossmargin.errors import MessageError

__all__ = ["DEPTH", "Tree"]

DEPTH: Final = 32
_MOST: Final = 2**DEPTH - 1
_NOTHING: Final = bytes(32)


def _zero_hashes() -> tuple[bytes, ...]:
    """Hash empty trees of each height."""
    hashes = [_NOTHING]
    for _ in range(DEPTH - 1):
        hashes.append(keccak(hashes[-1] + hashes[-1]))
    return tuple(hashes)


_ZEROES: Final = _zero_hashes()


class Tree:
    """A tree that only grows: of each height it keeps the last complete left half."""

    def __init__(self) -> None:
        """Begin empty."""
        self.count = 0
        self._branch = [_NOTHING] * DEPTH

    def insert(self, leaf: bytes) -> LeafIndex:
        """Add a message's id; give its place."""
        if self.count >= _MOST:
            raise MessageError(f"the tree is full: {_MOST} messages")
        self.count += 1
        size, node = self.count, leaf
        for height in range(DEPTH):
            if size & 1:
                self._branch[height] = node
                break
            node = keccak(self._branch[height] + node)
            size >>= 1
        return LeafIndex(self.count - 1)

    def root(self) -> bytes:
        """Hash the whole tree as it is now."""
        node = _NOTHING
        for height in range(DEPTH):
            is_left = not self.count >> height & 1
            node = keccak(node + _ZEROES[height] if is_left else self._branch[height] + node)
        return node
