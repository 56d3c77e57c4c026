"""The keeper's databases: what it did, and what it read from the chain. Nothing else touches files or server."""

from keepers.store.actions import Journal
from keepers.store.blocks import BlockStore
from keepers.store.database import Database
from keepers.store.leases import Claim, Leases
from keepers.store.rows import IN_FLIGHT, OPEN, ActionRow, ActionStatus, Intent, Result, TransactionRow
from keepers.store.stores import Stores, chain_file, open_stores

__all__ = [
    "IN_FLIGHT",
    "OPEN",
    "ActionRow",
    "ActionStatus",
    "BlockStore",
    "Claim",
    "Database",
    "Intent",
    "Journal",
    "Leases",
    "Result",
    "Stores",
    "TransactionRow",
    "chain_file",
    "open_stores",
]
