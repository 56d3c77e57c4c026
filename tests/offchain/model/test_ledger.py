"""What happens to legs and losses of a market, by hand and for every case."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossmargin.model.ledger import (
    LEAST_SHARED_LOSS,
    NO_CLAIM,
    RAY,
    Claim,
    Losses,
    LossRecord,
    MarketLeg,
    borne,
    credited,
    filled,
    kept_entry,
    moved,
    offset,
    paid_claims,
    paid_debts,
    realised,
    shared,
    to_bear,
    units_of,
)
from crossmargin.model.margin import margin
from crossmargin.model.parameters import RiskSet
from crossmargin.model.positions import is_averaged
from crossmargin.model.units import WAD
from tests.offchain.model.books import default_params, random_book
from tests.offchain.model.market_legs import AMOUNTS, FRACTIONS, FUNDING, PRICES, SIZES, loss_records, market_legs

NO_ROOM_NEEDED = 2**200


def wad(amount):
    """Give a whole number in wad."""
    return amount * WAD


def long_of(size, entry, **changes):
    """Hold whole longs from a price at which the funding index was 0."""
    return replace(MarketLeg(wad(size), wad(size * entry), kept_entry(wad(entry), up=True)), **changes)


def worth(leg, price):
    """Give values, claims and debts of a leg at a price."""
    return leg.value(price) + leg.claims - leg.debts


# by hand


def test_closing_a_part_makes_a_claim_of_its_contracts():
    """Long 10 from 2,000: 4 closed at 2,100 are owed 400, and 6 stay at 12,000."""
    leg = filled(long_of(10, 2_000), wad(-4), wad(2_100), 0, wad(2_100))
    assert (leg.size, leg.basis, leg.entry) == (wad(6), wad(12_000), long_of(10, 2_000).entry)
    assert (leg.long, leg.short) == (Claim(wad(400), wad(4)), NO_CLAIM)


def test_closing_at_a_loss_makes_a_debt_without_contracts():
    """Long 10 from 2,000, all closed at 1,900: 1,000 owed by them."""
    leg = filled(long_of(10, 2_000), wad(-10), wad(1_900), 0, wad(1_900))
    assert (leg.size, leg.basis, leg.entry, leg.long) == (0, 0, 0, Claim(wad(-1_000)))


def test_a_fill_through_zero_closes_and_opens():
    """Long 1 from 2,000, 3 sold at 2,100: a claim of 100 for 1 closed long, short 2 from an index of 2,101."""
    leg = filled(long_of(1, 2_000), wad(-3), wad(2_100), 0, wad(2_101))
    assert (leg.size, leg.basis, leg.long) == (wad(-2), wad(-4_200), Claim(wad(100), wad(1)))
    assert leg.entry == kept_entry(wad(2_101), up=False)


@pytest.mark.parametrize(("size", "price", "entry"), [(1, 99, 99), (1, 101, 100), (-1, 101, 101), (-1, 99, 100)])
def test_the_entry_is_that_of_a_fill_better_than_the_index(size, price, entry):
    """What a fill is better than an index of 100 has been won at once; what it is worse has not."""
    leg = filled(MarketLeg(), wad(size), wad(price), 0, wad(100))
    assert leg.entry == kept_entry(wad(entry), up=size > 0)


@pytest.mark.parametrize(("made", "units"), [(100 * WAD, 10 * WAD), (20 * WAD, 10 * WAD), (2, 1), (1, 0), (-WAD, 0)])
def test_a_claim_is_of_contracts_that_have_won(made, units):
    """10 contracts at 100: a fiftieth of their price is 20, and two wei are of one wei's contracts."""
    assert units_of(made, wad(10), wad(100)) == units


def test_profit_at_a_price_of_nothing_is_of_all_contracts():
    """A short option that ends worthless has won all there is."""
    assert units_of(1, wad(10), 0) == wad(10)


def test_funding_is_part_of_what_is_made():
    """Long 10 from 2,000, closed there after a funding of 3 each: 30 owed."""
    assert filled(long_of(10, 2_000), wad(-10), wad(2_000), wad(3), wad(2_000)).long == Claim(wad(-30))


