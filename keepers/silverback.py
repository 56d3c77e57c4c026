"""The keeper as a bot of Silverback, for who runs that: a thin guest, and all is done by the keeper itself.

Silverback misses what happens while it is down or cut off, so nothing is taken from it: the keeper follows the chain by
its own nodes. It begins with the worker, its end is the bot's error, and it stops when the worker does.
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from keepers.errors import KeeperError
from keepers.runner import run
from keepers.settings import Settings, load_settings

if TYPE_CHECKING:
    from silverback import SilverbackBot

__all__ = ["Guest", "make_bot"]

_CONFIG: Final = Path("keeper.toml")


class Guest:
    """Runs the keeper beside what else the worker's loop does."""

    def __init__(self, settings: Settings) -> None:
        """Begin idle."""
        self._settings = settings
        self._stop: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Begin to run."""
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(run(self._settings, self._stop))

    def look(self) -> None:
        """Raise where the keeper has ended."""
        if self._task is None or not self._task.done():
            return
        error = None if self._task.cancelled() else self._task.exception()
        raise error or KeeperError("the keeper has ended")

    async def end(self) -> None:
        """Have it stop, and wait until it has."""
        if self._stop is not None and self._task is not None:
            self._stop.set()
            await asyncio.gather(self._task, return_exceptions=True)


def make_bot(path: Path = _CONFIG, *, live: bool | None = None) -> "SilverbackBot":
    """Make the bot that Silverback runs; `live` overrides the configuration's `dry_run`."""
    from ape import chain  # noqa: PLC0415 - of the optional group
    from silverback import SilverbackBot  # noqa: PLC0415 - of the optional group

    guest, bot = Guest(load_settings(path, live=live)), SilverbackBot()

    async def begin(_state: Any) -> None:  # noqa: ANN401 - taskiq's
        await guest.begin()

    async def look(block: Any) -> int:  # noqa: ANN401 - ape's
        guest.look()
        return int(block.number)

    async def end(_state: Any) -> None:  # noqa: ANN401 - taskiq's
        await guest.end()

    bot.on_worker_startup()(begin)
    bot.on_(chain.blocks)(look)
    bot.on_worker_shutdown()(end)
    return bot
