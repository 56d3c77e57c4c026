import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.option_desk import CALL, post_surfaces
from tests.unit.clearinghouse.conftest import claim, losses, market, smooth


def test_settle_moves_a_loss_into_the_pool(venue, modules, trader, maker, other):
    """Anyone may collect; the position keeps its size and has no value left."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 1950)

    receipt = venue.settle(trader, "ETH-PERP", sender=other)

    settled = receipt.event("Settled")
    assert (settled.amount, settled.pool) == (-wad(100), wad(100))
    assert venue.cash(trader) == wad(99_900)
    assert venue.position(trader, "ETH-PERP") == (wad(2), wad(3900))
    assert market(venue, "ETH-PERP")["pool"] == wad(100)


def test_settle_pays_profit_only_as_far_as_the_pool_reaches(venue, modules, trader, maker):
    """INV-05: profit paid out is at most what losers have paid."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)
    venue.settle(trader)
    assert venue.cash(trader) == wad(100_000)

    venue.settle(maker)
    venue.set_price("ETH", 2100)
    venue.settle(trader)

    assert venue.cash(trader) == wad(100_100)
    assert venue.position(trader, "ETH-PERP") == (wad(2), wad(4100))
    assert market(venue, "ETH-PERP")["pool"] == 0


def test_settle_takes_duplicates_and_strangers_for_nothing(venue, modules, trader, maker):
    """Attack 28: a repeated id pays once; an id not held, listed or not, does nothing."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)
    venue.settle(maker)

    receipt = venue.settle(trader, "ETH-PERP", "ETH-PERP", "BTC-PERP", 12345, "ETH-PERP")

    assert len(receipt.events("Settled")) == 1
    assert venue.cash(trader) == wad(100_100)


def test_settle_does_not_change_the_maintenance_excess(venue, modules, trader, maker):
    """INV-08: value moves from one pocket of the account to the other."""
    modules.trade("ETH-PERP", trader, maker, 20, 2000)
    modules.trade("BTC-PERP", maker, trader, 1, 60_000)
    venue.set_prices({"ETH": 1950, "BTC": 59_000})
    venue.settle(maker)
    before = venue.margin(trader)[1].excess

    venue.settle(trader)

    assert abs(venue.margin(trader)[1].excess - before) <= 4


def test_settle_never_lends(venue, modules, trader, maker):
    """Whatever secures it: only positive cash is taken, so that nobody pays interest on cash that lies in a pool."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "99600")
    venue.set_price("BTC", 59_000)

    venue.settle(trader)
    receipt = venue.settle(trader)

    assert receipt.events("Settled") == []
    assert venue.cash(trader) == 0
    assert venue.position(trader, "BTC-PERP") == (wad(1), wad(59_600))
    assert market(venue, "BTC-PERP")["pool"] == wad(400)


def test_settle_takes_all_cash_of_an_unhealthy_account(venue, modules, trader, maker, other):
    """A loss beyond it stays in the leg."""
    venue.deposit(other, "USDC", "10000")
    modules.trade("BTC-PERP", other, maker, 1, 60_000)
    venue.set_price("BTC", 45_000)

    venue.settle(other)

    assert venue.cash(other) == 0
    assert venue.position(other, "BTC-PERP") == (wad(1), wad(50_000))
    assert market(venue, "BTC-PERP")["pool"] == wad(10_000)


