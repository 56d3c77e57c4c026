"""Shares of losses taken off a few at a time, by anyone."""

import pytest

from crossmargin.chain.decimals import wad
from tests.unit.clearinghouse.conftest import claim, losses, pending


@pytest.fixture
def shared(venue, modules, trader, maker, other):
    """Four shorts of the maker and one of another that won 100 each; losses of 10, 20 and 30 shared among them."""
    venue.deposit(other, "USDC", "100000")
    modules.trade("ETH-PERP", trader, maker, 4, 2000)
    modules.trade("ETH-PERP", trader, other, 1, 2000)
    venue.set_price("ETH", 1900)
    for amount in (10, 20, 30):
        modules.share_loss(trader, "ETH-PERP", amount, longs_pay=False)


@pytest.fixture
def collect(venue, keeper):
    """Collect as anyone may; give what the call returned and its receipt."""

    def run(owner, most, instrument="ETH-PERP"):
        arguments = (venue.account(owner), venue.instrument(instrument), most)
        left = venue.clearinghouse.collectShares.call(*arguments, sender=keeper)
        return left, venue.clearinghouse.collectShares(*arguments, sender=keeper)

    return run


def test_collect_shares_takes_the_oldest_first(venue, shared, collect, maker):
    """2, 4 and 6 dollars a contract of four."""
    left, receipt = collect(maker, 1)
    assert (left, receipt.event("LossCollected").amount, receipt.event("LossCollected").shortfall) == (
        2,
        wad(8),
        wad(52),
    )
    assert venue.position(maker, "ETH-PERP") == (-wad(4), -wad(7992))

    left, receipt = collect(maker, 5)
    assert (left, receipt.event("LossCollected").amount) == (0, wad(40))
    assert venue.position(maker, "ETH-PERP") == (-wad(4), -wad(7952))
    assert losses(venue)["shortfall"] == wad(12)


def test_collect_shares_changes_no_value(venue, shared, collect, maker):
    """Views take all shares off already, so that the order of calls is worth nothing."""
    before = (pending(venue, maker), venue.margin(maker)[1].excess)
    for _ in range(3):
        collect(maker, 1)
        assert (pending(venue, maker), venue.margin(maker)[1].excess) == before


def test_collect_shares_takes_them_off_claims_too(venue, modules, shared, collect, other, liquidator):
    """Closed contracts bear what open ones do; a later loss counts them by their number."""
    venue.deposit(liquidator, "USDC", "100000")
    modules.trade("ETH-PERP", other, liquidator, 1, 1900)
    assert claim(venue, other, longs=False) == (wad(88), wad(1))
    modules.share_loss(liquidator, "ETH-PERP", 50, longs_pay=False)

    left, receipt = collect(other, 1)

    assert (left, receipt.event("LossCollected").amount) == (0, wad(50) // 6)
    assert claim(venue, other, longs=False)[0] == wad(88) - wad(50) // 6


def test_collect_shares_of_none_is_nothing(venue, shared, collect, maker, trader, liquidator):
    """No leg, nothing to look at, or no losses left."""
    assert collect(liquidator, 1)[0] == 0
    assert collect(maker, 0)[0] == 3
    for _ in range(2):
        left, receipt = collect(trader, 9)
        assert (left, receipt.events("LossCollected")) == (0, [])


def test_collect_shares_refuses_what_is_not_listed(venue, shared, collect, maker):
    """There is no such market."""
    with venue.refuses("UnknownInstrument", maker, id=12345):
        collect(maker, 1, 12345)
