"""What of an account is valued by something that is in doubt, and how far that may be wrong.

See "Doubt" in docs/margin-model.md. All amounts are wad USD.
"""

from collections.abc import Iterable
from typing import Final

from crossmargin.model.account import Account, State
from crossmargin.model.breakdown import LegMargin
from crossmargin.model.instruments import strike_of
from crossmargin.model.options import array_counts, option_mark
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, is_averaged
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD, Wad, ceil_div

__all__ = ["doubtful_leg", "doubtful_spot", "is_halted", "lost_at_worst"]

_HALTED_PART: Final = 100


def doubtful_spot(account: Account, state: State) -> Wad:
    """Give what collateral at prices that are not Valid is worth at mid."""
    spots = [(spot, state.price(spot.feed)) for spot in account.spots]
    return Wad(sum(spot.value(price.mid) for spot, price in spots if price.status is not PriceStatus.VALID))


def is_halted(account: Account, legs: Iterable[LegMargin], state: State) -> bool:
    """Tell whether Halted prices value more than a hundredth of all that an account holds."""
    weights = [(spot.value(state.price(spot.feed).mid), spot.feed) for spot in account.spots]
    weights += [(_weight(leg, state), state.market(leg.instrument).terms.underlying) for leg in legs]
    halted = sum(weight for weight, feed in weights if state.price(feed).status is PriceStatus.HALTED)
    return halted * _HALTED_PART > sum(weight for weight, _ in weights)


def _weight(leg: LegMargin, state: State) -> Wad:
    """Give what a leg weighs in an account: its notional, of an option times its delta."""
    return Wad(abs(leg.delta)) if state.market(leg.instrument).terms.kind.is_option else leg.notional


def doubtful_leg(leg: Leg, state: State, which: RiskSet, value: Wad) -> Wad:
    """Give what an open leg in doubt may be wrong by, up: worth and strikes of its contracts, and what they have won.

    It is 0 of a leg that is not in doubt; `value` is that of its contracts at the price of the set.
    """
    terms = state.market(leg.instrument).terms
    if not _is_doubtful(leg, state, which):
        return Wad(0)
    if not terms.kind.is_option:
        return Wad(ceil_div(abs(leg.size) * state.price(terms.underlying).mid, WAD) + abs(value))
    worth = ceil_div(abs(leg.size) * option_mark(leg, state, which), WAD)
    return Wad(worth + ceil_div(abs(leg.size) * strike_of(terms.strike), WAD) + abs(value))


def lost_at_worst(leg: Leg, state: State, which: RiskSet, doubtful: Wad, worth: Wad) -> Wad:
    """Give what initial margin asks of a leg beside its requirement while it is averaged: all that can be lost of it.

    That is what is in doubt, of a long leg what its contracts are worth. Who takes it must be able to lose it.
    """
    if not _is_averaged(leg, state, which):
        return Wad(0)
    return worth if leg.size > 0 else doubtful


def _is_averaged(leg: Leg, state: State, which: RiskSet) -> bool:
    return which is RiskSet.INITIAL and is_averaged(state.market(leg.instrument).terms, state.now)


def _is_doubtful(leg: Leg, state: State, which: RiskSet) -> bool:
    """Tell whether index, risk array, or in initial margin the final price that is being made are in doubt."""
    terms = state.market(leg.instrument).terms
    if state.price(terms.underlying).status is not PriceStatus.VALID:
        return True
    if terms.kind.is_option and not array_counts(leg.instrument, state):
        return True
    return _is_averaged(leg, state, which)
