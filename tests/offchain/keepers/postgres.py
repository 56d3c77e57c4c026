"""A PostgreSQL server of a test's own, as Debian's packages have it: over a socket in its folder, and no port."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"  # the server does not run as root


def _tool(name: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))


def missing() -> str | None:
    """Say what keeps tests from a server; with CI set nothing may."""
    lacks = [name for name in ("initdb", "pg_ctl") if _tool(name) is None]
    if lacks:
        return "PostgreSQL is not installed: apt-get install postgresql"
    return None if importlib.util.find_spec("psycopg") else "psycopg is not installed: make setup"


class Server:
    """Starts and stops it; every database is empty at first."""

    def __init__(self, folder: Path) -> None:
        """Make its files; nothing runs yet."""
        self.folder = folder
        self._data = folder / "data"
        self._count = 0
        self._as(_tool("initdb"), "-D", self._data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
        self._as(_tool("pg_ctl"), "-D", self._data, "-w", "-s", "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop as a machine does that loses power, but for the sockets."""
        self._as(_tool("pg_ctl"), "-D", self._data, "-w", "-s", "-m", "immediate", "stop")

    def database(self) -> str:
        """Make an empty database; give its URL."""
        import psycopg

        self._count += 1
        with psycopg.connect(host=str(self.folder), user=USER, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE fleet_{self._count}")
        return f"postgresql://{USER}@/fleet_{self._count}?host={self.folder}"

    def _as(self, *command: object) -> None:
        """Run as the user of the server, where one may become it."""
        become = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        subprocess.run([*become, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)  # noqa: S603


@contextmanager
def running() -> Iterator[Server]:
    """Run a server; skip where there is none to run, unless that is what is tested."""
    why = missing()
    if why is not None:
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    # a socket's path must be short
    with tempfile.TemporaryDirectory(prefix="fleet-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
