"""One process for one venue or several: each has its configuration, journal, signer and pages, and its own troubles."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import structlog

from keepers.errors import KeeperError, SettingsError
from keepers.identity import signer_of
from keepers.runner import run
from keepers.settings import Settings
from keepers.units import ClockSeconds

__all__ = ["require_apart", "run_all"]

log = structlog.get_logger(__name__)
_FIRST_REST: Final = ClockSeconds(5.0)
_LONGEST_REST: Final = ClockSeconds(600.0)


async def run_all(venues: Mapping[str, Settings]) -> None:
    """Run until SIGTERM or SIGINT.

    The keeper of one venue halts the process by its error; of several it is begun again, later each time, and the
    others do not notice.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if len(venues) == 1:
        await run(next(iter(venues.values())), stop)
        return
    require_apart(venues.values())
    await asyncio.gather(*(_again(name, settings, stop) for name, settings in venues.items()))


def require_apart(venues: Iterable[Settings]) -> None:
    """Refuse what two keepers cannot share: a signer on one chain, files, a port.

    That a journal on a server is another venue's it says itself.
    """
    used: Counter[str] = Counter()
    for one in venues:
        signer, port = signer_of(one), one.service.metrics_port
        used[f"service.database {one.service.database.resolve()}"] += 1
        used.update([f"service.metrics_port {port}"] if port else [])
        used.update([] if signer is None else [f"signer {signer.address} on chain {one.chain.chain_id}"])
    shared = [name for name, count in used.items() if count > 1]
    if shared:
        raise SettingsError(f"each venue needs its own: {', '.join(shared)}")


async def _again(name: str, settings: Settings, stop: asyncio.Event) -> None:
    """Run one of several keepers, whose lines in the log name the venue."""
    structlog.contextvars.bind_contextvars(venue=name)
    rest = _FIRST_REST
    while not stop.is_set():
        try:
            await run(settings, stop)
        except KeeperError as error:
            log.critical("halted", kind=type(error).__name__, error=str(error), again_in=rest)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)
            rest = ClockSeconds(min(2 * rest, _LONGEST_REST))
