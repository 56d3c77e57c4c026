"""Sending: one owner of the signer's nonces, nothing sent that is not in the journal, nothing believed but receipts.

The key is used here and nowhere else.
"""

from keepers.executor.executor import Executor
from keepers.executor.signer import Signer, load_signer

__all__ = ["Executor", "Signer", "load_signer"]
