"""Reading the venue's events up to the head, without anything else of a run."""

from keepers.contracts import load_contracts
from keepers.errors import ResponseError
from keepers.identity import identify
from keepers.node import Node
from keepers.runner import connect, follower
from keepers.settings import Settings
from keepers.store import BlockStore, open_stores
from keepers.units import BlockNumber

__all__ = ["backfill"]


async def backfill(settings: Settings) -> tuple[BlockNumber, int]:
    """Bring the store to the head; give its block and how many events it has."""
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    with open_stores(settings.service.database, settings.fleet.journal) as stores:
        blocks = BlockStore(stores.chain, settings.chain.reorg_depth)
        async with connect(settings) as rpc:
            node = Node(rpc)
            try:
                stores.bind(await identify(settings, node, contracts))
                following = follower(settings, node, contracts, blocks)
                while (await following.advance()).behind:
                    pass
            finally:
                await node.survey.close()
        head = blocks.cursor()
        if head is None:
            msg = "no block could be read"
            raise ResponseError(msg)
        return head.number, blocks.event_count()
