"""A database in a file: one writer, write-ahead log, every commit on disk. Touches the file alone."""

import contextlib
import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from keepers.errors import LostError, StoreError
from keepers.store.database import Database, plain

__all__ = ["FileDatabase"]

_LOG_FILES: Final = ("-wal", "-shm")


class FileDatabase(Database):
    """One file, over one connection; one that goes away is put back."""

    def __init__(self, path: Path, tables: MetaData) -> None:
        """Open the file, and create what it lacks."""
        super().__init__(str(path), _engine(path))
        self.path = path
        try:
            tables.create_all(self._engine)
            self._file = _file_of(path)
        except (SQLAlchemyError, OSError) as error:
            self._engine.dispose()
            raise StoreError(f"{path}: {plain(error)}") from error

    def insert(self, table: Table) -> sqlite.Insert:
        """Begin an insertion, as SQLite writes it."""
        return sqlite.insert(table)

    def require(self) -> None:
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


def _engine(path: Path) -> Engine:
    """Use one connection for all: a second one would follow the path, not the file that was opened."""
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    event.listen(engine, "connect", _configure)
    return engine


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
