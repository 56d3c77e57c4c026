from tests.helpers.batches import DEPOSIT, EVERYTHING, FOREVER, TRADE, TRANSFER, WITHDRAW


def test_operator_has_exactly_its_permissions(venue, trader, other):
    """Every bit asked for must be there; the owner has all."""
    receipt = venue.vault.setOperator(other, DEPOSIT | TRADE, FOREVER, sender=trader)
    assert receipt.event("OperatorSet")["permissions"] == DEPOSIT | TRADE
    assert receipt.event("OperatorSet")["epoch"] == 1
    account = venue.account(trader, 7)
    for permissions, expected in (
        (DEPOSIT, True),
        (TRADE, True),
        (DEPOSIT | TRADE, True),
        (WITHDRAW, False),
        (TRADE | TRANSFER, False),
    ):
        assert venue.vault.isAuthorised(account, other, permissions) is expected
    assert venue.vault.isAuthorised(account, trader, EVERYTHING) is True


def test_operator_expires(venue, trader, other):
    """The last second counts, the next does not."""
    expiry = venue.node.now + 1_000
    venue.vault.setOperator(other, TRADE, expiry, sender=trader)
    assert venue.vault.isAuthorised(venue.account(trader), other, TRADE) is True
    venue.warp(1_100)
    assert venue.vault.isAuthorised(venue.account(trader), other, TRADE) is False


def test_operator_is_revoked(venue, trader, other):
    """No permissions are no operator."""
    venue.vault.setOperator(other, EVERYTHING, FOREVER, sender=trader)
    venue.vault.setOperator(other, 0, 0, sender=trader)
    assert venue.vault.isAuthorised(venue.account(trader), other, DEPOSIT) is False
    assert venue.vault.isAuthorised(venue.account(other), trader, DEPOSIT) is False


def test_each_naming_begins_an_epoch(venue, trader, maker, other):
    """Granting, changing, revoking: each counts, for this owner and operator alone."""
    for epoch, permissions in enumerate((TRADE, EVERYTHING, 0, TRADE), start=1):
        venue.vault.setOperator(other, permissions, FOREVER, sender=trader)
        assert venue.vault.operatorOf(trader, other) == permissions | FOREVER << 8 | epoch << 56

    assert venue.vault.operatorOf(maker, other) == 0
