from dataclasses import dataclass, field, replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crossmargin.model.account import Account
from crossmargin.model.auction import (
    LEAST_PART,
    AuctionTerms,
    Clock,
    Rest,
    bundle_give_up,
    bundle_least,
    insolvent_payout,
    largest_fraction,
    leaving_charge,
    reserved_cash,
    reward,
    slice_payment,
    slice_payout,
    starter_pay,
    whole_price,
)
from crossmargin.model.breakdown import Doubt
from crossmargin.model.margin import equity, margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import Leg
from crossmargin.model.units import WAD, ceil_div, floor_div, trunc_div
from tests.offchain.model.books import default_params, dust, random_book, random_params, slack

MM = RiskSet.MAINTENANCE
TERMS = AuctionTerms(
    start_reward=5 * WAD // 100,
    knee_reward=25 * WAD // 100,
    fast=120,
    slow=7_200,
    target_buffer=50 * WAD // 100,
    small_account=WAD,
    length=7_200,
    insolvent_flat=50 * WAD,
)
END = TERMS.fast + TERMS.slow
DAY = 86_400

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


sick = rests.filter(lambda rest: rest.excess + rest.reserved < 0)


def test_reward_by_hand():
    """5 % of 1,200 at once, 15 % after a minute, 25 % after two; then to all that is held back, at most the value."""
    rest = Rest(value=usd(1_000), excess=usd(-600), requirement=usd(1_200))
    assert rest.held_back == usd(1_600)
    rewards = [reward(TERMS, rest, t) for t in (0, 60, 120, 120 + 1_800, END - 1, END, DAY)]
    assert rewards == [usd(60), usd(180), usd(300), usd(625), usd(1_000), usd(1_000), usd(1_000)]
    assert reward(TERMS, replace(rest, value=usd(100)), 60) == usd(100)
    assert usd(62) - 1_200 <= reward(TERMS, rest, 1) <= usd(62)
    assert [whole_price(TERMS, rest, t) for t in (0, END)] == [usd(940), 0]


@given(sick, elapsed, elapsed)
def test_reward_only_rises_and_is_at_most_the_value(rest, first, second):
    """INV-18: waiting never makes a slice dearer, and nobody is paid more than there is."""
    early, late = sorted((first, second))
    assert 0 <= reward(TERMS, rest, early) <= reward(TERMS, rest, late) <= rest.value