def test_entry_is_the_mean_index_of_what_is_open():
    """1 at an index of 2,000 and 3 at 2,400: 2,300, rounded up, whatever the prices of the fills."""
    leg = filled(long_of(1, 2_000), wad(3), wad(2_500), 0, wad(2_400))
    assert leg.basis == wad(9_500)
    assert wad(2_300) <= leg.entry < wad(2_300) + wad(2_300) // 2**25


def test_entry_keeps_27_bits():
    """2^27 + 1 is between two prices that fit: above for a long, below for a short."""
    assert (kept_entry(2**27 + 1, up=True), kept_entry(2**27 + 1, up=False)) == (2**27 + 2, 2**27)
    assert (kept_entry(2**28 - 1, up=True), kept_entry(2**27 - 1, up=True)) == (2**28, 2**27 - 1)


def test_a_claim_that_is_paid_in_part_gives_up_contracts_in_proportion():
    """100 paid of 400 for 4 contracts leave 300 for 3; the rest of a wei's contracts is rounded up."""
    leg = MarketLeg(long=Claim(wad(400), wad(4)))
    assert paid_claims(leg, wad(100)).long == Claim(wad(300), wad(3))
    assert paid_claims(MarketLeg(long=Claim(3, 2)), 1).long == Claim(2, 2)
    assert paid_claims(leg, wad(400)) == MarketLeg()


def test_profit_pays_debts_of_its_side_first():
    """A debt of 60 meets a profit of 100 on 10 contracts: 40 owed for 4."""
    assert credited(MarketLeg(long=Claim(wad(-60))), wad(100), wad(10), longs=True).long == Claim(wad(40), wad(4))


def test_claims_of_one_side_pay_debts_of_the_other():
    """Longs are owed 100 for 10, shorts owe 30: 70 for 7 are left."""
    leg = offset(MarketLeg(long=Claim(wad(100), wad(10)), short=Claim(wad(-30))))
    assert (leg.long, leg.short) == (Claim(wad(70), wad(7)), NO_CLAIM)


def test_a_loss_is_borne_by_contract():
    """A loss of 300 among 30 longs is 10 each: 100 of 10 open ones, 50 of a claim of 5 closed, nothing of a short."""
    losses = shared(Losses(), wad(300), wad(2_100), wad(2_090), wad(30), longs_pay=True)
    assert losses == Losses(wad(300), (LossRecord(10 * RAY, kept_entry(wad(2_100), up=False), wad(2_090), True),))
    leg, after = to_bear(long_of(10, 2_000, long=Claim(wad(400), wad(5))), losses)
    assert (leg.basis, leg.long, leg.epoch) == (wad(20_100), Claim(wad(350), wad(5)), 1)
    assert after.shortfall == wad(150)
    short, same = to_bear(MarketLeg(wad(-10), wad(-20_000), wad(2_000), short=Claim(wad(9), wad(1))), losses)
    assert (short.basis, short.short, same.shortfall) == (wad(-20_000), Claim(wad(9), wad(1)), wad(300))


def test_nobody_bears_more_than_was_won():
    """At 100 each: open longs from 2,080 have won 20 by 2,100, closed ones are owed 30 for 5 and end."""
    record = LossRecord(100 * RAY, wad(2_100), wad(2_100), True)
    leg, paid = borne(long_of(10, 2_080, long=Claim(wad(30), wad(5))), record, NO_ROOM_NEEDED)
    assert paid <= wad(230)
    assert wad(230) - paid < wad(20_800) // 2**26
    assert leg.long == NO_CLAIM
    short = MarketLeg(wad(-10), wad(-20_800), wad(2_080))
    assert borne(short, LossRecord(100 * RAY, wad(2_050), wad(2_050), False), NO_ROOM_NEEDED)[1] == wad(300)


