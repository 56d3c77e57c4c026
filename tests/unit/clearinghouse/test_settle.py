from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import market


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


def test_settle_lends_to_a_healthy_account(venue, modules, trader, maker):
    """A loss beyond the cash is a loan against collateral while initial margin is met."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "all")
    venue.set_price("BTC", 59_000)

    venue.settle(trader)

    assert venue.cash(trader) == -wad(1_000)


def test_settle_lends_nothing_to_an_unhealthy_account(venue, modules, trader, maker, other):
    """A market's loss must not become a loan that the lenders bear: only positive cash is taken."""
    venue.deposit(other, "USDC", "10000")
    modules.trade("BTC-PERP", other, maker, 1, 60_000)
    venue.set_price("BTC", 45_000)

    venue.settle(other)

    assert venue.cash(other) == 0
    assert venue.position(other, "BTC-PERP") == (wad(1), wad(50_000))
    assert market(venue, "BTC-PERP")["pool"] == wad(10_000)


def test_settle_lends_nothing_against_unrealised_profit(venue, modules, trader, maker, other):
    """Healthy is not enough: who may not borrow is lent nothing for its losses either."""
    venue.deposit(other, "USDC", "2500")
    modules.trade("BTC-PERP", other, maker, "0.1", 60_000)
    modules.trade("ETH-PERP", trader, other, 10, 2000)
    venue.set_prices({"BTC": 160_000, "ETH": 3030})
    initial, maintenance = venue.margin(other)
    assert maintenance.excess >= 0 > initial.excess

    venue.settle(other, "ETH-PERP")

    assert venue.cash(other) == 0
    assert venue.position(other, "ETH-PERP")[0] == -wad(10)


def test_settle_lends_nothing_at_a_stale_price(venue, modules, trader, maker):
    """A loan needs the prices that a withdrawal needs."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "all")
    venue.set_price("BTC", 59_000)
    venue.warp(30 * 86_400, refresh=False)

    venue.settle(trader)

    assert venue.cash(trader) == 0


def test_settle_lends_nothing_to_an_account_in_auction(venue, modules, trader, maker):
    """An account for sale takes up no loan."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("BTC-PERP", trader, maker, 1, 60_000)
    venue.withdraw(trader, "USDC", "99500")
    modules.set_in_auction(trader)
    venue.set_price("BTC", 59_000)

    venue.settle(trader)

    assert venue.cash(trader) == 0
    assert venue.position(trader, "BTC-PERP") == (wad(1), wad(59_500))


def test_settle_pays_no_open_profit_at_a_stale_price(venue, modules, trader, maker):
    """INV-23: losses are collected, profits wait."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)
    venue.warp(30 * 86_400, refresh=False)

    venue.settle(maker)
    venue.settle(trader)

    assert market(venue, "ETH-PERP")["pool"] == wad(100)
    assert venue.cash(trader) == wad(100_000)
