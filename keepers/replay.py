"""From what is on disk to the mirror as it was: an image, and the events after it. Reads the store, writes the ledger.

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
from keepers.mirror.image import FORMAT, restore
from keepers.store import BlockStore

__all__ = ["replay"]

log = structlog.get_logger(__name__)
_BREATH: Final = 500  # events between moments in which other tasks run


async def replay(
    blocks: BlockStore, ledger: Ledger, decode: Callable[[Sequence[RawLog]], list[VenueEvent]], health: Health
) -> int:
    """Apply what is stored to an empty ledger; events of blocks that are not kept do not tell their time."""
    image = blocks.image(FORMAT)
    start = None if image is None else image[0]
    if image is not None:
        restore(ledger, image[1])
        health.step()
    times = {header.number: header.timestamp for header in blocks.recent()}
    applied, breathed = 0, 0
    for block, logs in groupby(blocks.events(start), key=lambda one: one.block):
        events = decode(list(logs))
        ledger.apply(block, times.get(block, EPOCH), events)
        applied += len(events)
        health.step()
        if applied - breathed >= _BREATH:
            breathed = applied
            await asyncio.sleep(0)
    log.info("replayed", image=start, events=applied)
    return applied
