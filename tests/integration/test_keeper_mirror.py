"""The keeper's mirror against a deployed venue: every account, to a thousandth of a dollar, and nothing asked of it."""

import asyncio

import pytest

from crossmargin.model.units import WAD
from keepers.contracts import load_contracts
from keepers.heal import Healer
from keepers.ingest import Follower
from keepers.lens import Lens
from keepers.mirror import Ledger, Mirror
from keepers.node import Node
from keepers.prices import PriceReader
from keepers.rpc import Rpc
from keepers.settings import MirrorSettings
from keepers.store import BlockStore, open_stores
from tests.helpers.auctions import bid, start
from tests.helpers.option_desk import CALL, FAR_CALL, post_surfaces

DEPTH = 8
EXACT = 1e-3


class Watcher:
    """Follows a venue into a mirror, without a keeper around it."""

    def __init__(self, folder, venue) -> None:
        """Read the deployment's file; nothing is asked yet."""
        venue.record.save(folder / "deployment.json")
        self.contracts = load_contracts(folder / "deployment.json", venue.record.chain_id)
        self.uri = venue.node.web3.provider.endpoint_uri
        self.folder = folder
        quote = venue.vault.quoteToken()
        self.mirror = Mirror(Ledger(quote, DEPTH), MirrorSettings())

    def look(self) -> dict[int, tuple[float, float]]:
        """Come to the head; give each account's margin excess as the mirror and as the chain have it [USD]."""
        return asyncio.run(self._look())

    async def _look(self) -> dict[int, tuple[float, float]]:
        ledger = self.mirror.ledger
        with open_stores(self.folder / "keeper.db") as stores:
            async with Rpc([self.uri], 30.0) as rpc:
                node = Node(rpc)
                lens = Lens(node, self.contracts, 40)
                blocks = BlockStore(stores.chain, DEPTH)
                first = self.contracts.first_block
                follower = Follower(
                    node, blocks, self.contracts.followed, first, depth=DEPTH, decode=self.contracts.decode
                )
                while (advance := await follower.advance()).moved:
                    for added in advance.added:
                        ledger.apply(added.header.number, added.header.timestamp, added.events)
                head = blocks.cursor()
                await Healer(lens, self.mirror).prepare(head)
                prices = await PriceReader(node, self.contracts, None).read(ledger, head)
                accounts = list(ledger.accounts.ids)
                marks = self.mirror.screen(prices, head.timestamp, accounts)
                exact = await lens.screen(head.hash, accounts)
                await node.survey.close()
        assert not prices.arrays
        excess = dict(zip(marks.rows.tolist(), marks.factors.excess.tolist(), strict=True))
        return {one.account: (excess[ledger.accounts.row_of(one.account)], one.excess / WAD) for one in exact}


@pytest.fixture
def watcher(tmp_path, venue):
    """Give a watcher of the venue."""
    return Watcher(tmp_path, venue)


def _agree(found: dict[int, tuple[float, float]]) -> None:
    assert found
    for account, (mine, theirs) in found.items():
        assert abs(mine - theirs) < EXACT, (hex(account), mine, theirs)


def test_mirror_is_the_chain_with_options_claims_and_losses(watcher, venue, trader, maker, lender, liquidator):
    """Options both ways and over two expiries, arrays that age, a takeover that shares a loss, claims left behind."""
    venue.set_price("ETH", "2000")
    for owner in (maker, lender, liquidator):
        venue.deposit(owner, "USDC", "200000")
    venue.deposit(trader, "USDC", "5000")
    post_surfaces(venue)
    venue.trade(maker, lender, CALL, "20")
    venue.trade(lender, maker, FAR_CALL, "7")
    venue.trade(maker, liquidator, FAR_CALL, "2")
    venue.trade(trader, maker, "ETH-PERP", "20")
    venue.deposit(lender, "WETH", "3")
    _agree(watcher.look())

    venue.set_price("ETH", "2030")
    venue.warp(1_500)
    _agree(watcher.look())

    venue.set_price("ETH", "1650")
    start(venue, trader, liquidator)
    venue.warp(1_800)
    assert bid(venue, trader, liquidator).event("LossShared").perUnit > 0
    found = watcher.look()
    assert watcher.mirror.ledger.accounts.stale == set()
    _agree(found)

    post_surfaces(venue)
    venue.trade(liquidator, maker, FAR_CALL, "2")
    venue.settle(maker)
    _agree(watcher.look())
