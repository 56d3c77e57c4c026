"""The keeper's database: what it read from the chain, and what it did."""

from keepers.store.actions import ActionRow, Journal, Result, Status, TransactionRow
from keepers.store.blocks import BlockStore
from keepers.store.database import Database, open_database

__all__ = ["ActionRow", "BlockStore", "Database", "Journal", "Result", "Status", "TransactionRow", "open_database"]
