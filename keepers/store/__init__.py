"""The keeper's database: what it read from the chain, and what it did. Nothing else touches the file."""

from keepers.store.actions import ActionRow, ActionStatus, Journal, Result, TransactionRow
from keepers.store.blocks import BlockStore
from keepers.store.database import Database, open_database

__all__ = [
    "ActionRow",
    "ActionStatus",
    "BlockStore",
    "Database",
    "Journal",
    "Result",
    "TransactionRow",
    "open_database",
]
