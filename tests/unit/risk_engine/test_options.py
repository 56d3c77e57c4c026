"""When a risk array counts as a price that is not Valid; numbers are in tests/property/test_margin.py."""

from dataclasses import replace

import pytest

from crossmargin.model.account import Account
from crossmargin.model.breakdown import Doubt
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.prices import Price, PriceStatus
from crossmargin.model.units import WAD
from tests.helpers.engine_probe import Case, expected_margin
from tests.helpers.worked_options import CALL, ETH, INDEX, MARK, NOW, PUT, STATE, leg, usd

AGE = 900
"""The oldest array that counts as Valid [s]."""
STEP = usd(INDEX) // 100
"""The furthest that the index may move from where it was at the refresh [wad USD]."""


@pytest.fixture
def account(params) -> Case:
    """Be long a call and short a put of 10,000 USD of cash, with arrays just made."""
    state = replace(STATE, params=params)
    return Case(Account(usd(10_000), (), (leg(CALL, 1, MARK // WAD), leg(PUT, -1, MARK // WAD))), state, ())


@pytest.fixture
def margins(node, ask):
    """Give both margins of a case at a time; they are the model's."""

    def read(case: Case, time: int = NOW):
        state = replace(case.state, now=time)
        with node.calls_at(time):
            answer = ask(case, "bothMargins", 1)
        for said, which in zip(answer, (RiskSet.INITIAL, RiskSet.MAINTENANCE), strict=True):
            assert said == tuple(expected_margin(case.account, state, which).values())
        return answer

    return read


def with_call(case: Case, **changes) -> Case:
    """Change the call's array."""
    arrays = {**case.state.arrays, CALL: replace(case.state.arrays[CALL], **changes)}
    return replace(case, state=replace(case.state, arrays=arrays))


def at(case: Case, mid: int) -> Case:
    """Move the index of ETH."""
    return replace(case, state=replace(case.state, prices={**case.state.prices, ETH: Price(mid, mid, mid)}))


def valid(answer) -> tuple[bool, bool]:
    """Give pricesValid of both sets."""
    assert not any(margin[8] == Doubt.HALTED for margin in answer), "an array never halts an account"
    return answer[0][7], answer[1][7]


def test_new_arrays_count_as_valid(margins, account):
    """Both legs, both sets."""
    assert valid(margins(account)) == (True, True)


@pytest.mark.parametrize(("age", "counts"), [(AGE, True), (AGE + 1, False)])
def test_arrays_count_until_they_are_too_old(margins, account, age, counts):
    """At the limit itself an array counts, a second later it does not; one old array of two is enough."""
    assert valid(margins(account, NOW + age)) == (counts, counts)
    one = with_call(account, time=NOW - age)
    assert valid(margins(one)) == (counts, counts)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("past", "counts"), [(0, True), (1, False)])
def test_arrays_count_until_the_index_has_left_them(margins, account, sign, past, counts):
    """A hundredth of ref up or down, and a wei more."""
    assert valid(margins(at(account, usd(INDEX) + sign * (STEP + past)))) == (counts, counts)


def test_array_that_was_not_valid_does_not_count(margins, account):
    """Whatever its age and index."""
    assert valid(margins(with_call(account, valid=False))) == (False, False)


def test_stale_array_costs_margin_only_past_the_grace(margins, account):
    """For ten minutes nothing is charged; from then on the requirement grows."""
    new, graced, aged = (margins(account, NOW + age) for age in (0, 600, 900))
    for now, later, last in zip(new, graced, aged, strict=True):
        # time to expiry has shrunk, and the basis charge with it
        assert later[4] <= now[4] < last[4]


def test_arrays_of_flat_and_settled_legs_are_not_read(margins, account):
    """A leg without size has no price left."""
    legs = (Leg(CALL, 0, 0, claims=5), leg(PUT, -1, MARK // WAD))
    flat = with_call(replace(account, account=replace(account.account, legs=legs)), valid=False)
    assert valid(margins(flat)) == (True, True)
    markets = {**account.state.markets, CALL: replace(account.state.markets[CALL], final_price=usd(700))}
    settled = replace(account, state=replace(account.state, markets=markets))
    assert valid(margins(with_call(settled, valid=False))) == (True, True)


@pytest.mark.parametrize(("size", "found"), [(5, Doubt.SMALL), (10, Doubt.LARGE), (-1, Doubt.LARGE)])
def test_bidders_mind_what_bought_options_are_worth_and_what_sold_ones_may_pay(margins, account, size, found):
    """Calls at a mark of two dollars, of an old array: five are worth ten, and a strike of 10,000 is not theirs."""
    owner = Account(usd(-1), (), (leg(CALL, size, 0),))
    cheap = with_call(replace(account, account=owner), time=NOW - AGE - 1, mark_mantissa=113_680)
    assert margins(cheap)[1][8] == found


def test_a_halt_of_what_is_worth_nothing_is_a_halt(margins, account):
    """Nothing can be lost of a bought call without a mark, but Halted prices value all that there is."""
    owner = Account(usd(-1), (), (leg(CALL, 1, 0),))
    halted = replace(account.state.prices[ETH], status=PriceStatus.HALTED)
    state = replace(account.state, prices={**account.state.prices, ETH: halted})
    nothing = with_call(replace(account, account=owner, state=state), mark_mantissa=0)
    assert [margin[8] for margin in margins(nothing)] == [Doubt.HALTED, Doubt.HALTED]


def test_gate_is_told_of_stale_arrays(node, ask, account):
    """What blocks new risk and withdrawals is the answer to the gate."""
    for case, counts in ((account, True), (with_call(account, time=NOW - AGE - 1), False)):
        with node.calls_at(NOW):
            told = ask(case, "initialMargin", 1)
            assert (told[7], told[9]) == (counts, False)
