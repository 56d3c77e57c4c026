import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.option_desk import CALL, mark, post_surfaces
from tests.helpers.reverts import ANY
from tests.unit.exchange.conftest import changed

MAKER_FEE, TAKER_FEE = 100, 400  # ppm
TRADE = 8


def test_fill_trades_at_the_makers_price(venue, ask, bid, trader, maker):
    """Positions, fees and the event of one fill."""
    receipt = venue.fill(ask, bid)

    assert venue.position(trader, "ETH-PERP") == (wad(2), wad(4000))
    assert venue.position(maker, "ETH-PERP") == (-wad(2), -wad(4000))
    assert venue.cash(trader) == wad("99998.4")
    assert venue.cash(maker) == wad("99999.6")
    filled = receipt.event("Filled")
    assert (filled.makerHash, filled.takerHash) == (venue.hash(ask), venue.hash(bid))
    assert (filled.maker, filled.taker, filled.takerSize) == (ask.account, bid.account, wad(2))
    assert (filled.price, filled.makerFee, filled.takerFee) == (wad(2000), wad("0.4"), wad("1.6"))


def test_fill_rounds_fees_up(venue, ask, bid, trader, maker):
    """INV-06: a wei of size pays a wei of fee."""
    venue.exchange.fill(ask.encode(), venue.sign(ask), bid.encode(), b"", 1, sender=trader)

    assert wad(100_000) - venue.cash(trader) == 1
    assert wad(100_000) - venue.cash(maker) == 1


def test_fill_counts_towards_the_signed_size(venue, ask, bid, other):
    """INV-26: fills of a signed order sum to at most its size, whoever brings it."""
    venue.fill(ask, bid, "1.5", sender=other)
    assert [venue.exchange.filledOf(venue.hash(order)) for order in (ask, bid)] == [wad("1.5")] * 2

    for maker_order, taker_order in ((ask, bid), (ask, changed(bid, nonce=999))):
        with venue.refuses(
            "OverFill", ask.account, bid.account, orderHash=venue.hash(ask), size=wad("0.6"), remaining=wad("0.5")
        ):
            venue.fill(maker_order, taker_order, "0.6", sender=other)
    venue.fill(ask, bid, "0.5", sender=other)


def test_fill_needs_no_signature_of_the_taker_that_sends_it(venue, ask, bid):
    """Nothing was signed, so nothing is used up."""
    venue.fill(ask, bid, 1)

    assert venue.exchange.filledOf(venue.hash(bid)) == 0
    assert venue.exchange.filledOf(venue.hash(ask)) == wad(1)


def test_fill_refuses_the_makers_own_call_without_signature(venue, ask, bid, maker):
    """Attack 43: sending a transaction replaces the taker's signature only."""
    with venue.refuses("BadSignature", ask.account, bid.account, orderHash=venue.hash(ask), signer=ask.signer):
        venue.exchange.fill(ask.encode(), b"", bid.encode(), venue.sign(bid), wad(1), sender=maker)


def test_fill_refuses_an_unsigned_taker_of_another_sender(venue, ask, bid, other):
    """Attack 45: only the signer itself may leave its signature out."""
    with venue.refuses("BadSignature", ask.account, bid.account, orderHash=venue.hash(bid), signer=bid.signer):
        venue.exchange.fill(ask.encode(), venue.sign(ask), bid.encode(), b"", wad(1), sender=other)


