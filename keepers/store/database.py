"""Opening the databases: one writer, write-ahead log, every commit on disk. Touches the files and the lock beside them.

The journal says what was signed and cannot be had again; what was read from the chain is in a second file, and can.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import structlog
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from keepers.errors import LostError, StoreError, WrongChainError
from keepers.store.schema import CHAIN, JOURNAL, META, VERSION

__all__ = ["Database", "Stores", "chain_file", "open_stores"]

log = structlog.get_logger(__name__)
_LOG_FILES: Final = ("-wal", "-shm")


class Database:
    """One file, over one connection; its troubles come as one line, and a file that goes away is put back."""

    def __init__(self, path: Path, tables: MetaData) -> None:
        """Open the file, and create what it lacks."""
        self.path = path
        self._engine = _engine(path)
        try:
            tables.create_all(self._engine)
            self._file = _file_of(path)
        except (SQLAlchemyError, OSError) as error:
            self._engine.dispose()
            raise StoreError(f"{path}: {_plain(error)}") from error

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """Write in one transaction, on disk when it ends; refuse once the file is not the one that was opened."""
        self.require_file()
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """Read."""
        with self._explained(), self._engine.connect() as connection:
            yield connection

    def require_file(self) -> None:
        """Raise once the file was deleted or replaced; write what is still open to where a deleted one was."""
        if _file_of(self.path) == self._file:
            return
        gone = not self.path.exists()
        where = self.path if gone else self.path.with_name(f"{self.path.name}.rescued-{os.getpid()}")
        self._rescue(where)
        what = "deleted" if gone else "replaced"
        raise LostError(f"{self.path} was {what} while in use; all it held is in {where}")

    def _rescue(self, where: Path) -> None:
        """Write all that is held to a place, whole or not at all: a part of it would pass for the database.

        What the deleted file's log has is in it already, and would spoil a file that stands beside that log.
        """
        part = self.path.with_name(f"{self.path.name}.part-{os.getpid()}")
        try:
            part.unlink(missing_ok=True)
            with self._explained(), self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                    text("VACUUM INTO :path"), {"path": str(part)}
                )
            if where == self.path:
                for log_file in _LOG_FILES:
                    where.with_name(where.name + log_file).unlink(missing_ok=True)
            part.rename(where)
        except OSError as error:
            raise StoreError(f"{where}: {error.strerror}") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise StoreError(f"{self.path}: {_plain(error)}") from error


class Stores:
    """The journal, what was read from the chain, and the lock that makes this process their only writer."""

    def __init__(self, journal: Database, chain: Database, lock: IO[str] | None) -> None:
        """Own both files and the lock."""
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
        self.journal.require_file()
        self.chain.require_file()

    def bind(self, identity: dict[str, str]) -> None:
        """Tie both to one chain and venue; refuse another one later."""
        for database in (self.journal, self.chain):
            _bind(database, identity)


def chain_file(path: Path) -> Path:
    """Name the file beside a journal that holds what was read from the chain."""
    return path.with_suffix(f".chain{path.suffix}")


def open_stores(path: Path, *, read_only: bool = False) -> Stores:
    """Open, and if needed create, the journal and the file beside it; a writer holds a lock."""
    if read_only and not path.is_file():
        raise StoreError(f"no database at {path}")
    lock = None if read_only else _lock(path)
    journal = None
    try:
        journal = Database(path, JOURNAL)
        return Stores(journal, Database(chain_file(path), CHAIN), lock)
    except StoreError:
        if journal is not None:
            journal.close()
        if lock is not None:
            lock.close()
        raise


def _bind(database: Database, identity: dict[str, str]) -> None:
    with database.begin() as connection:
        found = {row.key: row.value for row in connection.execute(select(META))}
        for key, value in {"version": VERSION, **identity}.items():
            if found.setdefault(key, value) != value:
                raise WrongChainError(f"{database.path} is of {key} {found[key]}, not {value}")
        rows = [{"key": key, "value": value} for key, value in found.items()]
        connection.execute(insert(META).on_conflict_do_nothing(), rows)


def _engine(path: Path) -> Engine:
    """Use one connection for all: a second one would follow the path, not the file that was opened."""
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    event.listen(engine, "connect", _configure)
    return engine


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


def _configure(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _file_of(path: Path) -> tuple[int, int] | None:
    """Tell a file from any other, whatever its name."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _plain(error: Exception) -> str:
    """Say what is wrong in one line, without the statement."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
