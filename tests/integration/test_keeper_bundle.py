"""A keeper that takes legs of an account and leaves what is dear to close."""

from crossmargin.chain.decimals import wad
from tests.helpers.keeper_process import pass_until


def test_keeper_takes_the_leg_that_pays(start_keeper, position, venue, trader, maker, liquidator):
    """A little bitcoin, dear to close, spoils slices: the keeper bids for ether alone until the account is restored."""
    venue.trade(maker, trader, "BTC-PERP", "0.05")
    dear = {str(venue.feed("BTC")): 1_000_000}
    keeper = start_keeper(settings={"strategy": {"hedge_cost_by_underlying": dear}})
    venue.set_price("ETH", "1830")
    pass_until(keeper, venue, lambda: venue.position(liquidator, "ETH-PERP")[0] > 0, "bid")
    pass_until(keeper, venue, lambda: keeper.actions("bundle")[-1]["status"] == "settled", "settled")

    assert venue.position(liquidator, "BTC-PERP")[0] == 0
    assert venue.position(trader, "BTC-PERP")[0] == wad("-0.05")
    assert keeper.actions("bid") == []
    events = venue.auction.contract.events.BundleBid().get_logs(from_block=0)
    done = [action for action in keeper.actions("bundle") if action["status"] == "settled"]
    assert [int(float(action["value"]) * 1e6) for action in done] == [
        int(event["args"]["giveUp"] / 1e12) for event in events
    ]
    assert all(float(action["take"]) > 0 for action in done)
    assert events[-1]["args"]["excessAfter"] > events[0]["args"]["excessBefore"]
    assert keeper.metric("keeper_mirror_mismatches_total") == 0


def test_keeper_takes_legs_that_hedge_each_other_together(start_keeper, venue, trader, maker, liquidator):
    """A long of ether and a shorter future free margin only together: both come in one bundle, bitcoin stays."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "3700")
    venue.trade(trader, maker, "ETH-PERP", "20")
    venue.trade(maker, trader, "ETH-FUTURE", "10")
    venue.trade(trader, maker, "BTC-PERP", "0.05")
    costs = {str(venue.feed("BTC")): 1_000_000, str(venue.feed("ETH")): 20}
    keeper = start_keeper(settings={"strategy": {"hedge_cost_by_underlying": costs, "min_profit": 0.1}})
    venue.set_price("ETH", "1780")
    pass_until(keeper, venue, lambda: venue.position(liquidator, "ETH-FUTURE")[0] < 0, "bid")
    pass_until(keeper, venue, lambda: keeper.actions("bundle")[-1]["status"] == "settled", "settled")

    long, short = (venue.position(liquidator, name)[0] for name in ("ETH-PERP", "ETH-FUTURE"))
    assert abs(long + 2 * short) <= 2 < long
    assert venue.position(trader, "BTC-PERP")[0] == wad("0.05")
    assert keeper.actions("bid") == []
    assert keeper.metric("keeper_mirror_mismatches_total") == 0
