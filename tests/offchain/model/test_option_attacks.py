"""Books of options that once lost more than they required, or whose requirement jumped.

Losses are by the venue's own marks, within the derivative shock of a set and at its volatilities; requirements are
whole, with basis charges, without impact.
"""

from dataclasses import dataclass, replace
from itertools import product

import pytest

from crossmargin.errors import SurfaceError
from crossmargin.model.account import Account, State
from crossmargin.model.instruments import Instrument, Kind, encode, strike_code
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg, Market
from crossmargin.model.prices import Multipliers, Price, PriceStatus
from crossmargin.model.refresh import Series, View, refreshed
from crossmargin.model.surface import PostedSlice, Slice, check_post
from crossmargin.model.units import PPM, WAD
from tests.helpers.classes import MAJORS, default_parameters
from tests.helpers.options import HOUR, MAX_TENOR, PARAMS
from tests.offchain.model.option_search import HOURS, INDEX, KEY, NOW, flat, shocked

MM, IM = RiskSet.MAINTENANCE, RiskSet.INITIAL
PERPETUAL = encode(Instrument(Kind.PERPETUAL, KEY))
WIDE = replace(PARAMS, max_carry=500_000)
"""Parameters with the carry that the shipped configuration allows."""
DAY, WEEK, MONTH, YEAR = 24, 24 * 7, 24 * 30, 24 * 360
GOAL = 1.001


