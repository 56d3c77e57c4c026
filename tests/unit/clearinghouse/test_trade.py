import pytest

from crossmargin.chain.decimals import wad
from crossmargin.model.positions import SETTLEMENT_WINDOW
from tests.unit.clearinghouse.conftest import claim, losses, market, smooth, unpriced

DAY = 86_400


def test_trade_opens_both_sides_and_rounds_each_basis_up(venue, modules, trader, maker):
    """INV-03: sizes cancel; one wei of rounding stays with the market."""
    size, price = "0.000000000000000003", "2000.333333333333333333"

    receipt = modules.trade("ETH-PERP", trader, maker, size, price)

    assert venue.position(trader, "ETH-PERP") == (3, 6001)
    assert venue.position(maker, "ETH-PERP") == (-3, -6000)
    found = market(venue, "ETH-PERP")
    assert (found["open_interest"], found["utilisation"]) == (3, 1)
    traded = receipt.event("Traded")
    assert (traded.buyer, traded.seller, traded.size, traded.price) == (
        venue.account(trader),
        venue.account(maker),
        3,
        wad(price),
    )


def test_trade_keeps_the_sums_when_a_side_flips(venue, modules, trader, maker):
    """INV-03: open interest is the size of the longs; what was closed is paid, what is opened begins at the fill."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000, fee=0)

    modules.trade("ETH-PERP", maker, trader, 5, 2010, fee=0)

    assert venue.position(trader, "ETH-PERP") == (-wad(3), -wad(6030))
    assert venue.position(maker, "ETH-PERP") == (wad(3), wad(6030))
    assert market(venue, "ETH-PERP")["open_interest"] == wad(3)
    assert (venue.cash(trader), venue.cash(maker)) == (wad(100_020), wad(99_980))


def test_trade_realises_the_part_that_it_closes(venue, modules, trader, maker):
    """A quarter of the contracts takes a quarter of the basis along, and its profit is made at once."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    venue.set_price("ETH", 2100)

    modules.trade("ETH-PERP", maker, trader, 1, 2100)

    assert venue.position(trader, "ETH-PERP") == (wad(3), wad(6000))
    assert venue.position(maker, "ETH-PERP") == (-wad(3), -wad(6000))
    assert (venue.cash(trader), venue.cash(maker)) == (wad(100_100), wad(99_900))


def test_trade_pays_the_winner_from_the_losers_cash_when_both_close(venue, modules, trader, maker):
    """Both legs are gone and the pool is empty."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)

    modules.trade("ETH-PERP", maker, trader, 2, 2050)

    assert venue.cash(trader) == wad(100_100)
    assert venue.cash(maker) == wad(99_900)
    for owner in (trader, maker):
        assert venue.clearinghouse.legIds(venue.account(owner)) == []
    assert market(venue, "ETH-PERP")["pool"] == 0


def test_trade_leaves_a_claim_while_losers_have_not_paid(venue, modules, trader, maker, other):
    """Attack 6: a winner leaves before the loser is collected; it waits for its profit."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)

    modules.trade("ETH-PERP", other, trader, 2, 2050)

    assert venue.cash(trader) == wad(100_000)
    assert venue.position(trader, "ETH-PERP") == (0, 0)
    assert claim(venue, trader, longs=True) == (wad(100), wad(2))
    assert losses(venue)["units"] == (wad(2), 0)
    venue.settle(maker)
    venue.settle(trader)
    assert venue.cash(trader) == wad(100_100)
    assert venue.clearinghouse.legIds(venue.account(trader)) == []


