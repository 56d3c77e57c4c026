"""What of the journal a decision has to know: what is not to be done again. Reads the journal only."""

from dataclasses import dataclass
from typing import Final

from keepers.store import Journal
from keepers.strategies import ActionKind
from keepers.units import ActionKey

__all__ = ["Pending", "dry_key", "pending"]

_DRY: Final = "dry:"


@dataclass(frozen=True, slots=True)
class Pending:
    """Keys of actions that are under way, done, or failed a moment ago; whether a bid is in no block yet."""

    done: frozenset[ActionKey]
    bids_in_flight: bool


def dry_key(key: ActionKey) -> ActionKey:
    """Keep what a dry run decided apart from what is sent."""
    return ActionKey(f"{_DRY}{key}")


def pending(journal: Journal, paused: frozenset[ActionKey], *, dry: bool) -> Pending:
    """Read the journal; in a dry run its decisions count as done."""
    keys = journal.live_keys() | paused
    done = frozenset(ActionKey(key.removeprefix(_DRY)) for key in keys) if dry else keys
    return Pending(done, any(action.kind == ActionKind.BID for action in journal.in_flight()))
