"""Write the worked examples of docs/option-examples.md with the exact model; `--check` only compares.

Without an option it prints them. `--charts` draws the pictures in docs/img, which `--check` leaves alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from documents import ROOT, Section, money, percent, run
from option_books import (
    BASIS_TRADE,
    BOX,
    BUTTERFLY,
    CALENDAR,
    COVERED_CALL,
    ETHER_ALONE,
    HEDGED_STRADDLE,
    NAKED_PUT,
    PROTECTIVE_PUT,
    REVERSALS,
    SHORTS,
    STRADDLE,
    SYNTHETIC,
    Book,
    Holding,
    mark,
    opened,
    venue,
)
from option_charts import Chart, draw
from option_losses import draw_losses
from option_tables import kept, result_of, shown
from worked_examples import ETH, PARAMS, usd

from crossmargin.model.arrays import TAIL_DOWN
from crossmargin.model.breakdown import UnderlyingMargin
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.scenarios import SCENARIOS
from crossmargin.model.units import PPM

SECTION: Final = Section("docs/option-examples.md", "tools/option_examples.py", "option examples")
MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
NOTIONAL: Final = usd(200_000)
"""Of 100 ETH."""
FALL: Final = percent(PARAMS.underlying(ETH).maintenance.derivative_shock, PPM, 0)
"""Ether's move of maintenance margin."""

CHARTS: Final = (
    Chart("option-hedges", "Hedges of ether", ((BASIS_TRADE, COVERED_CALL, PROTECTIVE_PUT),)),
    Chart("option-volatility", "Bought and sold volatility", ((STRADDLE, HEDGED_STRADDLE), (CALENDAR, NAKED_PUT))),
    Chart("option-bounded", "Books that cancel", ((SYNTHETIC, BOX, BUTTERFLY),)),
    Chart("option-relative-value", "Ether against bitcoin", ((SHORTS, REVERSALS),)),
)


COMPARED: Final = (
    BASIS_TRADE,
    COVERED_CALL,
    PROTECTIVE_PUT,
    STRADDLE,
    HEDGED_STRADDLE,
    CALENDAR,
    NAKED_PUT,
    SYNTHETIC,
    BOX,
    BUTTERFLY,
)


def terms(book: Book, which: RiskSet) -> UnderlyingMargin:
    """Give the terms of a book's first underlying."""
    return result_of(book, which).underlyings[0]


def loss(book: Book, which: RiskSet) -> str:
    """Give the greatest loss of a book's scenarios."""
    return money(-min(terms(book, which).scenarios))


def worth(book: Book, holding: Holding) -> int:
    """Give what a holding is worth at its mark [wad USD]."""
    return holding.size * mark(holding, venue(book))


# ------------------------------------------------------------------------------------------------- examples


def basis_trade() -> str:
    """Explain ether against its future."""
    here = terms(BASIS_TRADE, IM)
    return f"""Price moves cancel. R is the basis charge, {percent(here.basis, here.matched)} of one side in initial
    margin, and a little impact; the liquidity haircut of the ether comes on top. Derive offsets neither leg; it lists
    no futures, so its number is that of a perpetual."""


def calendar() -> str:
    """Explain two expiries against each other."""
    far = CALENDAR.holdings[1]
    return f"""The two calls move almost alike where both volatilities move. Where one moves alone, or in initial margin
    both against each other, they do not: {loss(CALENDAR, MM)} and {loss(CALENDAR, IM)}. The other two do not offset
    expiries and count nothing of the far call, worth {money(worth(CALENDAR, far))}."""


def covered_call() -> str:
    """Explain calls sold on collateral."""
    saved = money(kept(ETHER_ALONE, MM) - kept(COVERED_CALL, MM))
    return f"""The call pays for a part of the fall, but volatility going up takes most of that back: {saved} less is
    held back than of the ether alone, in maintenance margin. Deribit counts the coins in full."""


def protective_put() -> str:
    """Explain puts bought on collateral."""
    saved = kept(ETHER_ALONE, MM) + worth(PROTECTIVE_PUT, PROTECTIVE_PUT.holdings[-1]) - kept(PROTECTIVE_PUT, MM)
    return f"""Ether and puts together hold back {money(saved)} less than the ether alone and the whole of what the puts
    are worth, since these win where the ether loses. So far out of the money they do not win much of a fall by
    {FALL}."""


