from tests.unit.exchange.conftest import changed

MAX = 2**256 - 1
TRADE, DEPOSIT = 8, 1


def test_cancel_voids_an_order_for_good(venue, ask, bid, maker):
    """INV-26: what is cancelled never revives, partly filled or not."""
    venue.fill(ask, bid, 1)

    receipt = venue.exchange.cancel(ask.encode(), sender=maker)

    assert receipt.event("Cancelled").orderHash == venue.hash(ask)
    assert venue.exchange.filledOf(venue.hash(ask)) == MAX
    with venue.refuses("OrderVoid", ask.account, bid.account, orderHash=venue.hash(ask)):
        venue.fill(ask, bid, 1)


def test_cancel_stops_a_taker_that_sends_its_own_order(venue, ask, bid, trader):
    """A transaction still on its way can be taken back."""
    venue.exchange.cancel(bid.encode(), sender=trader)

    with venue.refuses("OrderVoid", ask.account, bid.account, orderHash=venue.hash(bid)):
        venue.fill(ask, bid, 1)


def test_cancel_is_for_owner_signer_and_trading_operators(venue, ask, maker, keeper, other):
    """Whoever may trade may stop trading."""
    venue.vault.setOperator(keeper, TRADE, 2**40, sender=maker)
    venue.vault.setOperator(other, DEPOSIT, 2**40, sender=maker)

    with venue.refuses("NotAuthorised", ask.account, caller=other, account=ask.account, permission=TRADE):
        venue.exchange.cancel(ask.encode(), sender=other)
    venue.exchange.cancel(ask.encode(), sender=keeper)
    venue.exchange.cancel(changed(ask, nonce=77, signer=other.address).encode(), sender=other)
