"""What a keeper does for a venue that nobody is paid for: expiries, feeds, arrays, forecasts, settlements."""

from crossmargin.chain.decimals import wad
from crossmargin.model.freshness import GRID
from crossmargin.model.instruments import decode
from crossmargin.model.positions import SETTLEMENT_WINDOW
from tests.helpers.keeper_process import pass_until
from tests.helpers.option_desk import FAR_CALL, expire, post_surfaces, series

CHORES = ("push_feeds", "renew_arrays", "observe_volatility", "settle", "watch_fund")


def test_keeper_ends_an_expiry(start_keeper, position, venue, trader, maker):
    """It leaves the half hour before the expiry alone, then observes the index once, finishes, and goes on."""
    post_surfaces(venue)
    venue.trade(trader, maker, "ETH-FUTURE", "1")
    venue.trade(maker, trader, FAR_CALL, "1")
    future = venue.instrument("ETH-FUTURE")
    expiry = series(venue, FAR_CALL).expiry

    def window() -> dict:
        return venue.clearinghouse.settlementOf(future)

    keeper = start_keeper()
    venue.warp(expiry - SETTLEMENT_WINDOW - 60 - venue.node.now)
    keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")
    assert window()["observations"] == 0

    for before in (SETTLEMENT_WINDOW, 600, 60):
        venue.warp(expiry - before - venue.node.now)
        keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")
    assert (window()["observations"], keeper.actions("observeSettlement")) == (0, [])

    venue.warp(expiry + 1 - venue.node.now)
    pass_until(keeper, venue, lambda: window()["average"], "finished")
    assert expiry <= venue.node.now < expiry + 300
    pass_until(keeper, venue, lambda: "finishSettlement" in _settled(keeper), "settled")
    assert window()["observations"] == 30
    assert _settled(keeper) == ["observeSettlement", "finishSettlement"]
    assert keeper.metric("keeper_mirror_mismatches_total") == 0


def test_keeper_observes_what_the_venue_takes(start_keeper, position, venue, trader, maker, guardian):
    """A day after expiry a price in doubt counts where it is young: with a dead source nothing is tried before that."""
    venue.trade(trader, maker, "ETH-FUTURE", "1")
    future, feed = venue.instrument("ETH-FUTURE"), venue.feed("ETH")
    expiry = decode(future).expiry
    venue.warp(expiry - venue.node.now)
    venue.oracle.forceUncertain(feed, 7 * 86_400, sender=guardian)
    keeper = start_keeper()
    for wait in (60, 86_400, 43_200):
        venue.warp(wait, refresh=False)
        keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")
    assert keeper.metric("keeper_expiries_due") == 1
    assert keeper.actions("observeSettlement") == []

    venue.set_price("ETH", "2000")
    keeper.until(lambda: venue.clearinghouse.settlementOf(future)["observations"] == 1, "observed")
    pass_until(keeper, venue, lambda: "observeSettlement" in _settled(keeper), "settled")
    assert {action["status"] for action in keeper.actions("observeSettlement")} <= {"mined", "sent", "settled"}


def _settled(keeper) -> list[str]:
    return [action["kind"] for action in keeper.status()["journal"] if action["status"] == "settled"]


def test_keeper_does_its_chores(start_keeper, position, venue, trader, maker, other):
    """Sources move, arrays age, a step of the forecaster begins, an expiry ends: it does what is due, and no more."""
    post_surfaces(venue)
    venue.trade(trader, maker, "ETH-FUTURE", "1")
    venue.trade(maker, trader, FAR_CALL, "1")
    feed, option = venue.feed("ETH"), venue.instrument(FAR_CALL)
    forecaster = venue.node.at("VolatilityForecaster", venue.record.address("VolatilityForecaster"))
    idle = start_keeper()
    assert [idle.metric(f"keeper_{name}") for name in ("feeds_due", "arrays_aged", "fund_usd")] == [0, 0, 0]
    idle.kill()

    keeper = start_keeper(settings={"chores": dict.fromkeys(CHORES, True), "strategy": {"end_expiries": False}})
    before = venue.options.arrayOf(option)["time"]
    venue.say("ETH", "2004")
    keeper.until(lambda: venue.oracle.price(feed)["mid"] == wad(2004), "pushed")
    venue.warp(GRID)
    keeper.until(lambda: forecaster.tapeOf(feed)["step"] == venue.node.now // GRID, "observed")
    venue.warp(venue.config.engine.array_max_age)
    keeper.until(lambda: venue.options.arrayOf(option)["time"] > before, "renewed")
    assert keeper.metric("keeper_fund_usd") == venue.fund.available() / wad(1)

    expire(venue, "ETH-FUTURE", 2010, sender=other)
    held = [(who, name) for who in (trader, maker) for name in ("ETH-FUTURE", FAR_CALL)]
    pass_until(keeper, venue, lambda: not any(venue.position(*one)[0] for one in held), "positions settled")
    pass_until(keeper, venue, lambda: keeper.metric("keeper_positions_unsettled") == 0, "seen")
    done = [action for action in keeper.status()["journal"] if action["status"] in {"mined", "settled"}]
    assert {action["kind"] for action in done} == {"pushFeeds", "renewArrays", "observePrices", "settle"}
    assert keeper.metric("keeper_mirror_mismatches_total") == 0