def test_settle_pays_no_open_profit_at_a_stale_price(venue, modules, trader, maker):
    """INV-23: losses are collected, profits wait."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)
    venue.warp(30 * 86_400, refresh=False)

    venue.settle(maker)
    venue.settle(trader)

    assert market(venue, "ETH-PERP")["pool"] == wad(100)
    assert venue.cash(trader) == wad(100_000)


@pytest.mark.parametrize("price", [2030, 1970])
def test_settle_collects_at_mid_and_pays_at_the_worse_edge(venue, modules, trader, maker, price):
    """A jump is lost at once, and won as the smoothed price follows it: half of the way after the window."""
    smooth(venue, window=3600)
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", price)
    winner, loser = (trader, maker) if price > 2000 else (maker, trader)
    venue.settle(loser)
    assert market(venue, "ETH-PERP")["pool"] == wad(60)

    venue.settle(winner)
    assert venue.cash(winner) == wad(100_000)
    venue.warp(3600)
    venue.settle(winner)

    quote = venue.oracle.price(venue.feed("ETH"))
    edge = quote.low if winner is trader else quote.high
    assert abs(edge - wad(2000)) == pytest.approx(wad(15), rel=1e-3)
    assert venue.cash(winner) == wad(100_000) + 2 * abs(edge - wad(2000))
    assert venue.cash(loser) == wad(99_940)


@pytest.mark.parametrize(("price", "paid"), [("2040.8", 100), ("2040.9", 0)])
def test_settle_pays_claims_in_a_calm_only(venue, modules, trader, maker, other, price, paid):
    """Claims wait while edges are more than a fiftieth of the mid price apart: 40.8 of 2,040.8 is no more, 40.9 is."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 2, 2000, fee=0)
    modules.trade("ETH-PERP", other, trader, 2, 2050, fee=0)
    assert claim(venue, trader, longs=True) == (wad(100), wad(2))
    venue.set_price("ETH", 2200)
    venue.settle(maker)
    assert market(venue, "ETH-PERP")["pool"] == wad(400)
    venue.set_price("ETH", 2000)
    smooth(venue)

    venue.set_price("ETH", price)
    venue.settle(trader)

    assert venue.cash(trader) == wad(100_000 + paid)
    assert claim(venue, trader, longs=True) == (wad(100 - paid), wad(0 if paid else 2))


def test_settle_pays_open_options_in_a_calm_only(venue, modules, trader, maker):
    """An option has no edges of its own: while those of its underlying are far apart its profit waits."""
    smooth(venue)
    post_surfaces(venue)
    modules.trade(CALL, trader, maker, 1, 50)
    venue.set_price("ETH", 2100)
    venue.settle(maker)
    pool = market(venue, CALL)["pool"]
    assert pool > 0

    venue.settle(trader)
    assert venue.cash(trader) == wad(100_000)
    venue.warp(86_400, refresh=True)
    venue.warp(86_400, refresh=True)
    post_surfaces(venue)
    venue.settle(maker)
    venue.settle(trader)
    assert venue.cash(trader) > wad(100_000)


def test_settle_takes_debts_of_closed_contracts_out_of_cash(venue, modules, trader, maker, other):
    """What closing lost beyond the cash is owed until there is some; nothing is lent for it."""
    venue.deposit(trader, "WETH", "50")
    venue.deposit(other, "USDC", "100000")
    venue.withdraw(trader, "USDC", "all")
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 1950)
    modules.trade("ETH-PERP", other, trader, 2, 1950)
    assert (venue.cash(trader), claim(venue, trader, longs=True)) == (0, (-wad(100), 0))
    assert venue.position(trader, "ETH-PERP") == (0, 0)

    venue.deposit(trader, "USDC", "70")
    settled = venue.settle(trader).event("Settled")

    assert (settled.amount, settled.pool) == (-wad(70), wad(70))
    assert (venue.cash(trader), claim(venue, trader, longs=True)) == (0, (-wad(30), 0))
    venue.deposit(trader, "USDC", "70")
    venue.settle(trader)
    assert venue.cash(trader) == wad(40)
    assert venue.clearinghouse.legIds(venue.account(trader)) == []


def test_debts_without_cash_are_paid_with_claims_of_the_same_leg(venue, modules, trader, maker, other):
    """Closed longs are owed 100, closed shorts owe 42: 58 are left, and as much of the contracts."""
    venue.deposit(trader, "WETH", "50")
    venue.deposit(other, "USDC", "100000")
    venue.withdraw(trader, "USDC", "all")
    modules.trade("ETH-PERP", trader, maker, 1, 2000)
    venue.set_price("ETH", 2100)
    modules.trade("ETH-PERP", other, trader, 2, 2100)
    assert claim(venue, trader, longs=True) == (wad(100), wad(1))

    modules.trade("ETH-PERP", trader, other, 1, 2142)

    assert claim(venue, trader, longs=True) == (wad(58), wad("0.58"))
    assert claim(venue, trader, longs=False) == (0, 0)
    assert claim(venue, other, longs=True) == (wad(42), wad(1))
    assert losses(venue)["units"] == (wad("1.58"), 0)
