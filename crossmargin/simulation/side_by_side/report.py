"""What two runs come to, in lines and tables that anyone understands."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crossmargin.simulation.demo.verdict import verdict as verdict_of
from crossmargin.simulation.side_by_side.pair import FIRST, Pair, Sale, Side
from crossmargin.simulation.stage.amounts import percent, usd

__all__ = ["Line", "report", "verdict"]

Line = tuple[str, str]
"""What it is about, what is to be said."""


def verdict(pair: Pair) -> list[Line]:
    """Say what happened, how margins moved, who was sold, what was left unpaid, what it cost, whether books add up."""
    return [
        ("What happened", dict(verdict_of(pair.still.run))["What happened"]),
        ("Margins", _margins(pair)),
        *((f"Sold, {side.name}", _sold(pair, side)) for side in pair.sides),
        ("Bad debt", "; ".join(f"{side.name} {usd(side.run.bad_debt())} USD" for side in pair.sides) + "."),
        ("What it cost", _cost(pair)),
        ("Conservation", _conservation(pair)),
    ]


def _margins(pair: Pair) -> str:
    initial, maintenance = pair.risen(initial=True), pair.risen(initial=False)
    if initial is None:
        return f"the multiplier of {FIRST} was never above 1 before the crash."
    said = f"initial margin of {FIRST} rose from {-initial[0]:.0f} hours before the crash on, to {initial[1]:.2f} times"
    if maintenance is None:
        return f"{said}; maintenance margin had not followed when it began."
    return f"{said}; maintenance margin from {-maintenance[0]:.0f} hours before on, to {maintenance[1]:.2f} times."


def _sold(pair: Pair, side: Side) -> str:
    names = dict.fromkeys(auction.account for auction in side.run.auctions)
    own = [each for each in side.run.accounts if each.name in names]
    if not own:
        return "nobody."
    kept, had = (sum(values) for values in zip(*((each.equity_after, each.equity_before) for each in own), strict=True))
    given = sum(side.run.given_up(each.name) for each in own)
    return (
        f"{len(own)} of {len(pair.accounts)} accounts, which kept {usd(kept)} of {usd(had)} USD and gave keepers "
        f"{usd(given)}."
    )


def _cost(pair: Pair) -> str:
    """Name who traded less for the same cash, who added more, and who was sold only where margins move."""
    parts = []
    for name, still, ahead in pair.rows():
        if ahead.opened != still.opened:
            parts.append(f"{name} opened {usd(ahead.opened)} USD instead of {usd(still.opened)}")
        elif ahead.had > still.had:
            parts.append(f"{name} had {usd(ahead.had)} USD in it instead of {usd(still.had)}")
        if ahead.after is not None and still.after is None:
            parts.append(f"{name} was sold by margin alone")
    return "; ".join(parts) + "." if parts else "nothing: everybody did the same in both."


def _conservation(pair: Pair) -> str:
    checks = [check for side in pair.sides for check in side.run.checks]
    failed = [check.name for check in checks if not check.passed]
    if failed:
        return f"BROKEN: {len(failed)} of {len(checks)} checks failed: {', '.join(failed)}."
    return f"in both every token and every contract is accounted for, to the last unit: all {len(checks)} checks hold."


def report(pair: Pair) -> RenderableType:
    """Draw verdict, accounts side by side, and what failed."""
    said = [Text.assemble((f"{about}: ", "bold"), text) for about, text in verdict(pair)]
    failed = [
        Text.assemble(("✗ ", "bold red"), f"{side.name}: {check.name}: {check.detail}")
        for side in pair.sides
        for check in side.run.checks
        if not check.passed
    ]
    return Group(*said, Text(), _accounts(pair), *failed)


def _accounts(pair: Pair) -> Table:
    table = Table(title="Accounts, without and with margins that move ahead [USD]", title_justify="left")
    table.add_column("account", overflow="fold")
    for heading in ("opened", "put in", "first sold", "of it", "kept", "unpaid"):
        table.add_column(f"{heading}\nwithout", justify="right", no_wrap=True)
        table.add_column("\nwith", justify="right", no_wrap=True)
    for name, *both in pair.rows():
        cells = [_cells(sale) for sale in both]
        table.add_row(name, *(cell for two in zip(*cells, strict=True) for cell in two))
    return table


def _cells(sale: Sale) -> tuple[str, ...]:
    when = "-" if sale.after is None else f"{sale.after:+.1f} h"
    part = "-" if sale.after is None else percent(sale.part)
    return usd(sale.opened), usd(sale.had), when, part, usd(sale.kept), usd(sale.unpaid)
