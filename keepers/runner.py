"""Starting, running and stopping the process."""

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import Final

import structlog

from keepers.bot import Bot
from keepers.errors import AbiError, ChainError, HaltError, KeeperError, MirrorError, SettingsError, WrongChainError
from keepers.executor import Executor, Signer, load_signer
from keepers.heads import Trigger
from keepers.ingest import Follower
from keepers.metrics import Health, Metrics, MetricsServer
from keepers.mirror import Ledger, Mirror
from keepers.node import Node
from keepers.rpc import Rpc
from keepers.settings import Settings
from keepers.store import BlockStore, Database, Journal, open_database
from keepers.venue import Venue, load_venue
from keepers.watch import Watch

__all__ = ["account_of", "check", "run"]

log = structlog.get_logger(__name__)
_PERMISSION_BID: Final = 16
_FATAL: Final = (ChainError, SettingsError, AbiError, MirrorError)


def account_of(settings: Settings, signer: Signer | None) -> tuple[int, str]:
    """Give the bidder's account and the address that sends for it."""
    sender = settings.bidder.owner if signer is None else signer.address
    owner = settings.bidder.owner or sender
    if owner is None or sender is None:
        msg = "neither a signer nor bidder.owner is configured"
        raise SettingsError(msg)
    return int(owner, 16) << 96 | settings.bidder.sub_id, sender


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
        venue = load_venue(settings.deployment_path, settings.chain.chain_id)
        bot = await _build(settings, Node(rpc), venue, database, signer=signer, metrics=metrics, health=health)
        trigger = await stack.enter_async_context(Trigger(settings.chain.poll_interval, settings.chain.ws_url))
        log.info("running", dry_run=settings.dry_run, metrics_port=server.port, events=bot.replay())
        await _loop(bot, trigger, stop, most=settings.service.max_errors, metrics=metrics, health=health)
    log.info("stopped")


async def check(settings: Settings) -> dict[str, object]:
    """Try everything a run needs, short of running; give what was found."""
    signer = None if settings.signer.keystore is None else load_signer(settings.signer, settings.chain.chain_id)
    venue = load_venue(settings.deployment_path, settings.chain.chain_id)
    async with Rpc(settings.chain.rpc_urls, settings.chain.request_timeout) as rpc:
        node = Node(rpc)
        identity = await _identify(settings, node, venue)
        account, sender = account_of(settings, signer)
        permitted = await _may_bid(node, venue, account, sender)
        balance = await node.balance(sender)
    return {**identity, "sender": sender, "account": hex(account), "may_bid": permitted, "balance_wei": balance}


async def _build(
    settings: Settings,
    node: Node,
    venue: Venue,
    database: Database,
    *,
    signer: Signer | None,
    metrics: Metrics,
    health: Health,
) -> Bot:
    database.bind(await _identify(settings, node, venue))
    account, sender = account_of(settings, signer)
    if not settings.dry_run and not await _may_bid(node, venue, account, sender):
        msg = f"{sender} may not bid for account {account:#x}"
        raise SettingsError(msg)
    head = await node.head()
    ((quote,),) = await venue.read(node, head.hash, ("MarginVault", "quoteToken", ()))
    ledger = Ledger(quote, settings.chain.reorg_depth)
    blocks = BlockStore(database.engine, settings.chain.reorg_depth)
    journal = Journal(database.engine)
    follower = Follower(
        node,
        blocks,
        venue.followed,
        venue.first_block,
        depth=settings.chain.reorg_depth,
        span=settings.chain.log_range,
    )
    mirror = Mirror(ledger, settings.mirror)
    return Bot(
        settings=settings,
        node=node,
        venue=venue,
        blocks=blocks,
        journal=journal,
        follower=follower,
        watch=Watch(node, venue, mirror, settings, metrics=metrics, health=health, bidder=account),
        executor=Executor(node, venue, journal, signer, settings),
        metrics=metrics,
        health=health,
        sender=sender,
    )


async def _identify(settings: Settings, node: Node, venue: Venue) -> dict[str, str]:
    """Check that the node is on the chain of the deployment; give what ties a database to it."""
    chain = await node.chain_id()
    if chain != settings.chain.chain_id:
        msg = f"the node is on chain {chain}, the configuration on {settings.chain.chain_id}"
        raise WrongChainError(msg)
    for name, address in venue.addresses.items():
        if not await node.code(address):
            msg = f"no contract at {address} ({name})"
            raise WrongChainError(msg)
    (first,) = await node.headers([venue.first_block])
    return {"chain_id": str(chain), "vault": venue.addresses["MarginVault"], "first_block_hash": first.hash}


async def _may_bid(node: Node, venue: Venue, account: int, sender: str) -> bool:
    head = await node.head()
    call = ("MarginVault", "isAuthorised", (account, sender, _PERMISSION_BID))
    ((permitted,),) = await venue.read(node, head.hash, call)
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
