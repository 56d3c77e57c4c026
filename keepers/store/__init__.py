"""The keeper's databases: what it did, and what it read from the chain. Nothing else touches the files."""

from keepers.store.actions import ActionRow, ActionStatus, Journal, Result, TransactionRow
from keepers.store.blocks import BlockStore
from keepers.store.database import Database, Stores, open_stores

__all__ = [
    "ActionRow",
    "ActionStatus",
    "BlockStore",
    "Database",
    "Journal",
    "Result",
    "Stores",
    "TransactionRow",
    "open_stores",
]
