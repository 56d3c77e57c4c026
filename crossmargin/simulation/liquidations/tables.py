"""The tables that a run ends with, on the terminal and as Markdown."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table

from crossmargin.simulation.liquidations.population import HEDGED, KINDS, OPTIONS, PERPETUAL
from crossmargin.simulation.liquidations.replay import Outcome
from crossmargin.simulation.liquidations.results import FORMER, VENUE, Cell, Choice, Results, columns, goals

__all__ = ["LEGEND", "Sheet", "markdown", "rendered", "sheets"]

LEGEND = "% insolvent of liquidated / bad debt, bp of notional / cost, % of equity; columns: latency s / price of risk"


@dataclass(frozen=True)
class Sheet:
    """A table: title, header, rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheets(results: Results, patience: float) -> Iterator[Sheet]:
    """Give rules on each family of books, the venue's rule by kind and by move, and the goals."""
    heads = tuple(columns(patience))
    for title, kinds in (("Perpetuals", (PERPETUAL,)), ("Hedged books", HEDGED), ("Option books", OPTIONS)):
        yield Sheet(f"{title}: rules", ("rule", *heads), tuple(_rules(results, heads, kinds)))
    yield Sheet("The venue's rule: kinds of books", ("kind", *heads), tuple(_kinds(results, heads)))
    yield Sheet("The venue's rule: perpetuals by asset", ("asset", *heads), tuple(_assets(results, heads)))
    yield Sheet("The venue's rule: perpetuals that went bankrupt", ("", *heads), tuple(_bankrupt(results, heads)))
    moves = ("move", "accounts", *(f"{rule}, {head}" for head in ("12 / 0", "60 / 0.5") for rule in (VENUE, FORMER)))
    yield Sheet("Perpetuals: moves", moves, tuple(_moves(results)))
    asked = tuple((each.name, each.asked, each.found, _met(met=each.met)) for each in goals(results))
    yield Sheet("Goals of the venue's rule", ("goal", "asked", "found", "met"), asked)


def rendered(tables: Iterable[Sheet], legend: str) -> RenderableType:
    """Draw tables for the terminal."""
    drawn = []
    for sheet in tables:
        table = Table(title=sheet.title, title_justify="left", caption_justify="left")
        for place, name in enumerate(sheet.header):
            table.add_column(name, justify="left" if place == 0 else "right")
        for row in sheet.rows:
            table.add_row(*row)
        drawn.append(table)
    return Group(*drawn, legend)


def markdown(title: str, tables: Iterable[Sheet], legend: str) -> str:
    """Write tables as Markdown."""
    lines = [f"# {title}", "", legend, ""]
    for sheet in tables:
        lines += [f"## {sheet.title}", "", _line(sheet.header), _line("---" for _ in sheet.header)]
        lines += [*(_line(row) for row in sheet.rows), ""]
    return "\n".join(lines)


def _rules(results: Results, heads: Iterable[str], kinds: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for rule in results.rules:
        cells = (results.cell(rule, head, _kind_in(kinds)) for head in heads)
        yield (rule, *(_said(cell) for cell in cells))


def _kinds(results: Results, heads: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for kind in KINDS:
        yield _counted(results, heads, kind, _kind_in((kind,)))


def _assets(results: Results, heads: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for asset in sorted(set(results.subjects(_asset)) - {""}):
        yield _counted(results, heads, asset, lambda each, asset=asset: _asset(each) == asset)  # type: ignore[misc]


def _asset(outcome: Outcome) -> str:
    """Give the asset of a perpetual, nothing for other books."""
    return outcome.subject.assets if outcome.subject.kind == PERPETUAL else ""


def _counted(results: Results, heads: Iterable[str], name: str, chosen: Choice) -> tuple[str, ...]:
    """Give the row of the venue's rule on chosen books, named with how many were liquidated."""
    cells = [results.cell(VENUE, head, chosen) for head in heads]
    count = max((cell.count for cell in cells if cell), default=0)
    return (f"{name} ({count})", *(_said(cell) for cell in cells))


def _bankrupt(results: Results, heads: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Tell for how many of those that were worth nothing others paid, and how long first bids took."""
    cells = [results.cell(VENUE, head, _kind_in((PERPETUAL,))) for head in heads]
    yield "worth nothing at some look, %", *("-" if each is None else f"{each.insolvent:.1f}" for each in cells)
    yield "others paid, %", *("-" if each is None else f"{each.lost:.1f}" for each in cells)
    yield "median time to the first bid, s", *("-" if each is None else f"{each.waited:.0f}" for each in cells)


def _moves(results: Results) -> Iterator[tuple[str, ...]]:
    for move in results.subjects(lambda each: each.subject.move):

        def chosen(each: Outcome, move: str = move) -> bool:
            return each.subject.kind == PERPETUAL and each.subject.move == move

        cells = [results.cell(rule, head, chosen) for head in ("12 / 0", "60 / 0.5") for rule in (VENUE, FORMER)]
        yield (move, str(cells[0].count if cells[0] else 0), *(_said(cell) for cell in cells))


def _kind_in(kinds: tuple[str, ...]) -> Callable[[Outcome], bool]:
    return lambda each: each.subject.kind in kinds


def _said(cell: Cell | None) -> str:
    return "-" if cell is None else f"{cell.insolvent:.1f} / {cell.unpaid:.0f} / {cell.cost:.1f}"


def _met(*, met: bool | None) -> str:
    return "nothing to say" if met is None else "yes" if met else "NO"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
