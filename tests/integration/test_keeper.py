"""The keeper as a process against a deployed venue."""

import pytest

from crossmargin.chain.decimals import wad
from keepers import switch
from tests.helpers.keeper_process import pass_until
from tests.helpers.option_desk import CALL, FAR_CALL, expire, post_surfaces


def _fall(venue, price="1830") -> None:
    """Make the trader unhealthy, yet worth something."""
    venue.set_price("ETH", price)


def _in_auction(venue, trader) -> bool:
    return venue.vault.isInAuction(venue.account(trader))


def test_keeper_starts_the_auction_and_bids(start_keeper, position, venue, trader, liquidator):
    """An account falls below health 1: the keeper starts, waits for its price, takes over, and reports its take."""
    keeper = start_keeper()
    assert keeper.page("live")[0] == 200
    assert keeper.actions("start") == []

    switch.pause(keeper.folder / "keeper.db", "on holiday")
    _fall(venue)
    keeper.until(lambda: keeper.page("ready") == (503, '{"paused":"on holiday"}'), "paused")
    venue.warp(30)
    keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")
    assert keeper.actions("start") == []
    switch.resume(keeper.folder / "keeper.db")
    venue.warp(1)
    keeper.until(lambda: _in_auction(venue, trader), "started")
    pass_until(keeper, venue, lambda: venue.position(liquidator, "ETH-PERP")[0] > 0, "bid")
    pass_until(keeper, venue, lambda: not _in_auction(venue, trader), "restored")
    pass_until(keeper, venue, lambda: keeper.actions("bid")[-1]["status"] == "settled", "settled")

    status = keeper.status()
    bids = [action for action in status["journal"] if action["kind"] == "bid"]
    assert all(float(bid["fraction"]) > 0 and float(bid["take"]) > 0 for bid in bids)
    assert float(status["take"]["net"]) > 0
    assert keeper.actions("start")[0]["value"] is not None
    assert venue.health(liquidator) > wad(1)
    assert keeper.metric("keeper_mirror_ok") == 1
    assert keeper.metric("keeper_mirror_mismatches_total") == 0
    assert keeper.stop() == 0
    assert keeper.events("stopped")
    assert keeper.events("heartbeat")[0]["auctions_live"] == 0


def test_insolvent_account_is_taken_over_for_a_payout(start_keeper, position, venue, trader, liquidator):
    """Below zero the keeper waits until the payout is worth it, and is paid for the takeover."""
    keeper = start_keeper()
    _fall(venue, "1720")
    pass_until(keeper, venue, lambda: venue.position(liquidator, "ETH-PERP")[0] == wad(20), "taken over")
    pass_until(keeper, venue, lambda: keeper.actions("bid")[0]["status"] == "settled", "settled")

    (bid,) = keeper.actions("bid")
    assert float(bid["paid"]) < float(bid["value"]) < 0
    assert float(bid["take"]) > 0
    assert venue.position(trader, "ETH-PERP") == (0, 0)
    assert not _in_auction(venue, trader)


def test_dry_run_sends_nothing(start_keeper, position, venue, trader, liquidator):
    """The decision is logged; the signer's nonce does not move."""
    nonce = venue.node.web3.eth.get_transaction_count(liquidator.address)
    keeper = start_keeper(live=False)

    _fall(venue)
    keeper.until(lambda: keeper.events("dry_run"), "decided")
    venue.warp(30)
    keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")

    assert [action["status"] for action in keeper.actions("start")] == ["dry"]
    assert not _in_auction(venue, trader)
    assert venue.node.web3.eth.get_transaction_count(liquidator.address) == nonce


def test_killed_and_restarted_it_bids_once(start_keeper, position, venue, trader, liquidator):
    """Killed while its bid waits to be mined, it goes on with that bid and sends no other."""
    keeper = start_keeper()
    _fall(venue)
    keeper.until(lambda: _in_auction(venue, trader), "started")
    venue.node.rpc("evm_setAutomine", False)
    try:
        before = venue.node.web3.eth.get_transaction_count(liquidator.address)

        def bid_waits() -> bool:
            if venue.node.web3.eth.get_transaction_count(liquidator.address, "pending") > before:
                return True
            venue.node.pass_time(60)
            venue.node.rpc("evm_mine")
            return False

        keeper.until(bid_waits, "bid sent")
        keeper.kill()
        keeper.start()
        venue.node.rpc("evm_mine")
    finally:
        venue.node.rpc("evm_setAutomine", True)
    for _ in range(3):
        venue.warp(1)
        head = venue.node.web3.eth.block_number
        keeper.until(lambda head=head: keeper.metric("keeper_head_block") >= head, "seen")

    bids = [action for action in keeper.actions("bid") if action["status"] in {"mined", "settled"}]
    logged = venue.auction.contract.events.Bid().get_logs(from_block=0)
    own = [log for log in logged if log["args"]["bidder"] == venue.account(liquidator)]
    assert len(bids) == len(own) == 1


