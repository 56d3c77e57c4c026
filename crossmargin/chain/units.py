"""Names of the numbers that only a chain has, beside web3's `BlockNumber` and `Nonce`. Touches nothing."""

from typing import NewType

__all__ = ["ChainId", "Gas"]

ChainId = NewType("ChainId", int)
"""EIP-155 id of a chain."""
Gas = NewType("Gas", int)
"""What a transaction used or may use."""
