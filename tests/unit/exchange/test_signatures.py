"""Whose signature counts: keys, also of accounts with delegated code, contracts, and operators as long as they are."""

import pytest

from crossmargin.chain.decimals import wad
from tests.unit.exchange.conftest import changed

TRADE = 8
FOREVER = 2**40
DELEGATION = "0xef0100"


def delegate(venue, account, target):
    """Give an account the code of an EIP-7702 delegation."""
    venue.node.rpc("anvil_setCode", account.address, DELEGATION + target.address[2:])


def test_fill_takes_the_key_of_a_delegated_account(venue, ask, bid, maker, trader, other):
    """EIP-7702: the code it delegates to need not know ERC-1271, for the key is still the owner's."""
    delegate(venue, maker, venue.tokens["USDC"])
    delegate(venue, trader, venue.tokens["USDC"])

    venue.fill(ask, bid, sender=other)

    assert venue.position(maker, "ETH-PERP")[0] == -wad(2)


def test_fill_refuses_another_key_for_a_delegated_account(venue, ask, bid, maker, trader, other):
    """Delegated code that does not sign leaves the key alone."""
    delegate(venue, maker, venue.tokens["USDC"])
    with venue.refuses("BadSignature", ask.account, bid.account, orderHash=venue.hash(ask), signer=ask.signer):
        venue.exchange.fill(
            ask.encode(), venue.sign(ask, trader.private_key), bid.encode(), venue.sign(bid), wad(2), sender=other
        )


def test_fill_asks_a_contract_that_signs(venue, node, bid, maker, trader, other):
    """ERC-1271, at the time of the fill: a contract may take its word back."""
    wallet = node.deploy("KeyWallet", maker, sender=maker)
    venue.deposit(maker, "USDC", "50000")
    venue.vault.transfer(
        venue.account(maker), venue.account(wallet), venue.tokens["USDC"], 50_000 * 10**6, sender=maker
    )
    order = venue.order(wallet, "ETH-PERP", -2, 2000)
    arguments = (order.encode(), venue.sign(order, maker.private_key), bid.encode(), b"", wad(1))

    venue.exchange.fill(*arguments, sender=trader)
    assert venue.position(wallet, "ETH-PERP")[0] == -wad(1)

    wallet.setKey(other, sender=maker)
    with venue.refuses("BadSignature", order.account, bid.account, orderHash=venue.hash(order), signer=wallet):
        venue.exchange.fill(*arguments, sender=trader)


@pytest.fixture
def signed(venue, ask, maker, other):
    """Let an operator of the maker's sign an order."""
    venue.vault.setOperator(other, TRADE, FOREVER, sender=maker)
    return venue.order(maker, "ETH-PERP", -2, 2000, signer=other)


def test_orders_of_a_revoked_operator_stay_void(venue, signed, bid, maker, other):
    """INV-26: named again, it has to sign again."""
    venue.vault.setOperator(other, 0, 0, sender=maker)
    venue.vault.setOperator(other, TRADE, FOREVER, sender=maker)

    with venue.refuses("EpochOver", signed.account, bid.account, orderHash=venue.hash(signed), epoch=1, current=3):
        venue.fill(signed, bid, 1)
    venue.fill(venue.order(maker, "ETH-PERP", -2, 2000, signer=other), bid, 1)


def test_orders_of_an_expired_operator_stay_void(venue, ask, bid, maker, other):
    """INV-26: the same where its time was over."""
    venue.vault.setOperator(other, TRADE, venue.node.now + 60, sender=maker)
    signed = venue.order(maker, "ETH-PERP", -2, 2000, signer=other)
    venue.warp(61)
    venue.vault.setOperator(other, TRADE, FOREVER, sender=maker)

    with venue.refuses("EpochOver", signed.account, bid.account, orderHash=venue.hash(signed), epoch=1, current=2):
        venue.fill(signed, bid, 1)


def test_an_operator_cannot_name_another_epoch_than_its_own(venue, signed, bid, ask):
    """Neither a later one in advance, nor the owner's."""
    for epoch in (0, 2):
        forged = changed(signed, epoch=epoch)
        with venue.refuses("EpochOver", ask.account, bid.account, orderHash=venue.hash(forged), epoch=epoch, current=1):
            venue.fill(forged, bid, 1)


def test_an_owners_order_has_no_epoch(venue, ask, bid, maker, other):
    """It is never revoked: naming operators, or itself, changes nothing for its own orders."""
    venue.vault.setOperator(maker, 0, 0, sender=maker)
    venue.vault.setOperator(other, TRADE, FOREVER, sender=maker)
    forged = changed(ask, epoch=1)
    with venue.refuses("EpochOver", ask.account, bid.account, orderHash=venue.hash(forged), epoch=1, current=0):
        venue.fill(forged, bid, 1)
    venue.fill(ask, bid, 1)


def test_the_epoch_is_signed(venue, signed, bid, other, maker):
    """Whoever brings the order cannot move it into another epoch."""
    venue.vault.setOperator(other, TRADE, FOREVER, sender=maker)
    moved = changed(signed, epoch=2)
    with venue.refuses("BadSignature", signed.account, bid.account, orderHash=venue.hash(moved), signer=other):
        venue.exchange.fill(moved.encode(), venue.sign(signed), bid.encode(), b"", wad(1), sender=bid.signer)
