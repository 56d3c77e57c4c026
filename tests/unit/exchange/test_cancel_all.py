from tests.unit.exchange.conftest import changed

TRADE = 8


def test_cancel_all_voids_smaller_nonces(venue, ask, bid, maker):
    """INV-26: orders below the minimum are void, others stand."""
    receipt = venue.exchange.cancelAll(ask.account, ask.nonce + 1, sender=maker)

    assert receipt.event("CancelledAll").minimumNonce == ask.nonce + 1
    with venue.refuses(
        "NonceTooLow", ask.account, bid.account, account=ask.account, nonce=ask.nonce, minimum=ask.nonce + 1
    ):
        venue.fill(ask, bid)
    venue.fill(changed(ask, nonce=ask.nonce + 1), bid)


def test_cancel_all_never_goes_back(venue, ask, maker):
    """INV-26: a minimum only rises, so nothing revives."""
    venue.exchange.cancelAll(ask.account, 50, sender=maker)

    for nonce in (49, 50):
        with venue.refuses("NonceTooLow", ask.account, account=ask.account, nonce=nonce, minimum=50):
            venue.exchange.cancelAll(ask.account, nonce, sender=maker)
    assert venue.exchange.minimumNonceOf(ask.account) == 50


def test_cancel_all_refuses_strangers(venue, ask, other):
    """Nobody cancels for others."""
    with venue.refuses("NotAuthorised", ask.account, caller=other, account=ask.account, permission=TRADE):
        venue.exchange.cancelAll(ask.account, 5, sender=other)
