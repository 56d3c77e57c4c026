"""Sending: one owner of the signer's nonces, nothing sent that is not in the journal, nothing believed but receipts."""

from keepers.executor.executor import Executor
from keepers.executor.signer import Signer, load_signer

__all__ = ["Executor", "Signer", "load_signer"]
