"""The tables that a run on two chains ends with."""

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from crossmargin.chain.times import span_text
from crossmargin.simulation.two_chains.outcome import TwoChainsRun

__all__ = ["report", "verdict", "write_page"]

_WIDE: Final = 150
"""Characters of a line of the page."""


def verdict(run: TwoChainsRun) -> list[str]:
    """Say what was lost, in lines."""
    forged = max(each.forged for each in run.attacks)
    one = [each for each in run.attacks if each.required == 1]
    more = [each for each in run.attacks if each.required > 1]
    lost, apart = (sum((each.taken for each in group), Decimal(0)) for group in (one, more))
    buckets = " or ".join(f"{bucket:,.0f}" for bucket in sorted({each.bucket for each in one}))
    until = f"its bucket of {buckets} and what refilled in {span_text(run.delay)} until the pause"
    return [
        f"Forged: messages of {forged:,.0f} tokens each, signed with every key of one transport.",
        f"Lost where one transport is enough: {lost:,.1f} ETH both ways together ({lost * run.price:,.0f} USD).",
        f"Each way at most {until}.",
        f"Lost where two have to agree: {apart:,.0f}.",
    ]


def report(run: TwoChainsRun) -> RenderableType:
    """Draw the deeds, receipts by chain, what was lost, and what was checked."""
    deeds = Table(title="What happened", title_justify="left")
    for heading in ("after", "chain", "who", "what"):
        deeds.add_column(heading, overflow="fold")
    for deed in run.deeds:
        deeds.add_row(span_text(deed.time), deed.where, deed.who, deed.what)
    held = Table(title="Receipts by chain", title_justify="left")
    for heading in ("when", "who", "chain", "receipt"):
        held.add_column(heading)
    for heading in ("locked there", "credited", "in the account", "redeemed"):
        held.add_column(heading, justify="right")
    for one in run.holdings:
        tokens = (one.locked, one.credited, one.held, one.redeemed)
        held.add_row(one.when, one.who, str(one.chain), one.receipt, *(f"{value:,.4f}" for value in tokens))
    losses = Table(title="What the attack took (ETH)", title_justify="left")
    for heading in ("attack", "of", "forged", "bucket", "at most", "taken", "USD", "then refused by"):
        losses.add_column(heading, justify="left" if heading in {"attack", "of", "then refused by"} else "right")
    for each in run.attacks:
        amounts = (each.forged, each.bucket, each.bound, each.taken)
        dollars = f"{each.taken * run.price:,.0f}"
        losses.add_row(each.name, each.token, *(f"{value:,.2f}" for value in amounts), dollars, each.refusal)
    checks = Text("\n").join(
        Text.assemble(("✓ ", "green") if passed else ("✗ ", "bold red"), name) for name, passed in run.checks.items()
    )
    said = Text("\n".join(verdict(run)))
    return Group(said, Text(), deeds, held, losses, checks)


def write_page(run: TwoChainsRun, path: Path) -> None:
    """Write the same as one HTML file, without a request to anywhere."""
    console = Console(record=True, file=StringIO(), width=_WIDE)
    console.print(report(run))
    console.save_html(str(path))
