"""What to do: pure functions from a snapshot of the venue to actions. They ask nothing and keep nothing."""

from keepers.strategies.chores import Chores, do_chores
from keepers.strategies.close import close
from keepers.strategies.decide import decide
from keepers.strategies.expiry import due_call, end_expiry
from keepers.strategies.model import Action, ActionKind, AtomicContract, Expiring, Holding, Odds, Parcel, Snapshot, Wish

__all__ = [
    "Action",
    "ActionKind",
    "AtomicContract",
    "Chores",
    "Expiring",
    "Holding",
    "Odds",
    "Parcel",
    "Snapshot",
    "Wish",
    "close",
    "decide",
    "do_chores",
    "due_call",
    "end_expiry",
]