def test_reorganisation_is_followed(start_keeper, position, venue, trader):
    """Blocks taken back are undone in store and mirror, and the keeper goes on from the new branch."""
    keeper = start_keeper(live=False, ws=True)
    venue.deposit(trader, "USDC", "1")
    venue.warp(1)
    head = venue.node.web3.eth.block_number
    keeper.until(lambda: keeper.metric("keeper_head_block") == head, "seen")
    events = keeper.status()["events"]

    venue.node.rpc("anvil_reorg", 5, [])
    venue.node.rpc("evm_mine")
    keeper.until(lambda: keeper.metric("keeper_reorganisations_total") >= 1, "noticed")
    keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "followed")

    assert keeper.status()["events"] < events
    assert keeper.page("ready")[0] == 200
    assert keeper.metric("keeper_mirror_mismatches_total") == 0


def test_many_accounts_stay_in_agreement(start_keeper, position, venue, trader, maker, lender, other):
    """Deposits, loans, trades, funding, interest and time: mirror and chain agree, account by account."""
    keeper = start_keeper(live=False)
    venue.deposit(lender, "USDC", "500000")
    for sub_id in range(5):
        venue.deposit(other, "WETH", str(sub_id + 1), sub_id=sub_id)
        venue.withdraw(other, "USDC", str(500 * (sub_id + 1)), sub_id=sub_id)
    venue.trade(maker, trader, "ETH-PERP", "3", "2010")
    venue.trade(maker, lender, "BTC-PERP", "1")
    for _ in range(5):
        venue.warp(7200)
        venue.settle(maker)
        head = venue.node.web3.eth.block_number
        keeper.until(lambda head=head: keeper.metric("keeper_head_block") >= head, "seen")

    assert keeper.metric("keeper_accounts") >= 8
    assert keeper.metric("keeper_mirror_mismatches_total") == 0


@pytest.fixture
def written(venue, trader, maker):
    """Let the trader sell 20 calls at the money on 5,000 dollars of margin."""
    venue.set_price("ETH", "2000")
    venue.deposit(maker, "USDC", "100000")
    venue.deposit(trader, "USDC", "5000")
    post_surfaces(venue)
    venue.trade(maker, trader, CALL, "20")


def test_keeper_refreshes_arrays_before_it_takes_over_options(start_keeper, written, venue, trader, liquidator):
    """A rise leaves the arrays behind: the keeper writes them anew, then starts and bids on what the chain says."""
    keeper = start_keeper()
    assert keeper.actions("refresh") == []

    venue.set_price("ETH", "2200")
    pass_until(keeper, venue, lambda: _in_auction(venue, trader), "started")
    pass_until(keeper, venue, lambda: venue.position(liquidator, CALL)[0] < 0, "bid")
    pass_until(keeper, venue, lambda: keeper.actions("bid")[0]["status"] == "settled", "settled")

    journal = [action["kind"] for action in keeper.status()["journal"]]
    assert journal.index("refresh") < journal.index("start") < journal.index("bid")
    assert keeper.actions("refresh")[0]["status"] == "settled"
    assert float(keeper.actions("bid")[0]["take"]) > 0
    assert venue.health(liquidator) > wad(1)
    assert keeper.metric("keeper_accounts_outdated") == 0
    assert keeper.metric("keeper_mirror_mismatches_total") == 0


def test_dry_run_only_says_what_it_would_refresh(start_keeper, written, venue, trader, liquidator):
    """Like every other action."""
    nonce = venue.node.web3.eth.get_transaction_count(liquidator.address)
    traded = venue.options.arrayOf(venue.instrument(CALL))["time"]
    keeper = start_keeper(live=False)
    venue.set_price("ETH", "2200")
    keeper.until(lambda: any(event["kind"] == "refresh" for event in keeper.events("dry_run")), "decided")

    assert {action["status"] for action in keeper.actions("refresh")} == {"dry"}
    assert venue.options.arrayOf(venue.instrument(CALL))["time"] == traded
    assert venue.node.web3.eth.get_transaction_count(liquidator.address) == nonce


def test_known_average_is_the_price_of_the_future_too(start_keeper, position, venue, trader, maker, other):
    """An option ends the window of its expiry: the future of that expiry is worth the average, finished or not."""
    post_surfaces(venue)
    venue.trade(trader, maker, "ETH-FUTURE", "1")
    venue.trade(maker, trader, FAR_CALL, "1")
    keeper = start_keeper(live=False)
    expire(venue, FAR_CALL, 2000, sender=other)
    assert not venue.clearinghouse.settlementOf(venue.instrument("ETH-FUTURE"))["finished"]
    venue.set_price("ETH", "2100")
    head = venue.node.web3.eth.block_number
    keeper.until(lambda: keeper.metric("keeper_head_block") >= head, "seen")

    assert keeper.metric("keeper_mirror_mismatches_total") == 0
    assert keeper.metric("keeper_mirror_ok") == 1
