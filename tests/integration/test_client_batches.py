"""Batches, closing, settling between accounts, and receipts as records, against a venue."""

from dataclasses import replace
from decimal import Decimal

import pytest

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.chain.signers import KeySigner
from crossmargin.chain.transactor import Transactor
from crossmargin.client.batches import Match
from crossmargin.client.receipts import (
    Cancellation,
    CashChange,
    ClaimChange,
    Deposit,
    Fill,
    PositionChange,
    Settlement,
    Withdrawal,
)
from crossmargin.errors import ContractRevert, InstrumentError, TransactionTimeout

PRICE = wad(2_000)


def match(buyer, seller, size, price=PRICE):
    """Make a pair of orders."""
    ask, bid = seller.order("ETH-PERP", -size, price), buyer.order("ETH-PERP", size, price)
    return Match(ask, seller.sign(ask), bid, size)


def of(events, kind):
    """Pick the records of a kind."""
    return [each for each in events if isinstance(each, kind)]


def test_one_bad_pair_does_not_fail_the_rest(pair):
    """Neither one that is refused at once nor one that an earlier pair of the batch takes the order from."""
    buyer, seller = pair
    good, other = match(buyer, seller, wad(1)), match(buyer, seller, wad(2))
    forged = replace(match(buyer, seller, wad(1)), maker_signature=b"\1" * 65)
    again = replace(match(buyer, seller, wad(1)), maker=good.maker, maker_signature=good.maker_signature)
    outcomes = buyer.fill_many([good, forged, again, other])

    assert [each.passed for each in outcomes] == [True, False, False, True]
    refused = [each.error for each in outcomes if not each.passed]
    assert all(isinstance(each, ContractRevert) for each in refused)
    assert [each.name for each in refused] == ["BadSignature", "OverFill"]
    assert buyer.portfolio().positions[0].size == 3


def test_many_cancellations(pair):
    """Somebody else's order is refused, and the signer's are void."""
    buyer, seller = pair
    orders = [match(buyer, seller, wad(1)).maker for _ in range(3)]
    foreign = match(buyer, seller, wad(1)).taker
    outcomes = seller.cancel_many([orders[0], foreign, *orders[1:]])
    assert [each.passed for each in outcomes] == [True, False, True, True]
    assert {seller.filled(each) for each in orders} == {2**256 - 1}
    assert of(seller.events(outcomes[0].receipt), Cancellation)[0].order_hash == "0x" + seller.hash(orders[0]).hex()


def test_closing_takes_what_both_have(pair):
    """As far as the position and the maker's order reach, and never beyond."""
    buyer, seller = pair
    buyer.fill_many([match(buyer, seller, wad(3))])
    small, large = (seller.order("ETH-PERP", size, PRICE) for size in (wad(1), wad(50)))
    buyer.close_position(small, seller.sign(small))
    assert buyer.portfolio().positions[0].size == 2
    buyer.close_position(large, seller.sign(large))
    assert buyer.portfolio().positions == ()
    with pytest.raises(InstrumentError, match="ETH-PERP: this order does not close the position, which has 0"):
        buyer.close_position(large, seller.sign(large))


def test_receipts_say_what_happened(venue, pair, maker):
    """By name and in decimals; the contract's integers are beside them."""
    buyer, seller = pair
    pairing = match(buyer, seller, wad(2))
    events = buyer.events(buyer.fill(pairing.maker, pairing.maker_signature, pairing.taker, wad(2)))
    (fill,) = of(events, Fill)

    assert (fill.instrument, fill.taker_size, fill.price) == ("ETH-PERP", 2, 2_000)
    assert (fill.maker, fill.taker) == (seller.address, buyer.address)
    assert (fill.maker_fee, fill.taker_fee) == (Decimal("0.4"), Decimal("1.6"))
    assert fill.exact["takerSize"] == wad(2)
    assert {(each.account, each.size) for each in of(events, PositionChange)} == {
        (buyer.address, 2),
        (seller.address, -2),
    }
    assert {each.change for each in of(events, CashChange)} == {Decimal("-0.4"), Decimal("-1.6")}

    (left,) = of(buyer.events(buyer.withdraw("USDC", parse_units("12.5", 6))), Withdrawal)
    assert (left.asset, left.amount, left.to) == ("USDC", Decimal("12.5"), buyer.address)
    buyer.mint("WBTC", parse_units("0.1", 8))
    buyer.approve("WBTC", parse_units("0.1", 8))
    (came,) = of(buyer.events(buyer.deposit("WBTC", parse_units("0.1", 8))), Deposit)
    assert (came.asset, came.amount) == ("WBTC", Decimal("0.1"))


def test_winners_are_paid_out_of_losers(venue, pair):
    """Settling makes losses cash of winners; between two, with a loan of the loser's as well."""
    buyer, seller = pair
    buyer.fill_many([match(buyer, seller, wad(4))])
    venue.set_price("ETH", 2_100)
    paid = of(seller.events(seller.settle("ETH-PERP")), Settlement)
    assert [(each.account, each.amount) for each in paid] == [(seller.address, -400)]
    won = of(buyer.events(buyer.settle("ETH-PERP", account=buyer.account())), Settlement)
    assert [(each.account, each.amount) for each in won] == [(buyer.address, 400)]

    venue.set_price("ETH", 2_200)
    seller.mint("WBTC", parse_units(2, 8))
    seller.approve("WBTC", parse_units(2, 8))
    seller.deposit("WBTC", parse_units(2, 8))
    seller.withdraw("USDC", parse_units(9_500, 6))
    between = of(buyer.events(buyer.settle_between("ETH-PERP", buyer.account(), seller.account())), Settlement)
    assert sum(each.amount for each in between if each.account == buyer.address) == 400
    assert seller.portfolio().cash < 0


def test_claims_and_shares(venue, pair):
    """A closed profit that the pool cannot pay is a claim; a leg without shares of losses has none to collect."""
    buyer, seller = pair
    buyer.fill_many([match(buyer, seller, wad(4))])
    closing = match(seller, buyer, wad(1), PRICE + wad(10))
    receipt = buyer.fill(closing.taker, seller.sign(closing.taker), closing.maker, wad(1))
    changes = of(buyer.events(receipt), ClaimChange)
    assert {each.instrument for each in changes} <= {"ETH-PERP"}
    assert buyer.collect_shares("ETH-PERP")["status"] == 1


def test_a_timeout_says_that_it_may_still_be_mined(node, other):
    """With every hash that was sent for it."""
    transactor = Transactor(
        node.web3, KeySigner.from_key(other.private_key), lambda: node.errors, timeout=0.5, patience=0.2
    )
    node.rpc("evm_setAutomine", False)
    try:
        with pytest.raises(TransactionTimeout, match=r"0x\w{64} or 0x\w{64}.* it may still be mined") as late:
            transactor.send({"to": other.address})
    finally:
        node.rpc("evm_setAutomine", True)
        node.rpc("evm_mine")
    assert sum(transactor.receipt(each) is not None for each in late.value.hashes) == 1
