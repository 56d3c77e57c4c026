"""Losses that are shared, and what each contract bears of them."""

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.ledger import kept_entry
from tests.helpers.reverts import reverts, unchanged
from tests.unit.market_losses.conftest import ALICE, BOB, MARKET, left_of, stored_leg

RAY = 10**27


def record(venue, epoch):
    """Read a record."""
    return tuple(venue.losses.recordOf(MARKET, epoch).values())


def pending(venue, account, *leg, **rest):
    """Ask what a leg would bear, and what its closed contracts are owed after it."""
    before = stored_leg(*leg, **rest)
    later, *claims = venue.losses.pending(MARKET, account, before).values()
    return (left_of(later).basis - left_of(before).basis, *claims)


def test_share_divides_a_loss_by_the_contracts_of_a_side(venue, ledger):
    """30 among three open contracts and claims of two: six each; the other side's claims do not count."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, 100, 7, longs=False)

    shared = ledger.share(BOB, 30, 2000, open_=3).event("LossShared")

    assert (shared.id, shared.longsPay, shared.amount) == (MARKET, True, wad(30))
    assert (shared.perUnit, shared.price) == (6 * RAY, wad(2000))
    assert record(venue, 0) == (True, 6 * RAY, kept_entry(wad(2000), up=False), wad(2000))
    assert (venue.losses.epochOf(MARKET), venue.losses.shortfallOf(MARKET)) == (1, wad(30))


def test_share_pays_debts_of_its_account_first(venue, ledger):
    """The rest is for the clearinghouse to credit."""
    ledger.credit(ALICE, -20)
    ledger.credit(ALICE, -4, longs=False)
    answer = venue.losses.share.call(
        MARKET, ALICE, True, wad(30), wad(2000), wad(2000), wad(3), False, sender=ledger.probe
    )
    assert tuple(answer.values()) == (wad(6), 0)
    ledger.share(ALICE, 21, 2000, open_=3)
    assert ledger.claims(ALICE) == ((0, 0), (-wad(3), 0))


@pytest.mark.parametrize(("amount", "open_"), [("0.999999999999999999", 3), (30, 0)])
def test_share_without_a_record_is_all_shortfall(venue, ledger, amount, open_):
    """Below a dollar, or where nobody bears it."""
    shared = ledger.share(ALICE, amount, 2000, open_=open_).event("LossShared")
    assert (shared.amount, shared.perUnit) == (wad(amount), 0)
    assert (venue.losses.epochOf(MARKET), venue.losses.shortfallOf(MARKET)) == (0, wad(amount))


def test_part_of_a_contract_is_rounded_down(ledger):
    """A dollar among three."""
    assert ledger.share(ALICE, 1, 2000, open_=3).event("LossShared").perUnit == RAY // 3


def test_part_of_a_contract_and_price_have_bounds(venue, ledger):
    """Beyond every price nothing more is taken; neither is a reason to fail."""
    limit = 2**96 - 1
    shared = ledger.run("share", ALICE, False, 2**100, 2**127, -(2**127), 1, False).event("LossShared")
    assert (shared.perUnit, shared.price) == (2**125 - 1, 2**127)
    assert record(venue, 0) == (False, 2**125 - 1, kept_entry(limit, up=True), -(2**95 - 1))


def test_shortfall_has_a_bound(ledger):
    """INV-07: a sum that would not fit is refused."""
    ledger.run("share", ALICE, False, 2**128 - 1, wad(2000), wad(2000), wad(1), False)
    with unchanged(ledger.state), reverts("SafeCastOverflowedUintDowncast", bits=128, value=2**128):
        ledger.run("share", ALICE, False, 1, wad(2000), wad(2000), wad(1), False)


def test_kept_contracts_bear_instead_of_those_of_now(ledger):
    """Five of each side, claims included, before more came."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, 100, 1, longs=False)
    ledger.run("keepUnits", (wad(3), wad(4)))
    ledger.credit(BOB, 100, 90)

    kept = ledger.share(BOB, 30, 2000, open_=400, kept=True).event("LossShared")
    short = ledger.share(BOB, 30, 2000, longs_pay=False, open_=400, kept=True).event("LossShared")

    assert (kept.perUnit, short.perUnit) == (6 * RAY, 6 * RAY)
    assert ledger.state()[3] == (wad(5), wad(5))


@pytest.mark.parametrize(
    ("longs_pay", "size", "entry", "taken"),
    [
        (True, 4, 1900, 40),
        (True, 4, 1995, 20),
        (True, 4, 2000, 0),
        (True, 4, 2100, 0),
        (True, -4, 2100, 0),
        (False, -4, 2100, 40),
        (False, -4, "2002.5", 10),
        (False, -4, 1900, 0),
        (False, 4, 1900, 0),
    ],
)
def test_open_contracts_bear_at_most_what_they_won(venue, ledger, longs_pay, size, entry, taken):
    """Ten a contract at a price of 2,000, from the side that pays, as far as the entry is in its favour."""
    ledger.share(BOB, 100, 2000, longs_pay=longs_pay, open_=10)

    assert pending(venue, ALICE, size, entry) == (wad(taken), 0, 0)
    receipt = ledger.bear(ALICE, size, entry)

    collected = [(event["args"].amount, event["args"].shortfall) for event in receipt.events("LossCollected")]
    assert collected == ([(wad(taken), wad(100 - taken))] if taken else [])
    assert venue.losses.shortfallOf(MARKET) == wad(100 - taken)


