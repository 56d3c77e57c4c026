import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.auction import insolvent_payout, slice_payout
from tests.helpers.auctions import ROUNDING, bid, borrow, equity, open_long, rest, start, terms

ZERO = "0x" + "00" * 20


def shares(receipt) -> tuple[int, int, int, int]:
    """Who bore the loss: fund, markets, lenders, deficit."""
    event = receipt.event("LossAllocated")
    return event.fund, event.markets, event.lenders, event.deficit


def test_the_fund_pays_first(venue, trader, maker, keeper, liquidator):
    """INV-19: while it has money nobody else pays; the payout rises from the shortfall by the requirement."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    venue.warp(1800)
    before, value, fund = rest(venue, trader), equity(venue, liquidator), venue.fund.available()
    started = venue.auction.auctionOf(account).seenAt

    receipt = bid(venue, trader, liquidator)

    payout = insolvent_payout(terms(venue), before, receipt.time - started)
    assert receipt.event("Bid").payment == -payout
    assert shares(receipt) == (payout, 0, 0, 0)
    assert fund - venue.fund.available() == pytest.approx(payout, abs=2)
    assert equity(venue, liquidator) - value == pytest.approx(before.value + payout, abs=ROUNDING)
    assert receipt.event("AuctionEnded").closed
    assert (venue.cash(trader), venue.clearinghouse.legIds(account)) == (0, [])


def test_slices_share_the_payout(venue, trader, maker, keeper, liquidator):
    """INV-16: any fraction goes, for its part of the payout, and what is left is better off."""
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    account = venue.account(trader)
    start(venue, trader, keeper)
    started = venue.auction.auctionOf(account).seenAt
    before = rest(venue, trader)

    receipt = bid(venue, trader, liquidator, "0.3")

    payout = insolvent_payout(terms(venue), before, receipt.time - started)
    assert receipt.event("Bid").payment == -slice_payout(wad("0.3"), payout)
    assert venue.margin(trader)[1].excess > before.excess
    bid(venue, trader, liquidator)
    assert venue.cash(trader) == 0


def test_a_markets_loss_falls_on_its_winners(venue, trader, maker, keeper, liquidator, lender):
    """INV-19, INV-21, INV-22: without a fund fees pay, then the market's winner, from his profit; lenders do not."""
    venue.govern(venue.vault, "setInsuranceFund", ZERO)
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(lender, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    before = rest(venue, trader)
    winner, lent, surplus = equity(venue, maker), venue.cash(lender), venue.vault.insuranceCash()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert -before.value <= payout
    assert 0 < surplus < payout
    assert shares(receipt) == (surplus, payout - surplus, 0, 0)
    assert venue.vault.insuranceCash() == 0
    assert winner - equity(venue, maker) == pytest.approx(payout - surplus, abs=ROUNDING)
    assert venue.cash(lender) == lent


def test_a_winner_that_closed_shares_too(venue, trader, maker, keeper, liquidator, lender, other):
    """INV-21: going flat before the bid dodges nothing, and what nobody in the market bears is not cash."""
    venue.govern(venue.vault, "setInsuranceFund", ZERO)
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(lender, "USDC", 100_000)
    venue.deposit(other, "USDC", 1_000_000)
    venue.set_price("ETH", 1400)
    venue.trade(maker, other, "ETH-PERP", 20)
    start(venue, trader, keeper)
    claim, lent, surplus = equity(venue, maker), venue.cash(lender), venue.vault.insuranceCash()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert shares(receipt) == (surplus, payout - surplus, 0, 0)
    assert claim - equity(venue, maker) == pytest.approx(payout - surplus, abs=ROUNDING)
    assert venue.cash(lender) == lent
    assert venue.vault.cashTotals()["deficit"] == 0


def test_a_loans_loss_falls_on_the_lenders(venue, trader, maker, keeper, liquidator, lender):
    """INV-19, INV-21: a loan's loss is shared by all cash, not by markets."""
    venue.govern(venue.vault, "setInsuranceFund", ZERO)
    borrow(venue, trader, lender)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1000)
    start(venue, trader, keeper)
    lent, value = venue.cash(lender), rest(venue, trader).value
    assert value < -wad(49_000)

    receipt = bid(venue, trader, liquidator)

    fund, markets, lenders, deficit = shares(receipt)
    assert markets == 0
    assert fund <= ROUNDING, "a few seconds' reserve"
    assert fund + lenders + deficit == -receipt.event("Bid").payment
    assert deficit <= ROUNDING
    assert venue.cash(lender) < lent - wad(40_000)
    assert venue.cash(trader) == 0
    assert venue.balance(trader, "WETH") == 0


def test_fund_then_markets_and_lenders_in_proportion(venue, trader, maker, keeper, liquidator, lender):
    """INV-19: what the fund cannot pay is split by what the account owed, and the parts sum to the payout."""
    venue.deposit(lender, "USDC", 2_000_000)
    venue.deposit(maker, "USDC", 2_000_000)
    venue.deposit(liquidator, "USDC", 2_000_000)
    venue.deposit(trader, "WETH", 500)
    venue.withdraw(trader, "USDC", 600_000)
    venue.trade(trader, maker, "BTC-PERP", 10)
    venue.set_prices({"ETH": 800, "BTC": 45_000})
    start(venue, trader, keeper)
    loan, loss = -venue.cash(trader), wad(150_000)
    available = venue.fund.available()

    receipt = bid(venue, trader, liquidator)

    fund, markets, lenders, deficit = shares(receipt)
    assert fund == pytest.approx(available, rel=1e-9)  # it earns a second of interest
    assert fund > wad(99_000)
    assert markets > 0
    assert lenders > 0
    assert markets * loan == pytest.approx(lenders * loss, rel=1e-6)
    assert fund + markets + lenders + deficit == -receipt.event("Bid").payment
    assert deficit <= ROUNDING
    assert venue.fund.available() <= 1


def test_reserved_cash_pays_before_the_fund(venue, trader, maker, keeper, liquidator):
    """INV-19: cash of earlier bids is the account's equity, and equity bears losses first."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1560)
    start(venue, trader, keeper)
    venue.warp(900)
    bid(venue, trader, liquidator, "0.2")
    reserved = venue.auction.auctionOf(account).reserved
    venue.set_price("ETH", 1495)
    assert venue.auction.quote(account).insolvent
    fund = venue.fund.available()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert 0 < payout < reserved
    assert receipt.events("LossAllocated") == []
    assert venue.fund.available() == fund
    assert venue.cash(trader) == pytest.approx(reserved - payout, abs=ROUNDING)


def test_limit_is_the_least_payout(venue, trader, maker, keeper, liquidator):
    """INV-17: a negative limit asks for at least that much."""
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    venue.warp(7200 + 60)
    price = venue.auction.quote(account).price
    assert price < 0

    with venue.refuses("PriceLimit", trader, liquidator, payment=price, limit=price - 1):
        bid(venue, trader, liquidator, limit=price - 1)
    bid(venue, trader, liquidator, limit=price)
