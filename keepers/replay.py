"""From what is on disk to the mirror as it was: the stored events in order. Reads the store, writes the ledger.

Between blocks other tasks run, and the process counts as alive: a long history is no hanging loop.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

import structlog

from crossmargin.model.units import EPOCH
from keepers.abi import VenueEvent
from keepers.chain import RawLog
from keepers.metrics import Health
from keepers.mirror import Ledger
from keepers.store import BlockStore

__all__ = ["replay"]

log = structlog.get_logger(__name__)
_BREATH: Final = 500  # events between moments in which other tasks run


async def replay(
    blocks: BlockStore, ledger: Ledger, decode: Callable[[Sequence[RawLog]], list[VenueEvent]], health: Health
) -> None:
    """Apply every stored event to an empty ledger; events do not tell the time of their block."""
    applied, breathed = 0, 0
    for block, logs in groupby(blocks.events(), key=lambda one: one.block):
        events = decode(list(logs))
        ledger.apply(block, EPOCH, events)
        applied += len(events)
        health.step()
        if applied - breathed >= _BREATH:
            breathed = applied
            await asyncio.sleep(0)
    log.info("replayed", events=applied)
