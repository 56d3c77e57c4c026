"""Opening the database: one writer, write-ahead log, every commit on disk. Touches the file and the lock beside it."""

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from keepers.errors import StoreError, WrongChainError
from keepers.store.schema import META, METADATA, VERSION

__all__ = ["Database", "open_database"]


class Database:
    """The engine, and the lock that makes this process the only writer."""

    def __init__(self, engine: Engine, lock: IO[str] | None) -> None:
        """Own the engine and the lock."""
        self.engine = engine
        self._lock = lock

    def __enter__(self) -> Self:
        """Use the database until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()

    def close(self) -> None:
        """Close the connections and release the lock."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def bind(self, identity: dict[str, str]) -> None:
        """Tie the database to one chain and venue; refuse another one later."""
        with self.engine.begin() as connection:
            found = {row.key: row.value for row in connection.execute(select(META))}
            for key, value in {"version": VERSION, **identity}.items():
                if found.setdefault(key, value) != value:
                    msg = f"the database is of {key} {found[key]}, not {value}"
                    raise WrongChainError(msg)
            _insert_missing(connection, found)


def open_database(path: Path, *, read_only: bool = False) -> Database:
    """Open, and if needed create, the SQLite file; a writer holds a lock beside it."""
    if read_only and not path.is_file():
        msg = f"no database at {path}"
        raise StoreError(msg)
    lock = None if read_only else _lock(path)
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _configure)
    try:
        METADATA.create_all(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        if lock is not None:
            lock.close()
        msg = f"{path}: {error}"
        raise StoreError(msg) from error
    return Database(engine, lock)


def _lock(path: Path) -> IO[str]:
    lock = path.with_name(path.name + ".lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        msg = f"{path} is in use by another keeper"
        raise StoreError(msg) from error
    return lock


def _configure(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _insert_missing(connection: Connection, values: dict[str, str]) -> None:
    rows = [{"key": key, "value": value} for key, value in values.items()]
    connection.execute(insert(META).on_conflict_do_nothing(), rows)
