from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from crossmargin.model.account import Account
from crossmargin.model.auction import (
    AuctionTerms,
    Rest,
    bundle_give_up,
    discount_price,
    insolvent_payout,
    largest_fraction,
    slice_payment,
    slice_payout,
    starter_pay,
)
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.units import WAD, ceil_div, floor_div, trunc_div
from tests.offchain.model.books import default_params, dust, random_book, random_params, slack

MM = RiskSet.MAINTENANCE
TERMS = AuctionTerms(
    start=98 * WAD // 100,
    floor_price=70 * WAD // 100,
    fast=600,
    slow=3_600,
    target_buffer=25 * WAD // 100,
    small_account=0,
    length=1_200,
)

fractions = st.integers(0, WAD)
money = st.integers(1, 10**28)
elapsed = st.integers(0, 10_000)


def usd(amount):
    """Give whole USD in wad."""
    return amount * WAD


rests = st.builds(
    lambda value, below, requirement, reserved: Rest(value, value - below - requirement, requirement, reserved),
    money,
    st.integers(0, 10**28),
    money,
    st.integers(0, 10**26),
)


def test_price_by_hand():
    """98 % at the start, 84 % half-way down the fast leg, 70 % at its end, 35 % half-way on, then nothing."""
    times = [0, 300, 600, 2_400, 4_199, 4_200, 10**9]
    percent = [98, 84, 70, 35]
    assert [discount_price(TERMS, t) for t in times[:4]] == [p * WAD // 100 for p in percent]
    assert discount_price(TERMS, 1) == 98 * WAD // 100 - 466_666_666_666_666
    assert discount_price(TERMS, 4_199) == 194_444_444_444_445
    assert [discount_price(TERMS, t) for t in times[5:]] == [0, 0]


@given(elapsed, elapsed)
def test_price_only_falls_and_never_exceeds_the_mark(first, second):
    """Waiting never makes a slice dearer."""
    early, late = sorted((first, second))
    assert WAD > discount_price(TERMS, early) >= discount_price(TERMS, late) >= 0


@given(fractions, money, elapsed)
def test_payment_is_never_above_the_mark(fraction, value, after):
    """Rounded up, yet at most the slice's own value rounded up; never below the exact price of it."""
    price = discount_price(TERMS, after)
    payment = slice_payment(fraction, value, price)
    assert payment <= ceil_div(fraction * value, WAD)
    assert payment * WAD * WAD >= fraction * value * price


def test_largest_fraction_by_hand():
    """Worth 1,000, needing 1,200, target 1,500: 0.9 of value paid restores with 500 of 1,400."""
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert largest_fraction(TERMS, rest, 9 * WAD // 10) == ceil_div(500 * WAD, 1_400)
    assert largest_fraction(TERMS, rest, 0) == WAD
    assert largest_fraction(TERMS, replace(rest, reserved=usd(150)), 9 * WAD // 10) == 350 * WAD // 1_400
    assert largest_fraction(TERMS, replace(rest, reserved=usd(500)), 9 * WAD // 10) == 0


def test_small_account_goes_whole_unless_restored():
    """At the limit all of it, one wei above a part; restored is restored."""
    terms = replace(TERMS, small_account=usd(1_000))
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert largest_fraction(terms, rest, 9 * WAD // 10) == WAD
    assert largest_fraction(terms, replace(rest, value=usd(1_000) + 1), 9 * WAD // 10) < WAD
    assert largest_fraction(terms, replace(rest, reserved=usd(500)), 9 * WAD // 10) == 0


@given(rests, elapsed)
def test_largest_fraction_is_the_least_that_restores(rest, after):
    """With everything scaling, f reaches the target to rounding, and a ppm less of value falls short of it."""
    price = discount_price(TERMS, after)
    fraction = largest_fraction(TERMS, rest, price)
    target = floor_div(TERMS.target_buffer * rest.requirement, WAD)

    def missing(part):
        return (WAD - part) * (target - rest.excess) - rest.reserved * WAD - part * floor_div(rest.value * price, WAD)

    assert 0 <= fraction <= WAD
    assert missing(fraction) <= 0
    assert fraction == 0 or missing(fraction - 1) > 0


def after_bid(account, fraction, paid, reserved):
    """Take a fraction of all but the reserved cash from an account, and pay for it."""
    kept = WAD - fraction
    return Account(
        floor_div((account.cash - reserved) * kept, WAD) + reserved + paid,
        tuple(replace(spot, amount=spot.amount * kept // WAD) for spot in account.spots),
        tuple(
            Leg(
                leg.instrument,
                trunc_div(leg.size * kept, WAD),
                ceil_div(leg.basis * kept, WAD),
                floor_div(leg.claims * kept, WAD),
                ceil_div(leg.debts * kept, WAD),
            )
            for leg in account.legs
        ),
    )


@st.composite
def sick_books(draw):
    """Draw an account below maintenance that is worth something, and cash reserved from earlier bids."""

    def pick(low, high):
        return draw(st.integers(low, high))

    params = draw(st.sampled_from([default_params, random_params]))(pick, pick(1, 3))
    assume(params is not None)
    book = random_book(pick, params)
    whole = margin(book.account, book.state, MM)
    cushion = equity(book.account, book.state) - whole.excess
    assume(cushion > 10**15)
    shortfall = cushion * pick(1, 99) // 100
    cash = book.account.cash - whole.excess - shortfall
    reserved = shortfall * pick(0, 50) // 100
    return replace(book, account=replace(book.account, cash=cash + reserved)), reserved


@given(sick_books(), elapsed)
def test_bids_restore_real_accounts(case, after):
    """After the largest bid the account's own margin meets the target; after half of it the account is better off."""
    book, reserved = case
    before = margin(book.account, book.state, MM)
    rest = Rest(equity(book.account, book.state) - reserved, before.excess - reserved, before.requirement, reserved)
    assert rest.value > 0
    price = discount_price(TERMS, after)
    fraction = largest_fraction(TERMS, rest, price)
    rounding = slack(before) + dust(book)

    whole = after_bid(book.account, fraction, slice_payment(fraction, rest.value, price), reserved)
    result = margin(whole, book.state, MM)
    assert result.excess >= floor_div(TERMS.target_buffer * result.requirement, WAD) - rounding

    half = after_bid(book.account, fraction // 2, slice_payment(fraction // 2, rest.value, price), reserved)
    assert margin(half, book.state, MM).excess >= before.excess - rounding


def test_insolvent_payout_by_hand():
    """From a shortfall of 300 up by the requirement of 1,200 over twenty minutes; a third pays a third."""
    rest = Rest(value=usd(-300), excess=usd(-1_500), requirement=usd(1_200))
    assert [insolvent_payout(TERMS, rest, t) for t in (0, 600, 1_200, 9_999)] == [
        usd(300),
        usd(900),
        usd(1_500),
        usd(1_500),
    ]
    assert slice_payout(WAD // 3, usd(300)) == 99_999_999_999_999_999_900


@given(st.lists(fractions, max_size=10), money, money, elapsed)
def test_slices_never_pay_more_than_the_whole(parts, shortfall, requirement, after):
    """Parts that sum to at most 1 cost the fund at most the whole, which covers at least the shortfall."""
    total = max(WAD, sum(parts))
    shares = [part * WAD // total for part in parts]
    payout = insolvent_payout(TERMS, Rest(-shortfall, -shortfall - requirement, requirement), after)
    assert shortfall <= payout <= shortfall + requirement
    assert sum(slice_payout(share, payout) for share in shares) <= payout


def test_bundle_by_hand():
    """Lifting the excess by 120 at 90 %: a slice would give up 12 * 1,000/1,200 = 10 for that, a bundle 9.5."""
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert bundle_give_up(TERMS, rest, usd(120), 9 * WAD // 10) == 95 * WAD // 10
    assert bundle_give_up(TERMS, rest, usd(120), WAD) == 0
    assert bundle_give_up(TERMS, rest, 0, 9 * WAD // 10) == 0
    assert bundle_give_up(TERMS, rest, -1, 9 * WAD // 10) == 0


@given(rests.filter(lambda rest: rest.excess < 0), money, elapsed)
def test_bundle_beats_a_slice_for_value_given_up(rest, benefit, after):
    """(benefit - g)/g exceeds what a slice lifts the excess by over what it gives up, cross-multiplied."""
    price = discount_price(TERMS, after)
    given_up = bundle_give_up(TERMS, rest, benefit, price)
    lift = rest.value * price - rest.excess * WAD
    cost = rest.value * (WAD - price)
    assert 0 <= given_up < benefit
    assert given_up == 0 or (benefit - given_up) * cost > given_up * lift


def test_starter_pay_by_hand():
    """5 flat and 1 % of the shortfall, at most 50, at most 1 % of the value, nothing of an insolvent account."""

    def pay(shortfall, value):
        return starter_pay(usd(5), WAD // 100, usd(50), usd(shortfall), usd(value))

    assert pay(1_000, 10_000) == usd(15)
    assert pay(100_000, 10_000) == usd(50)
    assert pay(1_000, 600) == usd(6)
    assert pay(1_000, -600) == 0
