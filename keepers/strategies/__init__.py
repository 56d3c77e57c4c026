"""What to do: pure functions from a snapshot of the venue to actions."""

from keepers.strategies.decide import decide
from keepers.strategies.expiry import end_expiry
from keepers.strategies.model import Action, Expiring, Kind, Snapshot

__all__ = ["Action", "Expiring", "Kind", "Snapshot", "decide", "end_expiry"]
