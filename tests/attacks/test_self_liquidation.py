"""An operation that makes an account unhealthy cannot have it liquidated before its own check (museum 22, 25)."""

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.auctions import MAX_INT256, bid, open_long, start
from tests.helpers.batches import EVERYTHING, FOREVER, Batch
from tests.helpers.reverts import ANY
from tests.helpers.venue import MAX_UINT256


@pytest.fixture
def batch(node, venue, deployer, trader):
    """Give the trader a batcher that may do everything for it."""
    batch = Batch(venue, node.deploy("Batcher", sender=deployer))
    venue.vault.setOperator(batch.batcher, EVERYTHING, FOREVER, sender=trader)
    return batch


def test_withdrawing_everything_and_buying_oneself_is_refused(venue, trader, lender, batch):
    """Withdraw the lenders' cash, start the debtor's auction, take it with another account: all in one operation."""
    venue.deposit(lender, "USDC", "100000")
    venue.deposit(trader, "USDC", "1", sub_id=1)
    debtor, bidder = venue.account(trader), venue.account(trader, 1)
    with venue.refuses("LiquidatedInOperation", trader, lender, account=debtor):
        batch.run(
            trader,
            (venue.vault, "withdraw", (debtor, venue.tokens["USDC"], 90_000 * 10**6, trader.address)),
            (venue.auction, "start", (debtor, bidder)),
            (venue.auction, "bid", (debtor, bidder, 10**18, 0, 0, MAX_UINT256, MAX_UINT256)),
        )


def test_giving_everything_away_and_starting_is_refused(venue, trader, lender, batch):
    """The same with a transfer instead of a withdrawal."""
    venue.deposit(lender, "USDC", "100000")
    venue.deposit(trader, "WETH", "10")
    venue.withdraw(trader, "USDC", "5000")
    debtor = venue.account(trader)
    with venue.refuses("LiquidatedInOperation", trader, lender, account=debtor):
        batch.run(
            trader,
            (venue.vault, "transfer", (debtor, debtor + 1, venue.tokens["WETH"], 10**19)),
            (venue.auction, "start", (debtor, debtor + 1)),
        )


