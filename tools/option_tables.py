"""The tables of docs/option-examples.md: what a book needs here, apart, and by public formulas."""

from __future__ import annotations

from typing import Final

from documents import example, markdown, money
from option_books import Book, Holding, mark, opened, venue
from public_margins import deribit, derive
from worked_examples import BTC, ETH, HOURS, held_back

from crossmargin.model.arrays import NOW, TAIL_DOWN, TAIL_UP
from crossmargin.model.breakdown import Margin, UnderlyingMargin
from crossmargin.model.instruments import Kind, strike_of
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.scenarios import SCENARIOS, Scenario
from crossmargin.model.units import WAD

MM: Final = RiskSet.MAINTENANCE
NAMES: Final = {ETH: "ETH", BTC: "BTC"}
KINDS: Final = {Kind.PERPETUAL: "perpetual", Kind.FUTURE: "future", Kind.CALL: "call", Kind.PUT: "put"}
VOLATILITIES: Final = ("vol up", "vol down", "")
STILL: Final = {TAIL_UP: "tail up", TAIL_DOWN: "tail down", NOW: "now"}
HEADINGS: Final = (
    *("set", "binds", "scenario", "short floor", "delta floor", "most lost", "unhedged", "basis", "impact", "depth"),
    *("R", "held back", "legs apart", "Derive", "Deribit"),
)


def result_of(book: Book, which: RiskSet) -> Margin:
    """Compute a book's margin."""
    return margin(opened(book), venue(book), which)


def kept(book: Book, which: RiskSet) -> int:
    """Give what a book needs by itself, as equity at mark [wad USD]."""
    return held_back(opened(book), result_of(book, which), venue(book))


def apart(book: Book, which: RiskSet) -> int:
    """Give what its legs need in accounts of their own [wad USD]."""
    return sum(kept(each, which) for each in book.apart())


def binds(under: UnderlyingMargin, which: RiskSet) -> str:
    """Name what decides the scenario term of an underlying."""
    if under.binding in STILL:
        return STILL[under.binding]
    if under.binding is not None:
        return _scenario(next(each for each in SCENARIOS[which] if each.place == under.binding))
    if not under.scenario:
        return "-"
    if under.scenario == under.limit:
        return "most lost"
    return "short floor" if under.short_floor >= under.delta_floor else "delta floor"


def _scenario(scenario: Scenario) -> str:
    """Name a move of the price and one of volatility."""
    step = scenario.place % 8
    volatility = "vol apart" if scenario.apart else VOLATILITIES[step if not scenario.direction else (step - 2) % 3]
    sign, shock = "-" if scenario.direction < 0 else "+", "x_M" if scenario.shock is MM else "x_I"
    return ", ".join(part for part in (f"{sign}{shock}" if scenario.direction else "", volatility) if part)


def row(book: Book, which: RiskSet) -> list[str]:
    """Draw one set of a book; with several underlyings terms are sums."""
    result = result_of(book, which)
    under = result.underlyings
    named = [f"{NAMES[u.underlying]} {binds(u, which)}" if len(under) > 1 else binds(u, which) for u in under]
    terms = (
        sum(g.scenario - g.offset for g in result.groups),
        sum(u.short_floor for u in under),
        sum(u.delta_floor for u in under),
        None if any(u.limit is None for u in under) else sum(u.limit or 0 for u in under),
        sum(u.unhedged for u in under),
        sum(u.basis for u in under),
        sum(u.impact for u in under),
        sum(u.depth for u in under),
        result.requirement,
        kept(book, which),
        apart(book, which),
        derive(book, venue(book), which),
    )
    theirs = deribit(book, venue(book), which)
    return [which.value, "; ".join(named), *map(shown_money, terms), shown_money(theirs)]


def shown_money(amount: int | None) -> str:
    """Write an amount; a dash where there is none."""
    return "-" if amount is None else money(amount)


def holdings(book: Book) -> str:
    """Say what a book holds, and the marks of its options."""
    text = "; ".join(_holding(book, each) for each in book.holdings)
    return f"{text[0].upper()}{text[1:]}."


def _holding(book: Book, holding: Holding) -> str:
    name, terms = NAMES[holding.underlying], holding.terms
    if terms is None:
        return f"{holding.size} {name} of collateral"
    side = "long" if holding.size > 0 else "short"
    text = f"{side} {abs(holding.size)} {name} {KINDS[terms.kind]}"
    if terms.kind is Kind.PERPETUAL:
        return text
    days = (terms.expiry_hours - HOURS) // 24
    if terms.kind is Kind.FUTURE:
        return f"{text} of {days} days"
    cents = (mark(holding, venue(book)) * 100 + WAD // 2) // WAD
    return f"{text}s {money(strike_of(terms.strike))} of {days} days at {cents // 100:,}.{cents % 100:02d}"


def shown(book: Book, text: str) -> str:
    """Write a book's example."""
    return example(book.title, holdings(book), markdown(HEADINGS, [row(book, which) for which in RiskSet], 2), text)
