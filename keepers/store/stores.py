"""Opening both databases: the journal, which cannot be had again, and what was read from the chain, which can.

The journal is a file, or on a server that a fleet shares; what was read is always a file of one's own. Touches the lock
beside the files.
"""

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from uuid import uuid4

from sqlalchemy import select

from keepers.errors import StoreError, WrongChainError
from keepers.store.database import Database
from keepers.store.file import FileDatabase
from keepers.store.schema import CHAIN, JOURNAL, META, VERSION

__all__ = ["Stores", "chain_file", "open_stores"]


class Stores:
    """The journal, what was read from the chain, and the lock that makes this process the only writer of its files."""

    def __init__(self, journal: Database, chain: FileDatabase, lock: IO[str] | None) -> None:
        """Own both and the lock."""
        self.journal = journal
        self.chain = chain
        self._lock = lock

    def __enter__(self) -> Self:
        """Use them until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        self.close()

    def close(self) -> None:
        """Close the connections and release the lock."""
        self.journal.close()
        self.chain.close()
        if self._lock is not None:
            self._lock.close()

    def require_files(self) -> None:
        """Raise once one of the files was deleted or replaced."""
        self.journal.require()
        self.chain.require()

    def holder(self) -> str:
        """Name whoever holds the lock on these files, the same after a restart."""
        with self.chain.begin() as connection:
            new = self.chain.insert(META).values(key="holder", value=uuid4().hex)
            connection.execute(new.on_conflict_do_nothing())
            return str(connection.execute(select(META.c.value).where(META.c.key == "holder")).scalar_one())

    def bind(self, identity: dict[str, str]) -> None:
        """Tie both to one chain and venue; refuse another one later."""
        for database in (self.journal, self.chain):
            _bind(database, identity)


def chain_file(path: Path) -> Path:
    """Name the file beside a journal that holds what was read from the chain."""
    return path.with_suffix(f".chain{path.suffix}")


def open_stores(path: Path, url: str = "", *, read_only: bool = False) -> Stores:
    """Open, and if needed create, the journal and the file beside it; a writer holds a lock.

    With a `url` the journal is on that server, and only what was read from the chain is beside `path`.
    """
    if read_only and not (chain_file(path) if url else path).is_file():
        raise StoreError(f"no database at {chain_file(path) if url else path}")
    lock = None if read_only else _lock(path)
    journal = None
    try:
        journal = _journal(path, url)
        return Stores(journal, FileDatabase(chain_file(path), CHAIN), lock)
    except BaseException:
        if journal is not None:
            journal.close()
        if lock is not None:
            lock.close()
        raise


def _journal(path: Path, url: str) -> Database:
    if not url:
        return FileDatabase(path, JOURNAL)
    from keepers.store.server import ServerDatabase  # noqa: PLC0415 - who has no server does not wait for it

    return ServerDatabase(url, JOURNAL)


def _bind(database: Database, identity: dict[str, str]) -> None:
    with database.begin() as connection:
        found = {row.key: row.value for row in connection.execute(select(META))}
        for key, value in {"version": VERSION, **identity}.items():
            if found.setdefault(key, value) != value:
                raise WrongChainError(f"{database.name} is of {key} {found[key]}, not {value}")
        rows = [{"key": key, "value": value} for key, value in found.items()]
        connection.execute(database.insert(META).on_conflict_do_nothing(), rows)


def _lock(path: Path) -> IO[str]:
    try:
        lock = path.with_name(path.name + ".lock").open("w", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StoreError(f"{path} is in use by another keeper") from error
    return lock