def test_a_bidder_cannot_be_liquidated_in_the_operation_of_its_bid(venue, trader, maker, lender, batch):
    """A bidder takes a loss that it cannot carry, and a third account takes the bidder."""
    venue.deposit(lender, "USDC", "100000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "20000")
    venue.trade(trader, maker, "ETH-PERP", 80, 2000)
    venue.set_price("ETH", 1700)
    debtor, bidder = venue.account(trader), venue.account(trader, 1)
    venue.auction.start(debtor, bidder, sender=trader)
    with venue.refuses("LiquidatedInOperation", trader, lender, account=bidder):
        batch.run(
            trader,
            (venue.auction, "bid", (debtor, bidder, 10**18, 0, 0, MAX_UINT256, MAX_UINT256)),
            (venue.vault, "withdraw", (bidder, venue.tokens["USDC"], 50_000 * 10**6, trader.address)),
            (venue.auction, "start", (bidder, bidder + 1)),
        )


def test_a_flash_deposit_does_not_use_up_the_outflow_limit(venue, trader, other):
    """Only net outflow counts: tokens that come and go leave the limit to those who need it."""
    token = venue.tokens["WETH"]
    venue.govern(venue.vault, "setOutflowLimit", token, 10**19, 10**6)
    venue.deposit(trader, "WETH", "5")
    venue.warp(10**6)
    for _ in range(3):
        venue.deposit(other, "WETH", "100")
        venue.withdraw(other, "WETH", "100")
    venue.withdraw(trader, "WETH", "0.1")
    assert venue.vault.outflowOf(token)["available"] > 0


def test_an_underwater_account_cannot_pay_its_owners_other_account(venue, trader, maker):
    """Attack 22: reduce-only fills at a bad price must not turn a small equity into a bad debt."""
    venue.deposit(maker, "USDC", "1000000")
    venue.deposit(trader, "USDC", "400000")
    venue.deposit(trader, "USDC", "500000", sub_id=1)
    venue.trade(trader, maker, "LINK-PERP", 80_000, 15)
    venue.set_price("LINK", "10.2")
    assert venue.health(trader) < 10**18
    ask = venue.order(trader, "LINK-PERP", -80_000, "9.3", reduce_only=True)
    bid = venue.order(trader, "LINK-PERP", 80_000, "9.3", sub_id=1)
    before = venue.margin(trader)[1].equity
    assert before > 0 > before - 80_000 * 9 * 10**17
    # 0.90 a contract below mid, and the fee: 0.06 % of 744,000
    with venue.refuses("EquityTooLow", trader, account=venue.account(trader), equity=before - wad("72446.4"), least=0):
        venue.fill(bid, ask)


@pytest.fixture
def debtor(venue, trader, maker):
    """Make an account of the trader unhealthy; another of his has ether and no cash."""
    account = open_long(venue, trader, maker)
    venue.deposit(trader, "WETH", 100, sub_id=1)
    venue.set_price("ETH", 1560)
    return account


def test_without_valid_prices_nobody_buys_himself_on_credit(venue, debtor, trader, keeper):
    """Attack 34: a withdrawal is refused then; what a bid pays his own account would be one."""
    venue.warp(3 * 86_400, refresh=False)
    start(venue, trader, keeper)
    second = venue.account(trader, 1)
    assert venue.cash(trader, 1) == 0

    with venue.refuses("BidOnCredit", trader, account=second, cash=ANY, least=ANY):
        bid(venue, trader, trader, sub_id=1)

    venue.deposit(trader, "USDC", 10_000, sub_id=1)
    bid(venue, trader, trader, "0.1", sub_id=1)


def test_in_a_pause_nobody_buys_himself_on_credit(venue, debtor, trader, keeper, guardian):
    """Attack 34: the same while nothing risky is allowed; at other times a bid may take a loan."""
    start(venue, trader, keeper)
    second = venue.account(trader, 1)
    venue.vault.pauseRiskIncrease(1_000, sender=guardian)
    with venue.refuses("BidOnCredit", trader, account=second, cash=ANY, least=ANY):
        bid(venue, trader, trader, "0.1", sub_id=1)

    venue.warp(1_001)
    bid(venue, trader, trader, "0.1", sub_id=1)


def test_the_debt_of_a_slice_is_no_new_loan(venue, trader, lender, keeper, liquidator):
    """At a stale price a loan may be taken over with its collateral; only the price is paid in own cash."""
    venue.deposit(lender, "USDC", 1_000_000)
    venue.deposit(trader, "WETH", 100)
    venue.withdraw(trader, "USDC", 150_000)
    venue.deposit(liquidator, "WETH", 100)
    venue.deposit(liquidator, "USDC", 20_000)
    venue.set_price("ETH", 1740)
    venue.warp(3 * 86_400, refresh=False)
    start(venue, trader, keeper)

    event = bid(venue, trader, liquidator, "0.5").event("Bid")

    assert 0 < event.payment < 20_000 * 10**18
    assert venue.cash(liquidator) < -40_000 * 10**18


def test_a_bidder_withdraws_nothing_in_the_operation_of_a_bid_at_a_stale_price(venue, debtor, trader, keeper, batch):
    """Attack 34: the bid goes through, but nothing leaves with it."""
    venue.deposit(trader, "USDC", 10_000, sub_id=1)
    venue.warp(3 * 86_400, refresh=False)
    start(venue, trader, keeper)
    second, cash = venue.account(trader, 1), venue.tokens["USDC"]
    call = (venue.auction, "bid", (debtor, second, 10**17, 0, MAX_INT256, MAX_UINT256, MAX_UINT256))
    with venue.refuses("PricesNotValid", trader, account=second):
        batch.run(trader, call, (venue.vault, "withdraw", (second, cash, 10**6, trader.address)))
    batch.run(trader, call)