def straddle() -> str:
    """Explain volatility bought."""
    paid = money(sum(worth(STRADDLE, each) for each in STRADDLE.holdings))
    return f"""The worst is that nothing moves and volatility falls: {loss(STRADDLE, MM)} of the {paid} that the options
    are worth. Call and put end at one price, so that no basis is charged. The other two count nothing of options
    bought, so they take all of it."""


def butterfly() -> str:
    """Explain three strikes of one expiry."""
    paid = sum(worth(BUTTERFLY, each) for each in BUTTERFLY.holdings)
    above = venue(BUTTERFLY, 30)
    return f"""The book hardly moves: in maintenance margin scenarios ask for {money(terms(BUTTERFLY, MM).scenario)}. It
    can lose {money(paid)}, what it is worth, and no more, whatever happens until expiry: initial margin asks for no
    more than that, and neither does Derive. 30 % higher both sets ask for
    {money(margin(opened(BUTTERFLY), above, IM).underlyings[0].scenario)}."""


def hedged_straddle() -> str:
    """Explain volatility sold."""
    return f"""The perpetual takes the delta away; what is left is what a jump and more volatility cost together,
    {loss(HEDGED_STRADDLE, MM)} for a rise by {FALL}. Apart, call and put each pay for their own bad direction, in one
    account only for the worse."""


def naked_put() -> str:
    """Explain a put sold alone."""
    here = terms(NAKED_PUT, MM)
    places = [scenario.place for scenario in SCENARIOS[MM]]
    tail = money(-here.scenarios[places.index(TAIL_DOWN)])
    return f"""A fall by {FALL} with more volatility costs {loss(NAKED_PUT, MM)}. A tail, a fall by 20 % with 60 points
    more of volatility, asks for a tenth of the index at most, and in maintenance margin for a quarter of that, {tail}.
    In maintenance margin the other two ask 9 % and 7.5 % of the index at any strike, this model
    {percent(here.scenario, NOTIONAL)} of it here and more as the put comes into the money (see the chart)."""


def shorts() -> str:
    """Explain short options of opposite deltas."""
    return """Each of the two loses in its better direction as well once volatility goes up, so neither wins where the
    other loses: s is 0 and R the sum."""


def reversals() -> str:
    """Explain books of opposite deltas that win."""
    result = result_of(REVERSALS, MM)
    (group,) = result.groups
    least = money(min(abs(u.signed_scenario) for u in result.underlyings))
    return f"""One wins where the other loses, as perpetuals would, so in maintenance margin {money(group.offset)} of
    {money(group.scenario)} is offset: twice rho times {least}, the smaller of the two numbers s, each the least that a
    book wins in its good direction."""


def synthetic() -> str:
    """Explain parity."""
    here = terms(SYNTHETIC, IM)
    return f"""Call less put moves as the perpetual: the scenarios lose {loss(SYNTHETIC, MM)}, which is rounding and the
    gap of the call. Beside it R has the floor of the puts sold and the basis charge,
    {percent(here.basis, here.matched, 2)} of one side in initial margin: options end at the forward, which moves
    beside the index."""


def box() -> str:
    """Explain a payment that nothing moves."""
    value = money(sum(worth(BOX, each) for each in BOX.holdings))
    return f"""At expiry the box pays 400 a unit whatever happens: there is nothing to lose, and nothing is asked for.
    Derive asks for no cash and counts nothing of the {value} that the box is worth; here all of it counts, but for
    {money(kept(BOX, IM))}."""


EXAMPLES: Final[tuple[tuple[Book, Callable[[], str]], ...]] = (
    (BASIS_TRADE, basis_trade),
    (CALENDAR, calendar),
    (COVERED_CALL, covered_call),
    (PROTECTIVE_PUT, protective_put),
    (STRADDLE, straddle),
    (HEDGED_STRADDLE, hedged_straddle),
    (BUTTERFLY, butterfly),
    (NAKED_PUT, naked_put),
    (SHORTS, shorts),
    (REVERSALS, reversals),
    (SYNTHETIC, synthetic),
    (BOX, box),
)


def render() -> str:
    """Write all examples."""
    return "\n\n".join(shown(book, text()) for book, text in EXAMPLES)


def charts() -> None:
    """Draw all charts."""
    folder = ROOT / "docs" / "img"
    folder.mkdir(exist_ok=True)
    for chart in CHARTS:
        draw(chart, folder)
    draw_losses(COMPARED, folder)


if __name__ == "__main__":
    sys.exit(run(SECTION, __doc__, render, charts))
