"""A run on two chains as a person sees it: progress while it goes, tables, picture and record when it has ended."""

import shutil
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from crossmargin.simulation.demo.times import span_text
from crossmargin.simulation.two_chains.chart import draw_chart
from crossmargin.simulation.two_chains.outcome import Deed, TwoChainsRun, save_run
from crossmargin.simulation.two_chains.play import Observer, play
from crossmargin.simulation.two_chains.report import report

__all__ = ["NAME", "show_two_chains"]

NAME: Final = "two-chains"
"""What the demo calls it, beside its scenarios."""
_TITLE: Final = "Collateral on two chains, and a transport whose every key is stolen"


class _Live(Observer):
    """One line per part of the run, and one per deed."""

    def __init__(self, console: Console) -> None:
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
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._progress.stop()

    def part(self, name: str) -> None:
        """Finish the line before and begin one."""
        self._finish()
        self._task = self._progress.add_task(name, total=None, what="")

    def step(self, done: int, steps: int, name: str) -> None:
        """Show the step."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=steps, what=name)

    def deed(self, deed: Deed) -> None:
        """Say it."""
        line = Text.assemble(f"  {span_text(deed.time):>8}  {deed.where:<6}", (deed.who, "bold"), f" {deed.what}")
        self._progress.console.print(line)

    def _finish(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=1, total=1, what="")


def show_two_chains(console: Console, folder: Path) -> TwoChainsRun:
    """Play it and leave tables, picture and record in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "logs", ignore_errors=True)
    console.rule(Text(_TITLE))
    with _Live(console) as observer:
        run = play(folder / "logs", observer)
    console.print(report(run))
    files = {"picture": folder / "demo.png", "record": folder / "demo.json"}
    draw_chart(run, files["picture"])
    save_run(run, files["record"])
    console.print(", ".join(f"{part} {spent:.0f} s" for part, spent in run.seconds.items()))
    for what, path in files.items():
        console.print(f"{what}: {path}", soft_wrap=True, markup=False)
    if not run.passed:
        console.print("[bold red]a check failed[/]")
    return run
