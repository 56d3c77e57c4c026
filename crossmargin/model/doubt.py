"""What of an account is valued by something that is in doubt, and how far that may be wrong.

See "Doubt" in docs/margin-model.md. All amounts are wad USD.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from crossmargin.model.account import Account, State
from crossmargin.model.breakdown import Doubts, LegMargin
from crossmargin.model.instruments import strike_of
from crossmargin.model.options import array_counts
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, is_averaged
from crossmargin.model.prices import PriceStatus
from crossmargin.model.units import WAD, FeedId, Wad, ceil_div

__all__ = ["asked_at_worst", "doubtful_leg", "doubts_of"]

_HALTED_PART: Final = 100


def doubts_of(account: Account, legs: Sequence[LegMargin], state: State) -> Doubts:
    """Give what of an account is in doubt, once its legs are valued at the prices of a set."""
    spot = sum(each.value(state.price(each.feed).mid) for each in account.spots if _is_silent(each.feed, state))
    return Doubts(
        doubtful=Wad(spot + sum(leg.doubtful for leg in legs)),
        lost=Wad(spot + sum(leg.lost for leg in legs)),
        halted=_is_halted(account, legs, state),
    )


def _is_halted(account: Account, legs: Iterable[LegMargin], state: State) -> bool:
    """Tell whether Halted prices value more than a hundredth of all that an account holds."""
    weights = [(spot.value(state.price(spot.feed).mid), spot.feed) for spot in account.spots]
    weights += [(_weight(leg, state), state.market(leg.instrument).terms.underlying) for leg in legs]
    halted = sum(weight for weight, feed in weights if state.price(feed).status is PriceStatus.HALTED)
    return halted * _HALTED_PART > sum(weight for weight, _ in weights)


def _weight(leg: LegMargin, state: State) -> Wad:
    """Give what a leg weighs in an account: its notional, of an option times its delta."""
    return Wad(abs(leg.delta)) if state.market(leg.instrument).terms.kind.is_option else leg.notional


def doubtful_leg(leg: Leg, state: State, which: RiskSet, value: Wad, worth: Wad) -> tuple[Wad, Wad]:
    """Give what an open leg in doubt may be wrong by, and what can be lost of it, up.

    It may be wrong by worth and strikes of its contracts, and by what they have won. All that can be lost, of contracts
    bought what they are worth. At a Valid index what an average will pay is in doubt to initial margin alone; what can
    be lost of it keeps bidders of either set. `value` is that of its contracts at the price of the set, less what they
    cost, and `worth` without.
    """
    terms = state.market(leg.instrument).terms
    averaged = is_averaged(terms, state.now)
    doubted = _is_silent(terms.underlying, state) or (terms.kind.is_option and not array_counts(leg.instrument, state))
    if not (doubted or averaged):
        return Wad(0), Wad(0)
    strikes = ceil_div(abs(leg.size) * strike_of(terms.strike), WAD) if terms.kind.is_option else 0
    wrong = Wad(worth + strikes + abs(value))
    return wrong if doubted or which is RiskSet.INITIAL else Wad(0), worth if leg.size > 0 else wrong


def asked_at_worst(leg: Leg, state: State, which: RiskSet, lost: Wad) -> Wad:
    """Give what initial margin asks of a leg beside its requirement while it is averaged: all that can be lost of it.

    Who takes it must be able to lose it.
    """
    averaged = is_averaged(state.market(leg.instrument).terms, state.now)
    return lost if which is RiskSet.INITIAL and averaged else Wad(0)


def _is_silent(feed: FeedId, state: State) -> bool:
    return state.price(feed).status is not PriceStatus.VALID