@pytest.mark.parametrize(("basis", "taken"), [(-8_000, 0), (-8_030, 30), (-9_000, 40)])
def test_what_open_contracts_are_owed_bears_too(venue, ledger, basis, taken):
    """Four shorts of 1,900 have won nothing at 2,000; what they paid of their loss they are owed, and it bears."""
    ledger.share(BOB, 100, 2000, longs_pay=False, open_=10)
    assert pending(venue, ALICE, -4, 1900, basis=basis) == (wad(taken), 0, 0)


@pytest.mark.parametrize(("owed", "left"), [(100, 80), (15, 0)])
def test_claims_bear_at_most_themselves(venue, ledger, owed, left):
    """Ten a contract of two; the contracts stay as they were while anything is left, for each has borne its part."""
    ledger.credit(ALICE, owed, 2)
    ledger.share(BOB, 100, 2000, open_=8)

    assert pending(venue, ALICE) == (0, wad(left), 0)
    assert venue.losses.owedTo(MARKET, ALICE) == wad(owed)
    ledger.bear(ALICE)

    assert ledger.claims(ALICE)[0] == (wad(left), wad(2 if left else 0))
    assert venue.losses.owedTo(MARKET, ALICE) == wad(left)
    assert venue.losses.shortfallOf(MARKET) == wad(100 - (owed - left))


def test_claims_without_contracts_and_debts_bear_nothing(venue, ledger):
    """A credit for a loss, and what is owed to the market."""
    ledger.credit(ALICE, 100)
    ledger.credit(BOB, -100)
    ledger.share(3, 100, 2000, open_=8)
    assert (pending(venue, ALICE), pending(venue, BOB)) == ((0, wad(100), 0), (0, -wad(100), 0))


def test_shares_are_at_most_the_shortfall(venue, ledger):
    """More contracts than the loss was divided by: the last bear what is left of it."""
    ledger.share(BOB, 100, 2000, open_=10)
    ledger.bear(ALICE, 7, 1000)
    assert pending(venue, ALICE, 7, 1000) == (wad(30), 0, 0)
    ledger.bear(ALICE, 7, 1000)
    assert venue.losses.shortfallOf(MARKET) == 0
    assert pending(venue, ALICE, 7, 1000) == (0, 0, 0)


def test_bear_looks_at_the_oldest_losses_first(venue, ledger):
    """10, 20 and 30 among ten: as many as are asked for, from the epoch that the leg says."""
    for amount in (10, 20, 30):
        ledger.share(BOB, amount, 2000, open_=10)
    ask = venue.losses.bear.call

    def answer(epoch, most):
        left = left_of(ask(MARKET, ALICE, stored_leg(4, 1000, epoch), most, sender=ledger.probe))
        return left.basis - wad(4000), left.epoch, left.claims

    assert answer(0, 0) == (0, 0, 0)
    assert answer(0, 1) == (wad(4), 1, 0)
    assert answer(1, 1) == (wad(8), 2, 0)
    assert answer(1, 2**256 - 1) == (wad(20), 3, 0)
    assert answer(3, 5) == (0, 3, 0)
    assert pending(venue, ALICE, 4, 1000) == (wad(24), 0, 0)


@pytest.mark.parametrize(
    ("longs_pay", "size", "entry", "moved"), [(True, 4, 1900, 1925), (False, -4, 2100, 2075)], ids=["longs", "shorts"]
)
def test_what_was_won_is_borne_once(venue, ledger, longs_pay, size, entry, moved):
    """Four contracts have won 100 each, and were paid: of six losses of 25 a contract they bear four."""
    leg = {"basis": 2000 * size}
    ledger.share(BOB, 250, 2000, longs_pay=longs_pay, open_=10)
    first = left_of(venue.losses.bear.call(MARKET, ALICE, stored_leg(size, entry, **leg), 1, sender=ledger.probe))
    assert first.entry == pytest.approx(wad(moved), rel=2**-26)
    for _ in range(5):
        ledger.share(BOB, 250, 2000, longs_pay=longs_pay, open_=10)
    taken, *claims = pending(venue, ALICE, size, entry, **leg)
    assert wad("399.999") < taken <= wad(400), "an entry has 27 bits"
    assert claims == [0, 0]


def test_what_is_owed_from_before_the_entry_moves_it_only_to_the_price(venue, ledger):
    """Four longs of 1,990 are owed 100 each at 2,000: a loss of 50 each takes 200, and the entry 10 of it."""
    ledger.share(BOB, 500, 2000, open_=10)
    word = venue.losses.bear.call(MARKET, ALICE, stored_leg(4, 1990, basis=7600), 1, sender=ledger.probe)
    assert left_of(word)[:2] == (wad(7800), kept_entry(wad(2000), up=False)), "as the record keeps its price"
