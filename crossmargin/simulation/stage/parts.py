"""The parts of a run: how long each takes, and on a terminal a line for each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

__all__ = ["Observer", "Parts", "ShownParts"]


class Observer:
    """Is told how a run goes; this one keeps silent."""

    def part(self, name: str) -> None:
        """Take note that a part of the run begins."""

    def step(self, done: int, steps: int, name: str) -> None:
        """Take note of a step of the part."""


class Parts:
    """Tells an observer of each part, and measures it."""

    def __init__(self, observer: Observer) -> None:
        """Tell `observer`."""
        self._observer = observer
        self.seconds: dict[str, float] = {}
        """How long each part took that has ended [s]."""

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Make what is done inside a part of the run."""
        self._observer.part(name)
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 1)


class ShownParts(Observer):
    """One line per part of the run, with a bar where its length is known."""

    def __init__(self, console: Console) -> None:
        """Draw on `console`, from entering on."""
        columns = (
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[what]}", markup=False),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last picture."""
        if kind is None:
            self._finish()
        self._progress.stop()

    def part(self, name: str) -> None:
        """Finish the line before and begin one."""
        self._finish()
        self._task = self._progress.add_task(name, total=None, what="")

    def step(self, done: int, steps: int, name: str) -> None:
        """Show how far the part is."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=steps, what=name)

    def say(self, line: Text) -> None:
        """Write a line above the parts."""
        self._progress.console.print(line)

    def _finish(self) -> None:
        if self._task is not None:
            total = self._progress.tasks[self._progress.task_ids.index(self._task)].total or 1
            self._progress.update(self._task, completed=total, total=total, what="")
