"""Liquidating with no capital: auction, swap and repayment in one transaction, or nothing at all."""

import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.units import WAD
from tests.helpers.auctions import MAX_INT256, open_long
from tests.helpers.reverts import ANY
from tests.helpers.uniswap import FEE
from tests.helpers.venue import MAX_UINT256

NOBODY = "0x" + "00" * 20


@pytest.fixture
def job(venue, executor):
    """Give a maker of jobs: start, bid for all there is, sell ether, close against an order."""

    def make(account, *, by=executor, starts=True, fraction=WAD, closings=(), hops=None, minimum=0):
        mine = by.account()
        start = venue.auction.start.encode(account, mine)
        bid = venue.auction.bid.encode(account, mine, fraction, 0, MAX_INT256, MAX_UINT256, MAX_UINT256)
        sale = (venue.tokens["WETH"], hops or [(venue.tokens["USDC"], FEE)])
        return ([start] if starts else [], [bid], [sale], list(closings), minimum)

    return make


def _executor(venue, owner, keeper, factory):
    """Deploy one that takes the word of some factory."""
    return venue.node.deploy("KeeperExecutor", owner, keeper, venue.vault, venue.clearinghouse, factory, sender=owner)


def _holds_nothing(venue, executor) -> bool:
    """Tell whether no token lies in the contract and nobody may take one."""
    tokens = venue.tokens.values()
    return all(token.balanceOf(executor) == token.allowance(executor, venue.vault) == 0 for token in tokens)


def test_execute_liquidates_without_capital(venue, account, executor, job, keeper, liquidator):
    """From nothing: start, slice, swap, repayment; what stays is cash, which only the owner takes out."""
    before = venue.health(account)
    receipt = executor.execute(job(account, minimum=wad(50)), sender=keeper)

    profit = receipt.event("Executed").profit
    mine = executor.account()
    assert wad(50) < profit == venue.cash(mine)
    assert venue.vault.balanceOf(mine, venue.asset("WETH")) == 0
    assert venue.health(account) > WAD > before
    assert not venue.vault.isInAuction(account)
    assert _holds_nothing(venue, executor)

    with venue.refuses("WrongCaller", caller=keeper, expected=liquidator):
        executor.withdraw(venue.tokens["USDC"], MAX_UINT256, keeper, sender=keeper)
    executor.withdraw(venue.tokens["USDC"], MAX_UINT256, liquidator, sender=liquidator)
    assert venue.tokens["USDC"].balanceOf(liquidator) == profit // 10**12


def test_execute_bids_in_an_auction_of_somebody_else(venue, account, executor, job, keeper, other):
    """What others have started it only bids in."""
    venue.auction.start(account, venue.account(other), sender=other)
    assert executor.execute(job(account, starts=False), sender=keeper).event("Executed").profit > 0