@given(sick, elapsed)
def test_reward_does_not_jump(rest, after):
    """In a second it rises by what a curve from 5 % to 25 % in 120 s, then to all in 7,200 s, allows."""
    step = reward(TERMS, rest, after + 1) - reward(TERMS, rest, after)
    most = max(rest.requirement // 600, (rest.held_back - rest.requirement // 4) // 7_200)
    assert 0 <= step <= most + 2


@given(rests)
def test_reward_is_the_requirements_part_where_nothing_else_is_held_back(rest):
    """Without spot: `min(V', g R)` with g 5 %, 25 % after 120 s, 100 % after 7,200 s more."""
    perpetual = replace(rest, excess=rest.value - rest.requirement)
    for after, percent in ((0, 5), (60, 15), (120, 25), (120 + 3_600, 62.5), (END, 100)):
        exact = min(rest.value, rest.requirement * int(percent * 10) // 1_000)
        assert abs(reward(TERMS, perpetual, after) - exact) <= 1


@given(sick)
def test_reward_of_all_means_all_for_nothing(rest):
    """In the end w is V' whatever the margin consists of; then the price is 0 and the whole may go."""
    whole = replace(rest, excess=rest.excess + rest.reserved, reserved=0)
    assert reward(TERMS, whole, END) == whole.value
    assert whole_price(TERMS, whole, END) == 0
    assert largest_fraction(TERMS, whole, 0) == WAD


@given(st.integers(20, 10**28), st.integers(1, 100), elapsed)
def test_an_account_worth_less_than_the_reward_goes_whole_for_nothing(requirement, percent, after):
    """Also in an auction's first second: w is V', f is 1, the price is 0."""
    value = max(1, floor_div(TERMS.start_reward * requirement, WAD) * percent // 100)
    poor = Rest(value, value - requirement, requirement)
    assert reward(TERMS, poor, after) == value
    assert whole_price(TERMS, poor, after) == 0
    assert largest_fraction(TERMS, poor, 0) == WAD


@given(fractions, sick, elapsed)
def test_payment_is_never_above_the_mark(fraction, rest, after):
    """Rounded up, yet at most the slice's own value rounded up; never below the exact price of it."""
    price = whole_price(TERMS, rest, after)
    payment = slice_payment(fraction, price)
    assert payment <= ceil_div(fraction * rest.value, WAD)
    assert payment * WAD >= fraction * price


def test_largest_fraction_by_hand():
    """Worth 1,000, needing 1,200, target 600: at a price of 900 a slice restores with 800 of 1,700."""
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert largest_fraction(TERMS, rest, usd(900)) == ceil_div(800 * WAD, 1_700)
    assert largest_fraction(TERMS, rest, 0) == WAD
    assert largest_fraction(TERMS, replace(rest, reserved=usd(150)), usd(900)) == ceil_div(650 * WAD, 1_700)
    assert largest_fraction(TERMS, replace(rest, reserved=usd(800)), usd(900)) == 0


def test_small_account_goes_whole_unless_restored():
    """At the limit all of it, one wei above a part; restored is restored."""
    terms = replace(TERMS, small_account=usd(1_000))
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert largest_fraction(terms, rest, usd(900)) == WAD
    assert largest_fraction(terms, replace(rest, value=usd(1_000) + 1), usd(900)) < WAD
    assert largest_fraction(terms, replace(rest, reserved=usd(800)), usd(900)) == 0


def test_neither_dust_is_sold_nor_dust_left():
    """An account short by a wei sells a hundredth, one of which a thousandth would be left goes whole."""
    short = Rest(value=usd(1_000), excess=-1, requirement=0)
    assert largest_fraction(TERMS, short, usd(1_000)) == LEAST_PART
    nearly = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert largest_fraction(TERMS, nearly, usd(9)) == ceil_div(800 * WAD, 809)
    assert largest_fraction(TERMS, nearly, usd(8)) == WAD


@given(sick, elapsed)
def test_largest_fraction_is_the_least_that_restores(rest, after):
    """With everything scaling, f reaches the target to rounding, and one step less falls short of it."""
    price = whole_price(TERMS, rest, after)
    fraction = largest_fraction(TERMS, rest, price)
    target = floor_div(TERMS.target_buffer * rest.requirement, WAD)

    def missing(part):
        return (WAD - part) * (target - rest.excess) - rest.reserved * WAD - part * price

    assert LEAST_PART <= fraction <= WAD
    assert missing(fraction) <= 0
    assert fraction in {LEAST_PART, WAD} or missing(fraction - 1) > 0


@given(sick, st.integers(0, 7_000))
def test_the_largest_bid_always_helps(rest, after):
    """INV-16: it closes the account, or lifts the excess by far more than moving a slice can round.

    Until shortly before the price is nothing: then the whole goes.
    """
    rest = replace(rest, value=rest.value + TERMS.small_account)
    price = whole_price(TERMS, rest, after)
    fraction = largest_fraction(TERMS, rest, price)
    assert fraction == WAD or fraction * (price - rest.excess) // WAD > 10**14


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
    price = whole_price(TERMS, rest, after)
    fraction = largest_fraction(TERMS, rest, price)
    rounding = slack(before) + dust(book)

    whole = after_bid(book.account, fraction, slice_payment(fraction, price), reserved)
    result = margin(whole, book.state, MM)
    assert result.excess >= floor_div(TERMS.target_buffer * result.requirement, WAD) - rounding

    half = after_bid(book.account, fraction // 2, slice_payment(fraction // 2, price), reserved)
    assert margin(half, book.state, MM).excess >= before.excess - rounding


def test_insolvent_payout_by_hand():
    """From a shortfall of 300 up by the requirement of 1,200 over two hours; a third pays a third."""
    rest = Rest(value=usd(-300), excess=usd(-1_500), requirement=usd(1_200))
    assert [insolvent_payout(TERMS, rest, t) for t in (0, 3_600, 7_200, 9_999)] == [
        usd(300),
        usd(900),
        usd(1_500),
        usd(1_500),
    ]
    assert slice_payout(WAD // 3, usd(300)) == 99_999_999_999_999_999_900


def test_debt_without_requirement_pays_a_flat_sum():
    """Row R: a debt of 300 whose legs are gone brings 50 more in the end; one of 3 brings 3, or dust would pay."""
    rest = Rest(value=usd(-300), excess=usd(-300), requirement=0)
    assert [insolvent_payout(TERMS, rest, t) for t in (0, 3_600, 7_200)] == [usd(300), usd(325), usd(350)]
    assert insolvent_payout(TERMS, replace(rest, value=usd(-3), excess=usd(-3)), 7_200) == usd(6)
    assert insolvent_payout(TERMS, replace(rest, requirement=usd(60)), 7_200) == usd(360)


@given(st.lists(fractions, max_size=10), money, money, elapsed)
def test_slices_never_pay_more_than_the_whole(parts, shortfall, requirement, after):
    """Parts that sum to at most 1 cost the fund at most the whole, which covers at least the shortfall."""
    total = max(WAD, sum(parts))
    shares = [part * WAD // total for part in parts]
    payout = insolvent_payout(TERMS, Rest(-shortfall, -shortfall - requirement, requirement), after)
    assert shortfall <= payout <= shortfall + max(requirement, min(shortfall, TERMS.insolvent_flat))
    assert sum(slice_payout(share, payout) for share in shares) <= payout


def test_bundle_by_hand():
    """Lifting the excess by 120 where all earns 100: a slice would give up 10 for that, a bundle 9.5."""
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert bundle_give_up(TERMS, rest, usd(120), usd(100)) == 95 * WAD // 10
    assert bundle_give_up(TERMS, rest, usd(120), 0) == 0
    assert bundle_give_up(TERMS, rest, 0, usd(100)) == 0
    assert bundle_give_up(TERMS, rest, -1, usd(100)) == 0


def test_bundle_brings_a_hundredth_of_what_is_missing():
    """Row D: 800 are missing to the target, with 100 reserved 700; dust is no bundle."""
    rest = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
    assert bundle_least(TERMS, rest) == usd(8)
    assert bundle_least(TERMS, replace(rest, reserved=usd(100))) == usd(7)
    assert bundle_least(TERMS, replace(rest, excess=-1, requirement=0)) == 1


@given(sick, money, elapsed)
def test_bundle_beats_a_slice_for_value_given_up(rest, benefit, after):
    """(benefit - g)/g exceeds what a slice lifts the excess by over what it gives up, cross-multiplied."""
    whole = reward(TERMS, rest, after)
    given_up = bundle_give_up(TERMS, rest, benefit, whole)
    lift = rest.value - whole - rest.excess
    assert 0 <= given_up < benefit
    assert given_up == 0 or (benefit - given_up) * whole > given_up * lift


def test_starter_pay_by_hand():
    """5 flat and 1 % of the shortfall, at most 50, at most 1 % of the value, nothing of an insolvent account."""

    def pay(shortfall, value):
        return starter_pay(usd(5), WAD // 100, usd(50), usd(shortfall), usd(value))

    assert pay(1_000, 10_000) == usd(15)
    assert pay(100_000, 10_000) == usd(50)
    assert pay(1_000, 600) == usd(6)
    assert pay(1_000, -600) == 0


SOUND = Rest(value=usd(2_000), excess=usd(100), requirement=usd(1_200))
SICK = Rest(value=usd(1_000), excess=usd(-200), requirement=usd(1_200))
BROKE = Rest(value=usd(-1), excess=usd(-1_201), requirement=usd(1_200))


def test_clocks_resume_over_repeated_crossings():
    """Neither phase starts anew, and neither gets the other's time."""
    clock, now = Clock(seen_at=0), 0
    for crossing in range(1, 6):
        clock, running = clock.look(now + 100, BROKE)
        assert (running, clock.insolvent, clock.elapsed) == (True, True, 30 * (crossing - 1))
        clock, running = clock.look(now + 130, SICK)
        assert (running, clock.insolvent, clock.elapsed) == (True, False, 100 * crossing)
        now += 130
    assert (clock.solvent_time, clock.insolvent_time) == (500, 150)


def test_a_halt_stops_the_clock_and_it_goes_on():
    """What was counted until somebody saw the halt is kept; until somebody saw its end nothing is added."""
    clock, running = Clock(seen_at=0).look(100, BROKE, doubt=Doubt.HALTED)
    assert (running, clock.stopped, clock.insolvent, clock.elapsed) == (False, True, False, 100)
    clock, running = clock.look(700, SICK, doubt=Doubt.HALTED)
    assert (running, clock.elapsed) == (False, 100)
    clock, running = clock.look(1_000, SICK)
    assert (running, clock.elapsed) == (True, 100)
    assert clock.look(1_050, SICK)[0].elapsed == 150


def test_a_healthy_account_has_no_auction_time():
    """A flicker of the price around a health factor of 1 neither resets the clock nor lets it run."""
    clock, running = Clock(seen_at=0).look(60, SOUND)
    assert (running, clock.elapsed) == (False, 60)
    clock, running = clock.look(1_060, SICK)
    assert (running, clock.elapsed) == (True, 60)
    assert clock.look(1_070, SOUND)[0].look(9_000, SICK)[0].look(9_001, SICK)[0].elapsed == 71


def test_the_clock_of_a_bankrupt_in_doubt_crawls():
    """Once it is six minutes old two hours are a week; a solvent account is not held up.

    What began so counts nothing once the doubt has ended, nor in a halt.
    """
    clock, running = Clock(seen_at=0).look(100, BROKE, doubt=Doubt.LARGE)
    for later in (0, 10, 359, 360):
        clock, running = clock.look(100 + later, BROKE, doubt=Doubt.LARGE)
        assert (running, clock.stopped, clock.elapsed) == (True, True, later)
    clock, _ = clock.look(460 + 8_483, BROKE, doubt=Doubt.LARGE)
    assert clock.elapsed == 460
    assert clock.look(20_000, BROKE, doubt=Doubt.HALTED)[0].elapsed == 460
    clock, running = clock.look(20_000, BROKE)
    assert (running, clock.stopped, clock.elapsed) == (True, False, 460)
    assert clock.look(20_100, BROKE)[0].elapsed == 560
    clock, running = Clock(seen_at=0).look(100, SICK, doubt=Doubt.LARGE)
    assert (running, clock.stopped, clock.elapsed) == (True, False, 100)


def test_looks_do_not_stop_a_crawl():
    """What is left of 84 seconds waits for the next look; once the doubt has ended it counts nothing."""
    clock, _ = Clock(seen_at=0, insolvent_time=360).look(0, BROKE, doubt=Doubt.LARGE)
    once, _ = clock.look(8_300, BROKE, doubt=Doubt.LARGE)
    for at in range(83, 8_301, 83):
        clock, _ = clock.look(at, BROKE, doubt=Doubt.LARGE)
        assert (clock.elapsed, clock.seen_at) == (360 + at // 84, at - at % 84)
    assert clock == once
    assert clock.look(8_400, BROKE)[0].elapsed == 458
    swung, _ = clock.look(8_300, SICK, doubt=Doubt.LARGE)
    assert swung.look(8_300, SICK)[0].elapsed == 0


@pytest.mark.parametrize("found", [Doubt.LARGE, Doubt.HALTED])
def test_the_first_six_minutes_of_a_bankrupt_count_whatever_is_found(found):
    """And no more of two hours, where it looked so at their beginning; of a solvent account none in a halt."""
    clock, _ = Clock(seen_at=0, insolvent=True).look(60, BROKE, doubt=found)
    assert (clock.stopped, clock.elapsed) == (True, 60)
    assert clock.look(100, BROKE, doubt=found)[0].elapsed == 100
    for doubt in (Doubt.SMALL, Doubt.HALTED):
        assert clock.look(7_260, BROKE, doubt=doubt)[0].elapsed == 360
    clock, _ = Clock(seen_at=0).look(60, SICK, doubt=Doubt.HALTED)
    assert clock.look(7_260, BROKE)[0].elapsed == 0
    assert clock.look(7_260, BROKE)[0].solvent_time == 60


@pytest.mark.parametrize(("age", "full"), [(0, 360), (200, 160), (240, 120), (500, 120)])
def test_time_that_nobody_looked_at_counts_two_minutes_where_it_ends_in_doubt(age, full):
    """Or what lacks to six minutes. The rest of it crawls: it may all have been in doubt.

    Of a phase that was solvent all counts in full.
    """
    clock, _ = Clock(seen_at=0, insolvent_time=age).look(0, BROKE)
    for at, counted in ((full, full), (full + 83, full), (full + 84, full + 1), (full + 84 * 60, full + 60)):
        assert clock.look(at, BROKE, doubt=Doubt.LARGE)[0].elapsed == age + counted
        assert clock.look(at, SICK, doubt=Doubt.LARGE)[0].insolvent_time == age + counted
        assert Clock(seen_at=0).look(at, BROKE, doubt=Doubt.LARGE)[0].solvent_time == at
        for doubt, found in ((Doubt.LARGE, counted), (Doubt.HALTED, full), (Doubt.SMALL, at)):
            assert clock.look(at, SOUND, doubt=doubt)[0].insolvent_time == age + found
            assert clock.look(at, BROKE, doubt=doubt)[0].insolvent_time == age + found
    assert clock.look(full - 1, BROKE, doubt=Doubt.LARGE)[0].elapsed == age + full - 1


def test_the_sequencers_floor_stops_the_clock_and_it_goes_on():
    """What was counted at the last look is kept; what lies between it and the floor is not added."""
    down = 2**256 - 1
    clock, running = Clock(seen_at=0).look(50, SICK)
    assert (running, clock.elapsed) == (True, 50)
    clock, running = clock.look(80, SICK, floor=down)
    assert (running, clock.elapsed) == (False, 50)
    clock, running = clock.look(1_000, SICK, floor=1_500)
    assert (running, clock.elapsed) == (False, 50)
    clock, running = clock.look(1_600, SICK, floor=1_500)
    assert (running, clock.elapsed) == (True, 150)
    assert Clock(seen_at=0).look(1_600, SICK, floor=1_500)[0].elapsed == 100


@st.composite
def looks(draw):
    """Draw what a series of looks finds: seconds later, the account, what is in doubt, the sequencer down until now."""
    rests = st.sampled_from([SOUND, SICK, BROKE])
    step = st.tuples(st.integers(0, DAY), rests, st.sampled_from(Doubt), st.booleans())
    return draw(st.lists(step, max_size=20))


@given(looks())
def test_auction_time_never_falls_and_is_never_counted_twice(series):
    """INV-18: each phase only gets older, and both together are no older than the auction."""
    clock, now = Clock(seen_at=0), 0
    for later, rest, doubt, down in series:
        now += later
        before, phase = clock, clock.insolvent
        clock, running = clock.look(now, rest, doubt=doubt, floor=now + 1 if down else 0)
        grown = clock.solvent_time - before.solvent_time, clock.insolvent_time - before.insolvent_time
        assert min(grown) >= 0
        assert grown[0 if phase else 1] == 0
        assert running is not (doubt is Doubt.HALTED or down or rest is SOUND)
    assert clock.solvent_time + clock.insolvent_time <= now


def test_reserved_cash_is_what_is_there():
    """Row Q: what a stranger's settling spent of it is no longer reserved."""
    assert [reserved_cash(usd(100), usd(cash)) for cash in (150, 100, 40, 0, -7)] == [
        usd(100),
        usd(100),
        usd(40),
        0,
        0,
    ]


@dataclass
class Circle:
    """An owner and a friend: a long in auction, what the friend took of it, and the money that they have outside."""

    price: int = usd(94)
    cash: int = usd(10_000)
    size: int = usd(1_000)
    basis: int = usd(100_000)
    reserved: int = 0
    outside: int = usd(100_000)
    friend_size: int = 0
    friend_basis: int = 0
    clock: Clock = field(default_factory=lambda: Clock(seen_at=0))
    now: int = 0
    insolvent_for: int = 0
    fund_paid: int = 0
    allowed: int = 0

    def wealth(self):
        """Value everything at the mark."""
        held = (self.size + self.friend_size) * self.price // WAD - self.basis - self.friend_basis
        return self.outside + self.cash + held

    def rest(self):
        """Give what is for sale, with 5 % of the notional required."""
        notional = self.size * self.price // WAD
        value = self.cash - self.reserved + notional - self.basis
        return Rest(value, value - notional // 20, notional // 20, self.reserved)

    def wait(self, seconds):
        """Let time go by, and count what of it the account was worth nothing."""
        self.now += seconds
        self.insolvent_for += seconds if self.rest().value <= 0 else 0

    def withdraw(self, amount):
        """Let a healthy owner end the auction, and take out what initial margin of 9 % of the notional leaves."""
        whole = self.rest()
        if whole.excess + whole.reserved < 0:
            return
        self.reserved, self.insolvent_for, self.clock = 0, 0, Clock(seen_at=self.now)
        free = whole.value + whole.reserved - self.size * self.price * 9 // 100 // WAD
        taken = max(0, min(amount, free, self.cash))
        self.cash, self.outside = self.cash - taken, self.outside + taken

    def bid(self, fraction):
        """Let the friend bid."""
        self.clock, running = self.clock.look(self.now, self.rest())
        if not running:
            return
        rest, payout = self.rest(), 0
        if self.clock.insolvent:
            payout = slice_payout(fraction, insolvent_payout(TERMS, rest, self.clock.elapsed))
            rise = max(rest.requirement, TERMS.insolvent_flat) * min(self.insolvent_for, TERMS.length) // TERMS.length
            self.allowed += fraction * rise // WAD + 1
            taken, paid = fraction, 0
        else:
            price = whole_price(TERMS, rest, self.clock.elapsed)
            taken = min(fraction, largest_fraction(TERMS, rest, price))
            paid = slice_payment(taken, price)
        cash = (self.cash - self.reserved) * taken // WAD
        size, basis = self.size * taken // WAD, self.basis * taken // WAD
        own = min(payout, self.reserved)
        self.size, self.basis = self.size - size, self.basis - basis
        self.friend_size, self.friend_basis = self.friend_size + size, self.friend_basis + basis
        self.cash, self.outside = self.cash - cash + paid - own, self.outside + cash - paid + payout
        self.reserved += paid - own
        self.fund_paid += payout - own


moves = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 2_000)),
    st.tuples(st.just("deposit"), st.integers(0, 3_000)),
    st.tuples(st.just("withdraw"), st.integers(0, 3_000)),
    st.tuples(st.just("price"), st.integers(86, 100)),
    st.tuples(st.just("bid"), st.integers(1, 100)),
)


@given(st.lists(moves, max_size=25))
def test_deposits_withdrawals_and_bids_on_oneself_never_gain(series):
    """Owner and friend gain what the fund pays, and it pays the shortfall and what time in insolvency has earned.

    A solvent bid, a deposit that lifts the account above zero, and a withdrawal once it is healthy only move money
    between the two; an auction that was ended leaves no time to the next. Somebody watches: a change of phase is poked.
    """
    circle = Circle()
    start, market, shortfalls = circle.wealth(), 0, 0
    for move, number in series:
        if move == "wait":
            circle.wait(number)
        elif move == "deposit":
            circle.cash, circle.outside = circle.cash + usd(number), circle.outside - usd(number)
        elif move == "withdraw":
            circle.withdraw(usd(number))
        elif move == "price":
            held = circle.size + circle.friend_size
            market += held * (usd(number) - circle.price) // WAD
            circle.price = usd(number)
        else:
            before = circle.rest().value
            paid = circle.fund_paid
            circle.bid(number * WAD // 100)
            shortfalls += -before * number // 100 if circle.fund_paid > paid else 0
        circle.clock, _ = circle.clock.look(circle.now, circle.rest())
    gain = circle.wealth() - start - market
    assert abs(gain - circle.fund_paid) <= 100
    assert circle.fund_paid <= shortfalls + circle.allowed + 100


def test_leaving_charge_by_hand():
    """Of 1,000 lent and a wei 100 are lost: 200 that leave take 22 and 2/9 with them, 500 at most their tenth."""
    gap, lent = usd(100), usd(1_000) + 1
    assert leaving_charge(usd(500), usd(300), gap, lent) == ceil_div(200 * 100 * WAD, 900)
    assert leaving_charge(usd(500), 0, gap, lent) == usd(50)
    assert leaving_charge(usd(500), usd(500), gap, lent) == 0
    assert leaving_charge(usd(500), usd(600), gap, lent) == 0
    # all that is lent is lost: whatever leaves, nothing of it is left
    assert leaving_charge(usd(500), usd(500) - 1, lent, lent) == usd(500)
    # in wei: 200 * 100 / 902 = 22.2 up, and at most 500 * 100 / 1001 = 49.96 up
    assert leaving_charge(500, 300, 100, 1_001) == 23
    assert leaving_charge(500, 0, 100, 1_001) == 50
    assert leaving_charge(500, 0, 0, 1) == 0


lent_cash = st.integers(0, 10**30)


@given(lent_cash, lent_cash, st.integers(0, 10**30), st.integers(0, 10**30))
def test_leaving_charge_is_a_part_of_what_was_lent(before, after, gap, beyond):
    """Never negative, nothing without a gap or where nothing leaves, at most the part of all that both had lent."""
    lent = gap + beyond + 1
    charge = leaving_charge(before, after, gap, lent)
    assert 0 <= charge <= ceil_div(before * gap, lent)
    assert charge == 0 or (gap > 0 and after < before)
    assert (charge > 0) == (gap > 0 and after < before)
    assert leaving_charge(before, after, 0, lent) == 0
