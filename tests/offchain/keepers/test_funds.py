"""No money: it is said what is missing and where to send it, and the keeper is not ready until it is there."""

import asyncio
from dataclasses import replace

import pytest

from crossmargin.model.units import WAD
from keepers.chain import Header
from keepers.funds import Funds
from keepers.metrics import Health, Metrics
from keepers.units import GWEI
from tests.offchain.keepers.executor_bench import Bench
from tests.offchain.keepers.venue_samples import BIDDER, account

HEAD = Header(2, "h", "g", 1000, 1)


class Lens:
    """Answers about the bidder only."""

    def __init__(self) -> None:
        """Begin rich."""
        self.found = [account(BIDDER, excess=5000, initial=4000)]

    async def states(self, _block: str, _accounts: list[int]) -> list:
        """Give the bidder's account."""
        return self.found


@pytest.fixture
def lens():
    """Give what answers about the bidder."""
    return Lens()


@pytest.fixture
def look(tmp_path, lens):
    """Give a way to look at what there is, which tells the reasons for not being ready."""
    bench = Bench(tmp_path)
    metrics = Metrics()
    health = Health(metrics, 30)
    health.set("start", None)
    parts = (bench.chain.node(), lens, bench.executor, bench.journal, bench.settings)
    funds = Funds(*parts, bidder=BIDDER, sender=bench.signer.address, metrics=metrics, health=health)

    def look(balance: int = WAD) -> dict[str, str]:
        bench.chain.balance = balance
        asyncio.run(funds.look(HEAD))
        return health.ready()

    yield look
    bench.database.close()


def test_enough_is_ready(look):
    """Nothing is said where nothing is missing."""
    assert look() == {}


def test_gas_money_is_asked_for(look, lens):
    """Below the least balance it says so, with the address to send to."""
    del lens
    reasons = look(balance=GWEI)
    assert "send some" in reasons["balance"]
    assert "0x" in reasons["balance"]


def test_unpaid_profit_is_no_money_to_bid_with(look, lens):
    """It backs no bid: the keeper says what is missing although the account's excess is positive."""
    (rich,) = lens.found
    lens.found = [replace(rich, initial=replace(rich.initial, paid_excess=0))]
    assert "deposit quote money" in look()["bidder"]
    lens.found = [rich]
    assert look() == {}


def test_a_bidder_that_cannot_be_evaluated_is_named(look, lens):
    """Without an answer about the account it is not ready, rather than silent."""
    found, lens.found = lens.found, []
    assert "cannot be evaluated" in look()["bidder"]
    lens.found = found
    assert look() == {}
