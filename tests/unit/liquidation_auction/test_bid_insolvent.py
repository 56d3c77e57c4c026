import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.auction import insolvent_payout, slice_payout
from tests.helpers.auctions import ROUNDING, bid, borrow, equity, open_long, rest, start, terms

ZERO = "0x" + "00" * 20


def shares(receipt) -> tuple[int, int, int, int]:
    """Who bore the loss: fund, markets, lenders, deficit."""
    event = receipt.event("LossAllocated")
    return event.fund, event.markets, event.lenders, event.deficit


def test_a_markets_loss_falls_on_its_winners(venue, trader, maker, keeper, liquidator, lender):
    """INV-19, INV-21, INV-22: the market's winner pays, from his profit; neither the fund, nor fees, nor lenders do.

    The payout rises from what the account is worth below nothing by its requirement.
    """
    account = open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(lender, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    start(venue, trader, keeper)
    venue.warp(1800)
    before, value, winner = rest(venue, trader), equity(venue, liquidator), equity(venue, maker)
    fund, lent = venue.vault.insuranceCash(), venue.cash(lender)
    started = venue.auction.auctionOf(account).seenAt

    receipt = bid(venue, trader, liquidator)

    payout = insolvent_payout(terms(venue), before, receipt.time - started)
    assert receipt.event("Bid").payment == -payout
    assert shares(receipt) == (0, payout, 0, 0)
    shared = receipt.event("LossShared")
    assert (shared.id, shared.longsPay, shared.amount) == (venue.instrument("ETH-PERP"), False, payout)
    assert (venue.vault.insuranceCash(), venue.cash(lender)) == (fund, lent)
    assert equity(venue, liquidator) - value == pytest.approx(before.value + payout, abs=ROUNDING)
    assert winner - equity(venue, maker) == pytest.approx(payout, abs=ROUNDING)
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


def test_a_winner_that_closed_shares_too(venue, trader, maker, keeper, liquidator, lender, other):
    """INV-21: going flat before the bid dodges nothing, and what the newcomer does not bear is nobody's cash."""
    perpetual = venue.instrument("ETH-PERP")
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.deposit(lender, "USDC", 100_000)
    venue.deposit(other, "USDC", 1_000_000)
    venue.set_price("ETH", 1400)
    venue.trade(maker, other, "ETH-PERP", 20)
    start(venue, trader, keeper)
    claim, entered = equity(venue, maker), equity(venue, other)
    lent, fund = venue.cash(lender), venue.vault.insuranceCash()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert shares(receipt) == (0, payout, 0, 0)
    # claims of 20 contracts and 20 open ones, which have won nothing
    assert claim - equity(venue, maker) == pytest.approx(payout // 2, abs=ROUNDING)
    assert equity(venue, other) == pytest.approx(entered, abs=ROUNDING)
    venue.settle(maker)
    assert venue.losses.shortfallOf(perpetual) == pytest.approx(payout // 2, abs=ROUNDING)
    assert (venue.cash(lender), venue.vault.insuranceCash()) == (lent, fund)
    assert venue.vault.cashTotals()["deficit"] == 0


def test_what_was_settled_before_is_owed_no_more(venue, trader, maker, keeper, liquidator):
    """The reward beyond what the account still owed its market falls on the market: it has no loan."""
    open_long(venue, trader, maker)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1400)
    venue.settle(trader)
    assert venue.cash(trader) == 0
    start(venue, trader, keeper)
    venue.warp(3600)
    owed = -rest(venue, trader).value
    fund = venue.vault.insuranceCash()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert payout > owed + wad(100)
    assert shares(receipt) == (0, payout, 0, 0)
    assert venue.vault.insuranceCash() == fund


def test_markets_share_by_what_each_lost(venue, trader, maker, keeper, liquidator):
    """A long that lost 12,000 and a short that lost 3,000: four fifths fall on shorts, one on longs."""
    venue.deposit(trader, "USDC", 13_000)
    venue.deposit(maker, "USDC", 1_000_000)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.trade(trader, maker, "ETH-PERP", 20)
    venue.trade(maker, trader, "BTC-PERP", "0.1")
    venue.trade(trader, maker, "LINK-PERP", 10)
    venue.set_prices({"ETH": 1400, "BTC": 90_000, "LINK": 16})
    start(venue, trader, keeper)

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    parts = {e["args"].id: (e["args"].longsPay, e["args"].amount) for e in receipt.events("LossShared")}
    assert parts == {
        venue.instrument("ETH-PERP"): (False, pytest.approx(payout * 12_000 // 15_000, rel=1e-7)),
        venue.instrument("BTC-PERP"): (True, pytest.approx(payout * 3_000 // 15_000, rel=1e-7)),
    }
    assert sum(amount for _, amount in parts.values()) == payout
    assert shares(receipt) == (0, payout, 0, 0)


def test_the_fund_pays_for_loans_first(venue, trader, maker, keeper, liquidator, lender):
    """INV-19: while it has money no lender pays for a loan."""
    borrow(venue, trader, lender)
    venue.deposit(liquidator, "USDC", 100_000)
    venue.set_price("ETH", 1000)
    start(venue, trader, keeper)
    lent, fund = venue.cash(lender), venue.vault.insuranceCash()

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    assert payout > wad(49_000)
    assert shares(receipt) == (payout, 0, 0, 0)
    assert fund - venue.vault.insuranceCash() == pytest.approx(payout, abs=ROUNDING)
    assert venue.cash(lender) >= lent


def test_a_loans_loss_falls_on_the_lenders(venue, trader, maker, keeper, liquidator, lender):
    """INV-19, INV-21: without a fund a loan's loss is shared by all cash, not by markets."""
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
    assert fund == pytest.approx(receipt.event("LeavingCharged").amount, abs=ROUNDING), "and a few seconds' reserve"
    assert fund + lenders + deficit == -receipt.event("Bid").payment
    assert deficit <= ROUNDING
    assert venue.cash(lender) < lent - wad(40_000)
    assert venue.cash(trader) == 0
    assert venue.balance(trader, "WETH") == 0


@pytest.fixture
def both(venue, trader, maker, keeper, liquidator, lender):
    """Let an account owe a market 150,000 and lenders 600,000, against 400,000 of ether."""
    venue.deposit(lender, "USDC", 2_000_000)
    venue.deposit(maker, "USDC", 2_000_000)
    venue.deposit(liquidator, "USDC", 2_000_000)
    venue.deposit(trader, "WETH", 500)
    venue.withdraw(trader, "USDC", 600_000)
    venue.trade(trader, maker, "BTC-PERP", 10)
    venue.set_prices({"ETH": 800, "BTC": 45_000})
    start(venue, trader, keeper)
    return venue.account(trader)


def test_markets_then_the_fund_then_lenders(venue, both, trader, liquidator, lender):
    """INV-19: the market bears what the account owed it, then the fund and the lenders what it owed them."""
    available, lent = venue.vault.insuranceCash(), venue.cash(lender)

    receipt = bid(venue, trader, liquidator)

    payout = -receipt.event("Bid").payment
    fund, markets, lenders, deficit = shares(receipt)
    assert markets == wad(150_000)
    charged = receipt.event("LeavingCharged").amount
    assert fund == pytest.approx(available + charged, rel=1e-6)  # it earns a few seconds of interest
    assert wad(99_000) < fund < payout - markets
    assert lenders == pytest.approx(payout - markets - fund, abs=ROUNDING)
    assert fund + markets + lenders + deficit == payout
    assert deficit <= ROUNDING
    assert venue.vault.insuranceCash() <= ROUNDING
    assert venue.cash(lender) < lent


def test_a_slice_pays_its_part_of_what_was_owed(venue, both, trader, liquidator):
    """INV-19: for three tenths of the account the market bears as much of 150,000, and the fund what is beyond."""
    receipt = bid(venue, trader, liquidator, "0.3")

    payout = -receipt.event("Bid").payment
    assert shares(receipt) == (payout - wad(45_000), wad(45_000), 0, 0)


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
