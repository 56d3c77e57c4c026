"""What to do: pure functions from a snapshot of the venue to actions. They ask nothing and keep nothing."""

from keepers.strategies.close import close
from keepers.strategies.decide import decide
from keepers.strategies.expiry import end_expiry
from keepers.strategies.model import Action, ActionKind, AtomicContract, Expiring, Holding, Odds, Snapshot, Wish

__all__ = [
    "Action",
    "ActionKind",
    "AtomicContract",
    "Expiring",
    "Holding",
    "Odds",
    "Snapshot",
    "Wish",
    "close",
    "decide",
    "end_expiry",
]
