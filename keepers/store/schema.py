"""The tables of journal and chain; opens nothing. Numbers that may pass 63 bits (ids, wad amounts) are decimal text."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, LargeBinary, MetaData, String, Table, Text
from sqlalchemy import Integer as SmallInteger

__all__ = [
    "ACTIONS",
    "BLOCKS",
    "CEILINGS",
    "CHAIN",
    "CLAIMS",
    "EVENTS",
    "IMAGES",
    "JOURNAL",
    "LEASES",
    "META",
    "SIGNERS",
    "TRANSACTIONS",
    "VERSION",
]

VERSION: Final = "3"
Integer: Final = BigInteger().with_variant(SmallInteger(), "sqlite")
"""63 bits everywhere; SQLite counts up only what it calls an integer."""
JOURNAL: Final = MetaData()
CHAIN: Final = MetaData()


def _meta(metadata: MetaData) -> Table:
    return Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))


META: Final = _meta(JOURNAL)
_meta(CHAIN)

BLOCKS: Final = Table(
    "blocks",
    CHAIN,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("parent", String, nullable=False),
    Column("timestamp", Integer, nullable=False),
    Column("base_fee", String, nullable=False),
)

EVENTS: Final = Table(
    "events",
    CHAIN,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("log_index", Integer, primary_key=True, autoincrement=False),
    Column("block_hash", String, nullable=False),
    Column("tx_hash", String, nullable=False),
    Column("address", String, nullable=False),
    Column("topics", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

IMAGES: Final = Table(
    "images",
    CHAIN,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

ACTIONS: Final = Table(
    "actions",
    JOURNAL,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    # equal to key while the action may still take effect or has; empty once it cannot: one live action per key
    Column("live_key", String, unique=True),
    Column("kind", String, nullable=False),
    Column("account", String, nullable=False),
    Column("auction", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("call", Text, nullable=False),
    Column("deadline", Integer, nullable=False),
    Column("decided_block", Integer, nullable=False),
    Column("decided_at", Double, nullable=False),
    Column("expected", String, nullable=False),
    Column("block", Integer),
    Column("block_hash", String),
    Column("fraction", String),
    Column("paid", String),
    Column("value", String),
    Column("gas_used", Integer),
    Column("gas_price", String),
    Column("gas_cost", String),
    Column("data_cost", String),
    Index("actions_by_status", "status"),
)

TRANSACTIONS: Final = Table(
    "transactions",
    JOURNAL,
    Column("id", Integer, primary_key=True),  # in the order of signing, whatever the clock says
    Column("hash", String, nullable=False, unique=True),
    Column("action", Integer, ForeignKey("actions.id"), nullable=False),
    Column("cancel", Integer, nullable=False),
    Column("signer", String, nullable=False),
    Column("nonce", Integer, nullable=False),
    Column("max_fee", String, nullable=False),
    Column("tip", String, nullable=False),
    Column("gas", Integer, nullable=False),
    Column("raw", Text, nullable=False),
    Column("signed_at", Double, nullable=False),
    Index("transactions_by_action", "action"),
)

CEILINGS: Final = Table(
    "ceilings",
    JOURNAL,
    Column("action", Integer, ForeignKey("actions.id"), primary_key=True, autoincrement=False),
    Column("most_fee", String, nullable=False),
)
"""The most that an action may pay per gas, whoever raises its offer [wei]: what its gain is worth."""

SIGNERS: Final = Table(
    "signers", JOURNAL, Column("address", String, primary_key=True), Column("next_nonce", Integer, nullable=False)
)

CLAIMS: Final = Table(
    "claims",
    JOURNAL,
    Column("action", Integer, ForeignKey("actions.id"), primary_key=True, autoincrement=False),
    Column("signer", String, nullable=False),
    Index("claims_by_signer", "signer"),
)
"""In a fleet, which member looks after an action: who began it, or who took it over."""

LEASES: Final = Table(
    "leases",
    JOURNAL,
    Column("signer", String, primary_key=True),
    Column("token", Integer, nullable=False),  # one more whenever it changes hands: who writes with an older is refused
    Column("holder", String, nullable=False),  # the process
    Column("until", Double, nullable=False),  # by the server's clock [s]
)
"""In a fleet, which process may sign for a signer, and until when."""
