"""Sending: one owner of the signer's nonces, nothing sent that is not in the journal, nothing believed but receipts.

The key is used here and nowhere else.
"""

from keepers.executor.executor import Executor
from keepers.executor.load import load_signer
from keepers.executor.signer import Signer

__all__ = ["Executor", "Signer", "load_signer"]
