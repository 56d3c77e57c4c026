"""Starting, running and stopping the process: the one place that builds the parts and opens what they use."""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import Final

import structlog

from crossmargin.model.instruments import account_id as pack_account
from crossmargin.model.units import AccountId
from keepers.audit import Audit
from keepers.bot import Bot, Parts
from keepers.contracts import Contracts, load_contracts
from keepers.errors import AbiError, ChainError, HaltError, KeeperError, MirrorError, SettingsError, WrongChainError
from keepers.executor import Executor, Signer, load_signer
from keepers.heads import Trigger
from keepers.heal import Healer
from keepers.ingest import Follower
from keepers.lens import Lens
from keepers.look import Look
from keepers.metrics import Health, Metrics, MetricsServer
from keepers.mirror import Ledger, Mirror
from keepers.node import Node
from keepers.prices import PriceReader
from keepers.rpc import Rpc
from keepers.settings import Settings
from keepers.snapshot import Snapshots
from keepers.store import BlockStore, Database, Journal, open_database
from keepers.units import Address

__all__ = ["account_of", "check", "run"]

log = structlog.get_logger(__name__)
_PERMISSION_BID: Final = 16
_FATAL: Final = (ChainError, SettingsError, AbiError, MirrorError)


def account_of(settings: Settings, signer: Signer | None) -> tuple[AccountId, Address]:
    """Give the bidder's account and the address that sends for it."""
    sender = settings.bidder.owner if signer is None else signer.address
    owner = settings.bidder.owner or sender
    if owner is None or sender is None:
        msg = "neither a signer nor bidder.owner is configured"
        raise SettingsError(msg)
    return pack_account(int(owner, 16), settings.bidder.sub_id), sender


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; raise when the keeper cannot or must not go on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        database = stack.enter_context(open_database(settings.service.database))
        rpc = await stack.enter_async_context(Rpc(settings.chain.rpc_urls, settings.chain.request_timeout))
        signer = None if settings.signer.keystore is None else load_signer(settings.signer, settings.chain.chain_id)
        metrics = Metrics()
        health = Health(metrics, settings.service.stale_after)
        server = MetricsServer(settings.service.metrics_host, settings.service.metrics_port, metrics, health)
        server.start()
        stack.callback(server.stop)
        contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
        bot = await _build(settings, Node(rpc), contracts, database, signer=signer, metrics=metrics, health=health)
        trigger = await stack.enter_async_context(Trigger(settings.chain.poll_interval, settings.chain.ws_url))
        log.info("running", dry_run=settings.dry_run, metrics_port=server.port, events=bot.replay())
        await _loop(bot, trigger, stop, most=settings.service.max_errors, metrics=metrics, health=health)
    log.info("stopped")


async def check(settings: Settings) -> dict[str, object]:
    """Try everything a run needs, short of running; give what was found."""
    signer = None if settings.signer.keystore is None else load_signer(settings.signer, settings.chain.chain_id)
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    async with Rpc(settings.chain.rpc_urls, settings.chain.request_timeout) as rpc:
        node = Node(rpc)
        identity = await _identify(settings, node, contracts)
        account, sender = account_of(settings, signer)
        permitted = await _may_bid(node, Lens(node, contracts, settings.mirror.chunk), account, sender)
        balance = await node.balance(sender)
    return {**identity, "sender": sender, "account": hex(account), "may_bid": permitted, "balance_wei": balance}


async def _build(
    settings: Settings,
    node: Node,
    contracts: Contracts,
    database: Database,
    *,
    signer: Signer | None,
    metrics: Metrics,
    health: Health,
) -> Bot:
    """Check that the keeper may run, and put its parts together."""
    database.bind(await _identify(settings, node, contracts))
    lens = Lens(node, contracts, settings.mirror.chunk)
    account, sender = account_of(settings, signer)
    if not settings.dry_run and not await _may_bid(node, lens, account, sender):
        msg = f"{sender} may not bid for account {account:#x}"
        raise SettingsError(msg)
    head = await node.head()
    ((quote,),) = await lens.read(head.hash, ("MarginVault", "quoteToken", ()))
    mirror = Mirror(Ledger(quote, settings.chain.reorg_depth), settings.mirror)
    blocks, journal = BlockStore(database.engine, settings.chain.reorg_depth), Journal(database.engine)
    healer = Healer(lens, mirror)
    prices = PriceReader(node, contracts, settings.strategy.native_price_feed)
    parts = Parts(
        node=node,
        contracts=contracts,
        blocks=blocks,
        journal=journal,
        follower=_follower(settings, node, contracts, blocks),
        ledger=mirror.ledger,
        healer=healer,
        look=Look(lens, prices, mirror, settings, metrics),
        audit=Audit(contracts, settings.mirror, metrics=metrics, health=health),
        snapshots=Snapshots(lens, account, settings.executor.tip, metrics),
        executor=Executor(node, contracts, journal, signer, settings),
        metrics=metrics,
        health=health,
    )
    return Bot(settings, parts, sender)


def _follower(settings: Settings, node: Node, contracts: Contracts, blocks: BlockStore) -> Follower:
    depth, span = settings.chain.reorg_depth, settings.chain.log_range
    return Follower(node, blocks, contracts.followed, contracts.first_block, depth=depth, span=span)


async def _identify(settings: Settings, node: Node, contracts: Contracts) -> dict[str, str]:
    """Check that the node is on the chain of the deployment; give what ties a database to it."""
    chain = await node.chain_id()
    if chain != settings.chain.chain_id:
        msg = f"the node is on chain {chain}, the configuration on {settings.chain.chain_id}"
        raise WrongChainError(msg)
    for name, address in contracts.addresses.items():
        if not await node.code(address):
            msg = f"no contract at {address} ({name})"
            raise WrongChainError(msg)
    (first,) = await node.headers([contracts.first_block])
    return {"chain_id": str(chain), "vault": contracts.addresses["MarginVault"], "first_block_hash": first.hash}


async def _may_bid(node: Node, lens: Lens, account: AccountId, sender: Address) -> bool:
    head = await node.head()
    call = ("MarginVault", "isAuthorised", (account, sender, _PERMISSION_BID))
    ((permitted,),) = await lens.read(head.hash, call)
    return bool(permitted)


async def _loop(
    bot: Bot, trigger: Trigger, stop: asyncio.Event, *, most: int, metrics: Metrics, health: Health
) -> None:
    """Step until stopped; some errors end the keeper at once, others when too many come in a row."""
    stopping = asyncio.create_task(stop.wait())
    stopping.add_done_callback(lambda _: trigger.wake())
    errors = 0
    while not stop.is_set():
        try:
            await bot.step()
            errors = 0
        except _FATAL:
            raise
        except KeeperError as error:
            errors += 1
            metrics.errors.labels(type(error).__name__).inc()
            log.error("step_failed", kind=type(error).__name__, error=str(error), in_a_row=errors)  # noqa: TRY400
            if errors >= most:
                msg = f"{errors} errors in a row, the last: {error}"
                raise HaltError(msg) from error
        metrics.errors_in_row.set(errors)
        health.set("errors", f"{errors} errors in a row" if errors else None)
        health.step()
        if not stop.is_set():
            await trigger.wait()
    await stopping