def test_trade_pays_a_claim_in_part_and_keeps_its_part_of_the_contracts(venue, modules, trader, maker, other):
    """The pool has 25 of 100: three quarters of the contracts still wait."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", "1987.5")
    venue.settle(trader)
    venue.set_price("ETH", 2050)

    modules.trade("ETH-PERP", other, trader, 2, 2050)

    assert venue.cash(trader) == wad(100_000)
    assert claim(venue, trader, longs=True) == (wad(100), wad("1.6"))
    assert (losses(venue)["units"], market(venue, "ETH-PERP")["pool"]) == ((wad("1.6"), 0), 0)


def test_trade_pays_no_claim_without_a_calm(venue, modules, trader, maker):
    """What is won at a jump waits for the smoothed price, though the loser has paid; what is lost does not."""
    smooth(venue)
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.set_price("ETH", 2050)

    modules.trade("ETH-PERP", maker, trader, 2, 2050)

    assert (venue.cash(trader), venue.cash(maker)) == (wad(100_000), wad(99_900))
    assert claim(venue, trader, longs=True) == (wad(100), wad(2))
    assert market(venue, "ETH-PERP")["pool"] == wad(100)
    venue.warp(3600)
    venue.settle(trader)
    assert venue.cash(trader) == wad(100_100)


def test_trade_leaves_a_debt_of_who_has_no_cash(venue, modules, trader, maker, other):
    """Closing at a loss lends nothing: the rest is owed, and the winner waits for it."""
    venue.deposit(trader, "WETH", "50")
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.withdraw(trader, "USDC", "99970")
    venue.set_price("ETH", 1950)

    modules.trade("ETH-PERP", maker, trader, 2, 1950)

    assert (venue.cash(trader), venue.cash(maker)) == (0, wad(100_030))
    assert claim(venue, trader, longs=True) == (-wad(70), 0)
    assert claim(venue, maker, longs=False) == (wad(70), wad("1.4"))


def test_trade_refuses_strangers(venue, trader, maker, other):
    """Attack 45: only the exchange trades for others."""
    with venue.refuses("NotModule", trader, maker, caller=other):
        venue.clearinghouse.trade(
            venue.instrument("ETH-PERP"),
            venue.account(trader),
            venue.account(maker),
            wad(1),
            wad(2000),
            500,
            False,
            False,
            sender=other,
        )


def test_trade_refuses_nothing_and_too_much(venue, modules, trader, maker):
    """INV-07: sizes and prices are range-checked."""
    with venue.refuses("ZeroSize", trader, maker):
        modules.trade("ETH-PERP", trader, maker, 0, 2000)
    limit = 2**96 - 1
    with venue.refuses("ParameterOutOfRange", trader, maker, value=wad(10**11), limit=limit):
        modules.trade("ETH-PERP", trader, maker, 10**11, 2000)
    with venue.refuses("ParameterOutOfRange", trader, maker, value=wad(10**11), limit=limit):
        modules.trade("ETH-PERP", trader, maker, 1, 10**11)


def test_trade_refuses_an_account_with_itself(venue, modules, trader):
    """No wash trades inside an account."""
    with venue.refuses("SelfTrade", trader, account=venue.account(trader)):
        modules.trade("ETH-PERP", trader, trader, 1, 2000)


@pytest.mark.parametrize(("size", "after"), [(3, 1), (1, -3)])
def test_trade_refuses_reduce_only_that_flips_or_grows(venue, modules, trader, maker, size, after):
    """A reduce-only side shrinks and stays on its side."""
    modules.trade("ETH-PERP", maker, trader, 2, 2000)
    buyer, seller = (trader, maker) if size == 3 else (maker, trader)
    flags = (buyer is trader, seller is trader)

    with venue.refuses(
        "NotReducing", trader, maker, account=venue.account(trader), sizeBefore=-wad(2), sizeAfter=wad(after)
    ):
        modules.trade("ETH-PERP", buyer, seller, size, 2000, *flags)


def test_trade_refuses_more_than_the_cap(venue, modules, trader, maker):
    """The cap counts the longs; what shrinks passes above it."""
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    config = (wad(3), wad(100_000), 20_000)
    venue.govern(venue.clearinghouse, "configureInstrument", venue.instrument("ETH-PERP"), config, False)

    with venue.refuses(
        "OpenInterestCapExceeded", trader, maker, id=venue.instrument("ETH-PERP"), openInterest=wad(5), cap=wad(3)
    ):
        modules.trade("ETH-PERP", trader, maker, 1, 2000)
    modules.trade("ETH-PERP", maker, trader, "0.5", 2000)
    assert market(venue, "ETH-PERP")["utilisation"] == 200


def test_trade_refuses_growth_in_a_reduce_only_market(venue, modules, trader, maker, guardian):
    """The guardian lets everyone out and nobody in."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.clearinghouse.setReduceOnly(venue.instrument("ETH-PERP"), DAY, sender=guardian)

    with venue.refuses("ReduceOnlyMarket", trader, maker, id=venue.instrument("ETH-PERP")):
        modules.trade("ETH-PERP", trader, maker, 1, 2000)
    modules.trade("ETH-PERP", maker, trader, 1, 2000)
    venue.warp(DAY)
    modules.trade("ETH-PERP", trader, maker, 1, 2000)


def test_trade_refuses_accounts_in_auction(venue, modules, trader, maker):
    """An account for sale does not trade, on either side."""
    modules.set_in_auction(trader)

    for sides in ((trader, maker), (maker, trader)):
        with venue.refuses("InAuction", trader, maker, account=venue.account(trader)):
            modules.trade("ETH-PERP", *sides, 1, 2000)


def test_trade_refuses_unlisted_and_expired_instruments(venue, modules, trader, maker):
    """A future trades until its average is being made, half an hour before its expiry, exclusive."""
    unlisted = venue.instrument("ETH-PERP") + (100 << 48)
    with venue.refuses("UnknownInstrument", trader, maker, id=unlisted):
        modules.trade(unlisted, trader, maker, 1, 2000)
    future = venue.instrument("ETH-FUTURE")
    end = (future >> 24 & 0xFFFFFF) * 3600 - SETTLEMENT_WINDOW
    venue.warp(end - venue.node.now - 10)
    modules.trade("ETH-FUTURE", trader, maker, 2, 2000)
    venue.warp(end - venue.node.now)
    for size in (1, -1):
        with venue.refuses("TradingEnded", trader, maker, id=future, end=end):
            modules.trade("ETH-FUTURE", *((trader, maker) if size > 0 else (maker, trader)), 1, 2000)


def test_trade_needs_a_valid_index_unless_both_sides_reduce(venue, modules, trader, maker):
    """INV-23: a stale price allows no new risk, and no premium is learnt from it."""
    modules.trade("ETH-PERP", trader, maker, 2, 2000)
    venue.warp(30 * 86_400, refresh=False)

    with venue.refuses("PriceNotValid", trader, maker, **unpriced(venue, "ETH")):
        modules.trade("ETH-PERP", maker, trader, 1, 2000, True, False)
    modules.trade("ETH-PERP", maker, trader, 1, 2002, True, True)
    assert venue.position(trader, "ETH-PERP")[0] == wad(1)
    assert venue.clearinghouse.premium(venue.instrument("ETH-PERP")) == 0
