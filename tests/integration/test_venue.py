"""The venue that all tests share does what tests ask of it."""

from crossmargin.chain.decimals import wad


def test_deposit_credits_cash(venue, trader):
    """The quote token becomes cash."""
    venue.deposit(trader, "USDC", "10000")

    assert venue.cash(trader) == wad(10_000)


def test_tests_are_isolated(venue, trader):
    """What one test did, the next does not see."""
    assert venue.cash(trader) == 0


def test_trade_opens_both_sides(venue, trader, maker):
    """One fill, two positions."""
    venue.deposit(trader, "USDC", "10000")
    venue.deposit(maker, "USDC", "10000")

    receipt = venue.trade(trader, maker, "ETH-PERP", "1.5", "2000")

    assert venue.position(trader, "ETH-PERP")[0] == wad("1.5")
    assert venue.position(maker, "ETH-PERP")[0] == -wad("1.5")
    assert receipt.event("Filled").price == wad(2000)


def test_price_moves_at_once(venue, trader, maker):
    """A price halved is Valid and marks positions."""
    venue.deposit(trader, "USDC", "10000")
    venue.deposit(maker, "USDC", "10000")
    venue.trade(trader, maker, "ETH-PERP", "1.5")

    venue.set_price("ETH", 900)

    price = venue.oracle.price(venue.feed("ETH"))
    assert (price.mid, price.low, price.high, price.status) == (wad(900), wad(900), wad(900), 1)
    equity = [venue.margin(each)[1].equity for each in (trader, maker)]
    assert equity[0] < wad(8_400) < wad(11_600) < equity[1]


def test_refusals_are_checked_whole(venue, trader, other):
    """A refusal's error, arguments and the unchanged state in one line."""
    venue.deposit(trader, "USDC", "10000")
    account = venue.account(trader)

    with venue.refuses("NotAuthorised", trader, caller=other, account=account, permission=2):
        venue.vault.withdraw(account, venue.tokens["USDC"], 1, other, sender=other)


def test_governor_acts_through_the_timelock(venue):
    """A parameter changes after the delay."""
    rates = (0, 0, 0, 500_000, 0)

    venue.govern(venue.vault, "setRateModel", rates)

    assert tuple(venue.vault.rateModel().values()) == rates
