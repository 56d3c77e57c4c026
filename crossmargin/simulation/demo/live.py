"""The run as it goes, on the terminal."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from crossmargin.simulation.demo.outcome import BlockSample
from crossmargin.simulation.demo.run import Observer
from crossmargin.simulation.demo.times import span_text
from crossmargin.simulation.stage.amounts import price
from crossmargin.simulation.stage.prices import PRICE_DECIMALS, PriceSeries

__all__ = ["LiveObserver"]


class LiveObserver(Observer):
    """One line per part of the run, with a bar where its length is known."""

    def __init__(self, console: Console, series: PriceSeries) -> None:
        """Show on `console` how far a series has been played."""
        self._series = series
        self._task: TaskID | None = None
        self._troubled: list[str] = []
        columns = (
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[what]}", markup=False),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console)

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

    def deploying(self, done: int, steps: int, name: str) -> None:
        """Show the step."""
        self._update(done, steps, name)

    def block(self, sample: BlockSample, troubled: Sequence[str]) -> None:
        """Show scenario time, prices, and who is in trouble; say it when somebody gets into it."""
        begin, end = self._series.times[0], self._series.times[-1]
        moving = {name: value for name, value in sample.prices.items() if name in self._moving}
        prices = "  ".join(f"{name} {price(value, PRICE_DECIMALS)}" for name, value in moving.items())
        for name in troubled:
            if name not in self._troubled:
                self._say(sample, name, "yellow", f": health {self._factor(sample, name)}")
        for name in self._troubled:
            if name not in troubled:
                self._say(sample, name, "green", ": settled")
        self._troubled = list(troubled)
        what = f"{span_text(sample.time - begin)}  {prices}  in trouble: {len(troubled)}"
        self._update(min(sample.time, end) - begin, end - begin, what)

    @property
    def _moving(self) -> set[str]:
        return {name for name, values in self._series.prices.items() if len(set(values)) > 1}

    def _say(self, sample: BlockSample, name: str, style: str, text: str) -> None:
        since = span_text(sample.time - self._series.times[0])
        self._progress.console.print(Text.assemble(f"  {since:>10}  ", (name, style), text))

    @staticmethod
    def _factor(sample: BlockSample, name: str) -> str:
        value = sample.health.get(name)
        return "-" if value is None else f"{value / 10**18:.3f}"

    def _update(self, done: int, steps: int, what: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=steps, what=what)

    def _finish(self) -> None:
        if self._task is not None:
            total = self._progress.tasks[self._progress.task_ids.index(self._task)].total or 1
            self._progress.update(self._task, completed=total, total=total, what="")
