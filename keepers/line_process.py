"""A process of the operator's that is spoken to in JSON lines: started when needed, killed when it hangs or floods.

Whatever it does, no call here raises or takes longer than it may. What it writes that is no JSON object is left out.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
import structlog

from keepers.units import ClockSeconds

__all__ = ["LineProcess"]

log = structlog.get_logger(__name__)
_LINE: Final = 1 << 16
_MOST_UNREAD: Final = 10_000
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_GRACE: Final = 0.5


class LineProcess:
    """One program, started again, later each time, when it has ended."""

    def __init__(self, name: str, command: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start nothing yet; the clock must be monotonic."""
        self._name = name
        self._command = command
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._unread: deque[dict[str, Any]] = deque()
        self._news = asyncio.Event()
        self._pause = _FIRST_PAUSE
        self._rests_until = -float("inf")

    @property
    def running(self) -> bool:
        """Whether it runs now, as far as is known."""
        return self._process is not None and self._process.returncode is None

    async def tell(self, lines: Iterable[Mapping[str, Any]], within: ClockSeconds) -> bool:
        """Write lines, starting it if it does not run; tell whether they were written in time."""
        try:
            await asyncio.wait_for(self._tell(b"".join(orjson.dumps(one) + b"\n" for one in lines)), within)
        except TimeoutError:
            await self.stop("does not read")
        except OSError as error:
            await self.stop(str(error))
        else:
            return self.running
        return False

    async def _tell(self, content: bytes) -> None:
        await self._start()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(content)
            await self._process.stdin.drain()

    def hear(self) -> list[dict[str, Any]]:
        """Give what it has written since the last time."""
        found = list(self._unread)
        self._unread.clear()
        self._news.clear()
        return found

    async def news(self, within: float) -> bool:
        """Wait until it has written something; tell whether it has."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), max(0.0, within))
        return bool(self._unread)

    def praise(self) -> None:
        """Note that it does what it should: when it ends it is started again at once."""
        self._pause = _FIRST_PAUSE

    async def _start(self) -> None:
        if self.running or self._clock() < self._rests_until:
            return
        if self._process is not None:
            await self.stop(f"ended with status {self._process.returncode}")
            return
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE,
            start_new_session=True,
        )
        log.info("helper_started", helper=self._name, pid=self._process.pid)
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Take its lines; end with it, or end it where it writes more than anybody reads."""
        said_garbage = False
        while process.stdout is not None:
            try:
                line = await process.stdout.readline()
            except ValueError:
                _kill(process)
                log.warning("helper_line_too_long", helper=self._name, most=_LINE)
                return
            if not line:
                self._news.set()
                return
            try:
                content = orjson.loads(line)
            except orjson.JSONDecodeError:
                content = None
            if isinstance(content, dict):
                self._unread.append(content)
                self._news.set()
            elif not said_garbage:
                said_garbage = True
                log.warning("helper_says_garbage", helper=self._name, line=repr(line[:80]))
            if len(self._unread) > _MOST_UNREAD:
                _kill(process)
                log.warning("helper_floods", helper=self._name, unread=len(self._unread))
                return

    async def stop(self, reason: str = "") -> None:
        """End it and all it has started; with a reason it rests before it is started again."""
        process, self._process = self._process, None
        if reason:
            log.warning("helper_stopped", helper=self._name, reason=reason, rests=self._pause)
            self._rests_until = self._clock() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None
        if process is not None:
            _kill(process)
            # what nobody has read would keep its pipe open
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.communicate(), _GRACE)
        self.hear()


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process and its children; one that has ended may have left some."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
