"""Attacks on liquidation, by the numbers of the threat model."""

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import ROUNDING, bid, borrow, equity, open_long, start
from tests.helpers.reverts import ANY

ZERO = "0x" + "00" * 20


def test_attack_22_an_owner_gains_nothing_by_giving_value_away_and_buying_himself(venue, trader, maker, keeper, other):
    """Attack 22: liquidating oneself costs what it brings; the fund is not touched in the solvent phase."""
    open_long(venue, trader, maker)
    venue.deposit(trader, "USDC", 100_000, sub_id=1)
    venue.set_price("ETH", 1560)
    fund = venue.fund.available()
    before = equity(venue, trader) + equity(venue, trader, 1)
    account, second = venue.account(trader), venue.account(trader, 1)
    venue.auction.start(account, second, sender=trader)
    venue.warp(2000)

    bid(venue, account, second, sender=trader)

    assert equity(venue, trader) + equity(venue, trader, 1) <= before
    assert venue.fund.available() == fund


def test_attack_32_a_small_bid_in_front_does_not_stop_a_bid(venue, trader, maker, keeper, liquidator, other):
    """Attack 32: a bid that accepts any state is clamped, not refused; its limit still holds."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(other, "USDC", 1_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    limit = venue.auction.quote(account).price

    bid(venue, trader, other, "0.01")
    receipt = bid(venue, trader, liquidator, "0.2", minimum="0.15", limit=limit)

    assert receipt.event("Bid").fraction == wad("0.2")


def test_attack_32_dust_deposits_do_not_change_a_bids_state(venue, trader, maker, keeper, liquidator, other):
    """Attack 32: a deposit of one unit leaves the nonce alone."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    nonce = venue.auction.stateNonce(account)
    venue.mint(other, "USDC", 1)
    venue.tokens["USDC"].approve(venue.vault, 1, sender=other)

    venue.vault.deposit(account, venue.tokens["USDC"], 1, sender=other)

    bid(venue, trader, liquidator, "0.1", nonce=nonce)


def test_attack_33_one_unit_does_not_dodge_bad_debt_accounting(venue, trader, lender, keeper, liquidator):
    """Attack 33: a closed account owes nothing and holds nothing; the loss is all borne or recorded."""
    venue.govern(venue.vault, "setInsuranceFund", ZERO)
    account = borrow(venue, trader, lender)
    venue.deposit(trader, "WBTC", "0.00000001")
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1000)
    start(venue, trader, keeper)

    receipt = bid(venue, trader, liquidator)

    loss = receipt.event("LossAllocated")
    assert loss.fund + loss.markets + loss.lenders + loss.deficit == -receipt.event("Bid").payment
    assert venue.cash(trader) == 0
    assert venue.balance(trader, "WETH") == venue.balance(trader, "WBTC") == 0
    assert not venue.vault.isInAuction(account)


def test_attack_34_starting_again_and_again_is_paid_by_the_owner_alone(venue, trader, maker, keeper, other):
    """Attack 34: whoever toggles his account's health pays every starter himself, and ends with less."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    fund, owners = venue.fund.available(), equity(venue, trader)

    for _ in range(3):
        start(venue, trader, other)
        venue.set_price("ETH", 2000)
        venue.auction.end(account, sender=other)
        venue.set_price("ETH", 1560)

    assert owners - equity(venue, trader) == pytest.approx(venue.cash(other), abs=ROUNDING)
    assert venue.fund.available() == fund


def test_attack_34_an_account_does_not_buy_itself(venue, trader, maker, keeper):
    """Attack 34: nor through itself as the starter."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("SelfBid", trader, account=account):
        bid(venue, trader, trader)


def test_attack_34_the_owner_cannot_touch_an_account_in_auction(venue, trader, maker, keeper):
    """Attack 34: in auction nothing leaves."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("InAuction", trader, account=account):
        venue.withdraw(trader, "USDC", 1)


def test_attack_36_dust_everywhere_is_sold_in_one_bid(venue, trader, maker, keeper, liquidator):
    """Attack 36: dust in every asset and market neither blocks nor bloats the sale."""
    account = open_long(venue, trader, maker)
    for token, amount in {"WETH": "0.000000000000000001", "WBTC": "0.00000001", "LINK": "0.000000000000000001"}.items():
        venue.deposit(trader, token, amount)
    for name in ("BTC-PERP", "LINK-PERP", "ETH-FUTURE"):
        venue.trade(trader, maker, name, "0.000000000000000001")
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)

    receipt = bid(venue, trader, liquidator)

    assert receipt.event("AuctionEnded").closed
    assert venue.clearinghouse.legIds(account) == []
    assert receipt.gas_used < 2_000_000


def test_attack_41_a_bid_without_money_fails_in_the_gate(venue, trader, maker, keeper, other):
    """Attack 41: the bidder's own initial margin decides."""
    open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    with venue.refuses("BelowInitialMargin", trader, other, account=venue.account(other), excess=ANY):
        bid(venue, trader, other, "0.5")


def test_attack_42_dust_sent_to_a_bidder_does_not_block_him(venue, trader, maker, keeper, liquidator, other):
    """Attack 42: only cash can be sent unasked, and more cash never hurts a bid."""
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(other, "USDC", 10)
    venue.deposit(other, "WETH", 1)
    bidder, usdc, weth = venue.account(liquidator), venue.tokens["USDC"], venue.tokens["WETH"]
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)

    venue.vault.transfer(venue.account(other), bidder, usdc, 1, sender=other)
    with venue.refuses("NotAuthorised", other, liquidator, caller=other, account=bidder, permission=1):
        venue.vault.transfer(venue.account(other), bidder, weth, 1, sender=other)

    bid(venue, trader, liquidator, "0.5")
