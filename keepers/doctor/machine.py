"""What this machine gives: room on the disk, a free port, a clock, the journal. Writes one file and takes it away."""

import shutil
import socket
import tempfile
from pathlib import Path
from typing import Final

from keepers.chain import Header
from keepers.doctor.finding import Finding, good, poor, wrong
from keepers.errors import SettingsError, StoreError
from keepers.settings import Settings
from keepers.store import open_stores

__all__ = ["examine_machine"]

_ROOM: Final = 10**9
_SKEW: Final = 15 * 60


def examine_machine(settings: Settings, head: Header | None, now: float) -> list[Finding]:
    """Look at disk, journal, port and clock."""
    return [_disk(settings.service.database), _journal(settings), _port(settings), _clock(head, now)]


def _disk(database: Path) -> Finding:
    folder = database.resolve().parent
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"keeper")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong("disk", f"{folder}: {error.strerror}", "set service.database to a folder that can be written")
    found = f"{folder} has {free / 10**9:.1f} GB free"
    return good("disk", found) if free > _ROOM else poor("disk", found, "make room: a gigabyte lasts for long")


def _journal(settings: Settings) -> Finding:
    database, url = settings.service.database, settings.fleet.journal
    if url:
        return _shared(database, url)
    if not database.exists():
        return good("journal", f"{database}: none yet")
    try:
        open_stores(database).close()
    except StoreError as error:
        return poor("journal", str(error), "a keeper that runs has it; two with one key must not")
    return good("journal", f"{database} opens")


def _shared(database: Path, url: str) -> Finding:
    """Look at the journal of a fleet, which others may be using."""
    try:
        with open_stores(database, url) as stores, stores.journal.connect():
            return good("journal", f"{stores.journal.name} answers")
    except (StoreError, SettingsError) as error:
        return wrong("journal", str(error), "see fleet.journal, and whether the server runs and lets you in")


def _port(settings: Settings) -> Finding:
    host, port = settings.service.metrics_host, settings.service.metrics_port
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        advice = "a keeper that runs has it; else set service.metrics_port"
        return poor("port", f"{host}:{port}: {error.strerror}", advice)
    return good("port", f"{host}:{port} is free")


def _clock(head: Header | None, now: float) -> Finding:
    if head is None:
        return poor("clock", "no block to compare with", "see the nodes")
    ahead = now - head.timestamp
    found = f"{abs(ahead):.0f} s {'after' if ahead >= 0 else 'before'} the newest block"
    far = abs(ahead) > _SKEW
    return poor("clock", found, "set the clock, unless the chain stands still") if far else good("clock", found)
