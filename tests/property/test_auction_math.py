"""The auction's library and the reference model answer alike, to the wei."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.auction import (
    AuctionTerms,
    Rest,
    bundle_give_up,
    bundle_least,
    insolvent_payout,
    largest_fraction,
    reserved_cash,
    reward,
    slice_payment,
    starter_pay,
)
from crossmargin.model.units import WAD

AMOUNTS = st.one_of(st.integers(0, 10**6), st.integers(0, 10**27))
TOLERANCE = 10**12


@st.composite
def terms(draw) -> tuple:
    """Parameters of an auction in the order of `AuctionParams`."""
    knee = draw(st.integers(0, WAD))
    return (
        draw(st.integers(0, knee)),
        knee,
        draw(st.integers(WAD // 100, WAD)),
        draw(st.integers(1, 604_800)),
        draw(st.integers(1, 604_800)),
        draw(AMOUNTS),
        draw(AMOUNTS),
        draw(st.integers(1, 604_800)),
        draw(st.integers(0, WAD - 1)),
        draw(st.integers(0, WAD // 10)),
        draw(AMOUNTS),
        draw(AMOUNTS),
        1,
    )


@st.composite
def cases(draw) -> tuple:
    """Draw an account below maintenance, its excess below its value by the requirement at least; a time; a bid."""
    value, requirement, reserved = draw(AMOUNTS) + 1, draw(AMOUNTS), draw(AMOUNTS)
    excess = min(value - requirement, -reserved) - draw(AMOUNTS) - 1
    return (
        (value, excess, requirement, reserved),
        draw(st.integers(0, 1_500_000)),
        draw(st.integers(0, WAD)),
        draw(st.integers(-(10**27), 10**27)),
        draw(AMOUNTS),
        draw(st.integers(-(10**27), 10**27)),
    )


@pytest.fixture(scope="module")
def probe(node, deployer):
    """Deploy the library behind a contract."""
    return node.deploy("AuctionMathProbe", sender=deployer)


def expected(p: tuple, case: tuple) -> tuple:
    """Compute what the model answers."""
    start, knee, buffer, fast, slow, small, flat, length, share, starter_share, starter_flat, cap, _ = p
    model = AuctionTerms(start, knee, fast, slow, buffer, small, length, flat, share)
    (value, excess, requirement, reserved), elapsed, fraction, benefit, shortfall, cash = case
    rest = Rest(value, excess, requirement, reserved)
    whole = reward(model, rest, elapsed)
    return (
        whole,
        slice_payment(fraction, value - whole),
        largest_fraction(model, rest, value - whole),
        bundle_give_up(model, rest, benefit, whole),
        bundle_least(model, rest),
        insolvent_payout(model, Rest(-shortfall, -shortfall, requirement), elapsed),
        reserved_cash(reserved, cash),
        fraction * cash // WAD,
        starter_pay(starter_flat, starter_share, cap, shortfall, value),
        benefit >= 0 and benefit + TOLERANCE >= buffer * requirement // WAD,
    )


@given(terms(), st.lists(cases(), min_size=1, max_size=40))
def test_auction_math_is_the_models(probe, p, many):
    """INV-17, INV-18: reward, payment, clamp, give-up, payout, starter's pay and restoration, with their roundings."""
    answers = [tuple(answer.values()) for answer in probe.answer(p, many)]

    assert answers == [expected(p, case) for case in many]
