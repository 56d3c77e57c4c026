"""Names of the numbers that messages between chains have. Touches nothing."""

from typing import NewType

__all__ = ["Domain", "LeafIndex", "MessageNonce", "RouteNumber", "Sequence"]

Domain = NewType("Domain", int)
"""Number of a chain in messages: its chain id (uint32)."""
RouteNumber = NewType("RouteNumber", int)
"""A route at the hub, counted from 1. 0 is none."""
Sequence = NewType("Sequence", int)
"""Counts the changes of an account's lock (uint64)."""
MessageNonce = NewType("MessageNonce", int)
"""Counts the messages that a transport has sent, from 1 (uint64)."""
LeafIndex = NewType("LeafIndex", int)
"""Place of a message in a Merkle tree, from 0 (uint32)."""
