"""What a keeper asks its node while nothing happens, whatever the venue's accounts hold."""

import asyncio

import pytest
from eth_account import Account

from keepers.contracts import load_contracts
from keepers.executor.local import KeySigner
from keepers.metrics import Health, Metrics
from keepers.node import Node
from keepers.runner import build, connect
from keepers.settings import Settings
from keepers.store import open_stores
from tests.helpers.option_desk import CALL, post_surfaces

BLOCKS = 10


@pytest.fixture
def book(venue, trader, maker):
    """Let two accounts hold an option, a perpetual and collateral, far from liquidation."""
    venue.set_price("ETH", "2000")
    for owner in (maker, trader):
        venue.deposit(owner, "USDC", "100000")
    venue.deposit(trader, "WETH", "3")
    post_surfaces(venue)
    venue.trade(trader, maker, CALL, "5")
    venue.trade(maker, trader, "ETH-PERP", "5")


def test_a_quiet_block_takes_three_calls(tmp_path, book, venue, liquidator):
    """Head, logs and prices, of a keeper that would send, and multipliers where the venue has a source of them.

    Every fifth block the chain is asked about a sample besides.
    """
    usual = 3 + (int(venue.parameters.volatilitySource(), 16) != 0)
    venue.deposit(liquidator, "USDC", "10000")
    path = tmp_path / "31337.json"
    venue.record.save(path)
    settings = Settings(
        dry_run=False,
        signer={"keystore": "none"},
        chain={
            "rpc_urls": [venue.node.web3.provider.endpoint_uri],
            "chain_id": venue.record.chain_id,
            "deployment": path,
        },
        service={"database": tmp_path / "keeper.db"},
    )
    signer = KeySigner(Account.from_key(liquidator.private_key), venue.record.chain_id)
    contracts = load_contracts(path, venue.record.chain_id)

    async def watch() -> list[int]:
        found, metrics = [], Metrics()
        with open_stores(tmp_path / "keeper.db") as stores:
            async with connect(settings) as rpc:
                node, health = Node(rpc), Health(metrics, 30)
                bot = await build(settings, node, contracts, stores, signer=signer, metrics=metrics, health=health)
                await bot.step()
                for _ in range(BLOCKS):
                    venue.node.rpc("evm_mine")
                    before = rpc.current.calls
                    await bot.step()
                    found.append(rpc.current.calls - before)
                assert health.ready() == {}
                await bot.close()
                await node.survey.close()
        return found

    calls = asyncio.run(watch())
    assert sorted(calls) == [usual] * (BLOCKS - BLOCKS // 5) + [usual + 1] * (BLOCKS // 5), calls
