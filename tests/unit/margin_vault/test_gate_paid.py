"""What nobody has paid backs neither what leaves nor a loan; what reductions of unhealthy accounts may cost."""

from decimal import Decimal

import pytest

from crossmargin.chain.decimals import wad
from tests.helpers.reverts import ANY
from tests.unit.clearinghouse.conftest import Modules

GATE, EXCHANGE, AUCTION = 1, 4, 8
PAYING, BID = 4, 5  # IMarginVault.TouchMode


@pytest.fixture
def modules(venue, node, trader, maker, deployer) -> Modules:
    """Fill without fees; trader and maker have 100,000 USDC each, and the maker a million more."""
    probe = node.deploy("ModuleProbe", venue.vault, sender=deployer)
    venue.govern(venue.vault, "setModule", probe, GATE | EXCHANGE | AUCTION)
    venue.govern(venue.clearinghouse, "setModules", probe, probe)
    for owner in (trader, maker):
        venue.deposit(owner, "USDC", "100000")
    venue.deposit(maker, "USDC", "1000000")
    return Modules(venue, probe, deployer)


@pytest.fixture
def winner(venue, modules, trader, maker):
    """Let the trader win 40,000 dollars that the maker has not paid."""
    modules.trade("ETH-PERP", trader, maker, 40, 2000, fee=0)
    venue.set_price("ETH", 3000)
    return trader


def leave(venue, owner, receiver, units):
    """Withdraw, or transfer to a receiver."""
    account, token = venue.account(owner), venue.tokens["USDC"]
    if receiver is None:
        return venue.vault.withdraw(account, token, units, owner, sender=owner)
    return venue.vault.transfer(account, venue.account(receiver), token, units, sender=owner)


@pytest.mark.parametrize("way", ["withdraw", "transfer"])
def test_unpaid_profit_does_not_leave(venue, winner, maker, other, way):
    """Attack 63: all but it, to the last unit; once the loser has paid it leaves too."""
    account, receiver = venue.account(winner), other if way == "transfer" else None
    margin = venue.margin(winner)[0]
    assert margin.excess - margin.paidExcess == wad(10_800), "else nine tenths count, up to a tenth of 120,000"
    units = margin.paidExcess // 10**12
    rest = margin.paidExcess - (units + 1) * 10**12
    with venue.refuses("BelowInitialMargin", winner, other, account=account, excess=rest):
        leave(venue, winner, receiver, units + 1)

    leave(venue, winner, receiver, units)

    assert venue.margin(winner)[0].paidExcess == rest + 10**12
    venue.settle(maker)
    venue.settle(winner)
    leave(venue, winner, receiver, 40_000 * 10**6)


