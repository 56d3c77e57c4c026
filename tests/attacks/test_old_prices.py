"""Stored prices that nobody refreshed for minutes, while their source says another: who acts at the old one."""

from dataclasses import replace

from crossmargin.chain.decimals import parse_units, wad
from crossmargin.client.option_views import Slice
from tests.helpers.auctions import bid, borrow, equity, open_long, start
from tests.helpers.option_desk import CALL, PUT, post_slice, post_surfaces, refresh_arrays, series
from tests.helpers.reverts import ANY
from tests.helpers.venue import Venue
from tests.unit.clearinghouse.conftest import smooth

OLD = 600
"""Ten minutes: ten times what a stored price may be old where value leaves [s]."""


def say(venue: Venue, feed: str, price: int) -> None:
    """Let the sources of a feed say another price after ten minutes in which nobody refreshed."""
    venue.warp(OLD, refresh=False)
    posted = [
        (venue.record.address(f"feed:{feed}:{place}"), parse_units(price, source.decimals))
        for place, source in venue.config.feeds[feed].sources()
    ]
    feeds, answers = zip(*posted, strict=True)
    venue.board.post(list(feeds), list(answers), venue.oracle, [], sender=venue.deployment.record.deployer)


def refresh(venue: Venue, feed: str, sender) -> None:
    """Store what the sources of a feed say."""
    venue.oracle.refresh([venue.feed(feed)], sender=sender)


def test_attack_86_no_bid_at_an_old_price(venue, trader, maker, keeper, liquidator):
    """The account is sound at what the source says; it is sold at the price of ten minutes ago.

    Otherwise a long of 20 ether has an equity of 4,000 dollars, and 62 % of it go for 439: the bidder gains 2,042.
    """
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    say(venue, "ETH", 1700)
    with venue.refuses("Healthy", trader, liquidator, account=account, excess=ANY):
        bid(venue, trader, liquidator)


def test_attack_86_no_payout_for_an_account_that_is_solvent_now(venue, trader, lender, keeper, liquidator):
    """At the price of ten minutes ago the account is worth less than nothing, and the fund pays for it.

    Otherwise 100 ether at 2,000 go to the bidder with a debt of 150,000, and the fund pays it 10,933 beside: 60,933.
    """
    account = borrow(venue, trader, lender)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    fund = venue.fund.available()
    say(venue, "ETH", 2000)
    with venue.refuses("Healthy", trader, liquidator, account=account, excess=ANY):
        bid(venue, trader, liquidator)
    assert abs(venue.fund.available() - fund) < wad(1), "it pays nothing"


def test_attack_87_no_loan_at_a_loss_of_ten_minutes_ago(venue, trader, maker, other, lender):
    """A stranger makes a sound account borrow, and no winner is paid with it.

    Otherwise a loan of 15,000 dollars of an account that has won 5,000. It bears interest, and lies in the pool.
    """
    venue.deposit(lender, "USDC", 1_000_000)
    venue.deposit(trader, "WETH", 200)
    venue.deposit(maker, "USDC", 1_000_000)
    venue.trade(trader, maker, "ETH-PERP", 100, 2000)
    fees = venue.cash(trader)
    venue.set_price("ETH", 1850)
    say(venue, "ETH", 2050)
    id_ = venue.instrument("ETH-PERP")
    venue.clearinghouse.settleBetween(id_, venue.account(maker), venue.account(trader), sender=other)
    assert venue.cash(trader) >= fees - wad(1), "who has won owes nobody"


def test_attack_88_who_enters_at_the_price_of_now_bears_no_loss_of_before(venue, trader, maker, other, keeper):
    """A winner hands its contracts to a newcomer at the price of now, while the stored one is ten minutes old.

    The newcomer's entry is the old price, so that it counts as a winner of what the handed-on contract had won, and
    bears the loss of the bankrupt long in the place of who won. Otherwise it loses 5,111 of 6,880 dollars, for a
    contract that it sold at the index of then; with a refresh before the fill it loses nothing.
    """
    venue.deposit(trader, "USDC", 19_200)
    venue.deposit(maker, "USDC", 200_000)
    venue.deposit(other, "USDC", 200_000)
    venue.deposit(keeper, "USDC", 1_000_000)
    venue.trade(trader, maker, "ETH-PERP", 100, 2000)
    venue.set_price("ETH", 1830)
    say(venue, "ETH", 1740)
    venue.settle(trader, "ETH-PERP", sender=maker)
    venue.trade(maker, other, "ETH-PERP", 100, 1740)
    refresh(venue, "ETH", maker)
    before = equity(venue, other)
    assert equity(venue, trader) < 0, "bankrupt"

    start(venue, trader, keeper)
    bid(venue, trader, keeper)
    venue.settle(other, "ETH-PERP")

    assert before - equity(venue, other) < wad(1), "a contract that was opened after the fall bears nothing"


