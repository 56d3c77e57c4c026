"""A keeper without capital on a deployed venue: it deploys its contract, liquidates with it, and says what it made."""

import json

import pytest
from click.testing import CliRunner

from crossmargin.model.units import WAD
from keepers.cli import main
from tests.helpers.auctions import borrow, open_long
from tests.helpers.keeper_process import PASSPHRASE, KeeperProcess
from tests.helpers.reverts import reverts
from tests.helpers.uniswap import FEE, Uniswap


@pytest.fixture
def contract(tmp_path, venue, deployer, liquidator, monkeypatch):
    """Deploy the contract by the keeper's command, twice: the second time it is there."""
    pools = Uniswap(venue, deployer)
    pools.pool("WETH", "USDC", 1740, 20_000)
    monkeypatch.setenv("KEEPER_TEST_PASSPHRASE", PASSPHRASE)
    (tmp_path / "first").mkdir()
    config = KeeperProcess(tmp_path / "first", venue, liquidator).config
    said = []
    for _ in range(2):
        command = ["deploy-executor", pools.factory.address, "--config", str(config)]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
        said.append(done.output.splitlines())
    assert said[1][0] == "it was there"
    assert said[0][1] == said[1][1]
    return venue.node.at("KeeperExecutor", said[0][1].split('"')[1])


def test_it_liquidates_without_capital(tmp_path, venue, contract, trader, lender, liquidator, other):
    """From an unhealthy borrower to cash in the contract's account, in one transaction of a keeper that has nothing."""
    account = borrow(venue, trader, lender)
    own = {"contract": contract.address, "routes": {str(venue.asset("WETH")): str(FEE)}}
    (tmp_path / "live").mkdir()
    keeper = KeeperProcess(tmp_path / "live", venue, liquidator, settings={"executor": own})
    try:
        keeper.start()
        venue.set_price("ETH", 1740)
        keeper.until(lambda: venue.cash(contract.account()) > 0, "liquidated")
        while keeper.actions("execute")[0]["status"] != "settled":
            venue.warp(1)
        (job,) = keeper.actions("execute")
        assert keeper.actions("start") == keeper.actions("bid") == []
    finally:
        keeper.kill()
    assert venue.health(account) > WAD
    assert venue.cash(liquidator) == 0
    assert int(float(job["value"]) * 100) == venue.cash(contract.account()) * 100 // WAD
    with reverts("WrongCaller", caller=other, expected=liquidator):
        contract.withdraw(venue.tokens["USDC"], 1, other, sender=other)


def test_it_closes_what_it_takes_against_an_order(tmp_path, venue, contract, trader, maker, liquidator):
    """A long that somebody has signed to buy: started, taken and closed in one transaction, without a cent."""
    account = open_long(venue, trader, maker, 5_000)
    order = venue.order(maker, "ETH-PERP", 20, "1829", expiry=venue.node.now + 10**6)
    signed = {"order": order.to_json(), "signature": "0x" + venue.sign(order).hex()}
    (tmp_path / "orders.jsonl").write_text(json.dumps(signed))
    (tmp_path / "live").mkdir()
    settings = {
        "executor": {"contract": contract.address},
        "closing": {"orders": [str(tmp_path / "orders.jsonl")], "max_slippage_ppm": 20_000},
    }
    keeper = KeeperProcess(tmp_path / "live", venue, liquidator, settings=settings)
    try:
        keeper.start()
        venue.set_price("ETH", 1830)
        for _ in range(20):
            if keeper.actions("execute"):
                break
            venue.warp(12)
            keeper.until(lambda: keeper.metric("keeper_head_block") == venue.node.web3.eth.block_number, "seen")
        keeper.until(lambda: venue.cash(contract.account()) > 0, "liquidated")
    finally:
        keeper.kill()
    assert venue.position(contract.account(), "ETH-PERP") == (0, 0)
    assert venue.health(account) > WAD
    assert venue.cash(liquidator) == 0
