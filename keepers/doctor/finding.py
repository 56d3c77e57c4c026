"""What the doctor found about one thing, and how findings are shown. Pure."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rich.table import Table

from keepers.errors import KeeperError

__all__ = ["Finding", "State", "good", "guarded", "poor", "render", "wrong"]


class State(StrEnum):
    """Whether a run can do with it."""

    GOOD = "ok"
    POOR = "poor"  # it runs, but not as it should
    WRONG = "wrong"  # it does not run, or sends nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do about it."""

    what: str
    state: State
    found: str
    advice: str = ""


_COLOURS: Final = {State.GOOD: "green", State.POOR: "yellow", State.WRONG: "red"}


def good(what: str, found: str) -> Finding:
    """Find nothing to do."""
    return Finding(what, State.GOOD, found)


def poor(what: str, found: str, advice: str) -> Finding:
    """Find what a run can do with."""
    return Finding(what, State.POOR, found, advice)


def wrong(what: str, found: str, advice: str) -> Finding:
    """Find what a run cannot do with."""
    return Finding(what, State.WRONG, found, advice)


async def guarded(what: str, advice: str, check: Awaitable[Finding]) -> Finding:
    """Look at one thing; an error of its own is a finding, and the others are looked at all the same."""
    try:
        return await check
    except (KeeperError, OSError) as error:
        return wrong(what, str(error), advice)


def render(findings: Sequence[Finding]) -> Table:
    """Lay findings out for the terminal, at 80 columns too."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=2, overflow="fold")
    for one in findings:
        advice = f"\n[bold]{one.advice}[/bold]" if one.advice else ""
        table.add_row(f"[{_COLOURS[one.state]}]{one.state}[/]", one.what, one.found + advice)
    return table