def test_attack_88_no_contracts_are_opened_in_a_gap_that_nobody_stored(venue, maker, other):
    """The source has fallen by an eighth; the stored price, ten minutes old, is calm."""
    smooth(venue)
    venue.deposit(maker, "USDC", 500_000)
    venue.deposit(other, "USDC", 500_000)
    say(venue, "ETH", 1750)
    with venue.refuses("PriceNotCalm", maker, other, id=venue.instrument("ETH-PERP")):
        venue.trade(maker, other, "ETH-PERP", 100, 1900)


def test_attack_89_no_auction_by_arrays_of_an_old_price(venue, trader, maker, keeper):
    """Sound at the price of now with arrays of now: whoever refreshes neither is paid for its auction.

    Otherwise an account with an equity of 25,388 for a requirement of 18,955 dollars is started for 277, and its
    owner is locked out.
    """
    post_surfaces(venue)
    refresh_arrays(venue, CALL, PUT, sender=keeper)
    venue.deposit(trader, "USDC", 200_000)
    venue.deposit(maker, "USDC", 400_000)
    for option in (CALL, PUT):
        venue.trade(maker, trader, option, 200)
    venue.withdraw(trader, "USDC", str(venue.margin(trader)[0].paidExcess // wad(1)))
    say(venue, "ETH", 2060)
    with venue.refuses("Healthy", trader, account=venue.account(trader), excess=ANY):
        start(venue, trader, keeper)


def test_attack_95_no_loan_against_a_multiple_of_an_old_price(venue, trader, lender):
    """Staked ether is refreshed alone, from ether's price of ten minutes ago, and is then not asked for again.

    Otherwise a loan of 190,000 dollars against 120 ether at 1,500: the lenders lose 10,000 of it at once.
    """
    venue.deposit(lender, "USDC", 1_000_000)
    venue.deposit(trader, "stETH", 100)
    say(venue, "ETH", 1500)
    refresh(venue, "stETH", trader)
    with venue.refuses("BelowInitialMargin", lender, account=venue.account(trader), excess=ANY):
        venue.withdraw(trader, "USDC", 190_000)


def test_attack_106_a_withdrawal_rests_on_arrays_of_the_last_slice(venue, trader, maker, keeper):
    """Volatility is posted a seventh higher; who is short withdraws by arrays of before.

    Otherwise all of the excess leaves, of which the next refresh takes thousands.
    """
    post_surfaces(venue)
    refresh_arrays(venue, CALL, PUT, sender=keeper)
    venue.deposit(trader, "USDC", 200_000)
    venue.deposit(maker, "USDC", 400_000)
    for option in (CALL, PUT):
        venue.trade(maker, trader, option, 200)
    before = venue.margin(trader)[0].paidExcess
    expiry = series(venue, CALL).expiry
    last = Slice(*venue.surface.sliceOf(venue.feed("ETH"), expiry)["slice"].values())
    venue.warp(venue.config.options["ETH"].min_interval)
    post_slice(venue, "ETH", expiry, replace(last, a=last.a * 13 // 10, b=last.b * 13 // 10))
    with venue.refuses("BelowInitialMargin", trader, account=venue.account(trader), excess=ANY):
        venue.withdraw(trader, "USDC", str(before // wad(1)))
    venue.withdraw(trader, "USDC", 1)
    assert venue.options.arrayOf(venue.instrument(CALL)).time == venue.node.now
    assert before - venue.margin(trader)[0].paidExcess > wad(1_000)


def test_attack_107_nothing_is_lent_before_the_sequencer_has_rested(venue, trader, lender):
    """A price that was stored before an outage is Valid in the second of the return: nobody borrows or adds risk at it.

    Otherwise a loan of 100,000 dollars against 100 ether that nobody else could act on. Who owes nothing leaves, and
    who owes repays, all the time.
    """
    venue.deposit(lender, "USDC", 1_000_000)
    venue.deposit(trader, "WETH", 100)
    account = venue.account(trader)
    uptime = venue.node.deploy("MockAggregator", 0, "L2 Sequencer Uptime Status Feed", 0, sender=lender)
    venue.govern(venue.oracle, "setSequencerFeed", uptime.address, 3_600)
    venue.warp(3_601)
    venue.withdraw(trader, "USDC", 1_000)
    for down in (1, 0):
        uptime.setRound(down, venue.node.now, venue.node.now, sender=lender)
        with venue.refuses("PricesNotValid", trader, account=account):
            venue.withdraw(trader, "USDC", 1_000)
        venue.deposit(trader, "USDC", 100)
        venue.withdraw(lender, "USDC", 1)
    venue.warp(3_601)
    venue.withdraw(trader, "USDC", 1_000)