def test_unpaid_profit_backs_a_trade_without_a_loan(venue, modules, winner, maker):
    """A pyramid needs no cash of anybody's, but for the requirement's growth."""
    leave(venue, winner, None, venue.margin(winner)[0].paidExcess // 10**12)
    modules.trade("ETH-PERP", winner, maker, 10, 3000, fee=0)
    margin = venue.margin(winner)[0]
    assert margin.paidExcess < -wad(2000) < 0 < margin.excess
    assert venue.cash(winner) > 0


def test_unpaid_profit_backs_no_trade_with_a_loan(venue, modules, trader, maker):
    """Attack 63: who owes 5,000 dollars meets initial margin without it, or repays and then need not."""
    account = venue.account(trader)
    venue.deposit(trader, "WETH", 10)
    modules.trade("BTC-PERP", trader, maker, 1, 60_000, fee=0)
    venue.withdraw(trader, "USDC", 105_000)
    venue.set_price("BTC", 200_000)
    margin = venue.margin(trader)[0]
    assert margin.paidExcess < 0 < margin.excess
    with venue.refuses("BelowInitialMargin", trader, maker, account=account, excess=ANY):
        modules.trade("BTC-PERP", trader, maker, "0.001", 200_000, fee=0)

    venue.deposit(trader, "USDC", 5_001)

    assert venue.margin(trader)[0].paidExcess < 0 < venue.cash(trader)
    modules.trade("BTC-PERP", trader, maker, "0.001", 200_000, fee=0)


@pytest.mark.parametrize(("first", "then"), [(PAYING, PAYING), (PAYING, BID), (BID, PAYING)])
def test_who_pays_one_of_several_markets_is_asked_at_valid_prices(venue, modules, trader, maker, first, then):
    """A bid is judged at any prices; it does not take the place of what is asked of who pays."""
    modules.trade("ETH-PERP", trader, maker, 1, 2000, fee=0)
    account, other = venue.account(trader), venue.account(maker)
    modules.probe.run([account], first, venue.vault, venue.vault.touch.encode(account, then), sender=trader)
    venue.warp(30 * 86_400, refresh=False)
    modules.probe.run([account], BID, venue.vault, venue.vault.touch.encode(other, BID), sender=trader)
    with venue.refuses("PricesNotValid", trader, account=account):
        modules.probe.run([account], first, venue.vault, venue.vault.touch.encode(account, then), sender=trader)


@pytest.fixture
def fallen(venue, modules, trader, maker):
    """Give the trader a long of 200 ether, and the price a fall; sells a part, both sides reduce-only."""
    modules.trade("ETH-PERP", trader, maker, 200, 2000, fee=0)

    def sell(size, price):
        return modules.trade("ETH-PERP", maker, trader, size, price, True, True, fee=0)

    return sell


@pytest.mark.parametrize(("price", "equity"), [(1500, 0), (1490, -2000)])
def test_accounts_without_equity_do_not_reduce(venue, fallen, trader, maker, price, equity):
    """Attack 66: what they would hand out is not theirs, be it a cent; the auction is for them."""
    venue.set_price("ETH", price)
    account = venue.account(trader)
    for offered in (price, price + 100, price - 1):
        with venue.refuses("EquityTooLow", trader, maker, account=account, equity=wad(equity), least=ANY):
            fallen(1, offered)


def test_accounts_without_equity_reduce_once_it_is_back(venue, fallen, trader):
    """A dollar is enough, at the mid price."""
    venue.set_price("ETH", 1500)
    venue.deposit(trader, "USDC", 1)
    fallen(1, 1500)
    assert venue.position(trader, "ETH-PERP")[0] == wad(199)


def requirement_fall(venue, owner, size) -> int:
    """Ask by how much the maintenance requirement falls when some ether is sold."""
    change = ([venue.instrument("ETH-PERP")], [-wad(size)], [wad(1560)], [], [], 0)
    after = venue.simulator.simulate(venue.account(owner), change, [], False)["maintenance"]
    return venue.margin(owner)[1].requirement - after.requirement


def test_unhealthy_accounts_reduce_as_cheaply_as_an_auction(venue, fallen, trader, maker):
    """Attack 66: a twentieth of what the requirement falls by, and dust more is too dear."""
    venue.set_price("ETH", 1560)
    assert venue.margin(trader)[1].excess < 0 < venue.margin(trader)[1].equity
    limit = requirement_fall(venue, trader, 100) // 20
    part = limit // 100
    dear = part + 10**6

    with venue.refuses("ReductionTooDear", trader, maker, account=venue.account(trader), cost=100 * dear, limit=limit):
        fallen(100, 1560 - Decimal(dear).scaleb(-18))
    fallen(100, 1560 - Decimal(part).scaleb(-18))

    assert venue.position(trader, "ETH-PERP")[0] == wad(100)


def test_healthy_accounts_reduce_at_any_price_that_frees_more(venue, fallen, trader, maker):
    """Below initial margin both excesses must not fall; above maintenance margin the price is the owner's."""
    venue.set_price("ETH", 1640)
    initial, maintenance = venue.margin(trader)
    assert initial.excess < 0 < maintenance.excess
    with venue.refuses(
        "MarginExcessFell",
        trader,
        maker,
        account=venue.account(trader),
        beforeInitial=initial.paidExcess,
        afterInitial=ANY,
        beforeMaintenance=maintenance.excess,
        afterMaintenance=ANY,
    ):
        fallen(100, 1440)

    cost = 100 * 40
    assert wad(cost) > requirement_fall(venue, trader, 100) // 20
    fallen(100, 1600)
    assert venue.position(trader, "ETH-PERP")[0] == wad(100)


def test_a_reduction_hides_no_payment_of_one_market(venue, batch, trader, maker, other):
    """Worth 268,000, of which 300,000 nobody has paid: in one operation it is reduced and pays one of two markets."""
    for owner, cash in ((trader, 400_000), (maker, 1_000_000), (other, 400_000)):
        venue.deposit(owner, "USDC", cash)
    for name in ("ETH-FUTURE", "ETH-PERP"):
        venue.trade(trader, maker, name, 270)
    bitcoin = venue.prices["BTC"]
    venue.trade(other, trader, "BTC-PERP", round(1_000_000 / bitcoin, 3))
    venue.set_prices({"ETH": "1200", "BTC": str(bitcoin * Decimal("0.7"))})
    account, future = venue.account(trader), venue.instrument("ETH-FUTURE")
    ask = venue.order(trader, "ETH-FUTURE", -1, 1201, reduce_only=True)
    bid = venue.order(maker, "ETH-FUTURE", 1, 1201)
    filled = (venue.exchange, "fill", (ask.encode(), venue.sign(ask), bid.encode(), venue.sign(bid), wad(1)))
    settled = (venue.clearinghouse, "settle", (account, [future]))

    with venue.refuses("EquityTooLow", trader, maker, account=account, equity=ANY, least=ANY):
        batch.run(trader, filled, settled)

    batch.run(trader, filled)
    assert venue.position(trader, "ETH-FUTURE")[0] == wad(269)
