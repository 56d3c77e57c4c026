"""Whoever has the key of a `KeeperExecutor` that is not his has it buy an account of his, and closes against himself.

Docstrings have the numbers that were seen.
"""

from typing import Any

from tests.helpers.auctions import MAX_INT256, ROUNDING, bid, equity, open_long
from tests.helpers.handles import Handle
from tests.helpers.markets import BITCOIN, PERPETUAL
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256, Venue


def work(venue: Venue, executor: Handle, account: int, buyer: Any, price: int, keeper: Any, *, sub_id: int = 0) -> None:
    """Bid for all there is of an account in auction, and close its long of ether against an order."""
    order = venue.order(buyer, PERPETUAL, 20, price, sub_id=sub_id)
    offer = venue.auction.bid.encode(account, executor.account(), 10**18, 0, MAX_INT256, MAX_UINT256, MAX_UINT256)
    executor.execute(([], [offer], [], [(order.encode(), venue.sign(order), 20 * 10**18)], 0), sender=keeper)


def owed_to_the_executor(venue: Venue, trader: Any, maker: Any, lender: Any, keeper: Any, owner: Any) -> Handle:
    """Deploy an executor that has 1,000; of an insolvent account it gets 88, and 646 that the market owes it."""
    executor = venue.node.deploy(
        "KeeperExecutor", owner, keeper, venue.vault, venue.clearinghouse, venue.vault, sender=owner
    )
    venue.mint(owner, "USDC", 1_000)
    venue.tokens["USDC"].approve(venue.vault, 10**9, sender=owner)
    venue.vault.deposit(executor.account(), venue.tokens["USDC"], 10**9, sender=owner)
    venue.deposit(lender, "USDC", 1_000_000)
    sick = open_long(venue, trader, maker)
    venue.set_price("ETH", 1450)
    for each in (trader, maker):
        venue.settle(each)
    venue.deposit(trader, "USDC", 100)
    venue.auction.start(sick, venue.account(maker), sender=keeper)
    venue.warp(3600)
    work(venue, executor, sick, lender, 1451, keeper)
    assert equity(venue, executor.account()) > venue.cash(executor.account()), "the market owes it something"
    return executor


def test_a_stolen_key_uses_up_no_claims(
    venue: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """Of an insolvent account the executor got 88 of cash and 646 that the market owes it.

    The thief has it buy an account of his own, and closes against himself at the end of the band: what that lost was
    paid with the claims, so that the job brought 164 of cash. The executor was worth 1,734 before and 1,252 after; the
    thief's accounts gained 478, the rest were fees. The keeper's guide says that a stolen key loses gas.
    """
    executor = owed_to_the_executor(venue, trader, maker, lender, keeper, liquidator)
    mine = executor.account()
    venue.deposit(other, "USDC", 6_000)
    venue.trade(other, maker, PERPETUAL, 20)
    venue.set_price("ETH", 1204)
    before = equity(venue, mine)
    venue.auction.start(venue.account(other), venue.account(lender), sender=other)
    with venue.refuses("ProfitTooSmall", lender, profit=ANY, least=0):
        work(venue, executor, venue.account(other), lender, 1144, keeper)
    assert equity(venue, mine) >= before - ROUNDING


def test_a_stolen_key_exchanges_no_claims(
    venue: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """The same 646; the thief's account is owed 690 by bitcoin's market, of which 170 are there, and owes as much more.

    The executor pays with its claims what the ether of that account has lost, and has the others in their place: the
    job brought 7 of cash, and claims of more than before. It was worth 1,734 before, and 1,525 once the thief's
    bankrupt in bitcoin was sold.
    """
    executor = owed_to_the_executor(venue, trader, maker, lender, keeper, liquidator)
    mine, bankrupt = executor.account(), venue.account(maker, 1)
    venue.deposit(maker, "USDC", 170, sub_id=1)
    venue.deposit(maker, "USDC", 10_000, sub_id=2)
    venue.deposit(other, "USDC", 4_350)
    venue.trade(maker, other, BITCOIN, "0.03", sub_ids=(1, 0))
    venue.trade(other, maker, PERPETUAL, 20)
    venue.set_price("BTC", 37_000)
    venue.trade(other, maker, BITCOIN, "0.03", sub_ids=(0, 2))
    venue.set_price("ETH", 1204)
    before = equity(venue, mine)
    venue.auction.start(venue.account(other), venue.account(lender), sender=other)
    with venue.refuses("ProfitTooSmall", lender, profit=ANY, least=0):
        work(venue, executor, venue.account(other), lender, 1204, keeper)
    venue.auction.start(bankrupt, venue.account(lender), sender=keeper)
    bid(venue, bankrupt, venue.account(lender), sender=lender)
    assert equity(venue, mine) >= before - ROUNDING


def test_a_stolen_key_exchanges_no_claims_of_two_sides(
    venue: Venue, trader: Any, maker: Any, other: Any, lender: Any, keeper: Any, liquidator: Any
) -> None:
    """The 646 are of longs; the thief's account is owed 650 for shorts, by a bankrupt long of his own, of which 358.

    The executor pays with its claims what the long of that account has lost, and has those of shorts in their place:
    the job brought 115 of cash, and claims of nearly as much as before. The thief is paid with what the market owed
    the executor, which was worth 1,734 before, and 1,519 once the bankrupt was sold; of 202,660 he had 202,918.
    """
    executor = owed_to_the_executor(venue, trader, maker, lender, keeper, liquidator)
    mine, account, bankrupt = executor.account(), venue.account(other), venue.account(other, 1)
    for sub_id, cash in enumerate((2_300, 360, 100_000, 100_000)):
        venue.deposit(other, "USDC", cash, sub_id=sub_id)
    venue.trade(other, other, PERPETUAL, "2.6", sub_ids=(1, 0))
    venue.set_price("ETH", 1200)
    venue.trade(other, other, PERPETUAL, "2.6", sub_ids=(0, 2))
    venue.trade(other, other, PERPETUAL, 20, sub_ids=(0, 3))
    venue.set_price("ETH", 1052)
    before = equity(venue, mine)
    venue.auction.start(account, venue.account(lender), sender=other)
    venue.warp(900)
    with venue.refuses("ProfitTooSmall", lender, profit=ANY, least=0):
        work(venue, executor, account, other, 1052, keeper, sub_id=3)
    venue.trade(maker, lender, PERPETUAL, 20)
    venue.settle(venue.account(other, 3), sender=other)
    venue.auction.start(bankrupt, venue.account(lender), sender=keeper)
    bid(venue, bankrupt, venue.account(lender), sender=lender)
    assert equity(venue, mine) >= before - ROUNDING
