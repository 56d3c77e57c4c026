"""Options of one expiry, which settle at one price: what they make in each scenario, and the most they can lose.

Formulas and roundings are those of "Options" in docs/margin-model.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crossmargin.model.account import State
from crossmargin.model.instruments import encode
from crossmargin.model.options import FINEST_UNIT, OptionLeg, option_leg
from crossmargin.model.parameters import RiskParams, RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.units import Seconds, Wad

__all__ = ["ExpiryBook", "by_expiry"]


@dataclass(frozen=True, slots=True)
class ExpiryBook:
    """The option legs of one underlying and expiry; at least one."""

    legs: tuple[OptionLeg, ...]

    @property
    def is_over(self) -> bool:
        """Tell whether the expiry has passed, so that the legs pay what an average says, and not the index."""
        return self.legs[0].is_over

    def worst(self, places: Iterable[int]) -> int:
        """Give the most that arrays say is lost at one of these places [10**-36 USD]."""
        return max(0, *(-self.node(place) for place in places))

    def node(self, place: int) -> int:
        """Give the profit that arrays say at one place, without charges [10**-36 USD], rounded down."""
        return sum(leg.finest(place) for leg in self.legs) >> FINEST_UNIT

    @property
    def charge(self) -> int:
        """Give what is taken off in every scenario [10**-36 USD]."""
        return sum(leg.charge for leg in self.legs)

    @property
    def delta(self) -> Wad:
        """Give the net notional that moves with the index, positive where a rise gains [wad USD]."""
        return Wad(sum(leg.delta_notional for leg in self.legs))

    def short_notional(self, *, calls: bool) -> Wad:
        """Give the notional of all short calls, or puts [wad USD]."""
        return Wad(sum(leg.notional for leg in self.legs if leg.size < 0 and leg.is_call is calls))

    @property
    def short(self) -> Wad:
        """Give the contracts that the least charge on what is sold counts, of calls and of puts [wad base].

        They are as many as the money ever has beyond those bought: of calls with strikes up to any one, of puts with
        strikes from it on. So what is bought covers what is sold further out, and never what is nearer.
        """
        total = 0
        for calls in (True, False):
            net = least = 0
            legs = [leg for leg in self.legs if leg.is_call is calls]
            for strike in sorted({leg.strike for leg in legs}, reverse=not calls):
                net += sum(leg.size for leg in legs if leg.strike == strike)
                least = min(least, net)
            total -= least
        return Wad(total)

    def delta_floor(self, shock: Wad, params: RiskParams) -> Wad:
        """Give the least that deltas are charged at a derivative shock [wad USD]."""
        return Wad(sum(leg.delta_floor(shock, params) for leg in self.legs))

    def spare(self, state: State, which: RiskSet) -> OptionLeg | None:
        """Give the calls sold beyond those bought, as calls of the highest strike sold; None where there are none."""
        net = sum(leg.size for leg in self.legs if leg.is_call)
        if net >= 0:
            return None
        top = max((leg for leg in self.legs if leg.is_call and leg.size < 0), key=lambda leg: leg.strike)
        return option_leg(Leg(encode(top.instrument), Wad(net), Wad(0)), state, which)

    def most_lost(self, spare: OptionLeg | None) -> int:
        """Give the most that marks can lose until expiry without `spare`, whatever the price then [10**-36 USD].

        The payoff bends at the strikes alone, and without the calls sold beyond those bought it has an end, so that it
        is least at a price of 0 or at a strike.
        """
        left = [(leg.size, leg) for leg in self.legs]
        if spare is not None:
            left.append((Wad(-spare.size), spare))
        now = sum(size * leg.mark for size, leg in left)
        paid = (
            sum(size * leg.instrument.payoff(Wad(price)) for size, leg in left)
            for price in (0, *(leg.strike for leg in self.legs))
        )
        return max(0, now - min(paid))


def by_expiry(legs: Sequence[OptionLeg]) -> tuple[ExpiryBook, ...]:
    """Sort legs into books of one expiry each, the first expiry first."""
    expiries: dict[Seconds, list[OptionLeg]] = {}
    for leg in legs:
        expiries.setdefault(leg.expiry, []).append(leg)
    return tuple(ExpiryBook(tuple(expiries[expiry])) for expiry in sorted(expiries))
