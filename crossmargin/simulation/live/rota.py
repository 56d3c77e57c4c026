"""Parts of a venue that take turns in one process: a failure is logged, and many in a row end the venue."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from crossmargin.errors import ProcessError

__all__ = ["Part", "Rota", "part_log"]

_MOST_FAILURES: Final = 10
_LOG_BYTES: Final = 4_000_000


def part_log(name: str, folder: Path) -> logging.Logger:
    """Open the log of a part: a file of its name, begun anew when it is long."""
    folder.mkdir(parents=True, exist_ok=True)
    log = logging.getLogger(f"crossmargin.live.{name}")
    log.setLevel(logging.INFO)
    log.propagate = False
    for old in list(log.handlers):
        log.removeHandler(old)
        old.close()
    handler = RotatingFileHandler(folder / f"{name}.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    return log


@dataclass
class Part:
    """Something that takes a turn every so often [s]."""

    name: str
    every: float
    turn: Callable[[], None]
    log: logging.Logger
    due: float = 0.0
    failures: int = 0
    """In a row."""


class Rota:
    """Gives each part its turns."""

    def __init__(self, parts: Sequence[Part], clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with all of them due."""
        self._parts = parts
        self._clock = clock

    def turn(self) -> None:
        """Let those take their turn whose time has come."""
        for part in self._parts:
            if part.due <= self._clock():
                self._give(part)

    def failing(self) -> dict[str, int]:
        """Count the failures in a row, of parts that have any."""
        return {part.name: part.failures for part in self._parts if part.failures}

    def _give(self, part: Part) -> None:
        try:
            part.turn()
        except ProcessError:
            raise  # says by itself that it cannot go on
        except Exception as error:
            part.failures += 1
            part.log.exception("failed, %d in a row", part.failures)
            if part.failures >= _MOST_FAILURES:
                raise ProcessError(f"the {part.name} failed {part.failures} times in a row: {_line(error)}") from error
        else:
            part.failures = 0
        part.due = self._clock() + part.every


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
