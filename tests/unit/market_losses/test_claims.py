"""Claims and debts of closed contracts: credited, paid, moved."""

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.reverts import reverts, unchanged
from tests.unit.market_losses.conftest import ALICE, BOB, MARKET

MAX_INT128 = 2**127 - 1
NOTHING = (0, 0)


def test_credit_is_a_claim_of_its_contracts(venue, ledger):
    """Both sides are kept apart, and counted in the market."""
    changed = ledger.credit(ALICE, 100, 2).event("ClaimsChanged")
    assert (changed.account, changed.id, changed.longClaim, changed.shortClaim) == (ALICE, MARKET, wad(100), 0)
    changed = ledger.credit(ALICE, 30, 1, longs=False).event("ClaimsChanged")
    assert (changed.longClaim, changed.shortClaim) == (wad(100), wad(30))

    assert ledger.claims(ALICE) == ((wad(100), wad(2)), (wad(30), wad(1)))
    assert (ledger.units(), venue.losses.owedTo(MARKET, ALICE)) == ((wad(2), wad(1)), wad(130))


def test_credits_of_a_side_add_up(ledger):
    """Contracts too."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, 50, 3)
    assert ledger.claims(ALICE)[0] == (wad(150), wad(5))


def test_small_profit_is_of_fewer_contracts(ledger):
    """A fiftieth of the price of 5 is the least that a contract has won: 2 are of 20 contracts, whatever made them."""
    ledger.credit(ALICE, 2, 1_000, price=5)
    assert ledger.claims(ALICE)[0] == (wad(2), wad(20))


def test_loss_is_paid_with_the_claim_of_its_side(ledger):
    """Three fifths of 100 are left, and of 2 contracts."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, -40)
    assert (ledger.claims(ALICE)[0], ledger.units()) == ((wad(60), wad("1.2")), (wad("1.2"), 0))


def test_loss_beyond_the_claim_is_a_debt(venue, ledger):
    """It has no contracts and is not owed to the account."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, -130)
    assert (ledger.claims(ALICE)[0], ledger.units()) == ((-wad(30), 0), (0, 0))
    assert venue.losses.owedTo(MARKET, ALICE) == 0


def test_profit_pays_the_debt_of_its_side_first(ledger):
    """Of a profit of 40 by 2 contracts 10 are left, of half a contract."""
    ledger.credit(ALICE, -30)
    ledger.credit(ALICE, 40, 2)
    assert ledger.claims(ALICE)[0] == (wad(10), wad("0.5"))


def test_contracts_of_what_is_left_are_rounded_up(ledger):
    """They must not vanish before the claim: a wei of a contract for a wei of three."""
    ledger.run("credit", ALICE, True, 3, 1, 0)
    ledger.run("credit", ALICE, True, -2, 0, 0)
    assert ledger.claims(ALICE)[0] == (1, 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_claims_have_bounds(ledger, sign):
    """INV-07: a wei more than the slot holds is refused, either way."""
    ledger.run("credit", ALICE, True, sign * MAX_INT128, 0, 0)
    with unchanged(ledger.state), reverts("ClaimOutOfRange", amount=sign * 2**127, limit=MAX_INT128):
        ledger.run("credit", ALICE, True, sign, 0, 0)


def test_pay_takes_debts_then_nets_then_pays_claims(ledger):
    """Longs owe 40, shorts are owed 100 of 2: of cash 15, of claims 25, then 60 of the pool."""
    ledger.credit(ALICE, -40)
    ledger.credit(ALICE, 100, 2, longs=False)

    changed = ledger.pay(ALICE, cash=15, pool=60).event("ClaimsChanged")

    assert (changed.longClaim, changed.shortClaim) == (0, wad(15))
    assert ledger.claims(ALICE) == (NOTHING, (wad(15), wad("0.3")))
    assert ledger.units() == (0, wad("0.3"))


def test_pay_says_what_went_out_and_in(venue, ledger):
    """And which sides are left: shorts."""
    ledger.credit(ALICE, -40)
    ledger.credit(ALICE, 100, 2, longs=False)
    answer = venue.losses.pay.call(MARKET, ALICE, wad(15), wad(60), sender=ledger.probe)
    assert tuple(answer.values()) == (wad(15), wad(60), 2)


def test_pay_takes_no_more_than_is_owed(venue, ledger):
    """Cash and pool beyond it stay."""
    ledger.credit(ALICE, -40)
    assert tuple(venue.losses.pay.call(MARKET, ALICE, wad(90), wad(90), sender=ledger.probe).values()) == (
        wad(40),
        0,
        0,
    )
    ledger.pay(ALICE, cash=90, pool=90)
    assert ledger.pay(ALICE, cash=90, pool=90).events("ClaimsChanged") == []
    assert ledger.claims(ALICE) == (NOTHING, NOTHING)


def test_pay_takes_longs_first(ledger):
    """Of debts and of claims alike."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, 30, 1, longs=False)
    ledger.pay(ALICE, cash=0, pool=110)
    assert ledger.claims(ALICE) == (NOTHING, (wad(20), -(-wad(1) * 20 // 30)))
    ledger.credit(BOB, -100)
    ledger.credit(BOB, -30, longs=False)
    ledger.pay(BOB, cash=110, pool=0)
    assert ledger.claims(BOB) == (NOTHING, (-wad(20), 0))


def test_move_takes_a_fraction_of_each_number(ledger):
    """A quarter of claim, contracts and debt; the market's sum does not change."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, -40, longs=False)

    ledger.run("move", ALICE, BOB, wad("0.25"))

    assert ledger.claims(ALICE) == ((wad(75), wad("1.5")), (-wad(30), 0))
    assert ledger.claims(BOB) == ((wad(25), wad("0.5")), (-wad(10), 0))
    assert ledger.units() == (wad(2), 0)


def test_move_of_all_leaves_nothing(venue, ledger):
    """And says so: no side of the giver, both of the taker."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(ALICE, -40, longs=False)
    answer = venue.losses.move.call(MARKET, ALICE, BOB, wad(1), sender=ledger.probe)
    assert tuple(answer.values()) == (0, 3)
    ledger.run("move", ALICE, BOB, wad(1))
    assert ledger.claims(ALICE) == (NOTHING, NOTHING)
    assert ledger.claims(BOB) == ((wad(100), wad(2)), (-wad(40), 0))


def test_moved_claim_pays_the_debt_that_it_meets(ledger):
    """A claim of 100 by 2 contracts meets a debt of 25: three quarters are left."""
    ledger.credit(ALICE, 100, 2)
    ledger.credit(BOB, -25)
    ledger.run("move", ALICE, BOB, wad(1))
    assert (ledger.claims(BOB)[0], ledger.units()) == ((wad(75), wad("1.5")), (wad("1.5"), 0))


def test_moved_numbers_are_rounded_toward_zero(ledger):
    """The giver keeps the odd wei of each."""
    ledger.run("credit", ALICE, True, 3, 3, 0)
    ledger.run("credit", ALICE, False, -3, 0, 0)
    ledger.run("move", ALICE, BOB, wad("0.5"))
    assert ledger.claims(ALICE) == ((2, 2), (-2, 0))
    assert ledger.claims(BOB) == ((1, 1), (-1, 0))
