"""What came of a run in five lines that anyone understands; the tables say it in detail."""

from typing import Final

from crossmargin.chain.times import span_text
from crossmargin.simulation.demo.layout import price_series
from crossmargin.simulation.demo.losses import borne_by
from crossmargin.simulation.demo.outcome import AccountOutcome, DemoRun
from crossmargin.simulation.stage.amounts import usd

__all__ = ["Line", "headline", "verdict"]

_MOST: Final = 3  # assets that are named
Line = tuple[str, str]
"""What it is about, what is to be said."""


def verdict(run: DemoRun) -> list[Line]:
    """Say what happened, who was liquidated, cross against isolated, bad debt, and whether the books add up."""
    return [
        ("What happened", _happened(run)),
        ("Liquidated", _liquidated(run)),
        ("Cross against isolated", _books(run)),
        ("Bad debt", _bad_debt(run)),
        ("Conservation", _conservation(run)),
    ]


def headline(run: DemoRun) -> str:
    """Put the verdict's numbers into one sentence."""
    sold = _sold(run)
    kept, had = sum(each.equity_after for each in sold), sum(each.equity_before for each in sold)
    debt = f"{usd(run.bad_debt())} USD" if run.losses else "none"
    return (
        f"{_moves(run)}: {len(sold)} of {len(run.accounts)} accounts were liquidated and kept {usd(kept)} of "
        f"{usd(had)} USD, to keepers they gave {usd(sum(run.given_up(each.name) for each in sold))}; bad debt: {debt}."
    )


def _moves(run: DemoRun) -> str:
    """Name the assets that moved most, furthest first: how far, and when."""
    found = []
    for line in price_series(run):
        changes = [(value or 0) - 100 for value in line.values]
        place = max(range(len(changes)), key=lambda index: abs(changes[index]))
        found.append((abs(changes[place]), line.label, changes[place], run.blocks[place].time - run.blocks[0].time))
    parts = [
        f"{asset} {'up' if change > 0 else 'down'} {size:.1f} % after {span_text(time)}"
        for size, asset, change, time in sorted(found, reverse=True)[:_MOST]
    ]
    return ", ".join(parts) or "no price moved"


def _happened(run: DemoRun) -> str:
    length = span_text(run.blocks[-1].time - run.blocks[0].time)
    rises = []
    for name, level in run.blocks[0].volatility.items():
        highest = max(block.volatility[name] for block in run.blocks)
        if highest > level:
            rises.append(f"{name.replace(':', ' ')} from {level / 10**6:.0f} to {highest / 10**6:.0f} %")
    volatility = f"; volatility of {', '.join(rises)}" if rises else ""
    return f"{_moves(run)}{volatility}. Played: {length} in {len(run.blocks)} blocks."


def _sold(run: DemoRun) -> list[AccountOutcome]:
    names = {auction.account for auction in run.auctions}
    return [account for account in run.accounts if account.name in names]


def _liquidated(run: DemoRun) -> str:
    sold = _sold(run)
    if not sold:
        return f"nobody: all {len(run.accounts)} accounts kept their positions."
    each = "; ".join(f"{one.name} {usd(one.equity_after)} of {usd(one.equity_before)}" for one in sold)
    cost, alone = sum(run.given_up(one.name) for one in sold), sum(one.hypothetical for one in sold)
    return (
        f"{len(sold)} of {len(run.accounts)} accounts. They kept, in USD: {each}. Of the rest {usd(cost)} went to "
        f"keepers; left alone, all of them together would have ended with {usd(alone)}."
    )


def _books(run: DemoRun) -> str:
    """Compare each book in one account with the same in several."""
    parts = []
    for book in dict.fromkeys(account.book for account in run.accounts if account.book):
        cross, isolated = (
            [each for each in run.accounts if each.book == book and each.held == held] for held in ("cross", "isolated")
        )
        if cross and isolated:
            parts.append(
                f"{book}, {usd(sum(each.equity_before for each in cross))} USD: in one account {_held(run, cross)}; "
                f"in {len(isolated)} accounts {_held(run, isolated)}."
            )
    return " ".join(parts) if parts else "no book is held in both ways here."


def _held(run: DemoRun, accounts: list[AccountOutcome]) -> str:
    names = {account.name for account in accounts}
    count = sum(auction.account in names for auction in run.auctions)
    kept = usd(sum(each.equity_after for each in accounts))
    return f"{count} auction{'s' * (count > 1)}, {kept} kept" if count else f"no auction, {kept} kept"


def _bad_debt(run: DemoRun) -> str:
    if not run.losses:
        return "none: no account lost more than it had, nobody else paid."
    who = "; ".join(dict.fromkeys(loss.account for loss in run.losses))
    return f"{usd(run.bad_debt())} USD, left by {who}. Borne {borne_by(run)}."


def _conservation(run: DemoRun) -> str:
    failed = [check.name for check in run.checks if not check.passed]
    if failed:
        return f"BROKEN: {len(failed)} of {len(run.checks)} checks failed: {', '.join(failed)}."
    return f"every token and every contract is accounted for, to the last unit: all {len(run.checks)} checks hold."
