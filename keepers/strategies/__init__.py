"""What to do: pure functions from a snapshot of the venue to actions."""

from keepers.strategies.decide import decide
from keepers.strategies.model import Action, Kind, Snapshot

__all__ = ["Action", "Kind", "Snapshot", "decide"]