@pytest.mark.parametrize(
    "fields",
    [
        {"account": 1},
        {"instrument": 2},
        {"size": -wad(3)},
        {"limit_price": wad(2001)},
        {"max_fee": 9_999},
        {"expiry": 2**40},
        {"nonce": 12345},
        {"reduce_only": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_fill_refuses_a_field_changed_after_signing(venue, ask, bid, fields):
    """Attack 46: every executed field is inside the hash."""
    forged = changed(ask, **fields)
    taker = changed(bid, instrument=forged.instrument)

    with venue.refuses("BadSignature", ask.account, bid.account, orderHash=venue.hash(forged), signer=ask.signer):
        venue.exchange.fill(forged.encode(), venue.sign(ask), taker.encode(), b"", wad(1), sender=bid.signer)


def test_fill_refuses_the_zero_signer(venue, ask, bid, other):
    """Attack 47: a signature that recovers nobody is nobody's."""
    forged = changed(ask, signer="0x" + "00" * 20)

    with venue.refuses("BadSignature", ask.account, bid.account, orderHash=venue.hash(forged), signer=forged.signer):
        venue.exchange.fill(
            forged.encode(), b"\x00" * 64 + b"\x1b", bid.encode(), venue.sign(bid), wad(1), sender=other
        )


def test_fill_refuses_signers_that_may_not_trade(venue, ask, bid, maker, other):
    """An operator signs while it holds the permission, and only then."""
    signed = venue.order(maker, "ETH-PERP", -2, 2000, signer=other)
    with venue.refuses("NotAuthorised", ask.account, bid.account, caller=other, account=ask.account, permission=TRADE):
        venue.fill(signed, bid)

    venue.vault.setOperator(other, TRADE, 2**40, sender=maker)
    signed = venue.order(maker, "ETH-PERP", -2, 2000, signer=other)
    venue.fill(signed, bid, 1)
    venue.vault.setOperator(other, 0, 2**40, sender=maker)

    with venue.refuses("NotAuthorised", ask.account, bid.account, caller=other, account=ask.account, permission=TRADE):
        venue.fill(signed, bid, 1)


def test_fill_refuses_orders_that_do_not_meet(venue, ask, bid, trader):
    """One instrument, two sides, crossing prices, some size."""
    accounts = (ask.account, bid.account)
    with venue.refuses("ZeroSize", *accounts):
        venue.fill(ask, bid, 0)
    with venue.refuses("ZeroSize", *accounts):
        venue.fill(ask, changed(bid, size=0), 1)
    with venue.refuses("OrdersDoNotMatch", *accounts, maker=ask.instrument, taker=venue.instrument("BTC-PERP")):
        venue.fill(ask, changed(bid, instrument=venue.instrument("BTC-PERP")), 1)
    with venue.refuses("SameSide", *accounts):
        venue.fill(ask, changed(bid, size=-wad(2)), 1)
    with venue.refuses("PriceNotCrossed", *accounts, makerPrice=wad(2000), takerLimit=wad(1999)):
        venue.fill(ask, changed(bid, limit_price=wad(1999)), 1)


def test_fill_refuses_prices_outside_the_band(venue, bid, ask, maker):
    """Attack 5: nobody opens far from the index, on either side of it."""
    low, high = wad(1900), wad(2100)
    for size, price, limit in ((-2, "2100.01", 2200), (2, "1899.99", 1800)):
        far = venue.order(maker, "ETH-PERP", size, price)
        taker = changed(bid, size=-wad(size), limit_price=wad(limit))
        with venue.refuses("PriceOutsideBand", ask.account, bid.account, price=wad(price), low=low, high=high):
            venue.fill(far, taker)
    venue.fill(venue.order(maker, "ETH-PERP", -2, 2100), changed(bid, limit_price=wad(2200)))


def test_fill_of_an_option_stays_near_its_mark(venue, ask, bid):
    """Attack 5: the band is as wide as the index's, but around the mark, and ends at zero."""
    post_surfaces(venue)
    price = mark(venue, CALL)
    width = wad(100)
    assert price < width
    offer = changed(ask, instrument=venue.instrument(CALL), limit_price=price + width + wad(1))
    taker = changed(bid, instrument=venue.instrument(CALL), limit_price=wad(300))
    with venue.refuses("PriceOutsideBand", ask.account, bid.account, price=offer.limit_price, low=0, high=ANY):
        venue.fill(offer, taker)

    venue.fill(changed(offer, limit_price=price + width - wad(1)), taker)
    venue.fill(changed(offer, limit_price=1, nonce=offer.nonce + 100), changed(taker, nonce=taker.nonce + 100))


def test_fill_refuses_fees_above_the_cap_signed(venue, ask, bid):
    """Each side pays at most what it agreed to."""
    with venue.refuses("FeeAboveCap", ask.account, bid.account, fee=TAKER_FEE, cap=TAKER_FEE - 1):
        venue.fill(ask, changed(bid, max_fee=TAKER_FEE - 1))
    with venue.refuses("FeeAboveCap", ask.account, bid.account, fee=MAKER_FEE, cap=0):
        venue.fill(changed(ask, max_fee=0), bid)


def test_fill_refuses_expired_orders(venue, ask, bid):
    """The last second of validity is the order's expiry."""
    venue.warp(7200)
    with venue.refuses(
        "OrderExpired", ask.account, bid.account, orderHash=venue.hash(ask), time=ANY, expiry=ask.expiry
    ):
        venue.fill(ask, bid)


def test_fill_refuses_what_initial_margin_does_not_allow(venue, ask, bid, maker, trader):
    """The gate has the last word."""
    for owner in (trader, maker):
        venue.withdraw(owner, "USDC", "99900")
    with venue.refuses("BelowInitialMargin", ask.account, bid.account, account=bid.account, excess=ANY):
        venue.fill(ask, bid)


def test_fill_at_a_doubtful_index_is_for_reductions(venue, ask, bid, trader, maker, guardian):
    """INV-23: Uncertain lets both sides out and nobody in; Halted stops the exchange."""
    venue.fill(ask, bid)
    feed = venue.feed("ETH")
    venue.oracle.forceUncertain(feed, 3000, sender=guardian)
    opening = venue.order(maker, "ETH-PERP", 1, 2000), venue.order(trader, "ETH-PERP", -1, 2000, reduce_only=True)
    with venue.refuses("PriceNotValid", ask.account, bid.account, feedId=feed):
        venue.fill(*opening)
    closing = [changed(order, reduce_only=True) for order in opening]
    venue.fill(*closing, size="0.5")

    venue.oracle.forceHalt(feed, 600, sender=guardian)

    with venue.refuses("PriceNotValid", ask.account, bid.account, feedId=feed):
        venue.fill(*closing, size="0.5")
