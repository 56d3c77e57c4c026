"""How far the outcomes of several runs lie apart: the same scenario, its noise drawn anew each time."""

from collections.abc import Callable, Sequence
from statistics import median_low
from typing import Final

from rich.table import Table

from crossmargin.simulation.demo.outcome import DemoRun
from crossmargin.simulation.stage.amounts import usd

__all__ = ["spread", "spread_lines"]


def _sold(run: DemoRun) -> set[str]:
    return {auction.account for auction in run.auctions}


def _kept(run: DemoRun) -> int:
    return sum(each.equity_after for each in run.accounts if each.name in _sold(run))


def _fund(run: DemoRun) -> int:
    return run.blocks[-1].fund - run.blocks[0].fund


_NUMBERS: Final[tuple[tuple[str, Callable[[DemoRun], int], Callable[[int], str]], ...]] = (
    ("accounts liquidated", lambda run: len(_sold(run)), str),
    ("auctions", lambda run: len(run.auctions), str),
    ("kept by the liquidated, USD", _kept, usd),
    ("given up to keepers, USD", lambda run: sum(run.given_up(name) for name in _sold(run)), usd),
    ("bad debt, USD", lambda run: run.bad_debt(), usd),
    ("insurance fund's change, USD", _fund, usd),
)


def spread(runs: Sequence[DemoRun]) -> Table:
    """Draw a line for each number: least, median and most of all runs."""
    table = Table(title=f"Spread of {len(runs)} runs", title_justify="left")
    for heading in ("", "least", "median", "most"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for name, number, shown in _NUMBERS:
        values = [number(run) for run in runs]
        table.add_row(name, *(shown(each) for each in (min(values), median_low(values), max(values))))
    return table


def spread_lines(runs: Sequence[DemoRun]) -> list[str]:
    """Say in how many runs there was bad debt, and who was liquidated in how many."""
    indebted = sum(bool(run.losses) for run in runs)
    names = dict.fromkeys(account.name for run in runs for account in run.accounts)
    counts = {name: sum(name in _sold(run) for run in runs) for name in names}
    some = [f"{name} in {count}" for name, count in counts.items() if 0 < count < len(runs)]
    always = [name for name, count in counts.items() if count == len(runs)]
    return [
        f"bad debt in {indebted} of {len(runs)} runs",
        f"liquidated in all: {'; '.join(always) or 'nobody'}",
        f"liquidated in some: {'; '.join(some) or 'nobody'}",
    ]
