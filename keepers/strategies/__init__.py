"""What to do: pure functions from a snapshot of the venue to actions. They ask nothing and keep nothing."""

from keepers.strategies.decide import decide
from keepers.strategies.expiry import due_call, end_expiry
from keepers.strategies.model import Action, ActionKind, AtomicContract, Expiring, Odds, Snapshot

__all__ = ["Action", "ActionKind", "AtomicContract", "Expiring", "Odds", "Snapshot", "decide", "due_call", "end_expiry"]
