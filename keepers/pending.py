"""What of the journal a decision has to know: what is not to be done again. Reads the journal only."""

from dataclasses import dataclass
from typing import Final

from crossmargin.model.units import AccountId
from keepers.rivals import odds
from keepers.store import Journal
from keepers.strategies import ActionKind, Odds
from keepers.units import ActionKey, BlockNumber, Blocks

__all__ = ["Pending", "dry_key", "pending"]

_DRY: Final = "dry:"
_MOST: Final = 20  # ends that the odds are learned from
_REMEMBERED: Final = Blocks(7_200)  # after so long who lost tries again


@dataclass(frozen=True, slots=True)
class Pending:
    """Keys of actions that are under way, done, or failed a moment ago; whether a bid is in no block yet; the odds.

    `busy` are accounts that a job in no block yet is taking.
    """

    done: frozenset[ActionKey]
    bids_in_flight: bool
    odds: Odds
    busy: frozenset[AccountId]


def dry_key(key: ActionKey) -> ActionKey:
    """Keep what a dry run decided apart from what is sent."""
    return ActionKey(f"{_DRY}{key}")


def pending(journal: Journal, paused: frozenset[ActionKey], head: BlockNumber, *, dry: bool) -> Pending:
    """Read the journal; in a dry run its decisions count as done."""
    keys = journal.live_keys() | paused
    done = frozenset(ActionKey(key.removeprefix(_DRY)) for key in keys) if dry else keys
    since = BlockNumber(max(0, head - _REMEMBERED))
    start, bid = (odds(*journal.contested(kind.value, since, _MOST)) for kind in (ActionKind.START, ActionKind.BID))
    flying = journal.in_flight()
    bidding = any(action.kind in {ActionKind.BID, ActionKind.BUNDLE} for action in flying)
    busy = frozenset(action.account for action in flying if action.kind == ActionKind.EXECUTE)
    return Pending(done, bidding, Odds(start, bid), busy)
