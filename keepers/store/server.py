"""A database on a PostgreSQL server, which the keepers of a fleet share. Asks the server only when it is used."""

import contextlib
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, MetaData, Table, create_engine, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ArgumentError

from keepers.errors import SettingsError
from keepers.store.database import Database

__all__ = ["ServerDatabase"]

_SCHEME: Final = "postgresql"
_DRIVER: Final = "postgresql+psycopg"
_PATIENCE: Final = 3
"""How long a server may take to answer, to connect or to take a packet [s]."""
_ONE_AT_A_TIME: Final = 0x6B656570  # of the lock under which tables are made; any number does


class ServerDatabase(Database):
    """Tables on a server; where it is away the keeper waits, as for a full disk."""

    shared = True

    def __init__(self, url: str, tables: MetaData) -> None:
        """Prepare; the server may be away now."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            msg = "fleet.journal: not a URL such as postgresql://keeper@db.example/keeper"
            raise SettingsError(msg) from None
        name = parsed.render_as_string(hide_password=True)
        if parsed.drivername not in {_SCHEME, _DRIVER}:
            msg = f"fleet.journal: {name}: only postgresql:// is shared by a fleet"
            raise SettingsError(msg)
        options = {
            "connect_timeout": _PATIENCE,
            "tcp_user_timeout": _PATIENCE * 1000,
            "options": f"-c statement_timeout={_PATIENCE}s -c lock_timeout={_PATIENCE}s -c synchronous_commit=on",
        }
        given = {key: value for key, value in options.items() if key not in parsed.query}
        try:
            engine = create_engine(
                parsed.set(drivername=_DRIVER), pool_size=2, max_overflow=0, pool_pre_ping=True, connect_args=given
            )
        except ModuleNotFoundError as error:
            msg = "fleet.journal: psycopg is not installed (pip install 'crossmargin[fleet]')"
            raise SettingsError(msg) from error
        super().__init__(name, engine)
        self._tables: MetaData | None = tables

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        """Write in one transaction, on the server's disk when it ends."""
        self._prepare()
        with super().begin() as connection:
            yield connection

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """Read."""
        self._prepare()
        with super().connect() as connection:
            yield connection

    def require(self) -> None:
        """Need nothing: who writes to a server writes to the one it reads from."""

    def insert(self, table: Table) -> postgresql.Insert:
        """Begin an insertion, as PostgreSQL writes it."""
        return postgresql.insert(table)

    def _prepare(self) -> None:
        """Make the tables once, one keeper at a time."""
        if self._tables is None:
            return
        with self._explained(), self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            self._tables.create_all(connection)
        self._tables = None
