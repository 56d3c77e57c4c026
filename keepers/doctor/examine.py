"""The whole examination, in an order in which the first thing that is wrong is the one to mend first."""

import time
from collections.abc import Callable

from keepers.chain import Header
from keepers.contracts import Contracts, load_contracts
from keepers.doctor.account import Actor, examine_actor, examine_key
from keepers.doctor.finding import Finding, State, good, guarded, wrong
from keepers.doctor.machine import examine_machine
from keepers.doctor.nodes import examine_node, examine_socket
from keepers.errors import SettingsError
from keepers.executor import Signer
from keepers.fees import fee_model
from keepers.identity import account_of, identify
from keepers.node import Node
from keepers.rpc import Rpc
from keepers.settings import Settings

__all__ = ["examine"]

Connect = Callable[[str], Rpc]


async def examine(settings: Settings, connect: Connect | None = None) -> list[Finding]:
    """Look at deployment, nodes, venue, signer, bidder and machine."""
    key, signer = await examine_key(settings)
    try:
        contracts = load_contracts(settings.deployment_path, settings.chain.chain_id, settings.executor.contract)
    except SettingsError as error:
        advice = "set chain.deployment to the file that the deployment left"
        return [wrong("deployment", str(error), advice), key, *examine_machine(settings, None, time.time())]
    found: list[Finding] = [good("deployment", f"{settings.deployment_path}: block {contracts.first_block}")]
    best: Header | None = None
    for url in settings.chain.rpc_urls:
        part, head = await _one_node(connect or _plain(settings), url, contracts, settings, signer, first=best is None)
        found, best = found + part, best or head
    if settings.chain.ws_url is not None:
        found.append(await examine_socket(settings.chain.ws_url))
    return [*found, key, *examine_machine(settings, best, time.time())]


def _plain(settings: Settings) -> Connect:
    return lambda url: Rpc([url], settings.chain.request_timeout, span=settings.chain.log_range)


async def _one_node(
    connect: Connect, url: str, contracts: Contracts, settings: Settings, signer: Signer | None, *, first: bool
) -> tuple[list[Finding], Header | None]:
    """Look at a node; at venue and bidder too, through the first that answers."""
    async with connect(url) as rpc:
        node = Node(rpc)
        try:
            found = await examine_node(node, contracts, settings)
            if any(one.state is State.WRONG for one in found):
                return found, None
            if first:
                found += await _venue(node, contracts, settings, signer)
            return found, await node.head()
        finally:
            await node.survey.close()


async def _venue(node: Node, contracts: Contracts, settings: Settings, signer: Signer | None) -> list[Finding]:
    async def contracts_there() -> Finding:
        await identify(settings, node, contracts)
        return good("venue", f"{len(contracts.addresses)} contracts are where the deployment has them")

    async def fees() -> Finding:
        model = await fee_model(settings.chain.fee_model, node)
        price = await model.price(await node.head())
        return good("data fees", f"{type(price).__name__.removesuffix('Data').lower() or 'plain'}")

    found = [
        await guarded("venue", "is it the deployment of this chain?", contracts_there()),
        await guarded("data fees", "set chain.fee_model", fees()),
    ]
    try:
        account, sender = account_of(settings, signer)
    except SettingsError as error:
        return [*found, wrong("bidder", str(error), "set bidder.owner, or run `keeper init`")]
    owner = settings.bidder.owner or sender
    return [*found, *await examine_actor(node, contracts, settings, Actor(account, owner, sender))]
