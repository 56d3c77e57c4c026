"""Child processes that never outlive their parent: each in a session of its own, all ended on the way out."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final, Self

from crossmargin.errors import ProcessError

__all__ = ["Processes", "free_port", "interruptible", "is_free"]

_GRACE: Final = 5.0
_TAIL: Final = 12
_PR_SET_PDEATHSIG: Final = 1


class Processes:
    """The children."""

    def __init__(self, logs: Path) -> None:
        """Write what each child prints to a file of its name in `logs`."""
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        """Begin with none."""
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        """End them all: what the first serves, the others need to end in peace."""
        self.stop(*list(self._children)[1:])
        self.stop(*self._children)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start a child."""
        with self._log(name).open("ab") as log:
            try:
                self._children[name] = subprocess.Popen(  # noqa: S603 (fixed commands)
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **(environment or {})},
                    start_new_session=True,
                    preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads yet)
                )
            except OSError as error:
                raise ProcessError(f"{command[0]} cannot be started: {error}") from error

    def check(self, *names: str) -> None:
        """Raise if a child has ended, one of these or any."""
        for name in names or self._children:
            if (status := self.ended(name)) is not None:
                said = f"; its last lines:\n{lines}" if (lines := self.tail(name)) else ""
                raise ProcessError(f"{name} ended with status {status}{said}")

    def ended(self, name: str) -> int | None:
        """Give the status that a child ended with; None while it runs."""
        return self._children[name].poll()

    def tail(self, name: str) -> str:
        """Read the last lines of a child's log."""
        lines = self._log(name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_TAIL:])

    def stop(self, *names: str) -> None:
        """End children, first politely."""
        for name in names:
            _signal(self._children[name], signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        for name in names:
            child = self._children.pop(name)
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.wait()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name.replace(' ', '-')}.log"


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just been closed is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turn a request to terminate into a KeyboardInterrupt, so that it unwinds as Ctrl-C does.

    Once: while it unwinds, another changes nothing.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a child's whole group."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)


def _die_with_parent() -> None:
    """Ask Linux to end this child even when its parent is killed without a chance to clean up."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
