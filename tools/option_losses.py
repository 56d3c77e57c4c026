"""What the books of docs/option-examples.md can lose within the shocks by full revaluation, beside what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from option_books import OPTIONS, VOLATILITY, Book, Holding, opened, venue
from worked_examples import ETH, PARAMS, STATE

from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.surface import tenor_scale
from crossmargin.model.units import PPM, WAD, Seconds

__all__ = ["draw_losses", "worst_loss"]

COLOURS: Final = {RiskSet.MAINTENANCE: ("#9cc3e0", "#2f7ebc"), RiskSet.INITIAL: ("#eab892", "#d1662a")}
"""Of the loss and of the requirement of a set."""
NAMES: Final = {RiskSet.MAINTENANCE: "MM", RiskSet.INITIAL: "IM"}
THOUSAND: Final = 1_000 * WAD
HEIGHT: Final = 0.2


def worst_loss(book: Book, which: RiskSet) -> int:
    """Give the most that a book loses at once [wad USD]: ether by up to the derivative shock of a set, in hundredths.

    At each price every expiry's volatility is where that expiry loses most, of now and the shock either way.
    """
    shock = PARAMS.underlying(ETH).of(which).derivative_shock * 100 // PPM
    return max(sum(_least(group, move, which) for group in _groups(book)) for move in range(-shock, shock + 1))


def _groups(book: Book) -> list[tuple[Holding, ...]]:
    """Part a book by expiry of its options; what else it holds is a part of its own."""
    ordered = sorted(book.holdings, key=_expiry)
    return [tuple(group) for _, group in groupby(ordered, key=_expiry)]


def _expiry(holding: Holding) -> int:
    terms = holding.terms
    return terms.expiry or 0 if terms is not None and terms.kind.is_option else 0


def _least(group: Sequence[Holding], move: int, which: RiskSet) -> int:
    """Give the most that some holdings of one expiry lose after a move [percent]; negative where they gain."""
    part = Book("", tuple(group))
    account, first = opened(part), venue(part)
    return max(equity(account, first) - equity(account, venue(part, move, at)) for at in _volatilities(group, which))


def _volatilities(group: Sequence[Holding], which: RiskSet) -> Iterator[int]:
    yield VOLATILITY
    if expiry := _expiry(group[0]):
        shock = OPTIONS.vol_shock_maintenance if which is RiskSet.MAINTENANCE else OPTIONS.vol_shock_initial
        factor = WAD + shock * tenor_scale(Seconds(expiry - STATE.now)) // PPM
        yield from (VOLATILITY * WAD // factor, VOLATILITY * factor // WAD)


def draw_losses(books: Sequence[Book], folder: Path, name: str = "option-losses") -> None:
    """Draw a pair of bars for each book and set: what it can lose, and what is asked for."""
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 8}):
        figure = Figure(figsize=(8.5, 0.62 * len(books) + 1.2), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        for row, (which, colours) in enumerate(COLOURS.items()):
            asked = [margin(opened(each), venue(each), which).requirement / THOUSAND for each in books]
            lost = [max(0, worst_loss(each, which)) / THOUSAND for each in books]
            for place, (values, colour, label) in enumerate(
                ((lost, colours[0], "greatest loss within the shocks of"), (asked, colours[1], "requirement of"))
            ):
                at = [book + HEIGHT * (2 * row + place - 1.5) for book in range(len(books))]
                axes.barh(at, values, HEIGHT, color=colour, label=f"{label} {NAMES[which]}")
        axes.set_yticks(range(len(books)), [each.title for each in books])
        axes.invert_yaxis()
        axes.set_xlabel("thousand USD")
        axes.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        figure.suptitle("What is asked for, and what can be lost", fontsize=11, fontweight="bold", x=0.01, ha="left")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
        figure.savefig(folder / f"{name}.svg", facecolor="white", metadata={"Date": None, "Creator": None})
