"""Starting, running and stopping a keeper: the one place that builds the parts and opens what they use."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import structlog

from keepers.aftermath import Aftermath
from keepers.audit import Audit
from keepers.bot import Bot, Parts
from keepers.bundles import Bundles
from keepers.chores import ChoreReader
from keepers.contracts import Contracts, load_contracts
from keepers.errors import FencedError, MirrorError, SettingsError
from keepers.executor import Executor, Signer
from keepers.fees import fee_model
from keepers.fleet import Member, member_of
from keepers.funds import Funds
from keepers.heads import Trigger
from keepers.heal import Healer
from keepers.identity import account_of, identify, may_bid, signer_of
from keepers.images import Images
from keepers.ingest import Follower
from keepers.lens import Lens
from keepers.look import Look
from keepers.metrics import Health, Metrics, MetricsServer
from keepers.mirror import Ledger, Mirror
from keepers.node import Node
from keepers.own_contract import read_contract
from keepers.prices import PriceReader
from keepers.pricing import Pricing
from keepers.pulse import Pulse
from keepers.replay import replay
from keepers.rivals import Rivals, Turns, taken
from keepers.rpc import Rpc
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from keepers.store import BlockStore, Journal, Stores, open_stores
from keepers.units import Blocks
from keepers.vetting import Vetting

__all__ = ["build", "connect", "follower", "run"]

log = structlog.get_logger(__name__)
_MOST_REBUILDS: Final = 3
_LOOK_BACK: Final = Blocks(50_000)  # in which rivals are looked for at the start


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Run until told to stop; raise when the keeper cannot or must not go on."""
    async with AsyncExitStack() as stack:
        stores = stack.enter_context(open_stores(settings.service.database, settings.fleet.journal))
        rpc = await stack.enter_async_context(connect(settings))
        node = Node(rpc)
        stack.push_async_callback(node.survey.close)
        signer = signer_of(settings)
        metrics = Metrics()
        health = Health(metrics, settings.service.stale_after)
        server = _serve(settings, metrics, health)
        stack.callback(server.stop)
        contracts = load_contracts(settings.deployment_path, settings.chain.chain_id, settings.executor.contract)
        trigger = await stack.enter_async_context(Trigger(settings.chain.poll_interval, settings.chain.ws_url))
        pulse = Pulse(node, stores, trigger, stop, most=settings.service.max_errors, metrics=metrics, health=health)

        async def live() -> None:
            member = member_of(settings, stores, account_of(settings, signer)[1], metrics)
            begin = partial(build, signer=signer, member=member, metrics=metrics, health=health)
            try:
                bot = await pulse.patiently(lambda: begin(settings, node, contracts, stores))
                if bot is not None:
                    _settle()
                    log.info("running", dry_run=settings.dry_run, metrics_port=server.port)
                    try:
                        await pulse.beat(bot.step)
                    finally:
                        await bot.close()
            finally:
                await member.leave()

        await _rebuilding(live, BlockStore(stores.chain, settings.chain.reorg_depth))
    log.info("stopped")


def _settle() -> None:
    """Take what a start has made out of what is searched for garbage: that would take longer than a decision."""
    gc.collect()
    gc.freeze()


async def _rebuilding(live: Callable[[], Awaitable[None]], blocks: BlockStore) -> None:
    """Live; begin anew from the chain when the mirror cannot be what the chain is, but not for ever.

    Begin anew from the journal, as often as it takes, when another process of the fleet took the signer's lease.
    """
    left = _MOST_REBUILDS
    while True:
        try:
            await live()
        except FencedError as error:
            log.warning("begins_anew", error=str(error))
        except MirrorError as error:
            if left == 0:
                raise
            log.error("rebuilding", error=str(error), left=left)  # noqa: TRY400
            blocks.clear()
            left -= 1
        else:
            return


def connect(settings: Settings) -> Rpc:
    """Prepare to ask the nodes that are configured."""
    return Rpc(settings.chain.rpc_urls, settings.chain.request_timeout, span=settings.chain.log_range)


def _serve(settings: Settings, metrics: Metrics, health: Health) -> MetricsServer:
    host, port = settings.service.metrics_host, settings.service.metrics_port
    try:
        server = MetricsServer(host, port, metrics, health)
    except OSError as error:
        raise SettingsError(f"metrics at {host}:{port}: {error.strerror}") from error
    server.start()
    return server


async def build(
    settings: Settings,
    node: Node,
    contracts: Contracts,
    stores: Stores,
    *,
    signer: Signer | None,
    metrics: Metrics,
    health: Health,
    member: Member | None = None,
    turns: Turns | None = None,
) -> Bot:
    """Check that the keeper may run, put its parts together, and bring the mirror to what is on disk."""
    stores.bind(await identify(settings, node, contracts))
    lens = Lens(node, contracts, settings.mirror.chunk)
    account, sender = account_of(settings, signer)
    if not settings.dry_run and not await may_bid(node, lens, account, sender):
        msg = f"{sender} may not bid for account {account:#x}"
        raise SettingsError(msg)
    member = member or Member(sender, metrics)
    await member.join()
    head = await node.head()
    ((quote,),) = await lens.read(head.hash, ("MarginVault", "quoteToken", ()))
    own = await read_contract(lens, head.hash, settings, sender)
    mirror = Mirror(Ledger(quote, settings.chain.reorg_depth), settings.mirror)
    blocks, journal = BlockStore(stores.chain, settings.chain.reorg_depth), Journal(stores.journal, member.claim)
    prices = PriceReader(node, contracts, settings.strategy.native_price_feed)
    fees = await fee_model(settings.chain.fee_model, node)
    executor = Executor(node, contracts, journal, signer, settings, fees=fees)
    images = Images(blocks, mirror.ledger, settings.chain.reorg_depth)
    images.count(await replay(blocks, mirror.ledger, contracts.decode, health))
    mine = (account,) if own is None else (account, own.account)
    rivals, turns = Rivals(*mine), turns or Turns(*mine)
    auctions = blocks.newest_of(contracts.addresses["LiquidationAuction"], _LOOK_BACK)
    for observer in (rivals, turns):
        observer.see(taken(contracts.decode(auctions)))
    parts = Parts(
        blocks=blocks,
        journal=journal,
        follower=follower(settings, node, contracts, blocks),
        ledger=mirror.ledger,
        images=images,
        healer=Healer(lens, mirror),
        look=Look(lens, prices, mirror, settings, metrics),
        audit=Audit(contracts, settings.mirror, metrics=metrics, health=health),
        snapshots=Snapshots(lens, fees, account, settings.executor.tip, metrics, contract=own),
        chores=ChoreReader(lens, fees, mirror.ledger, settings, contracts, bidder=account, metrics=metrics),
        aftermath=Aftermath(
            lens,
            fees,
            mirror.ledger,
            settings,
            vetting=Vetting(node, contracts),
            bidder=account,
            sender=sender,
            health=health,
        ),
        bundles=Bundles(node, contracts, sender, settings.strategy),
        pricing=Pricing(settings.pricing, metrics),
        rivals=rivals,
        turns=turns,
        member=member,
        executor=executor,
        funds=Funds(
            node, lens, executor, journal, settings, bidder=account, sender=sender, metrics=metrics, health=health
        ),
        metrics=metrics,
        health=health,
    )
    return Bot(settings, parts, sender)


def follower(settings: Settings, node: Node, contracts: Contracts, blocks: BlockStore) -> Follower:
    """Make what follows the chain into the store."""
    depth = settings.chain.reorg_depth
    return Follower(node, blocks, contracts.followed, contracts.first_block, depth=depth, decode=contracts.decode)
