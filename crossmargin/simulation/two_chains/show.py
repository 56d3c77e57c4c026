"""A run on two chains as a person sees it: progress while it goes, tables, picture and record when it has ended."""

import shutil
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from crossmargin.chain.times import span_text
from crossmargin.simulation.stage.parts import ShownParts
from crossmargin.simulation.two_chains.chart import draw_chart
from crossmargin.simulation.two_chains.outcome import Deed, TwoChainsRun, save_run
from crossmargin.simulation.two_chains.play import Observer, play
from crossmargin.simulation.two_chains.report import report

__all__ = ["NAME", "show_two_chains"]

NAME: Final = "two-chains"
"""What the demo calls it, beside its scenarios."""
_TITLE: Final = "Collateral on two chains, and a transport whose every key is stolen"


class _Live(ShownParts, Observer):
    """One line per part of the run, and one per deed."""

    def deed(self, deed: Deed) -> None:
        """Say it."""
        self.say(Text.assemble(f"  {span_text(deed.time):>8}  {deed.where:<6}", (deed.who, "bold"), f" {deed.what}"))


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