def test_execute_closes_positions_against_an_order(venue, executor, job, trader, maker, keeper):
    """A slice of a long is closed against a signed order in the same operation; no more than it brought."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    order = venue.order(maker, "ETH-PERP", 20, "1559")
    receipt = executor.execute(job(account, closings=[(order.encode(), venue.sign(order), wad(20))]), sender=keeper)

    mine = executor.account()
    taken = receipt.event("Bid").fraction
    assert -receipt.event("Filled").takerSize == wad(20) * taken // WAD
    assert venue.position(mine, "ETH-PERP") == (0, 0)
    assert venue.cash(mine) == receipt.event("Executed").profit > 0


def test_execute_leaves_nothing_open(venue, executor, job, trader, maker, keeper):
    """Positions that no order closes would be a risk without capital: all is undone, the start too."""
    account = open_long(venue, trader, maker)
    venue.set_price("ETH", 1560)
    with venue.refuses("BelowInitialMargin", trader, executor.account(), account=executor.account(), excess=ANY):
        executor.execute(job(account), sender=keeper)

    venue.mint(keeper, "USDC", 100_000)
    venue.tokens["USDC"].approve(venue.vault, venue.units("USDC", 100_000), sender=keeper)
    venue.vault.deposit(executor.account(), venue.tokens["USDC"], venue.units("USDC", 100_000), sender=keeper)
    with venue.refuses("NotFlat", trader, id=venue.instrument("ETH-PERP"), size=ANY):
        executor.execute(job(account), sender=keeper)


def test_execute_reverts_below_its_profit(venue, account, executor, job, keeper, trader):
    """A pool that pays too little, or a price that has moved: nothing happened."""
    profit = executor.execute.call(job(account), sender=keeper)
    with venue.refuses("ProfitTooSmall", trader, executor.account(), profit=ANY, least=2 * profit):
        executor.execute(job(account, minimum=2 * profit), sender=keeper)


def test_execute_sells_over_two_pools(venue, account, executor, job, uniswap, keeper):
    """Ether for tether, tether for the quote token."""
    uniswap.pool("WETH", "USDT", 1740, 20_000, FEE)
    uniswap.pool("USDT", "USDC", 1, 50_000_000, FEE)
    hops = [(venue.tokens["USDT"], FEE), (venue.tokens["USDC"], FEE)]
    with venue.refuses("NotQuote", token=venue.tokens["USDT"], quote=venue.tokens["USDC"]):
        executor.execute(job(account, hops=hops[:1]), sender=keeper)
    assert executor.execute(job(account, hops=hops), sender=keeper).event("Executed").profit > 0
    assert _holds_nothing(venue, executor)


def test_what_was_there_before_is_not_sold(venue, account, executor, job, keeper):
    """Nor does it make a job's profit: who has the keeper's key chooses pool and price."""
    mine, plain = executor.account(), executor.execute.call(job(account), sender=keeper)
    venue.node.rpc("anvil_impersonateAccount", executor.address)
    venue.node.rpc("anvil_setBalance", executor.address, hex(WAD))
    venue.mint(executor, "WETH", 1)
    venue.tokens["WETH"].approve(venue.vault, WAD, sender=executor)
    venue.vault.deposit(mine, venue.tokens["WETH"], WAD, sender=executor)
    profit = executor.execute(job(account), sender=keeper).event("Executed").profit
    assert venue.vault.balanceOf(mine, venue.asset("WETH")) == WAD
    assert profit == pytest.approx(plain, rel=1e-6)


def test_execute_is_the_keepers_alone(venue, account, executor, job, liquidator, other):
    """Neither strangers nor the owner work it; nobody calls back but who was called."""
    for stranger in (liquidator, other):
        with venue.refuses("WrongCaller", caller=stranger, expected=executor.keeper()):
            executor.execute(job(account), sender=stranger)
    with venue.refuses("WrongCaller", caller=other, expected=venue.vault):
        executor.unlockCallback(b"", sender=other)
    with venue.refuses("WrongCaller", caller=other, expected=NOBODY):
        executor.uniswapV3SwapCallback(1, 0, b"", sender=other)
    with venue.refuses("WrongCaller", caller=other, expected=liquidator):
        executor.sweep(venue.tokens["USDC"], other, sender=other)


def test_execute_refuses_pools_of_nobody(venue, account, executor, job, keeper):
    """Only pools that the factory knows are asked."""
    usdc = venue.tokens["USDC"]
    with venue.refuses("NoPool", tokenIn=venue.tokens["WETH"], tokenOut=usdc, fee=100):
        executor.execute(job(account, hops=[(usdc, 100)]), sender=keeper)


def test_a_pool_is_paid_once(venue, account, job, keeper, liquidator):
    """A pool that calls back a second time is a stranger by then."""
    greedy = venue.node.deploy("GreedyPool", sender=liquidator)
    robbed = _executor(venue, liquidator, keeper, greedy)
    with venue.refuses("WrongCaller", caller=greedy, expected=NOBODY):
        robbed.execute(job(account, by=robbed), sender=keeper)


def test_execute_is_not_entered_again(venue, account, job, liquidator):
    """Not even by its keeper, where that is a contract which a pool or a token calls."""
    greedy = venue.node.deploy("GreedyPool", sender=liquidator)
    robbed = _executor(venue, liquidator, greedy, greedy)
    with venue.refuses("ReentrancyGuardReentrantCall"):
        greedy.work(robbed, robbed.execute.encode(job(account, by=robbed)), sender=liquidator)


def test_sweep_takes_what_lies_there(venue, executor, liquidator, other):
    """Tokens sent by mistake are the owner's."""
    venue.mint(other, "LINK", 5)
    venue.tokens["LINK"].transfer(executor, venue.units("LINK", 5), sender=other)
    executor.sweep(venue.tokens["LINK"], liquidator, sender=liquidator)
    assert venue.tokens["LINK"].balanceOf(liquidator) == venue.units("LINK", 5)
