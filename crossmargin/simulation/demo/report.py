"""The tables that a run ends with."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crossmargin.chain.times import minute_text, span_text
from crossmargin.simulation.demo.losses import loss_lines
from crossmargin.simulation.demo.outcome import WAD, AccountOutcome, DemoRun, KeeperOutcome
from crossmargin.simulation.demo.verdict import verdict
from crossmargin.simulation.stage.amounts import health, percent, usd

__all__ = [
    "Rows",
    "about_rows",
    "account_rows",
    "book_rows",
    "is_numeric",
    "keeper_rows",
    "option_rows",
    "report",
    "series_rows",
    "verdict_text",
]

_TO_WAD: Final = 10**10

Rows = tuple[list[str], list[list[str]]]
"""A table: its header, its rows."""


def verdict_text(run: DemoRun) -> Text:
    """Write the verdict: what each line is about stands out."""
    failed = not run.passed
    parts: list[str | Text | tuple[str, str]] = []
    for about, text in verdict(run):
        style = "bold red" if failed and about == "Conservation" else "bold"
        parts += [(about, style), f": {text}\n"]
    return Text.assemble(*parts)


def about_rows(run: DemoRun) -> Rows:
    """Say who everyone is."""
    return ["account", "what it is"], [[account.name, account.about] for account in run.accounts]


def account_rows(run: DemoRun) -> Rows:
    """List every portfolio: before, lowest health, what was liquidated at which price by whom, after."""
    header = [
        "account",
        "equity before",
        "HF low",
        "liquidated",
        "price got",
        "who bid",
        "equity after",
        "bad debt",
        "end",
    ]
    rows = []
    for account in run.accounts:
        price = run.price_got(account.name)
        bids = run.bids_on(account.name)
        rows.append(
            [
                account.name,
                usd(account.equity_before),
                health(account.health_low),
                _sold(run, account),
                percent(price) if price is not None else ("paid to take" if any(b.payment < 0 for b in bids) else "-"),
                ", ".join(run.bidders(account.name)) or "-",
                usd(account.equity_after),
                usd(run.bad_debt(account.name)) if run.bad_debt(account.name) else "-",
                account.state,
            ]
        )
    return header, rows


def _sold(run: DemoRun, account: AccountOutcome) -> str:
    bundles = sum(bid.bundle for bid in run.bids_on(account.name))
    part = run.liquidated(account.name)
    parts = ([percent(part)] if part else []) + ([f"{bundles} bundle{'s' * (bundles > 1)}"] if bundles else [])
    return " + ".join(parts) or "-"


def book_rows(run: DemoRun) -> Rows:
    """Compare the same book held once in one account and once in isolated sub-accounts."""
    header = [
        "book",
        "held",
        "accounts",
        "equity before",
        "HF low",
        "auctions",
        "given to keepers",
        "bad debt",
        "equity after",
        "had nobody liquidated",
    ]
    rows = []
    for book in dict.fromkeys(account.book for account in run.accounts if account.book):
        for held in ("cross", "isolated"):
            members = [each for each in run.accounts if each.book == book and each.held == held]
            if members:
                rows.append([book, held, *_book(run, members)])
    return header, rows


def _book(run: DemoRun, members: list[AccountOutcome]) -> list[str]:
    names = {member.name for member in members}
    lows = [member.health_low for member in members if member.health_low is not None]
    return [
        str(len(members)),
        usd(sum(member.equity_before for member in members)),
        health(min(lows, default=None)),
        str(sum(auction.account in names for auction in run.auctions)),
        usd(sum(map(run.given_up, names))),
        usd(sum(map(run.bad_debt, names))) if any(map(run.bad_debt, names)) else "-",
        usd(sum(member.equity_after for member in members)),
        usd(sum(member.hypothetical for member in members)),
    ]


def keeper_rows(run: DemoRun) -> Rows:
    """List what each keeper did and took."""
    header = ["keeper", "starts", "bids", "reverted", "received", "paid", "for starts", "gas", "take", "own count"]
    rows = [
        [
            keeper.name,
            str(keeper.starts),
            str(keeper.bids),
            str(keeper.reverted),
            usd(keeper.received),
            usd(keeper.paid),
            usd(keeper.tips),
            usd(keeper.gas),
            usd(keeper.take),
            _own_count(keeper),
        ]
        for keeper in run.keepers
    ]
    return header, rows


def _own_count(keeper: KeeperOutcome) -> str:
    """Read what the keeper's journal says it took."""
    take = keeper.reported.get("take")
    net = take.get("net") if isinstance(take, dict) else None
    return usd(int(Decimal(str(net)) * WAD)) if net is not None else "-"


def option_rows(run: DemoRun) -> Rows:
    """Say of every account with options what it had to keep and which scenario asked it: first, at most, last."""
    header = ["account", "needs at first", "binding", "at most", "after", "binding then", "at the end", "binding now"]
    rows = []
    for name, first in run.blocks[0].options.items():
        most = max(run.blocks, key=lambda block: block.options[name].required)
        last = run.blocks[-1].options[name]
        rows.append(
            [
                name,
                usd(first.required),
                first.binding or "-",
                usd(most.options[name].required),
                span_text(most.time - run.blocks[0].time),
                most.options[name].binding or "-",
                usd(last.required),
                last.binding or "-",
            ]
        )
    return header, rows


def series_rows(run: DemoRun) -> Rows:
    """List every series of options: its mark, and the volatility at the money of its expiry."""
    header = [
        "option",
        "strike",
        "expires",
        "mark at first",
        "highest",
        "last",
        "vol at first",
        "vol highest",
        "vol last",
    ]
    rows = []
    for series in run.series:
        marks = [block.marks[series.name] for block in run.blocks]
        levels = [block.volatility[series.slice] for block in run.blocks]
        rows.append(
            [
                series.name,
                usd(series.strike),
                minute_text(series.expiry),
                *(usd(mark) for mark in (marks[0], max(marks), marks[-1])),
                *(percent(level * _TO_WAD) for level in (levels[0], max(levels), levels[-1])),
            ]
        )
    return header, rows


def report(run: DemoRun) -> RenderableType:
    """Put together everything a user sees at the end."""
    parts: list[RenderableType] = [
        verdict_text(run),
        _table("Accounts", account_rows(run)),
        _table("Who they are", about_rows(run)),
    ]
    books = book_rows(run)
    if books[1]:
        parts.append(_table("The same book, cross against isolated", books))
    if run.series:
        parts.append(_table("Accounts with options: maintenance, and the scenario that asks it", option_rows(run)))
        parts.append(_table("Options", series_rows(run)))
    parts.append(_table("Keepers", keeper_rows(run)))
    parts += [Text(line) for line in loss_lines(run)]
    for check in run.checks:
        mark = Text("ok    ", style="green") if check.passed else Text("FAILED", style="bold red")
        parts.append(Text.assemble(mark, " ", check.name, ": ", check.detail))
    return Group(*parts)


def _table(title: str, rows: Rows) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for index, name in enumerate(rows[0]):
        table.add_column(name, justify="right" if is_numeric(index, rows[1]) else "left", overflow="fold")
    for row in rows[1]:
        table.add_row(*map(Text, row))  # a name's brackets are no markup
    return table


def is_numeric(index: int, rows: Iterable[list[str]]) -> bool:
    """Say whether a column holds numbers: those are set to the right."""
    return all(row[index][:1].isdigit() or row[index][:1] in "->" for row in rows)