def test_what_a_contract_is_owed_bears_though_it_won_nothing_since_its_entry():
    """A short of 1,500 has paid its loss up to 2,000: at 1,600 it is owed 400, and bears its 100 of them.

    At a funding index of 350, to be paid by it, it is owed 50. One that has paid nothing is owed nothing.
    """
    record = LossRecord(100 * RAY, wad(1_600), wad(1_600), False)
    paid_up = MarketLeg(wad(-10), wad(-20_000), kept_entry(wad(1_500), up=False))
    assert borne(paid_up, record, NO_ROOM_NEEDED) == (replace(paid_up, basis=wad(-19_000)), wad(1_000))
    assert borne(paid_up, replace(record, carry=wad(1_950)), NO_ROOM_NEEDED)[1] == wad(500)
    assert borne(replace(paid_up, basis=wad(-15_000)), record, NO_ROOM_NEEDED)[1] == 0
    twice = Losses(wad(9_000), (replace(record, per_unit=300 * RAY),) * 2)
    assert to_bear(paid_up, twice)[0].basis == wad(-16_000), "no more than it is owed by both together"


def test_what_was_won_is_borne_once():
    """Ten longs of 2,000, paid up to 2,100, have won 1,000: a loss in two records takes no more of them."""
    paid_up = MarketLeg(wad(10), wad(21_000), wad(2_000))
    record = LossRecord(100 * RAY, wad(2_100), wad(2_100), True)
    assert to_bear(paid_up, Losses(wad(9_000), (record, record)))[0].basis <= wad(22_000)


def test_no_more_is_taken_than_is_missing():
    """A room of 60 takes 60 of the 100 of open contracts and nothing of the claim."""
    record = LossRecord(10 * RAY, wad(2_100), wad(2_100), True)
    leg, paid = borne(long_of(10, 2_000, long=Claim(wad(400), wad(5))), record, wad(60))
    assert (paid, leg.basis, leg.long) == (wad(60), wad(20_060), Claim(wad(400), wad(5)))


def test_little_or_unborne_losses_are_shortfall():
    """Below a dollar, or without contracts, no record is made."""
    little = shared(Losses(), LEAST_SHARED_LOSS - 1, wad(1), wad(1), wad(1), longs_pay=True)
    assert little == Losses(LEAST_SHARED_LOSS - 1)
    assert shared(Losses(), wad(5), wad(1), wad(1), 0, longs_pay=False) == Losses(wad(5))


