"""The keeper's databases: what it did, and what it read from the chain. Nothing else touches the files."""

from keepers.store.actions import Journal
from keepers.store.blocks import BlockStore
from keepers.store.database import Database, Stores, chain_file, open_stores
from keepers.store.rows import IN_FLIGHT, OPEN, ActionRow, ActionStatus, Intent, Result, TransactionRow

__all__ = [
    "IN_FLIGHT",
    "OPEN",
    "ActionRow",
    "ActionStatus",
    "BlockStore",
    "Database",
    "Intent",
    "Journal",
    "Result",
    "Stores",
    "TransactionRow",
    "chain_file",
    "open_stores",
]
