"""The living venue's settler, on a venue of paper."""

import logging
from types import SimpleNamespace
from typing import Any

from crossmargin.model.instruments import Instrument, Kind, encode
from crossmargin.simulation.live.settler import Settler

EXPIRY = 1_800_000_000
FUTURE = "ETH-FUTURE"


class Paper:
    """A client of a venue whose future has expired, and is held by some."""

    def __init__(self, *holders: int) -> None:
        """Let these hold it; the average is known."""
        self.left, self.waits, self.batches, self.now = set(holders), set[int](), list[list[int]](), EXPIRY + 60
        self.record = SimpleNamespace(instruments={FUTURE: encode(Instrument(Kind.FUTURE, 1, EXPIRY // 3_600))})
        self.web3 = SimpleNamespace(eth=SimpleNamespace(get_block=lambda _: {"timestamp": self.now}))

    def settlement(self, _name: str) -> Any:
        """Know the average."""
        return SimpleNamespace(observations=20, next_at=EXPIRY, average=2_000 * 10**18)

    def holders(self, _name: str) -> list[int]:
        """List who still holds something."""
        return sorted(self.left)

    def settle_batch(self, _name: str, holders: list[int]) -> None:
        """Settle all but those who wait for others."""
        self.batches.append(holders)
        self.left &= self.waits


def test_who_is_left_out_of_a_batch_is_tried_again_later() -> None:
    """Not at each turn, for that costs gas; and nobody is once nothing is held."""
    venue = Paper(1, 2, 3)
    venue.waits = {2}
    settler = Settler(venue, logging.getLogger("settler"))  # type: ignore[arg-type]
    for _ in range(3):
        settler.turn()
    assert venue.batches == [[1, 2, 3]]
    venue.now += 600
    venue.waits = set()
    settler.turn()
    assert venue.batches == [[1, 2, 3], [2]]
    venue.now += 600
    settler.turn()
    venue.left = {4}
    venue.now += 600
    settler.turn()
    assert venue.batches == [[1, 2, 3], [2]], "it has ended"