@dataclass(frozen=True)
class Book:
    """Options of one expiry as (is put, strike [USD], contracts [wad]), and perpetuals [wad], entered at their marks.

    `expiry` is in hours from the first look, `multiplier` that of both sets.
    """

    slice: Slice
    expiry: int
    options: tuple[tuple[bool, float, int], ...]
    perpetuals: int = 0
    multiplier: float = 1.0

    def at(self, move: float = 0.0, factor: float = 1.0, later: int = 0) -> tuple[Account, State]:
        """Give the account, and the venue after a move of the index and of volatility, arrays refreshed."""
        index, now, expiry = round(INDEX * (1 + move)), NOW + later, NOW + self.expiry * HOUR
        smile = replace(self.slice, a=round(self.slice.a * factor**2), b=round(self.slice.b * factor**2))
        shocks = (MAJORS.maintenance.derivative_shock, MAJORS.initial.derivative_shock)
        view = View(index, PriceStatus.VALID, PostedSlice(smile, expiry, now), WIDE, *shocks, now)
        legs, arrays = [Leg(PERPETUAL, self.perpetuals, 0)], {}
        for is_put, strike, size in self.options:
            terms = Instrument(
                Kind.PUT if is_put else Kind.CALL, KEY, HOURS + self.expiry, strike_code(round(strike * 10) * WAD // 10)
            )
            arrays[encode(terms)] = refreshed(Series(is_put, round(strike * 10) * WAD // 10, expiry), view)
            legs.append(Leg(encode(terms), size, 0))
        multiplier = round(self.multiplier * WAD)
        state = State(
            default_parameters({KEY: MAJORS}),
            {KEY: Price(index, index, index)},
            {leg.instrument: Market(leg.instrument) for leg in legs},
            {KEY: Multipliers(multiplier, multiplier)},
            now,
            arrays,
        )
        return Account(0, legs=tuple(legs)), state

    def required(self, which: RiskSet) -> int:
        """Give the requirement of a set [wad USD]."""
        return margin(*self.at(), which).requirement

    def lost(self, which: RiskSet) -> int:
        """Give the most that is lost at some prices and volatilities within the shocks of a set [wad USD]."""
        reach = (MAJORS.maintenance if which is MM else MAJORS.initial).derivative_shock / PPM * self.multiplier
        before = equity(*self.at())
        points = product((-1, -0.6, -0.3, 0, 0.3, 0.6, 1), (-1, -0.6, 0, 0.6, 1))
        return max(before - equity(*self.at(reach * move, shocked(self.expiry, which, part))) for move, part in points)

    def ratio(self, which: RiskSet) -> float:
        """Give what is lost beside what is required; the slice must be one that can be posted."""
        posted = PostedSlice(self.slice, NOW + self.expiry * HOUR, NOW)
        check_post(posted, (), WIDE, MAX_TENOR, MAJORS.maintenance.derivative_shock)
        return self.lost(which) / max(1, self.required(which))


def carried(percent: int, carry: int) -> Slice:
    """Give a flat slice with a carry [ppm a year]."""
    return replace(flat(percent), carry=carry)


FREE_SHORTS = {
    "20 %, carry -50 %": Book(carried(20, -500_000), YEAR, ((False, 1_753, WAD),), -WAD),
    "60 %, carry -50 %": Book(carried(60, -500_000), YEAR, ((False, 1_753, WAD),), -WAD),
    "20 %, carry -20 %": Book(carried(20, -200_000), YEAR, ((False, 1_901, WAD),), -WAD),
    "20 %, quarter, carry 50 %": Book(carried(20, 500_000), 24 * 90, ((True, 2_061, WAD),), WAD),
}


@pytest.mark.parametrize("which", RiskSet)
@pytest.mark.parametrize("name", FREE_SHORTS)
def test_a_perpetual_beside_an_option_of_carry_is_not_hedged_by_it(name, which):
    """Short a perpetual at 2,000, long a call of 1,753 whose forward is 1,014: worth nothing, delta a hundredth.

    At expiry the call would pay what the perpetual loses beyond 1,753. But the forward only says that the index is to
    come down to 1,014, and the index may rise first: counted as the most that both can lose, IM would be 0.36 USD
    where a rise by 9 % loses 180. The same with a put of 2,061 beside a long perpetual where carry is positive.
    """
    assert FREE_SHORTS[name].ratio(which) <= GOAL


NARROW = ((False, 1_990, -1_000 * WAD), (False, 2_000, 2_000 * WAD), (False, 2_010, -1_000 * WAD))


@pytest.mark.parametrize("multiplier", [1, 1.25, 1.75])
@pytest.mark.parametrize("hours", [24, MONTH])
def test_a_wei_does_not_multiply_what_is_required(hours, multiplier):
    """1,000 flies need 9,366; were one wei sold without a limit, it would be 27,054, and 327,054 in a crash (1.75).

    A slice of an auction takes `floor(size * fraction / WAD)` of each leg, so twice a leg is not the leg of twice its
    size: half of all fractions leave such a wei, with n flies of odd sizes all but one of 2^n.
    """
    book = Book(flat(60), hours, NARROW, multiplier=multiplier)
    low, middle, high = NARROW
    less = replace(book, options=(low, (*middle[:2], middle[2] - 1), high))
    assert less.required(MM) <= book.required(MM) * 1.01


STEEP = {
    "week, wings of 125 %": (
        Book(
            Slice(a=100_000, b=6_000_000, rho=-500_000, m=0, sigma=80_000),
            WEEK,
            ((True, 1_457.5, 1_072 * WAD), (True, 1_557.6, -2_800 * WAD), (True, 1_619.7, 1_728 * WAD)),
        ),
        IM,
    ),
    "two hours, wings of 500 %": (
        Book(
            Slice(a=5_620, b=292_594_511, rho=0, m=0, sigma=13_301),
            2,
            ((False, 2_122.9, 2_410 * WAD), (False, 2_187.2, -4_751 * WAD), (False, 2_253.4, 2_341 * WAD)),
        ),
        MM,
    ),
}


@pytest.mark.parametrize("name", STEEP)
def test_a_slice_that_has_butterflies_after_the_shock_is_not_posted(name):
    """Times the shock of volatility, such a slice gives strikes between others a negative density.

    A fly there is limited to its mark, and would be marked below zero after the shock.
    """
    book, which = STEEP[name]
    with pytest.raises(SurfaceError, match="butterfly"):
        book.ratio(which)


@pytest.mark.parametrize("which", RiskSet)
@pytest.mark.parametrize("is_put", [True, False])
def test_a_multiplier_covers_options_whose_forward_is_above_the_index(is_put, which):
    """A year, carry 50 %, at the forward: the delta rises from 0.7 to 1.4 of the index, and 1 is charged.

    Where 1 is charged it loses 1.10 times what IM requires, 1.05 times MM, at a multiplier of 1.75.
    """
    book = Book(carried(10, 500_000), YEAR, ((is_put, 2_986, -WAD),), multiplier=1.75)
    assert book.ratio(which) <= GOAL


def test_a_put_that_has_expired_protects_no_perpetual():
    """Long a perpetual and a put of 1,990, ten minutes past expiry, the average 2,005 and nobody has finished.

    The put pays nothing whatever comes. Were it a hedge, the book would require 10 in maintenance, and it loses 100 in
    a fall by 5 %.
    """
    book = Book(flat(60), 0, ((True, 1_990, WAD),), WAD)
    required = margin(*book.at(later=600), MM).requirement
    average = 2_005 * WAD
    account, state = book.at(-0.05, later=600)
    put = account.legs[1].instrument
    settled = replace(state, markets={**state.markets, put: Market(put, final_price=max(0, 1_990 * WAD - average))})
    lost = equity(*book.at(0.0, later=600)) - equity(account, settled)
    assert lost <= required


def test_a_future_that_has_expired_protects_no_perpetual():
    """Long a perpetual and short a future, ten minutes past expiry, the average 2,005 and nobody has finished.

    Were the future a hedge, the pair would require 60 in maintenance, the basis, and it loses 105 in a fall by 5 %.
    """
    future = encode(Instrument(Kind.FUTURE, KEY, HOURS))
    pair = Book(flat(60), 0, (), WAD)

    def at(move, **settled):
        account, state = pair.at(move, later=600)
        legs = (*account.legs, Leg(future, -WAD, 0))
        return replace(account, legs=legs), replace(state, markets={**state.markets, future: Market(future, **settled)})

    lost = equity(*at(0.0)) - equity(*at(-0.05, final_price=2_005 * WAD))
    assert lost == 105 * WAD
    assert lost <= margin(*at(0.0), MM).requirement


def test_options_that_have_expired_still_hedge_each_other():
    """A put of 2,020 bought and one of 2,010 sold, marked at 20 and 10: at any average they pay what they are worth.

    Nothing else may count on them, but the spread of them can lose 10, and asks for no more.
    """
    book = Book(flat(60), 0, ((True, 2_020, WAD), (True, 2_010, -WAD)))
    for which in RiskSet:
        assert 9 * WAD <= margin(*book.at(later=600), which).requirement <= 11 * WAD


WILD = ((True, 2_568, -6_283), (True, 200, 11_161), (False, 20_000, 314), (True, 20_000, 2_242))


def test_a_short_option_is_charged_for_what_is_concave_in_volatility():
    """At 900 % a month an option near the money grows ever less with volatility, and a short one loses between nodes.

    Sold against wings that bend the other way, it loses 40,746 at 792 %, where all nodes together ask for 1,000 and
    floors for 9,366. From a deviation to expiry of 1.5 on (a year at 150 %) nodes do not cover what lies between.
    """
    book = Book(flat(900), MONTH, tuple((is_put, strike, size * WAD) for is_put, strike, size in WILD))
    assert book.ratio(MM) <= GOAL


FAR = ((False, 2_800, 20_000), (True, 1_200, 200))
"""What is sold a day before expiry, and what is bought beside it for nothing: is put, strike, strike [USD]."""


@pytest.mark.parametrize("which", RiskSet)
@pytest.mark.parametrize(("is_put", "sold", "bought"), FAR)
def test_options_that_pay_nothing_take_no_charge_off(is_put, sold, bought, which):
    """A thousand sold require 18,000 at a far strike (MM 10,000), beside a thousand that are worth nothing too.

    Were they counted net, it would be 376 (MM 94), and of the puts 0.04 and 0.01. A rise by 40 % costs 35,080 with
    either, a fall by 40 % 15,034.
    """
    short = (is_put, sold, -1_000 * WAD)
    long = (is_put, bought, 1_000 * WAD)
    alone, together = (Book(flat(60), DAY, legs) for legs in ((short,), (short, long)))
    move = -0.4 if is_put else 0.4
    lost = [equity(*book.at()) - equity(*book.at(move)) for book in (alone, together)]
    assert lost[1] == pytest.approx(lost[0], rel=0.001), "what was bought protects nothing"
    assert together.required(which) >= 0.9 * alone.required(which)
