"""Single transactions of the signer's, sent while no keeper runs: the journal's lock keeps its nonces apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from crossmargin.chain.units import Gas
from crossmargin.model.units import PPM
from keepers.contracts import Contracts, load_contracts
from keepers.errors import ResponseError, RpcError, SettingsError
from keepers.executor import Signer, load_signer
from keepers.executor.fees import first_offer
from keepers.executor.signer import Unsigned
from keepers.fleet import member_of
from keepers.identity import identify
from keepers.metrics import Metrics
from keepers.node import Node
from keepers.runner import connect
from keepers.settings import Settings
from keepers.store import Journal, open_stores
from keepers.units import Address, HexData, Nonce, TxHash

__all__ = ["alone", "send"]

_PATIENCE: Final = 180
_PAUSE: Final = 0.5


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[tuple[Node, Contracts, Signer]]:
    """Give a node, the venue and the signer to send with; refuse beside a keeper, or what it has not seen mined."""
    if not settings.signer.named:
        msg = "a signer is needed to send"
        raise SettingsError(msg)
    signer = load_signer(settings.signer, settings.chain.chain_id)
    contracts = load_contracts(settings.deployment_path, settings.chain.chain_id)
    with open_stores(settings.service.database, settings.fleet.journal) as stores:
        async with connect(settings) as rpc:
            node, member = Node(rpc), member_of(_live(settings), stores, signer.address, Metrics())
            try:
                stores.bind(await identify(settings, node, contracts))
                await member.join()
                _refuse_unmined(Journal(stores.journal), signer, await node.nonce(signer.address))
                yield node, contracts, signer
            finally:
                await member.leave()
                await node.survey.close()


def _live(settings: Settings) -> Settings:
    """Send, whatever a run would do."""
    return settings.model_copy(update={"dry_run": False})


def _refuse_unmined(journal: Journal, signer: Signer, nonce: Nonce) -> None:
    if journal.nonce_floor(signer.address) > nonce:
        msg = "the keeper has sent what is in no block yet: wait until it is"
        raise SettingsError(msg)


async def send(settings: Settings, node: Node, signer: Signer, call: tuple[Address, HexData]) -> TxHash:
    """Send one call and wait until it is mined."""
    nonce, _, (gas,) = await node.try_calls(signer.address, [call], state="latest")
    if isinstance(gas, RpcError):
        raise gas
    head, limit = await node.head(), Gas(gas * (PPM + settings.executor.gas_margin_ppm) // PPM)
    fees = first_offer(head.base_fee, settings.executor)
    hashed, raw = await signer.sign(Unsigned(nonce, *call, limit, fees))
    (outcome,) = await node.send([raw])
    if isinstance(outcome, RpcError):
        raise outcome
    for _ in range(int(_PATIENCE / _PAUSE)):
        (receipt,) = await node.receipts([hashed])
        if receipt is not None:
            if not receipt.succeeded:
                raise ResponseError(f"{hashed} reverted in block {receipt.block}")
            return hashed
        await asyncio.sleep(_PAUSE)
    raise ResponseError(f"{hashed} is in no block after {_PATIENCE} s")
