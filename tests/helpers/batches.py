"""Batches of calls inside one operation, and the permissions that operators are given."""

from dataclasses import dataclass
from typing import Any

from tests.helpers.handles import Handle
from tests.helpers.venue import Venue

DEPOSIT, WITHDRAW, TRANSFER, TRADE, BID = 1, 2, 4, 8, 16
EVERYTHING = 31
FOREVER = 2**48 - 1


@dataclass(frozen=True)
class Batch:
    """Runs calls inside one operation, for owners who made it their operator."""

    venue: Venue
    batcher: Handle

    def run(self, sender: Any, *calls: tuple[Handle, str, tuple[Any, ...]], tried: bool = False) -> Any:
        """Send the calls in one `unlock`; with `tried`, failures are only recorded."""
        encoded = [
            (target.address, getattr(target, name).encode(*arguments), tried) for target, name, arguments in calls
        ]
        return self.batcher.run(self.venue.vault, encoded, sender=sender)

    def outcome(self, index: int) -> tuple[bool, bytes]:
        """Success and return data of a call of all batches so far."""
        found = self.batcher.outcome(index)
        return found["success"], bytes(found["result"])