def test_a_leg_is_cut_toward_zero():
    """A third of 10, of a basis of 7 and of a claim of 5 for 2 wei."""
    left, part = moved(MarketLeg(10, 7, 4, 3, Claim(5, 2), Claim(-5)), MarketLeg(epoch=3), WAD // 3, 0, WAD)
    assert part == MarketLeg(3, 2, 4, 3, Claim(1, 0), Claim(-1))
    assert left == MarketLeg(7, 5, 4, 3, Claim(4, 2), Claim(-4))


def test_opposite_legs_close_each_other_when_one_takes_the_other_over():
    """Long 10 from 2,000 takes over short 4 from 2,200 at 2,100: claims of 400 each side, long 6."""
    other = MarketLeg(wad(-4), wad(-8_800), wad(2_200))
    rest, leg = moved(other, long_of(10, 2_000), WAD, wad(2_100), wad(2_100))
    assert rest == MarketLeg()
    assert (leg.size, leg.basis, leg.entry) == (wad(6), wad(12_000), long_of(10, 2_000).entry)
    assert (leg.long, leg.short) == (Claim(wad(400), wad(4)),) * 2


# for every case

steps = st.lists(
    st.one_of(
        st.tuples(st.just("fill"), st.integers(0, 3), st.integers(0, 3), st.integers(1, 10**24), PRICES),
        st.tuples(st.just("loss"), st.booleans(), st.integers(1, 10**24), PRICES),
        st.tuples(st.just("touch"), st.integers(0, 3)),
    ),
    max_size=24,
)


def contracts(legs, *, longs):
    """Count open and closed contracts of a side."""
    opened = sum(abs(leg.size) for leg in legs if leg.size and (leg.size > 0) == longs)
    return opened + sum(leg.claim_of(longs=longs).units for leg in legs)


class Sharing:
    """Four legs of one market that bear losses when they are touched, and again each at once."""

    def __init__(self):
        """Begin with nothing."""
        self.lazy, self.eager = [MarketLeg()] * 4, [MarketLeg()] * 4
        self.owed, self.paid = Losses(), Losses()
        self.taken = 0

    def touch(self, place):
        """Let one of the lazy legs bear what it has to."""
        self.lazy[place], self.owed = to_bear(self.lazy[place], self.owed)

    def loss(self, longs, amount, price):
        """Share a loss among the contracts as they are stored; nothing else is known of them."""
        bearers = contracts(self.lazy, longs=longs)
        self.owed = shared(self.owed, amount, price, price, bearers, longs_pay=longs)
        self.paid = replace(
            shared(self.paid, amount, price, price, bearers, longs_pay=longs), records=self.owed.records
        )
        self.taken += amount
        for place in range(4):
            self.eager[place], self.paid = to_bear(self.eager[place], self.paid)

    def fill(self, buyer, seller, size, price):
        """Trade between two of the legs."""
        for place, change in ((buyer, size), (seller, -size)):
            self.touch(place)
            self.lazy[place] = filled(self.lazy[place], change, price, 0, price)
            self.eager[place] = filled(self.eager[place], change, price, 0, price)


@given(steps)
def test_lazy_shares_equal_eager_ones(events):
    """INV-22: whoever bears losses when touched bears what all would at once, and no more than was lost."""
    sharing = Sharing()
    for kind, *arguments in events:
        if kind != "fill" or arguments[0] != arguments[1]:
            getattr(sharing, kind)(*arguments)
    for place in range(4):
        sharing.touch(place)
    assert sharing.lazy == sharing.eager
    assert sharing.owed.shortfall == sharing.paid.shortfall
    assert 0 <= sharing.owed.shortfall <= sharing.taken


@given(market_legs(), loss_records(), AMOUNTS)
def test_a_share_moves_from_the_leg_to_the_shortfall(leg, record, room):
    """INV-22: what is taken is what the leg is worth less, at most the room; the other side keeps all."""
    after, paid = borne(leg, record, room)
    assert worth(leg, 1) - worth(after, 1) == paid
    assert 0 <= paid <= room
    assert after.size == leg.size
    assert after.entry == kept_entry(after.entry, up=leg.size > 0)
    assert min(leg.entry, record.price) <= after.entry <= max(leg.entry, record.price)
    other = not record.longs_pay
    assert after.claim_of(longs=other) == leg.claim_of(longs=other)


@given(st.integers(1, 10**26), PRICES, st.booleans(), loss_records())
def test_contracts_opened_after_the_gap_bear_nothing(size, price, longs, record):
    """INV-37: filled at the index of the record, they have won nothing by it, whatever the entry's rounding."""
    leg = filled(MarketLeg(), size if longs else -size, price, 0, price)
    after, paid = borne(leg, LossRecord(record.per_unit, price, price, longs), NO_ROOM_NEEDED)
    assert (after, paid) == (leg, 0)


@given(
    st.integers(10**6, 10**26),
    st.integers(10**20, 10**24),
    st.integers(103, 300),
    st.integers(0, 100),
    st.integers(0, 3),
)
def test_equal_contracts_bear_equal_parts(size, price, percent, share, kept):
    """INV-37: open, closed with a claim, or closed but for some wei: each bears the same of a loss below its profit.

    A claim of less than a fiftieth of the price is of fewer contracts.
    """
    later = price * percent // 100
    leg = filled(MarketLeg(), size, price, 0, price)
    per_unit = (later - leg.entry) * share // 100 * 10**9
    record = LossRecord(max(per_unit, 0), later, later, True)
    closed, most = realised(leg, size, later, later), realised(leg, size - kept, later, later)
    parts = [borne(each, record, NO_ROOM_NEEDED)[1] for each in (leg, closed, most)]
    assert max(parts) - min(parts) <= 2 + 3 * record.per_unit // RAY


@given(market_legs(), FRACTIONS, loss_records())
def test_splitting_a_leg_changes_no_share(leg, fraction, record):
    """INV-37: two parts bear what the whole bore, but for the contracts that rounding leaves out of a tiny claim."""
    whole = borne(leg, record, NO_ROOM_NEEDED)[1]
    parts = [
        borne(each, record, NO_ROOM_NEEDED)[1] for each in moved(leg, MarketLeg(epoch=leg.epoch), fraction, 0, WAD)
    ]
    wei_of_contracts = record.per_unit // RAY
    assert abs(whole - sum(parts)) <= 4 + 2 * wei_of_contracts


@given(market_legs(), FRACTIONS)
def test_parts_of_a_leg_that_meet_again_are_the_leg(leg, fraction):
    """INV-37: cutting a leg and taking the part back changes nothing of it, but for contracts of a claim of nothing."""
    left, part = moved(leg, MarketLeg(epoch=leg.epoch), fraction, 0, WAD)
    _, again = moved(part, left, WAD, 0, WAD)
    assert replace(again, long=leg.long, short=leg.short) == leg
    for longs in (True, False):
        whole, piece, after = (each.claim_of(longs=longs) for each in (leg, part, again))
        assert after.amount == whole.amount
        assert after.units == whole.units - (0 if piece.amount else whole.units * fraction // WAD)


@given(market_legs(), SIZES, PRICES, FUNDING, PRICES)
def test_a_fill_makes_nothing(leg, change, price, funding, mid):
    """INV-06: at the price of the fill a leg is worth the same after it, or up to three wei less."""
    after = filled(leg, change, price, funding, mid)
    assert after.size == leg.size + change
    assert -3 <= worth(after, price - funding) - worth(leg, price - funding) <= 0


@given(market_legs(), FRACTIONS)
def test_a_cut_conserves_everything(leg, fraction):
    """INV-06: the two parts have the sizes, basis and claims of the whole, and no more of its contracts."""
    left, part = moved(leg, MarketLeg(epoch=leg.epoch), fraction, 0, WAD)
    assert (left.size + part.size, left.basis + part.basis) == (leg.size, leg.basis)
    for longs in (True, False):
        each, whole = (left.claim_of(longs=longs), part.claim_of(longs=longs)), leg.claim_of(longs=longs)
        assert sum(claim.amount for claim in each) == whole.amount
        assert sum(claim.units for claim in each) <= whole.units


@given(market_legs(), market_legs(), FRACTIONS, PRICES)
def test_moving_conserves_value(giver, taker, fraction, price):
    """INV-06: two legs are worth what they were, or up to four wei less, and have the same size together."""
    left, taken = moved(giver, taker, fraction, price, price)
    assert left.size + taken.size == giver.size + taker.size
    lost = worth(giver, price) + worth(taker, price) - worth(left, price) - worth(taken, price)
    assert -2 <= lost <= 4


@given(market_legs(), AMOUNTS)
def test_payments_are_exact(leg, amount):
    """INV-06: a payment takes itself off claims or debts, and leaves no contracts without a claim."""
    claims, debts = min(amount, leg.claims), min(amount, leg.debts)
    assert paid_claims(leg, claims).claims == leg.claims - claims
    assert paid_debts(leg, debts).debts == leg.debts - debts
    met = offset(leg)
    assert met.claims - met.debts == leg.claims - leg.debts
    assert not (met.claims and met.debts)
    for claim in (met.long, met.short, paid_claims(leg, claims).long, paid_claims(leg, claims).short):
        assert claim.amount > 0 or claim.units == 0


@given(st.randoms(), st.integers(0, 10**28))
def test_unpaid_profit_never_changes_what_may_leave(dice, more):
    """INV-35: the excess without unpaid profit is the same, however much more a winning leg has won or is owed.

    What contracts have won whose average is being made may be lost again, and so is asked for: less may leave.
    """
    pick = dice.randint
    book = random_book(pick, default_params(pick, pick(1, 3)))
    before = margin(book.account, book.state, RiskSet.INITIAL)
    legs = []
    for leg, charged in zip(book.account.legs, before.legs, strict=True):
        wins = leg.size and charged.value - leg.claims + leg.debts >= 0
        legs.append(replace(leg, basis=leg.basis - more * bool(wins), claims=leg.claims + more))
    richer = margin(replace(book.account, legs=tuple(legs)), book.state, RiskSet.INITIAL)
    state = book.state
    if any(leg.size and is_averaged(state.market(leg.instrument).terms, state.now) for leg in legs):
        assert richer.paid_excess <= before.paid_excess
        return
    assert richer.paid_excess == before.paid_excess
    assert richer.excess >= before.excess
