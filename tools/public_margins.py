"""What public venues' published formulas ask for a book, to compare with: Derive and Deribit, standard margin.

Their sources are named in docs/option-examples.md. An answer is the equity at mark that an account needs [wad USD]:
what the formula takes from the cash, and with it what the legs are worth, which the formulas leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from option_books import Book, Holding, mark

from crossmargin.model.account import State
from crossmargin.model.instruments import Kind, strike_of
from crossmargin.model.parameters import RiskSet
from crossmargin.model.units import PPM, FeedId

MM: Final = RiskSet.MAINTENANCE

# Derive, "Standard Margin Parameters", options on ETH and BTC, ether as collateral [ppm].
BASE_DISCOUNT: Final = {MM: 800_000, RiskSet.INITIAL: 800_000 * 937_500 // PPM}
PERP_REQ: Final = {MM: 65_000, RiskSet.INITIAL: 100_000}
SHORT_OPTION_IM_MAX: Final = 150_000
SHORT_OPTION_IM_MIN: Final = 130_000
SHORT_OPTION_MM: Final = 90_000
MTM_OFFSET: Final = 1_050_000
UNPAIRED_SCALE: Final = {MM: 1_100_000, RiskSet.INITIAL: 1_200_000}

# Deribit, options, BTC and ETH [ppm].
DERIBIT_IM_MAX: Final = 150_000
DERIBIT_IM_MIN: Final = 100_000
DERIBIT_MM: Final = 75_000


def derive(book: Book, state: State, which: RiskSet) -> int:
    """Give what Derive's standard manager asks; futures, which it does not list, as perpetuals."""
    needed = 0
    for holding in book.holdings:
        value = abs(holding.size) * mark(holding, state)
        if holding.terms is None:
            needed += value * (PPM - BASE_DISCOUNT[which]) // PPM
        elif not holding.terms.kind.is_option:
            needed += value * PERP_REQ[which] // PPM
    for options in _expiries(book):
        worth = sum(each.size * mark(each, state) for each in options)
        isolated = sum(_isolated(each, state, which) for each in options if each.size < 0)
        needed += worth + min(isolated, _worst_payoff(options, state, which))
    return needed


def deribit(book: Book, state: State, which: RiskSet) -> int | None:
    """Give what Deribit's standard margin asks of options, in an account kept in the coin; None of other books."""
    needed = 0
    for holding in book.holdings:
        if holding.terms is None:
            continue
        if not holding.terms.kind.is_option:
            return None
        if holding.size > 0:
            needed += holding.size * mark(holding, state)
        else:
            needed += -holding.size * (_deribit_short(holding, state, which) - mark(holding, state))
    return needed


def _expiries(book: Book) -> Iterator[list[Holding]]:
    options = [each for each in book.holdings if each.terms and each.terms.kind.is_option]
    keys = {(each.underlying, each.terms.expiry_hours) for each in options if each.terms}
    for key in sorted(keys):
        yield [each for each in options if each.terms and (each.underlying, each.terms.expiry_hours) == key]


def _strike(holding: Holding) -> int:
    return strike_of(holding.terms.strike) if holding.terms else 0


def _is_put(holding: Holding) -> bool:
    return holding.terms is not None and holding.terms.kind is Kind.PUT


def _spot_part(holding: Holding, state: State, most: int, least: int) -> int:
    """Give the part of the index that a short option is charged: less by what it is out of the money."""
    index = state.price(holding.underlying).mid
    away = index - _strike(holding) if _is_put(holding) else _strike(holding) - index
    return max(index * most // PPM - max(away, 0), index * least // PPM)


def _isolated(holding: Holding, state: State, which: RiskSet) -> int:
    """Give Derive's margin of a short option by itself, its mark included."""
    price, index = mark(holding, state), state.price(holding.underlying).mid
    maintenance = price + SHORT_OPTION_MM * (max(index, price) if _is_put(holding) else index) // PPM
    initial = price + _spot_part(holding, state, SHORT_OPTION_IM_MAX, SHORT_OPTION_IM_MIN)
    if _is_put(holding):
        initial = max(initial, maintenance * MTM_OFFSET // PPM)
    return -holding.size * (maintenance if which is MM else initial)


def _worst_payoff(options: Iterable[Holding], state: State, which: RiskSet) -> int:
    """Give the greatest loss of one expiry's options at zero or at a strike, and more for calls sold uncovered."""
    held = list(options)
    prices = [0, *(_strike(each) for each in held)]
    loss = max(0, *(-sum(each.size * _payoff(each, price) for each in held) for price in prices))
    uncovered = max(0, -sum(each.size for each in held if not _is_put(each)))
    return loss + uncovered * _index(held, state) * UNPAIRED_SCALE[which] // PPM


def _index(held: list[Holding], state: State) -> int:
    key: FeedId = held[0].underlying
    return state.price(key).mid


def _payoff(holding: Holding, price: int) -> int:
    return max(0, _strike(holding) - price if _is_put(holding) else price - _strike(holding))


def _deribit_short(holding: Holding, state: State, which: RiskSet) -> int:
    """Give Deribit's margin of one option sold, its mark included."""
    price, index = mark(holding, state), state.price(holding.underlying).mid
    maintenance = price + DERIBIT_MM * (max(index, price) if _is_put(holding) else index) // PPM
    if which is MM:
        return maintenance
    initial = price + _spot_part(holding, state, DERIBIT_IM_MAX, DERIBIT_IM_MIN)
    return max(initial, maintenance) if _is_put(holding) else initial
