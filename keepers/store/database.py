"""What every database of the keeper gives: transactions, and its troubles in one line. Opens nothing."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from keepers.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

__all__ = ["Database", "plain"]


class Database(ABC):
    """A file, or a server that several keepers share."""

    shared: bool = False
    """Whether other keepers write to it too."""

    def __init__(self, name: str, engine: Engine) -> None:
        """Use an engine; `name` is how messages call it, without a password."""
        self.name: Final = name
        self._engine = engine

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """Write in one transaction, on disk when it ends."""
        self.require()
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """Read."""
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @abstractmethod
    def require(self) -> None:
        """Raise where writes would not go to what was opened."""

    @abstractmethod
    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """Begin an insertion that may say what to do where a key is taken."""

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise StoreError(f"{self.name}: {plain(error)}") from error


def plain(error: Exception) -> str:
    """Say what is wrong in one line, without the statement."""
    return str(getattr(error, "orig", None) or error).splitlines()[0]
