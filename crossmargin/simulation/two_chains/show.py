"""A run on two chains as a person sees it: progress while it goes; tables, picture, page and record at its end."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from crossmargin.chain.times import span_text
from crossmargin.simulation.stage.parts import ShownParts
from crossmargin.simulation.stage.results import emptied_logs, spent_text, tell_files
from crossmargin.simulation.two_chains.chart import draw_chart
from crossmargin.simulation.two_chains.outcome import Deed, TwoChainsRun, save_run
from crossmargin.simulation.two_chains.play import Observer, play
from crossmargin.simulation.two_chains.report import report, write_page

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
    """Play it and leave picture, page and record in `folder`."""
    logs = emptied_logs(folder)
    console.rule(Text(_TITLE))
    with _Live(console) as observer:
        run = play(logs, observer)
    console.print(report(run))
    files = {"picture": folder / "demo.png", "page": folder / "demo.html", "record": folder / "demo.json"}
    draw_chart(run, files["picture"])
    write_page(run, files["page"])
    save_run(run, files["record"])
    console.print(spent_text(run.seconds))
    tell_files(console, files, passed=run.passed)
    return run
